"""Reads a fact: whose it is, which attribute it tells, its parts with their numbers, its yes or no.

Knows the shapes "Name - attribute: value", "Label: value", question and answer, orders, and plain sentences.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import pairwise
from typing import Generic, TypeVar

from chains.guard.ledger.lexicon import any_of, data, pattern
from chains.guard.ledger.mentions import Mention
from chains.guard.ledger.scan import Scan, scan_fact
from knowledge.facts.lexicon import tokens

M = TypeVar("M", bound=Mention)
_ASKED = re.compile(
    r"^\s*(?:q|question|问)\s*[:：]?\s+?(?P<q>.{2,300}?)\s*(?:(?<![a-z])(?:a|answer)\s*:|答\s*:)\s*", re.S
)
_ASKED_ZH = re.compile(r"^\s*问\s*:(?P<q>.{2,300}?)答\s*:\s*", re.S)
_PLAIN_ASKED = re.compile(r"^(?P<q>[^.!。！]{4,200}?[?？])\s*", re.S)
_SUBJECT = re.compile(r"^(?P<subject>.{1,120}?)\s+-\s+(?P<rest>.+)$", re.S)
_LABEL = re.compile(
    r"^(?P<label>(?:[^:.!?。！？\n]|(?<=(?<![a-z])max)\.|(?<=(?<![a-z])min)\.|(?<=(?<![a-z])incl)\.|(?<=(?<![a-z])approx)\.|(?<=(?<![a-z])diam)\.|(?<=(?<![a-z])temp)\.){1,70}?)\s*(?:(?<!\d):|:(?!\d\d(?!\d)))\s*(?P<body>.+)$",
    re.S,
)
_PART = re.compile(r"[;；，、。]|,(?=\s)|\.(?=\s)|\s\+\s")
_NUMERAL = re.compile("[一二两三四五六七八九十百千万半几]")
_ORDERED = re.compile(
    r"^(?P<subject>(?P<family>order|订单)\s?[\w-]*\d[\w-]*)\s+-\s+(?P<label>[^:]{1,40}?)\s*:\s*(?P<body>.+)$",
    re.S,
)
_ORDER = re.compile(r"^\s*(?:order|订单)")


@dataclass(frozen=True)
class Told(Generic[M]):
    """A mention of a fact, and the words about it: of its attribute and of its part of the fact."""

    mention: M
    fact: "Fact"
    words: frozenset[str]
    part: str


@dataclass(frozen=True, eq=False)
class Fact:
    """A fact read. `place` is its number among those given."""

    id: str
    scan: Scan
    subject: str
    attribute: str
    body: int
    place: int
    family: str
    """product, or the first word of a label: facts of one family are told apart by their subjects"""
    question: str = ""
    yes: bool | None = None

    @property
    def text(self) -> str:
        return self.scan.reading.text

    @property
    def value(self) -> str:
        return self.text[self.body :]

    @property
    def subject_words(self) -> frozenset[str]:
        return words_of(self.subject)

    def parts(self) -> list[tuple[int, int]]:
        """The stretches of the value between commas and semicolons."""
        return _parts(self.text, self.body)

    def told(self, mentions: Sequence[M]) -> list[Told[M]]:
        """Mentions of the value with the words about each."""
        found = []
        parts = self.parts()
        for one in mentions:
            if one.end <= self.body and self.family == "product" and one.start < len(self.subject):
                continue
            start, end = next(((a, b) for a, b in parts if a <= one.start < b), (self.body, len(self.text)))
            part = self.text[start:end]
            said = (
                f"{self.text[start : one.start]} {self.text[one.end : end]}"
                if start <= one.start and one.end <= end
                else part
            )
            found.append(Told(one, self, words_of(f"{self.attribute} {said} {self.question}"), part))
        return found


@lru_cache(maxsize=4096)
def _parts(text: str, body: int) -> list[tuple[int, int]]:
    cuts = [body, *(match.end() for match in _PART.finditer(text, body)), len(text)]
    return [(a, b) for a, b in pairwise(cuts) if a < b]


@lru_cache(maxsize=8192)
def words_of(text: str) -> frozenset[str]:
    """Stems, pairs of Chinese characters, and aspects ("@weight"); no numbers, no words that say nothing."""
    plain = _plain()
    found = {
        one
        for one in tokens(text)
        if not one[0].isdigit()
        and one not in plain
        and (len(one) > 1 or one > "z")
        and not _NUMERAL.search(one)
    }
    return frozenset(found | aspects_of(text))


@lru_cache(maxsize=8192)
def aspects_of(text: str) -> frozenset[str]:
    """The aspects that words of a text name."""
    return frozenset(
        f"@{name}" for name, words in data("terms")["aspects"].items() if pattern(tuple(words)).search(text)
    )


@cache
def _plain() -> frozenset[str]:
    from importlib import resources

    import yaml

    raw = yaml.safe_load(resources.files("chains.data").joinpath("function_words.yaml").read_text("utf-8"))
    return frozenset(tokens(raw["en"])) | frozenset(raw["zh"])


@cache
def _answers() -> tuple[re.Pattern[str], re.Pattern[str]]:
    raw = data("polarity")["answers"]
    return (re.compile(rf"\s*(?:{any_of(raw['yes'])})"), re.compile(rf"\s*(?:{any_of(raw['no'])})"))


def yes_or_no(value: str) -> bool | None:
    """What a value begins with: yes, no, or neither. No is tried first: 不可以 begins no 可以."""
    yes, no = _answers()
    if pattern(tuple(data("polarity")["answers"]["nouns"])).match(value) or _MEASURED.match(value):
        return None
    return False if no.match(value) else True if yes.match(value) else None


_MEASURED = re.compile(r"no\. ?\d|[无不没免][\u4e00-\u9fff]{2,8}\d")  # no. 5; 无电梯每层15元


@lru_cache(maxsize=4096)
def _read(text: str) -> Fact:
    found = scan_fact(text)
    folded = found.reading.text
    for shape in (_ASKED, _ASKED_ZH, _PLAIN_ASKED):
        if (match := shape.match(folded)) and match.end() < len(folded):
            return Fact(
                "", found, "", "", match.end(), 0, "question", match["q"], yes_or_no(folded[match.end() :])
            )
    if not _ORDER.match(folded) and (match := _SUBJECT.match(folded)):
        label = _LABEL.match(match["rest"])
        attribute = label["label"] if label else ""
        body = match.start("rest") + (label.start("body") if label else 0)
        yes = yes_or_no(folded[body:]) if attribute and len(folded) - body < 60 else None
        policy = pattern(tuple(data("terms")["policies"])).search(attribute)
        return Fact(
            "", found, match["subject"], attribute, body, 0, "policy" if policy else "product", "", yes
        )
    if (match := _ORDERED.match(folded)) is not None:
        return Fact("", found, match["subject"], match["label"], match.start("body"), 0, match["family"])
    if match := _LABEL.match(folded):
        first = re.match(r"[a-z']+|[\u4e00-\u9fff]{2}", match["label"])
        return Fact(
            "",
            found,
            match["label"],
            match["label"],
            match.start("body"),
            0,
            first[0] if first else "",
            "",
            yes_or_no(match["body"]),
        )
    return Fact("", found, "", "", 0, 0, "prose")


def read_facts(facts: Sequence[tuple[str, str]]) -> list[Fact]:
    """(id, text) of every fact, read."""
    return [replace(_read(text), id=name, place=place) for place, (name, text) in enumerate(facts)]
