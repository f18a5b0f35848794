"""A tuned model's replies as the chains let them leave: the judge picks the fact, the model words it, the rules check.

It knows the row's facts and question only, as a customer's turn would; which fact is the right one is not looked at.
"""

from collections.abc import Sequence

from chains.evidence import SURELY, Evidence, Judges, judged
from chains.framing import full_stop
from chains.phrases import say
from chains.tuning.evaluate import EngineWriter, Report, Writing
from chains.tuning.metrics import keeps_limits
from chains.tuning.rows import Row
from chains.writer import Asked, objection, tidy


def as_served(
    writer: EngineWriter, judge: Judges, rows: Sequence[Row], report: Report | None = None
) -> Writing:
    """What a customer would have read: guarded answers, and of the variants those that keep their limits."""
    picked = [_pick(row, judge) if row.task == "answer" else None for row in rows]
    asked = [
        row if fact is None else row.model_copy(update={"facts": (fact.text,), "uses": (0,)})
        for row, fact in zip(rows, picked, strict=True)
    ]
    writing = writer.write(asked, (), report)
    writing.replies = [
        _guarded(row, fact, reply) for row, fact, reply in zip(rows, picked, writing.replies, strict=True)
    ]
    copy = [row for row in rows if row.task == "copy"]
    writing.variants = [
        [one for one in variants if keeps_limits(row, one)] or variants
        for row, variants in zip(copy, writing.variants, strict=True)
    ]
    return writing


def _pick(row: Row, judge: Judges) -> Evidence | None:
    """The fact that the judge holds for the answer, if any; none where the row has no facts that may be read out."""
    rated = judged(row.question, [_evidence(fact, row.language) for fact in row.facts], judge)
    return next((best for best in rated[:1] if best.p >= SURELY), None)


def _evidence(fact: str, language: str) -> Evidence:
    subject, _, stated = fact.partition(" - ")
    key, _, value = (stated or subject).replace("：", ":", 1).partition(":")
    return Evidence(
        "f", fact, "row", "public", "product", language, key=key.strip(), value=value.strip() or fact
    )


def _guarded(row: Row, fact: Evidence | None, reply: str) -> str:
    """The reply, or the fact it should stand on, or an honest unknown."""
    if row.task != "answer":
        return reply
    if fact is None:
        return say("unknown", row.language, seed=row.question)
    said = tidy(reply)
    if objection(said, Asked(row.name, row.question, fact, row.language)) is None:
        return said
    return full_stop(fact.text, row.language)
