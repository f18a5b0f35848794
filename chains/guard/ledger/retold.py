"""Judges values told in words, where a text says of one thing what the facts say of another: a tea of another's town.

Knows values by their own words alone; numbers, yes and no are for other rules, and what holds is not entered.
"""

import re
from collections.abc import Iterator

from chains.guard.ledger.case import Case
from chains.guard.ledger.doubt import unsure
from chains.guard.ledger.facts import Fact
from chains.guard.ledger.lexicon import data, is_han, pattern
from chains.guard.ledger.topics import topics_in

_APART = re.compile(r"[,，、;；/]| and | or |[和或及]|(?<=[a-z])\.")
_OTHERWISE = re.compile(
    r"(?<![a-z])(?:than|unlike|not|no|isn't|n't|while|whereas|either|both|or|instead|rather|except|never)(?![a-z])|比|不|没|非|都|除|或"
)
_LEAST = 2  # characters of a Chinese value; Latin ones have twice as many


def judge_retold(case: Case) -> None:
    """Enter a value in words that is said of the one product which its clause names, and is another's."""
    told = [fact for fact in case.facts if _in_words(fact)]
    for start, end in case.said.reading.clauses() if len({fact.subject for fact in told}) > 1 else ():
        clause = case.text[start:end]
        if len(clause) > 300 or _OTHERWISE.search(clause) or unsure(case, start):
            continue
        named = case.named(clause, "product")
        if len(named) != 1:
            continue
        mine = f"{case.asked.reading.text} {' '.join(one.text for one in case.facts if one.subject in named)}"
        own = {fact.attribute: fact for fact in told if fact.subject in named}
        for fact in told:
            for value in _values(fact) if fact.subject not in named and fact.attribute in own else ():
                place = clause.find(value)
                if place >= 0 and value not in mine and _whole(clause, place, value):
                    _enter(case, fact, own[fact.attribute], (start + place, start + place + len(value)))


def _enter(case: Case, fact: Fact, own: Fact, span: tuple[int, int]) -> None:
    a, b = case.said.reading.span(*span)
    if not any(one.start < b and a < one.end for one in case.entries):
        case.enter(*span, _kind(fact), case.text[slice(*span)], "contradicted", "attribute.of_another", own)


def _whole(clause: str, place: int, value: str) -> bool:
    """Whether a Latin value stands as whole words."""
    return bool(re.compile(rf"(?<![a-z]){re.escape(value)}(?![a-z])").match(clause, place))


def _in_words(fact: Fact) -> bool:
    return (
        fact.family == "product"
        and bool(fact.attribute)
        and fact.yes is None
        and not any(map(str.isdigit, fact.value))
        and not topics_in(fact.attribute)
        and len(fact.value) <= 60
    )


def _values(fact: Fact) -> Iterator[str]:
    for part in _APART.split(fact.value):
        value = part.strip(" .。()")
        long = _LEAST if value and is_han(value[0]) else 2 * _LEAST
        if len(value) >= long and value not in fact.subject:
            yield value


def _kind(fact: Fact) -> str:
    if pattern(tuple(data("terms")["origin"]["attribute"])).search(fact.attribute):
        return "origin"
    stuff = pattern(tuple(data("terms")["material_attributes"])).search(fact.attribute)
    return "material" if stuff else "polarity"
