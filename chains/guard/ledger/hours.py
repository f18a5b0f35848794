"""Judges what a text says of opening: a weekday that the shop is closed on, and somebody being there at any hour."""

import re
from collections.abc import Sequence

from chains.guard.ledger.case import Case
from chains.guard.ledger.days import Week
from chains.guard.ledger.doubt import unsure
from chains.guard.ledger.entries import Result
from chains.guard.ledger.facts import Fact, words_of
from chains.guard.ledger.lexicon import data, pattern
from chains.guard.ledger.topics import negative, word

_BARE = re.compile(
    r"\s*(?:and |和|及)?(?:(?:mon|tues?|wednes|wed|thurs?|thu|fri|satur|sat|sun)(?:days?)?|(?:周|星期|礼拜)[一二三四五六日天])\W*"
)
_HOUR = re.compile(r"\d")


def judge_days_off(case: Case) -> None:
    """Open or closed on a weekday."""
    closed = pattern(tuple(str(word) for word in data("polarity")["closed"]))
    telling = [
        fact for fact in case.facts if fact.scan.weeks and (fact.scan.clocks or closed.search(fact.text))
    ]
    if not telling:
        return
    for week in case.said.weeks:
        first, last = case.said.reading.clause(week.start)
        clause = case.text[first:last]
        off = closed.search(clause)
        timed = any(first <= clock.start < last for clock in case.said.clocks)
        if week.spanned or (timed and (off or not _shut(telling, week))):
            continue  # the hours are judged by themselves, save on a day that is told to have none
        if not off and not re.search(
            r"(?<![a-z])(?:open|come|welcome|drop in)(?![a-z])|开门|营业|收件|开放|来", clause
        ):
            continue
        days = frozenset().union(
            *(one.days for fact in telling for one in fact.scan.weeks if not _closed_day(fact, one.end))
        )
        shut = [one.days for fact in telling for one in fact.scan.weeks if _closed_day(fact, one.end)]
        is_open = week.days <= days or (not days and bool(shut) and not any(week.days & one for one in shut))
        result: Result = "supported" if is_open != bool(off) else "contradicted"
        begin, stop = (
            min(week.start, first + off.start() if off else week.start),
            max(week.end, first + off.end() if off else last),
        )
        case.enter(begin, stop, "polarity", f"open={word(not off)}", result, "polarity.weekday", telling[0])


def _shut(telling: Sequence[Fact], week: Week) -> bool:
    """Whether the facts call the day closed outright."""
    return any(
        week.days <= one.days and _closed_day(fact, one.end) for fact in telling for one in fact.scan.weeks
    )


_ROUND_THE_CLOCK = re.compile(
    r"(?<![a-z])(?:round the clock|around the clock|24/7|day and night|at any hour|all night)(?![a-z])|24小时(?:营业|开|都|在线|有人)|全天候|通宵"
)


def judge_round_the_clock(case: Case) -> None:
    """Enter that somebody is there at any hour, where the facts tell hours: they must be all of them."""
    for match in _ROUND_THE_CLOCK.finditer(case.text):
        if negative(case.clause(match.start()), *_within(case, match.span())) or unsure(case, match.start()):
            continue
        words = words_of(case.sentence(match.start()))
        told = [
            fact for fact in case.facts
            if any(clock.until is not None for clock in fact.scan.clocks) or _ROUND_THE_CLOCK.search(fact.text)
            or "24小时" in fact.text or "24 hours" in fact.text
        ]  # fmt: skip
        told = [fact for fact in told if words & words_of(fact.text)] or (told if len(told) == 1 else [])
        if told:
            always = [fact for fact in told if not any(clock.until is not None for clock in fact.scan.clocks)]
            result: Result = "supported" if always else "contradicted"
            fact = (always or told)[0]
            case.enter(*match.span(), "time", "00:00-24:00", result, "time.round_the_clock", fact)


def _within(case: Case, span: tuple[int, int]) -> tuple[int, int]:
    first = case.text.find(case.clause(span[0]))
    return span[0] - first, span[1] - first


def _closed_day(fact: Fact, end: int) -> bool:
    """Whether the part of the fact that names a weekday says closed."""
    closed = pattern(tuple(str(word) for word in data("polarity")["closed"]))
    if closed.search(fact.attribute):
        return True
    parts = [fact.text[a:b] for a, b in fact.parts()]
    here = next((n for n, (a, b) in enumerate(fact.parts()) if a < end <= b), None)
    if here is None or not _BARE.fullmatch(parts[here]):
        return here is not None and bool(closed.search(parts[here]))
    # a weekday alone goes on with a list: "closed: Sunday, Monday", "Sunday, Monday closed"
    before = next((one for one in reversed(parts[:here]) if not _BARE.fullmatch(one)), "")
    after = next((one for one in parts[here:] if not _BARE.fullmatch(one)), "")
    return bool(closed.search(before) or (closed.search(after) and not _HOUR.search(after)))
