"""Writes ad copy for one product on one channel: N variants in one batch, each within the channel's limits.

The model writes whole variants; those that claim what the row does not say, or do not fit, give way to frames filled
from the row. Knows no Telegram and no customer.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from chains.copy_brief import Brief, brief_of, tone_of
from chains.copy_check import checked
from chains.copy_frames import framed, opt_out, sign_off
from chains.copy_loop import Drafts, drafted
from chains.guard.channels import Channels
from chains.guard.disclosure import label_for, labelled
from chains.guard.gate import Gate, masked
from chains.guard.voice import kind_of
from chains.guard.voice_check import mended
from chains.llm.errors import Busy
from chains.phrases import say
from chains.tasks import Task, copy_wish, fields_wanted
from chains.turn import CopyAnswer, CopyRequest, VariantText
from knowledge.crm.desk import Desk

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel


class CopyWriter:
    """Writes copy with a model that is opened on first need."""

    def __init__(
        self, model: Callable[[], BaseChatModel] | None, channels: Channels, gate: Gate | None = None
    ) -> None:
        self._model, self._channels, self._gate = model, channels, gate

    async def write(self, request: CopyRequest, desk: Desk) -> CopyAnswer:
        """N variants; of the row's own words alone where the model is busy.

        Raises: LookupError with a sentence for an unknown product or channel; Busy with one where the model is busy and
        nothing else may be sent.
        """
        started = time.perf_counter()
        brief = await asyncio.to_thread(brief_of, request, desk, self._channels)
        drafts = await self._drafts(brief, request.variants)
        variants = await asyncio.to_thread(compose, brief, drafts.kept, request.variants)
        if self._gate is not None:
            variants = await asyncio.to_thread(lambda: [self._covered(one, brief) for one in variants])
        if drafts.busy and all(one.verdict == "block" for one in variants):
            raise Busy(say("busy", brief.language))
        return CopyAnswer(
            product=brief.item.sku, channel=brief.channel.name, language=brief.language, variants=variants,
            facts=brief.facts, drafts=drafts.counts, objections=drafts.objections, timings_ms={"total": round(1000 * (time.perf_counter() - started))},
        )  # fmt: skip

    def _covered(self, variant: VariantText, brief: Brief) -> VariantText:
        """The variant, blocked and with the places covered where it gives a customer away: copy is for everybody."""
        gate, known = self._gate, [fact.text for fact in brief.facts]
        assert gate is not None
        if not gate.leaks(variant.text, None, known):
            return variant
        fields = {
            name: [masked(text, gate.leaks(text, None, known)) for text in texts]
            for name, texts in variant.fields.items()
        }
        told = say("copy_person", brief.language)
        text = masked(variant.text, gate.leaks(variant.text, None, known))
        return VariantText(text=text, fields=fields, verdict="block", reasons=[told, *variant.reasons])

    async def _drafts(self, brief: Brief, n: int) -> Drafts:
        """The drafts of the model that may be shown, in the order they were written."""
        if self._model is None or brief.item.language(brief.language) != brief.language:
            return Drafts()
        return await drafted(self._model(), task_of(brief), brief, n, lambda fields: as_sent(fields, brief))


def task_of(brief: Brief) -> Task:
    """The brief as the model is asked."""
    values = {
        "product": brief.item.name(brief.language),
        "channel": brief.channel.title.get(brief.language) or brief.channel.name,
        "fields": fields_wanted(brief.channel, brief.language, opt_out(brief.channel, brief.language) + " "),
        "wish": copy_wish(brief.audience, tone_of(brief), brief.language),
    }
    return Task("copy", brief.language, brief.shop, brief.for_the_model, values=values)


def as_sent(fields: dict[str, list[str]], brief: Brief) -> dict[str, list[str]]:
    """A draft with the channel's own fields only, and the line by which a reader leaves."""
    known = {
        name: [mended(text, brief.voice, kind_of(brief.channel)) for text in texts]
        for name in brief.channel.style.order
        if (texts := [t for t in fields.get(name, []) if t])
    }
    tail = opt_out(brief.channel, brief.language)
    if brief.channel.primary in known:
        body = known[brief.channel.primary]
        gap = "\n\n" if brief.channel.name == "email" else "" if brief.language == "zh" else " "
        body[-1] = gap.join(filter(None, (body[-1], sign_off(brief, body[-1]), tail)))
    return known


def finished(brief: Brief, fields: dict[str, list[str]]) -> dict[str, list[str]]:
    """The fields in the shop's voice, with the label that the law asks for where there is room for it."""
    kind = kind_of(brief.channel)
    fields = {name: [mended(text, brief.voice, kind) for text in texts] for name, texts in fields.items()}
    label = label_for(brief.channel, brief.desk.shop.jurisdictions, brief.language, brief.voice)
    return fields if label is None else labelled(brief.channel, fields, label)[0]


def compose(brief: Brief, drafts: Sequence[dict[str, list[str]]], n: int) -> list[VariantText]:
    """n variants: as many drafts as there are, then frames; each checked, no two alike."""
    found: list[VariantText] = []
    used: set[str] = set()
    for fields in sorted(drafts, key=lambda one: -_wished(brief, one)):
        variant = checked(brief, finished(brief, fields))
        if len(found) < n and variant.verdict != "block" and variant.text not in used:
            used.add(variant.text)
            found.append(variant)
    rest = (finished(brief, framed(brief, number, used)) for number in range(len(found), n))
    return [*found, *(checked(brief, fields) for fields in rest)]


def _wished(brief: Brief, fields: dict[str, list[str]]) -> int:
    """How many of the words that the shop likes to use a draft holds."""
    said = " ".join(text for texts in fields.values() for text in texts).lower()
    return sum(word.lower() in said for word in brief.voice.use)
