"""What is wrong with a text, as the model is told it and as the turn keeps it. Judges nothing; `writer` and `copy_check` do."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from string import Template

from chains.data import table
from chains.guard.ledger import Entry, Ledger
from chains.turn import FactRef
from knowledge.facts.lexicon import tokens

MOST_WORDS = 6  # words that one violation names
MOST = 3  # violations that one instruction names
LONGEST = 90  # characters of a fact that are quoted


@dataclass(frozen=True)
class Violation:
    """One thing that is wrong: a key of `violations.yaml` with its values."""

    key: str
    values: Mapping[str, str] = field(default_factory=dict)

    def told(self, language: str) -> str:
        """In words. Raises KeyError for an unknown key or a missing value."""
        return Template(_words()[self.key]["zh" if language == "zh" else "en"]).substitute(self.values)


@dataclass(frozen=True)
class Objection:
    """Why a text may not leave: a short name for counting, and what a rewriting should change, if that is known."""

    reason: str
    violations: Sequence[Violation] = ()

    def instruction(self, language: str) -> str:
        """What the model is told; empty where only another try can help."""
        told = [one.told(language) for one in self.violations[:MOST]]
        return ("；" if language == "zh" else "; ").join(dict.fromkeys(told))


def strange(text: str, stems: Collection[str]) -> Violation:
    """Words that claim something new, as the text has them: stems of English words, pairs of Chinese characters."""
    words = re.findall(r"[A-Za-z][\w'-]*", text)
    said = [word for word in words if set(tokens(word)) & set(stems)]
    said += sorted((one for one in stems if not one.isascii()), key=text.find)
    return claimed(", ".join(list(dict.fromkeys(said))[:MOST_WORDS]))


def claimed(what: str) -> Violation:
    """A claim that no fact bears."""
    return Violation("claim", {"what": what})


def loose(book: Ledger, facts: Sequence[FactRef]) -> list[Violation]:
    """What a ledger holds against a text, contradictions first."""
    told = {fact.id: _stated(fact.text) for fact in facts}
    ranked = sorted(book.loose, key=lambda one: one.result != "contradicted")
    return [_violation(one, told) for one in ranked]


def _violation(entry: Entry, told: Mapping[str, str]) -> Violation:
    if entry.result == "contradicted" and entry.fact is not None and entry.fact in told:
        return Violation("contradicted", {"what": entry.text, "fact": told[entry.fact]})
    return Violation("number" if any(c.isdigit() for c in entry.text) else "claim", {"what": entry.text})


def _stated(fact: str) -> str:
    """What a fact says of its subject: behind "Name - attribute:"."""
    flat = " ".join(fact.split())
    said = re.sub(r"^.{1,80}? - (?:[^:：]{1,40}[:：]\s*)?", "", flat)
    return said if len(said) <= LONGEST else said[:LONGEST] + "…"


def _words() -> dict[str, dict[str, str]]:
    loaded: dict[str, dict[str, str]] = table("violations")
    return loaded
