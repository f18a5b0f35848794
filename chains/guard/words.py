"""Finds words that advertising law or platform lists ask about, by jurisdiction, leaving their exceptions alone. Knows
rules as data; knows no channel, no fact and no shop."""

import datetime
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from chains.guard.errors import BadRules
from chains.guard.finding import Finding, Severity
from chains.guard.folding import Folded, fold
from chains.guard.language import language_of, say
from chains.guard.rulefile import Certainty, resolve_sources, rules_from

Sector = Literal["general", "health", "finance", "education", "alcohol"]


class Rule(BaseModel):
    """One rule: what it finds in folded text, where it does not apply, and what to say about it. `generated` is its
    severity for words that a machine wrote, where the law is stricter on them."""

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))

    id: str
    jurisdictions: tuple[str, ...]
    severity: Severity
    sector: Sector = "general"
    generated: Severity | None = None
    certainty: Certainty = "S"
    source: str = "the shop's own rule"
    date: datetime.date | None = None
    words: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    why: Mapping[str, str]
    suggestion: Mapping[str, str] = {}

    @field_validator("patterns", "exceptions")
    @classmethod
    def _compile(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"{pattern!r} is not a pattern: {error}") from error
        return patterns

    @cached_property
    def finds(self) -> re.Pattern[str] | None:
        words = sorted((word_pattern(word) for word in self.words), key=len, reverse=True)
        return _any([*words, *self.patterns])

    @cached_property
    def spares(self) -> re.Pattern[str] | None:
        return _any([*self.exceptions])

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Spans of folded `text` that the rule is about and that no exception touches."""
        if self.finds is None or not (
            hits := [hit.span() for hit in self.finds.finditer(text) if hit.group()]
        ):
            return
        spared = [hit.span() for hit in self.spares.finditer(text)] if self.spares else []
        place = 0
        for start, end in hits:
            while place < len(spared) and spared[place][1] <= start:
                place += 1
            if place == len(spared) or spared[place][0] >= end:
                yield start, end


@dataclass(frozen=True)
class Rules:
    """Every rule, and the characters that count as one another."""

    rules: tuple[Rule, ...]
    same: Mapping[str, str]

    def rule(self, name: str) -> Rule | None:
        """The rule of this id."""
        return next((rule for rule in self.rules if rule.id == name), None)

    @property
    def jurisdictions(self) -> tuple[str, ...]:
        return tuple(sorted({name for rule in self.rules for name in rule.jurisdictions}))

    def find(
        self,
        text: str,
        jurisdictions: Collection[str] = (),
        *,
        sectors: Collection[str] = (),
        language: str | None = None,
        generated: bool = False,
    ) -> list[Finding]:
        """Findings in order of place; spans index `text`. No jurisdiction, or sector, given means every one; general
        rules hold in every sector. `generated`: the words are a machine's."""
        folded = fold(text, self.same)
        language = language or language_of(text)
        wanted = {
            name.casefold() for name in ([jurisdictions] if isinstance(jurisdictions, str) else jurisdictions)
        }
        found = [
            self._finding(rule, *span, folded, language, generated)
            for rule in self.rules
            if (not wanted or wanted & set(rule.jurisdictions))
            and (not sectors or rule.sector in ("general", *sectors))
            for span in rule.spans(folded.text)
        ]
        return _without_covered(sorted(found))

    def spared(self, word: str, text: str) -> list[tuple[int, int]]:
        """Spans of folded `text` that are exceptions of the rules about a word: 第一次, where the word is 第一."""
        said = fold(word, self.same).text
        about = [
            rule
            for rule in self.rules
            if (rule.finds and rule.finds.search(said)) or any(said in pattern for pattern in rule.exceptions)
        ]
        return [hit.span() for rule in about if rule.spares for hit in rule.spares.finditer(text)]

    @staticmethod
    def _finding(rule: Rule, start: int, end: int, folded: Folded, language: str, generated: bool) -> Finding:
        first, last = folded.span(start, end)
        severity = (rule.generated if generated else None) or rule.severity
        return Finding(
            first, last, rule.id, severity, say(rule.why, language), say(rule.suggestion, language)
        )


def load_rules(override: Path | None = None) -> Rules:
    """The packaged rules, with the shop's file laid over them rule by rule. Raises BadRules."""
    packaged = files("chains.guard").joinpath("words.yaml").read_text("utf-8")
    data = resolve_sources(rules_from("words.yaml", packaged, override))
    rules = []
    for name, entry in data.get("rules", {}).items():
        try:
            rules.append(Rule.model_validate({"id": name, **entry}))
        except (ValidationError, TypeError) as error:
            raise BadRules(
                f"The rule {name} in {override or 'words.yaml'} cannot be used: {error}"
            ) from error
    return Rules(tuple(rules), data.get("fold", {}))


def find(
    text: str, jurisdictions: Collection[str] = (), *, rules: Rules | None = None, language: str | None = None
) -> list[Finding]:
    """`Rules.find` with the packaged rules unless others are given."""
    return (rules or packaged_rules()).find(text, jurisdictions, language=language)


@cache
def packaged_rules() -> Rules:
    """The packaged rules, read once."""
    return load_rules()


def _without_covered(found: list[Finding]) -> list[Finding]:
    """Warnings that lie within a blocked stretch are dropped: one reason is enough. `found` is in order of place."""
    kept, blocked_to = [], -1
    for one in sorted(found, key=lambda one: (one.start, one.severity, -one.end)):
        if one.severity == "block":
            blocked_to = max(blocked_to, one.end)
        elif one.end <= blocked_to:
            continue
        kept.append(one)
    return kept


def word_pattern(word: str) -> str:
    """A word of a list as a pattern: whole words where it begins or ends in a Latin letter or digit."""
    body = r"[\s-]+".join(re.escape(part) for part in re.split(r"[\s-]+", word.casefold()))
    before = r"(?<![a-z0-9])" if re.match(r"[a-z0-9]", body) else ""
    return before + body + (r"(?![a-z0-9])" if re.search(r"[a-z0-9]$", body) else "")


def _any(patterns: list[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns)) if patterns else None
