"""The assistant: one question in, safe words and one answer out. Wires the chains of this room together.

Knows no door (Telegram, console, CLI) and writes no row.
"""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from chains import follow_up
from chains.ad_copy import CopyWriter
from chains.copy_wishes import wanted_language, wanted_number, without_number
from chains.cues import packaged_cues
from chains.evidence import Judges
from chains.guard.gate import Gate
from chains.guard.ledger import ledger
from chains.guard.ledger import warm_up as warm_up_ledger
from chains.guard.limits import Channels, load_channels
from chains.guard.voice import read_voice
from chains.guard.voice_check import addressed_as
from chains.llm.engine import COPY, CUSTOMER
from chains.llm.errors import Busy
from chains.orders import Told
from chains.patience import FIRST, LONG, PATIENCE, expected_wait
from chains.phrases import money, say
from chains.plan import Plan
from chains.reply import Planner
from chains.route import Router
from chains.saying import Saying, said
from chains.subject import best_of
from chains.turn import Answer, CopyAnswer, CopyRequest, Question, Shown, Waiting
from chains.writer import build_writer
from knowledge.crm.columns import now
from knowledge.crm.desk import Desk, Shelf
from knowledge.facts.retriever import FactIndex, Hit
from knowledge.insight.sales import sales
from knowledge.principal import MARKETER, Principal

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.runnables import Runnable

    from chains.writer import Asked, Written

PERIODS = (
    (re.compile(r"\btoday\b|今天|今日", re.I), 1, {"en": "today", "zh": "今天"}),
    (
        re.compile(r"\bweek\b|本周|这周|上周|一周|七天|7天", re.I),
        7,
        {"en": "in the last 7 days", "zh": "最近7天"},
    ),
    (re.compile(r"\bquarter\b|季度", re.I), 91, {"en": "in the last 91 days", "zh": "最近91天"}),
    (re.compile(r"\byear\b|今年|一年", re.I), 365, {"en": "in the last 365 days", "zh": "最近365天"}),
    (
        re.compile(r"\bmonth\b|本月|这个月|上个月|30天", re.I),
        30,
        {"en": "in the last 30 days", "zh": "最近30天"},
    ),
)


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
        self._gate = Gate(shelf)
        self._copy_model = model if drafts else None
        self._copy = CopyWriter(self._copy_model, channels, self._gate)
        self._channels = channels

    @cached_property
    def _writer(self) -> Runnable[Asked, Written] | None:
        """None where the rows alone speak."""
        return build_writer(self._model) if self._model is not None and self._words else None

    def warm_up(self, ready: Callable[[], None] | None = None) -> None:
        """Load heads, judge and index, call `ready`, then load the model, which needs no row. Blocks."""
        self._index.open()
        self._planner().warm_up()
        self._gate.index()
        warm_up_ledger()
        if ready is not None:
            ready()
        if self._model is not None and (self._writer or self._copy_model):
            self._model()

    async def answer(self, question: Question) -> AsyncIterator[Shown | Answer]:
        """Words as they become safe to show, a polite one first where they will take long, then exactly one Answer."""
        started = time.perf_counter()
        plan = await asyncio.to_thread(lambda: self._planner().plan(question))
        if question.role == "marketer":
            copying = plan.route.intent == "copy_request"
            if copying and await asyncio.to_thread(expected_wait, self._copy_model, COPY) > LONG:
                yield Waiting(text=say("wait", plan.language))
            done = await self._marketer(question, plan)
            if done is not None:
                done.timings_ms |= plan.timings | {"total": _ms(started)}
                # of copy only the head is words to show; doors lay the variants out in their own way
                yield Shown(text=done.reply.split("\n\n")[0] if done.variants else done.reply)
                yield done
                return
        answer = _answer(question, plan)
        if plan.statements and self._writer is not None:
            left = self._patience - (time.perf_counter() - started)  # opening the model does not count
            wait = await asyncio.to_thread(expected_wait, self._model, CUSTOMER, FIRST)
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
                ready = answer.model_copy(update={"reply": saying.text})
                out = await asyncio.to_thread(self._let_out, question, ready)
                if saying.text and out.verdict != "refused":
                    yield out.reply
        answer.tokens, answer.drafts, answer.objections = saying.tokens, saying.drafts, saying.objections
        if saying.first_token_ms is not None:
            answer.timings_ms["first_token"] = saying.first_token_ms
        if saying.text:
            answer.reply, answer.verdict = saying.text, saying.verdict
            answer.claims = ledger(saying.text, known, question=heard, derived=plan.computed).claims()

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
        desk = await asyncio.to_thread(Desk, self._shelf, MARKETER)
        return await self._copy.write(request, desk)

    async def follow_up(self, customer_id: str) -> Answer:
        """A first draft to one customer. Raises LookupError with a sentence for an unknown customer."""
        question = Question.model_validate({"text": customer_id, "as": "marketer"})
        desk = await asyncio.to_thread(Desk, self._shelf, MARKETER)
        return await asyncio.to_thread(self._follow_up, question, desk, customer_id, desk.shop.languages[0])

    def _follow_up(self, question: Question, desk: Desk, customer_id: str, language: str) -> Answer:
        card = desk.customer(customer_id)
        if card is None:
            raise LookupError(say("customer_unknown", language, name=customer_id))
        message, told = follow_up.draft(card, desk, language)
        if self._gate.leaks(message, card.id, [fact.text for fact in told.facts]):
            told = Told(say("follow_withheld", language), "refused")
        return Answer(
            id=question.id, reply=told.text, language=language, intent="follow_up_request", verdict=told.verdict,
            sentiment={"label": "neutral", "score": 1.0}, facts=list(told.facts),  # type: ignore[arg-type]
            claims=ledger(told.text, told.facts).claims(),
        )  # fmt: skip

    async def _marketer(self, question: Question, plan: Plan) -> Answer | None:
        """Copy, follow-ups and figures; None where a marketer asks as anybody would."""
        desk = await asyncio.to_thread(Desk, self._shelf, MARKETER)
        answer = _answer(question, plan)
        if plan.route.intent == "copy_request":
            return await self._copy_from_words(question, plan, desk, answer)
        if plan.route.intent == "follow_up_request":
            ids = await asyncio.to_thread(desk.customers_in, question.text)
            if len(ids) != 1:
                answer.reply, answer.verdict, answer.facts, answer.claims = (
                    say("follow_which", plan.language),
                    "unknown",
                    [],
                    [],
                )
                return answer
            drafted = await asyncio.to_thread(self._follow_up, question, desk, ids[0], plan.language)
            return drafted.model_copy(update={"sentiment": answer.sentiment})
        known = plan.verdict == "extractive" and "report" not in plan.route.cues
        if plan.route.intent == "report_request" and plan.route.confidence >= 0.5 and not known:
            return await asyncio.to_thread(self._report, plan, desk, answer)
        return None

    async def _copy_from_words(self, question: Question, plan: Plan, desk: Desk, answer: Answer) -> Answer:
        named = best_of(desk.catalogue.mentions(without_number(question.text)), desk.catalogue)
        for _, text in reversed(question.history if "pronoun" in plan.route.cues else ()):
            named = named or best_of(desk.catalogue.mentions(text), desk.catalogue)
        answer.facts, answer.claims = [], []
        if not named:
            answer.reply, answer.verdict = say("copy_which", plan.language), "unknown"
            return answer
        language = wanted_language(question.text, plan.language)
        channel = self._channels.mentioned(question.text)
        name = channel.name if channel else ("xiaohongshu" if language == "zh" else "instagram")
        request = CopyRequest(
            product=named[0].sku, channel=name, variants=wanted_number(question.text), language=language
        )
        try:
            made = await self._copy.write(request, desk)
        except Busy:
            answer.reply, answer.verdict = say("busy", plan.language), "unknown"
            return answer
        title = self._channels.find(name).title
        answer.variants, answer.facts, answer.verdict = made.variants, made.facts, "allow"
        answer.drafts, answer.objections = made.drafts, made.objections
        head = say("copy_ready", plan.language, number=len(made.variants), product=named[0].name(plan.language),
                   channel=title.get(plan.language, name))  # fmt: skip
        listed = [f"{number}. {variant.text}" for number, variant in enumerate(made.variants, 1)]
        answer.reply = "\n\n".join([head, *listed])
        answer.claims = ledger(
            answer.reply, answer.facts, derived=[head, *(f"{n}." for n in range(1, 9))]
        ).claims()
        return answer

    def _report(self, plan: Plan, desk: Desk, answer: Answer) -> Answer:
        text = plan.route.text
        days, name = next(
            ((d, n) for pattern, d, n in PERIODS if pattern.search(text)),
            (None, {"en": "so far", "zh": "至今"}),
        )
        found = sales(self._index.database, now() - timedelta(days=days) if days else None)
        items, language = desk.catalogue.items, plan.language
        best = ("、" if language == "zh" else ", ").join(
            f"{items[sku].name(language) if sku in items else sku} × {pieces}" for sku, pieces in found.best
        )
        revenue = " + ".join(money(total, code, language) for code, total in found.revenue.items()) or "0"
        answer.reply = say(
            "report", language, period=name[language], orders=found.orders, revenue=revenue, best=best or "–"
        )
        answer.verdict, answer.facts = "extractive", []
        computed = [str(found.orders), revenue, best, name[language]]  # sums over rows, made just above
        answer.claims = ledger(answer.reply, [], derived=computed).claims()
        return answer

    def search(self, text: str, principal: Principal, k: int = 8) -> list[Hit]:
        """The k best facts that this principal may read."""
        return self._index.retriever(principal).search(text, k)

    def sentiment(self, text: str) -> dict[str, object]:
        """The contract's sentiment JSON, without an id."""
        return self._planner().router.sentiment(text)


def _answer(question: Question, plan: Plan) -> Answer:
    facts = list(plan.facts)
    return Answer(
        id=question.id, reply=plan.text, language=plan.language, intent=plan.intent or plan.route.intent,
        sentiment=plan.route.sentiment, facts=facts,
        claims=ledger(plan.text, facts, question=question.text, derived=plan.computed).claims(),
        verdict=plan.verdict, tokens={"prompt": 0, "completion": 0},
    )  # fmt: skip


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
