"""Judges what a text says of a list that a fact gives: its items said again, letter sizes, a thing that it does not hold.

Knows a list by its label; what kind of things it holds it does not know.
"""

import re
from collections.abc import Sequence

from chains.guard.ledger.case import Case
from chains.guard.ledger.doubt import unsure
from chains.guard.ledger.entries import Result
from chains.guard.ledger.facts import Fact
from chains.guard.ledger.lexicon import any_of, data, pattern

SIZES = ("xxxs", "xxs", "xs", "s", "m", "l", "xl", "xxl", "xxxl", "xxxxl")
_SIZE = r"(?<![a-z'’])(?:x{0,4}[sl]|m)(?![a-z'’])"
_SPAN = re.compile(rf"({_SIZE})\s?码?\s?(?:-|–|~|至|到|to|through|up to)\s?({_SIZE})码?")
LETTERED = re.compile(rf"{_SIZE}码?(?:(?:\s?[,，、/]\s?|,? and | or |\s?[和跟及]\s?){_SIZE}码?)+")
_JOIN = re.compile(r"(?:\s?(?:[,，、/;；]|and|or|as well as|plus|[和跟及与])\s?){1,2}|\s")
_APART = re.compile(r"[,，、/;；]| and |[和及]")
_LACKED = re.compile(
    r"(?:^|(?<=[,，、。:;!?]) ?)(?:(?:so|and|but) )?(?:there(?:'s| is) )?(?P<en>no (?P<x>[a-z]{3,20}|x{1,3}[sl]))(?![a-z])"
    r"|(?:^|(?<=[,，、。！？；~ ]))(?P<zh>(?P<y>[a-z\u4e00-\u9fff]{2,4}?)(?:也|都)?(?:不在里面|不在其中|不在内|没有))(?=[,，。！、;；]|$)"
)


def judge_listed(case: Case) -> None:
    """Enter what a text repeats of lists, letter sizes that are not in them, and what it says they do not hold."""
    lists = _lists(case, "lists")
    if not lists:
        return
    _sized(case, lists)
    _lacked(case, lists)
    for kind, name in (("material", "ingredients"), ("polarity", "contents")):
        for fact in _lists(case, name):
            _repeated(case, fact, kind)


def _lists(case: Case, name: str) -> list[Fact]:
    """The facts whose label is one of a list of labels."""
    labels = pattern(tuple(data("cues")[name]))
    return [
        fact
        for fact in case.facts
        if labels.fullmatch(fact.attribute or fact.subject) or LETTERED.fullmatch(fact.value.strip(" .。"))
    ]


def _sized(case: Case, lists: Sequence[Fact]) -> None:
    told = [(sizes, fact) for fact in lists if (sizes := letter_sizes(fact.value))]
    for match in [*_SPAN.finditer(case.text), *LETTERED.finditer(case.text)] if told else ():
        bound = [(sizes, fact) for sizes, fact in told if case.speaks_of(fact, match.start())]
        if bound and not unsure(case, match.start()) and not _taken(case, *match.span()):
            sizes, fact = bound[0]
            if not letter_sizes(match[0]) <= sizes:
                case.enter(*match.span(), "range", match[0], "contradicted", "list.sizes", fact)


def letter_sizes(text: str) -> frozenset[str]:
    """The letter sizes that a text names; a span holds all between its ends."""
    found = {one.removesuffix("码") for one in re.findall(_SIZE, text)} & set(SIZES)
    for match in _SPAN.finditer(text):
        ends = [SIZES.index(one) for one in match.groups() if one in SIZES]
        found |= set(SIZES[ends[0] : ends[1] + 1]) if len(ends) == 2 else set()
    return frozenset(found)


def _lacked(case: Case, lists: Sequence[Fact]) -> None:
    """A thing asked for that is said to be missing: no fact may name it."""
    asked = case.asked.reading.text
    for match in _LACKED.finditer(case.text):
        thing = match["x"] or match["y"]
        span = match.span("en" if match["en"] else "zh")
        if thing not in asked or _taken(case, *span) or unsure(case, span[0]):
            continue
        holding = next((fact for fact in case.facts if thing.removesuffix("码") in fact.value), None)
        if holding is not None and holding not in lists:
            continue
        result: Result = "contradicted" if holding else "derived"
        case.enter(*span, "polarity", f"{thing}=no", result, "list.lacks", holding or lists[0])


def _repeated(case: Case, fact: Fact, kind: str) -> None:
    """Two items or more of the list, said again side by side."""
    items = [one for part in _APART.split(fact.value) if len(one := part.strip(" .。")) > 1][:12]
    if len(items) < 2 or any(any(map(str.isdigit, one)) for one in items):
        return
    found = [match.span() for match in re.finditer(any_of(items), case.text)]
    while found:
        run = [found.pop(0)]
        while found and _JOIN.fullmatch(case.text, run[-1][1], found[0][0]):
            run.append(found.pop(0))
        start, end = run[0][0], run[-1][1]
        if len(run) > 1 and case.speaks_of(fact, start) and not _taken(case, start, end):
            case.enter(start, end, kind, case.text[start:end], "supported", "list.same", fact)


def _taken(case: Case, start: int, end: int) -> bool:
    a, b = case.said.reading.span(start, end)
    return any(one.start < b and a < one.end for one in case.entries)
