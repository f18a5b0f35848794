"""A tuned model's replies as the chains would let them leave: what the writer's rules refuse, the row says itself."""

from collections.abc import Sequence

from chains.evidence import Evidence
from chains.framing import full_stop
from chains.tuning.evaluate import BatchWriter, Report, Writing
from chains.tuning.metrics import keeps_limits
from chains.tuning.rows import Row
from chains.unknowns import says_unknown
from chains.writer import Asked, objection


def as_served(writer: BatchWriter, rows: Sequence[Row], report: Report | None = None) -> Writing:
    """What a customer would have read: guarded answers, and of the variants those that keep their limits."""
    writing = writer.write(rows, (), report)
    writing.replies = [_guarded(row, reply) for row, reply in zip(rows, writing.replies, strict=True)]
    copy = [row for row in rows if row.task == "copy"]
    kept = [
        [one for one in variants if keeps_limits(row, one)] or variants
        for row, variants in zip(copy, writing.variants, strict=True)
    ]
    writing.variants = kept
    return writing


def _guarded(row: Row, reply: str) -> str:
    """The reply, or the fact it should stand on, or an honest unknown."""
    if row.task != "answer" or says_unknown(reply, row.language) or not row.uses:
        return reply
    fact = row.facts[row.uses[0]]
    subject, _, stated = fact.partition(" - ")
    key, _, value = (stated or subject).replace("：", ":", 1).partition(":")
    evidence = Evidence(
        "f", fact, "row", "public", "product", row.language, key=key.strip(), value=value.strip() or fact
    )
    asked = Asked(row.name, row.question, evidence, row.language)
    return reply if objection(reply, asked) is None else full_stop(fact, row.language)
