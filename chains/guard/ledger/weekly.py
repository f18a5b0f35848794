"""Judges ranges and lists of weekdays."""

import re
from itertools import pairwise

from chains.guard.ledger.case import Case
from chains.guard.ledger.days import Week
from chains.guard.ledger.facts import Fact
from chains.guard.ledger.timed import NOT_OPEN

_CLOSES = re.compile(
    r"(?<![a-z])(?:we|they|it) (?:shut|close)(?= (?:at|by)(?![a-z]))|[零〇一二三四五六七八九十\d半点分]关门"
)


def judge_weeks(case: Case) -> list[tuple[int, int]]:
    """Enter ranges of weekdays: opening on days that no fact opens is contradicted."""
    done = []
    known = [(week, fact) for fact in case.facts for week in fact.scan.weeks]
    _listed(case)
    for week in case.said.weeks:
        if not week.spanned or not known:
            continue
        done.append((week.start, week.end))
        days = frozenset().union(*(one.days for one, fact in known if not _closed_at(fact, one)))
        if NOT_OPEN.search(_CLOSES.sub(" ", case.clause(week.start))):
            days = frozenset(range(7)) - days
        fine = week.days <= days and (
            not week.spanned or not week.days < days or _told_so(case, week, [w for w, _ in known])
        )
        case.enter(
            week.start,
            week.end,
            "range",
            week.normal,
            "supported" if fine else "contradicted",
            "weekdays",
            known[0][1],
        )
    return done


_LIST = re.compile(r"\s?(?:、|and|&|,|和|与|及|/)\s?")


def _listed(case: Case) -> None:
    """Enter two weekdays in one breath, held to a schedule that names its days: Mondays and Thursdays."""
    for one, two in pairwise(case.said.weeks):
        gap = case.text[one.end : two.start] if one.end <= two.start else "?"
        if one.spanned or two.spanned or not _LIST.fullmatch(gap):
            continue
        told = [
            fact for fact in case.facts
            if fact.scan.clocks and case.speaks_of(fact, one.start) and not NOT_OPEN.search(fact.text)
            and sum(not week.spanned for week in fact.scan.weeks) > 1
        ]  # fmt: skip
        if not told or NOT_OPEN.search(case.clause(one.start)):
            continue
        days = frozenset().union(*(week.days for fact in told for week in fact.scan.weeks))
        if not one.days | two.days <= days:
            case.enter(one.start, two.end, "date", "weekdays", "contradicted", "date.weekday", told[0])


def _told_so(case: Case, week: Week, known: list[Week]) -> bool:
    """Whether a range that leaves open days out is one of those told or asked for, or is made of them."""
    made = frozenset().union(*(one.days for one in known if one.days <= week.days))
    return week.days == made or any(one.days == week.days for one in case.asked.weeks)


def _closed_at(fact: Fact, week: Week) -> bool:
    return any(a <= week.start < b and NOT_OPEN.search(fact.text[a:b]) for a, b in fact.parts())
