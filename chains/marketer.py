"""What marketers ask for in chat: copy, follow-ups and figures. Customers are answered by `reply`.

Writes no row and sends nothing: what comes of it is for a marketer to read.
"""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from functools import cache
from typing import Any

from chains import follow_up
from chains.ad_copy import CopyWriter
from chains.copy_wishes import wanted_language, wanted_number, without_number
from chains.data import table
from chains.guard.gate import Gate
from chains.guard.ledger import ledger
from chains.guard.limits import Channels
from chains.llm.errors import Busy
from chains.orders import Told
from chains.phrases import money, say
from chains.plan import Plan, answer_of
from chains.subject import best_of
from chains.turn import Answer, CopyAnswer, CopyRequest, Question
from knowledge.crm.columns import now
from knowledge.crm.desk import Desk, Shelf
from knowledge.facts.retriever import FactIndex
from knowledge.insight.sales import sales
from knowledge.principal import MARKETER

MOST_LISTED = 9  # numbers in front of variants


class Marketers:
    """Answers what only marketers may ask."""

    def __init__(
        self, copy: CopyWriter, channels: Channels, index: FactIndex, shelf: Shelf, gate: Gate
    ) -> None:
        self._copy, self._channels, self._index, self._shelf, self._gate = copy, channels, index, shelf, gate

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

    async def answer(self, question: Question, plan: Plan) -> Answer | None:
        """Copy, follow-ups and figures; None where a marketer asks as anybody would."""
        desk = await asyncio.to_thread(Desk, self._shelf, MARKETER)
        answer = answer_of(question, plan)
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
            answer.reply, answer.facts, derived=[head, *(f"{n}." for n in range(1, MOST_LISTED))]
        ).claims()
        return answer

    def _report(self, plan: Plan, desk: Desk, answer: Answer) -> Answer:
        text, language = plan.route.text, plan.language
        period = next((one for asked, one in _periods() if asked.search(text)), None)
        days = period["days"] if period else None
        name = period[language] if period else say("so_far", language)
        found = sales(self._index.database, now() - timedelta(days=days) if days else None)
        items = desk.catalogue.items
        best = ("、" if language == "zh" else ", ").join(
            f"{items[sku].name(language) if sku in items else sku} × {pieces}" for sku, pieces in found.best
        )
        revenue = " + ".join(money(total, code, language) for code, total in found.revenue.items()) or "0"
        answer.reply = say(
            "report", language, period=name, orders=found.orders, revenue=revenue, best=best or "–"
        )
        answer.verdict, answer.facts = "extractive", []
        computed = [str(found.orders), revenue, best, name]  # sums over rows, made just above
        answer.claims = ledger(answer.reply, [], derived=computed).claims()
        return answer


@cache
def _periods() -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    return [(re.compile(one["asked"], re.I), one) for one in table("periods")]
