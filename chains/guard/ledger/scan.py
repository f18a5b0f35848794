"""Finds everything a text mentions, of every kind, each stretch once. Knows no fact."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from chains.guard.ledger.amounts import amounts
from chains.guard.ledger.days import Week, clocks, days, weeks
from chains.guard.ledger.mentions import Amount, Clock, Day, Mention, Term
from chains.guard.ledger.reading import Reading, read
from chains.guard.ledger.terms import certifications, ids, materials, merged, superlatives

_SIDES = re.compile(r"\d{1,6}(?:x\d{1,6}){1,3}")  # 60x35x36 names no order


@dataclass(frozen=True)
class Scan:
    """A text and what it mentions, by kind, in order of place."""

    reading: Reading
    amounts: Sequence[Amount]
    days: Sequence[Day]
    clocks: Sequence[Clock]
    weeks: Sequence[Week]
    ids: Sequence[Term]
    materials: Sequence[Term]
    certifications: Sequence[Term]
    superlatives: Sequence[Term]


def scan(text: str) -> Scan:
    """What the text mentions. Linear in its length."""
    reading = read(text)
    folded = reading.text
    certified = list(certifications(folded))
    named = [one for one in ids(folded) if not _within(one, certified) and not _SIDES.fullmatch(one.key)]
    dated = [one for one in days(folded) if not _within(one, named)]
    taken: list[Mention] = [*certified, *named, *dated]
    timed = [one for one in clocks(folded) if not _within(one, taken)]
    stuff = merged(list(materials(folded)), folded)
    taken += timed
    taken += [one for one in stuff if folded[one.start].isdigit() and "steel" in one.key]
    counted = amounts(folded, _spans(taken))
    return Scan(
        reading, counted, dated, timed, weeks(folded), named, stuff, certified, list(superlatives(folded))
    )


@lru_cache(maxsize=4096)
def scan_fact(text: str) -> Scan:
    """`scan`, remembered: facts come again and again."""
    return scan(text)


def _spans(found: Sequence[Mention]) -> list[tuple[int, int]]:
    return sorted((one.start, one.end) for one in found)


def _within(one: Mention, others: Sequence[Mention]) -> bool:
    return any(one.start < other.end and other.start < one.end for other in others)
