"""Holds a text to the facts given with it: what the ledger finds unproven becomes findings of a check, told in both languages.

Knows no channel and no law; the ledger itself is `chains.guard.ledger`.
"""

from collections.abc import Mapping, Sequence
from string import Template

from chains.data import table
from chains.guard.finding import Finding
from chains.guard.ledger import Entry, ledger
from chains.guard.ledger.telling import told_kind
from chains.turn import Claim, FactRef


def proved(text: str, facts: Sequence[Mapping[str, str]], language: str) -> tuple[list[Finding], list[Claim]]:
    """What of the text no fact bears, as findings that block, and every claim. Facts are {"id", "text"}."""
    refs = [
        FactRef(id=str(fact["id"]), source=str(fact["id"]), text=fact["text"], scope="public")
        for fact in facts
    ]
    book = ledger(text, refs)
    texts = {fact.id: fact.text for fact in refs}
    return [_finding(one, texts, language) for one in book.loose], book.claims()


def _finding(one: Entry, facts: Mapping[str, str], language: str) -> Finding:
    spoken = "zh" if language == "zh" else "en"
    fact = facts.get(one.fact or "", "")
    words = _words()["contradicted" if one.result == "contradicted" and fact else "unsupported"]
    values = {"what": one.text, "kind": told_kind(one.kind, spoken), "fact": fact}
    why, suggestion = (Template(words[name][spoken]).substitute(values) for name in ("why", "suggestion"))
    return Finding(one.start, one.end, f"claim.{one.result}", "block", why, suggestion)


def _words() -> dict[str, dict[str, dict[str, str]]]:
    loaded: dict[str, dict[str, dict[str, str]]] = table("proof", "chains.guard")
    return loaded
