"""One check at work: the text, the question and the facts read, and whom each place of the text speaks of.

Binds by subject: a fact of a product that the clause does not speak of is out of question. Judges nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import TypeVar

from chains.guard.ledger.entries import Entry, Result
from chains.guard.ledger.facts import Fact, Told, aspects_of, words_of
from chains.guard.ledger.lexicon import data, pattern
from chains.guard.ledger.mentions import Amount, Mention
from chains.guard.ledger.scan import Scan, scan_fact

M = TypeVar("M", bound=Mention)


REACH = 300  # characters that the words about a claim may stand away from it
_NUMBERED = re.compile(r"(?<![a-z])[a-z]{2,} \d+(?![\d.,]*\d|\s?(?:eur|cm|mm|ml|kg|g|l|%)(?![a-z]))")
_LETTERED = re.compile(
    r"(?<![a-z'-])(?!size|sizes|vitamin|type|plan|grade|class)[a-z]{3,} (?:x{0,3}[sl]|[b-hj-z])(?![\w'’-])"
)
_COMPARED = re.compile(
    r"(?<![a-z])(?:than|as [a-z]+ as|compared with|compared to) (?:the |our )?[\w'-]+(?: [\w'-]+)?|比[^，。,]{1,8}"
)


_LEADS = re.compile(r"(?:(?<![a-z])(?:of|is|at)|[为是])\s?$")
_ITEM = re.compile(r"[、,，;；/+]|\s(?:and|or|plus)\s|[和或加]")


@dataclass
class Case:
    """What one call of `ledger` works on."""

    said: Scan
    asked: Scan
    facts: Sequence[Fact]
    today: date | None = None
    derived: Sequence[Scan] = ()
    entries: list[Entry] = field(default_factory=list)
    numbers: dict[str, list[Fraction]] = field(default_factory=dict)
    """what is reckoned with, by name, gathered once"""
    reckoned: int = 0
    """amounts that have been reckoned so far"""

    @property
    def text(self) -> str:
        return self.said.reading.text

    def enter(
        self,
        start: int,
        end: int,
        kind: str,
        normal: str,
        result: Result,
        rule: str,
        fact: Fact | None = None,
    ) -> None:
        """Keep a claim; places are those of the folded text."""
        first, last = self.said.reading.span(start, end)
        source = self.said.reading.source
        self.entries.append(
            Entry(first, last, source[first:last], kind, normal, result, rule, fact.id if fact else None)
        )

    def take_as(self, one: Amount, other: Amount) -> None:
        """Read an amount of the text as another from now on: a bare number that was found to be money."""
        self.said = replace(self.said, amounts=[other if a is one else a for a in self.said.amounts])

    def borne(self, kind: str) -> list[Amount]:
        """Amounts of the text, of one kind, that have been found to hold."""
        held = [(one.start, one.end) for one in self.entries if one.result in ("supported", "derived")]
        mine = [one for one in self.said.amounts if one.kind == kind and one.exact is not None]
        return [one for one in mine if self.said.reading.span(one.start, one.end) in held]

    def fact(self, name: str | None) -> Fact | None:
        """The fact with this id."""
        return next((fact for fact in self.facts if fact.id == name), None)

    def clause(self, at: int) -> str:
        """The clause around a place, no more of it than REACH characters each way."""
        start, end = self.said.reading.clause(at)
        return self.text[max(start, at - REACH) : min(end, at + REACH)]

    def sentence(self, at: int) -> str:
        """The sentence around a place, no more of it than REACH characters each way."""
        start, end = self.said.reading.sentence(at)
        return self.text[max(start, at - REACH) : min(end, at + REACH)]

    @cached_property
    def families(self) -> dict[str, dict[str, frozenset[str]]]:
        """Subjects with their words, by family, where a family has several."""
        found: dict[str, dict[str, frozenset[str]]] = {}
        for fact in self.facts:
            if fact.subject:
                found.setdefault(fact.family, {})[fact.subject] = subject_words(fact)
        for subjects in found.values():
            for (
                name
            ) in subjects:  # names that only a size tells apart: its value tells them, in whatever unit
                if any(other != name and words_of(other) == words_of(name) for other in subjects):
                    subjects[name] |= sizes(name)
        return {name: subjects for name, subjects in found.items() if len(subjects) > 1}

    def named(self, text: str, family: str, sized: bool = True) -> frozenset[str]:
        """The subjects of a family that a stretch of text names; none where it names none or only what all share.
        `sized`: whether a size alone may name one."""
        subjects = self.families.get(family, {})
        if pattern(tuple(data("cues")["base_model"])).search(text):
            plain = [
                name for name, mine in subjects.items() if all(mine <= other for other in subjects.values())
            ]
            if len(plain) == 1:
                return frozenset(plain)
        text = _COMPARED.sub(" ", text)
        words = words_of(text) | frozenset(scan_words(text)) | (sizes(text) if sized else frozenset())
        shared = frozenset.intersection(*subjects.values()) if subjects else frozenset()
        own = {name: [word for word in mine - shared if word in words] for name, mine in subjects.items()}
        count = {
            word: sum(word in mine for mine in subjects.values())
            for mine in subjects.values()
            for word in mine
        }
        score = {name: sum(1 / count[word] for word in found) for name, found in own.items()}
        best = max(score.values(), default=0)
        if best > 0:
            return frozenset(
                name
                for name, value in score.items()
                if value > 0 and (value == best or self._whole(name, own, subjects, shared))
            )
        inner = [name for name, mine in subjects.items() if mine <= shared and mine & words]
        if len(inner) == 1:
            return frozenset(inner)
        touched = {
            name: len(mine & words) / len(mine) for name, mine in subjects.items() if mine & words & shared
        }
        if touched and max(touched.values()) > min(touched.values()):
            top = max(touched.values())
            return (
                frozenset(name for name, value in touched.items() if value == top)
                if top == 1
                else frozenset()
            )
        return frozenset()

    @staticmethod
    def _whole(
        name: str, own: dict[str, list[str]], subjects: dict[str, frozenset[str]], shared: frozenset[str]
    ) -> bool:
        mine = subjects[name] - shared
        return len(own[name]) == len(mine)

    def about(self, at: int, family: str) -> frozenset[str]:
        """The subjects that a place speaks of: of its clause, else of what was said before, else of the question."""
        if family not in self.families:
            return frozenset()
        key = (self.said.reading.clause(at), family)
        if key not in self._about:
            self._about[key] = self._find(at, family)
        return self._about[key]

    @cached_property
    def _about(self) -> dict[tuple[tuple[int, int], str], frozenset[str]]:
        return {}

    def _find(self, at: int, family: str) -> frozenset[str]:
        start, end = self.said.reading.clause(at)
        if found := self.named(self.text[start:end], family):
            return found
        earlier = [span for span in self.said.reading.clauses() if span[1] <= start][-6:]
        for a, b in reversed(earlier):
            if found := self.named(self.text[a:b], family):
                return found
        sentence = self.sentence(at)
        return self.named(sentence, family, sized=False) or self.named(self.asked.reading.text, family)

    def compared(self, at: int) -> bool:
        """Whether a place names what is compared with: 比六寸贵, dearer than the 20 cm one."""
        return any(match.start() <= at < match.end() for match in _COMPARED.finditer(self.text))

    def speaks_of(self, fact: Fact, at: int) -> bool:
        """Whether a place may speak of the fact's subject."""
        about = self.about(at, fact.family)
        if not about or fact.subject in about:
            return True
        told = {one.attribute for one in self.facts if one.subject in about}
        return fact.attribute not in told and any(fact.subject_words <= words_of(one) for one in about)

    def bound(self, candidates: Sequence[Told[M]], at: int) -> list[Told[M]]:
        """Candidates whose subject the place may speak of."""
        return [one for one in candidates if self.speaks_of(one.fact, at)]

    def _beside(self, one: Mention) -> str:
        """The words about a mention: of its clause; of its own item where the clause lists several of its kind."""
        start, end = self.said.reading.clause(one.start)
        start, end = max(start, one.start - REACH), min(end, one.end + REACH)
        near = [other for other in self.said.amounts if start <= other.start < end and other.kind == one.kind]
        if len(near) > 1:
            start = max([start, *(m.end() for m in _ITEM.finditer(self.text, start, one.start))])
            end = min([end, *(m.start() for m in _ITEM.finditer(self.text, one.end, end))])
            if any(
                other.start > one.end and _LEADS.search(self.text[one.end : other.start]) for other in near
            ):
                end = one.end
        head, tail = (list(self.text[a:b]) for a, b in ((start, one.start), (one.end, end)))
        for other in self.said.amounts:  # a unit is no word about another amount
            for at in range(max(other.start, start), min(other.end, one.start)):
                head[at - start] = " "
            for at in range(max(other.start, one.end), min(other.end, end)):
                tail[at - one.end] = " "
        return f"{''.join(head)} {''.join(tail)}"

    def rival(
        self, fitting: Sequence[Told[M]], others: Sequence[Told[M]], one: Mention, near: str | None = None
    ) -> Told[M] | None:
        """A candidate that the clause's words fit better than any of the fitting ones: same matter, other value."""
        words = words_of(self._beside(one) if near is None else near)
        every = [*fitting, *others]
        if not fitting or not others:
            return None
        named = frozenset().union(*(one.fact.subject_words for one in every))  # a name says no attribute
        told = [aspects_of(one.fact.attribute) for one in every if one.fact.family == "product"]
        words -= named - frozenset().union(*told)
        shared = frozenset.intersection(*(one.words for one in every))

        stuff = (
            _keys(self._beside(one) if near is None else near) if one.kind == "percentage" else frozenset()
        )

        def strength(told: Told[M]) -> tuple[int, bool]:
            """Words in common, then whether the whole attribute is named: "weight" before "child weight"."""
            attribute = words_of(told.fact.attribute)
            common = len((told.words - shared) & words) + (len(stuff & _keys(told.part)) if stuff else 0)
            return common, bool(attribute) and attribute <= words

        own = max(strength(told) for told in fitting)
        best = max(others, key=strength)
        return best if strength(best) > own else None


def _keys(text: str) -> frozenset[str]:
    return frozenset(one.key for one in scan_fact(text).materials)


def subject_words(fact: Fact) -> frozenset[str]:
    """The words that name a fact's subject: for an order its number and what was ordered."""
    words = words_of(fact.subject) | frozenset(scan_words(fact.subject))
    if fact.family in ("order", "订单"):
        words |= frozenset(one.key for one in fact.scan.ids[:1])
    return words


def sizes(text: str) -> frozenset[str]:
    """The measures that a text names, by value: 0.25 kg is 250 g."""
    return frozenset(
        f"={one.exact}{one.dimension}"
        for one in scan_fact(text).amounts
        if one.kind == "quantity" and one.exact is not None
    )


def scan_words(text: str) -> list[str]:
    """Ids, sizes and numbers in a name: "8×32", "firefly 600"."""
    return (
        [one.key for one in scan_fact(text).ids]
        + [
            part
            for part in text.split()
            if any(c.isdigit() for c in part) and any(c.isalpha() or c in "×" for c in part)
        ]
        + _NUMBERED.findall(text)
        + _LETTERED.findall(text)
        if text
        else []
    )
