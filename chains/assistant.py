"""The assistant: one question in, safe words and one answer out. Wires the chains of this room together.

Knows no door (Telegram, console, CLI) and writes no row.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from chains.ad_copy import CopyWriter
from chains.cues import packaged_cues
from chains.evidence import Judges
from chains.guard.gate import Gate
from chains.guard.ledger import ledger
from chains.guard.ledger import warm_up as warm_up_ledger
from chains.guard.limits import Channels, load_channels
from chains.guard.voice import read_voice
from chains.guard.voice_check import addressed_as
from chains.llm.engine import COPY, CUSTOMER
from chains.marketer import Marketers
from chains.patience import LONG, PATIENCE, expected_wait
from chains.phrases import say
from chains.plan import Plan, answer_of
from chains.reply import Planner
from chains.route import Router
from chains.saying import Saying, said
from chains.turn import Answer, CopyAnswer, CopyRequest, Question, Shown, Waiting
from chains.writer import build_writer
from knowledge.crm.desk import Shelf
from knowledge.facts.retriever import FactIndex, Hit
from knowledge.principal import Principal

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.runnables import Runnable

    from chains.writer import Asked, Written


class ShopAssistant:
    """Answers customers and marketers of one data folder."""

    def __init__(
        self, index: FactIndex, planner: Callable[[], Planner], shelf: Shelf,
        model: Callable[[], BaseChatModel] | None,
        channels: Channels, *, drafts: bool = True, words: bool = True, patience: float = PATIENCE,
    ) -> None:  # fmt: skip
        self._patience = patience
        self._index, self._planner, self._shelf, self._model = index, planner, shelf, model
        self._words = words
        self._loading = threading.Event()
        self._gate = Gate(shelf)
        self._copy_model = model if drafts else None
        copy = CopyWriter(self._copy_model, channels, self._gate)
        self._marketers = Marketers(copy, channels, index, shelf, self._gate)

    @cached_property
    def _writer(self) -> Runnable[Asked, Written] | None:
        """None where the rows alone speak."""
        return build_writer(self._model) if self._model is not None and self._words else None

    def warm_up(self, ready: Callable[[], None] | None = None) -> None:
        """Load heads, judge and index, call `ready`, then load the model, which needs no row; until it is there, rows speak
        for themselves. Blocks."""
        self._loading.set()
        try:
            self._index.open()
            self._planner().warm_up()
            self._gate.index()
            if ready is not None:
                ready()
            warm_up_ledger()
            if self._model is not None and (self._writer or self._copy_model):
                self._model()
        finally:
            self._loading.clear()

    async def answer(self, question: Question) -> AsyncIterator[Shown | Answer]:
        """Words as they become safe to show, a polite one first where they will take long, then exactly one Answer."""
        started = time.perf_counter()
        plan = await asyncio.to_thread(lambda: self._planner().plan(question))
        if question.role == "marketer":
            copying = plan.route.intent == "copy_request"
            if copying and await asyncio.to_thread(expected_wait, self._copy_model, COPY) > LONG:
                yield Waiting(text=say("wait", plan.language))
            done = await self._marketers.answer(question, plan)
            if done is not None:
                done.timings_ms |= plan.timings | {"total": _ms(started)}
                # of copy only the head is words to show; doors lay the variants out in their own way
                yield Shown(text=done.reply.split("\n\n")[0] if done.variants else done.reply)
                yield done
                return
        answer = answer_of(question, plan)
        if plan.statements and not self._loading.is_set() and self._writer is not None:
            left = self._patience - (time.perf_counter() - started)  # opening the model does not count
            wait = await asyncio.to_thread(expected_wait, self._model, CUSTOMER, plan.statements[0].tokens)
            if LONG < wait < left:
                yield Waiting(text=say("wait", plan.language))
            if wait < left:
                async with aclosing(self._said_better(question, plan, answer, left)) as growing:
                    async for text in growing:
                        answer.timings_ms.setdefault("first_shown", _ms(started))
                        yield Shown(text=text)
        answer = await asyncio.to_thread(self._let_out, question, answer)
        answer.timings_ms |= plan.timings
        answer.timings_ms.setdefault("first_shown", _ms(started))
        yield Shown(text=answer.reply)
        answer.timings_ms["total"] = _ms(started)
        yield answer

    async def _said_better(
        self, question: Question, plan: Plan, answer: Answer, seconds: float
    ) -> AsyncGenerator[str, None]:
        """Let the model word the answer, a sentence at a time: what may be shown so far, as it may leave. The row's own
        words stand where the model's do not hold, or are not there in time."""
        assert self._writer is not None
        shop, _, _ = await asyncio.to_thread(self._shelf.read)
        known = [one.fact.ref() for one in plan.statements if one.fact is not None]
        heard = " ".join(dict.fromkeys([question.text, *(one.question for one in plan.statements)]))

        def whole(text: str) -> bool:
            held = ledger(text, known, question=heard, derived=plan.computed)
            return held.ok and self._tells_nobody(question, text, answer)

        saying = Saying()
        steps = said(
            self._writer, plan.statements, shop.name_in(plan.language), plan.language,
            lambda text: self._tells_nobody(question, text, answer), whole, max(0.0, seconds),
        )  # fmt: skip
        async with aclosing(steps):
            async for saying in steps:
                ready = answer.model_copy(update={"reply": plan.around(saying.text, whole=False)})
                out = await asyncio.to_thread(self._let_out, question, ready)
                if saying.text and out.verdict != "refused":
                    yield out.reply
        answer.tokens, answer.drafts, answer.objections = saying.tokens, saying.drafts, saying.objections
        if saying.first_token_ms is not None:
            answer.timings_ms["first_token"] = saying.first_token_ms
        if saying.text:
            answer.reply, answer.verdict = plan.around(saying.text), saying.verdict
            frame = answer.facts if plan.after else []  # whom to turn to stands in a row of its own
            answer.claims = ledger(
                answer.reply, [*known, *frame], question=heard, derived=plan.computed
            ).claims()

    def _tells_nobody(self, question: Question, text: str, answer: Answer) -> bool:
        """Whether a reply gives no other customer away to who asks; marketers may know the shop's customers."""
        if question.role == "marketer":
            return True
        known = [fact.text for fact in answer.facts]
        return not self._gate.leaks(text, question.customer_id, known, heard=question.text)

    def _let_out(self, question: Question, answer: Answer) -> Answer:
        """The answer as it may leave: in the shop's form of address, refused where it gives somebody away, without the
        facts that would."""
        if question.role == "marketer":
            return answer
        if answer.language == "zh":
            shop, _, _ = self._shelf.read()
            spoken = addressed_as(answer.reply, read_voice(shop.brand_voice).form_in("reply"))
            answer = answer.model_copy(update={"reply": spoken})
        if not self._tells_nobody(question, answer.reply, answer):
            told = {"reply": say("refused_person", answer.language), "verdict": "refused"}
            return answer.model_copy(
                update={**told, "facts": [], "claims": [], "variants": [], "objections": []}
            )
        kept = [fact for fact in answer.facts if self._gate.lets(fact.text, question.customer_id)]
        return answer if len(kept) == len(answer.facts) else answer.model_copy(update={"facts": kept})

    async def copy(self, request: CopyRequest) -> CopyAnswer:
        """Variants of copy. Raises LookupError with a sentence for an unknown product or channel, and Busy."""
        return await self._marketers.copy(request)

    async def follow_up(self, customer_id: str) -> Answer:
        """A first draft to one customer. Raises LookupError with a sentence for an unknown customer."""
        return await self._marketers.follow_up(customer_id)

    def search(self, text: str, principal: Principal, k: int = 8) -> list[Hit]:
        """The k best facts that this principal may read."""
        return self._index.retriever(principal).search(text, k)

    def sentiment(self, text: str) -> dict[str, object]:
        """The contract's sentiment JSON, without an id."""
        return self._planner().router.sentiment(text)


def build_assistant(
    *, index: FactIndex, model: Callable[[], BaseChatModel] | None, cache: Path, judge: Judges | None = None,
    examples: Path | None = None, channels: Path | None = None, drafts: bool = True,
    words: bool = True, patience: float = PATIENCE,
) -> ShopAssistant:  # fmt: skip
    """Wire the chains over one index. Cheap: heads, judge and model are opened on first need, once; without a
    model every answer is in the rows' own words.

    `drafts` says whether the model is good enough to write copy; without `words` it writes nothing else, and `patience`
    is how many seconds its first sentence may take. `examples` is a shop's own intents file, `channels` its own limits;
    `cache` keeps trained heads.
    """
    shelf = Shelf(index.database)
    lock = threading.Lock()
    kept: list[Planner] = []

    def planner() -> Planner:
        with lock:
            if not kept:
                from chains.encoder.backbone import Backbone
                from chains.encoder.embedding import shared
                from chains.relevance.judge import Judge
                from chains.sentiment.mood import Moods

                cues, backbone = packaged_cues(), Backbone()
                embedder = shared(index.embedder, backbone)
                router = Router(embedder, cache, cues, Moods(embedder, backbone), examples)
                kept.append(Planner(index, shelf, router, judge or Judge(backbone), cues))
            return kept[0]

    return ShopAssistant(
        index, planner, shelf, model, load_channels(channels), drafts=drafts, words=words, patience=patience
    )


def _ms(start: float, extra: int = 0) -> int:
    return round(1000 * (time.perf_counter() - start)) + extra
