"""Judges when an order leaves: a rule's hour, the time it was placed, and the working day that follows from both.

Knows facts of the shape "orders before 16:00 leave the same day" beside an order with a date and a time.
"""

import re
from datetime import date, timedelta

from chains.guard.ledger.case import Case
from chains.guard.ledger.entries import Result
from chains.guard.ledger.facts import Fact
from chains.guard.ledger.lexicon import is_han
from chains.guard.ledger.mentions import Day

RULE = re.compile(r"next working day|next business day|次日发|下一个工作日|当天发")
_LEAVES = re.compile(
    r"(?<![a-z])(?:leaves?|ships?|goes out|go out|dispatched|is dispatched|sent out|will be sent)(?![a-z])|发(?![票现])|寄出"
)
_PLACED = re.compile(r"(?<![a-z])(?:placed|ordered|bought|paid)(?![a-z])|下的?单|订购|购买|付款")
_OF_ORDER = re.compile(r"(?<![a-z])(?:of|from|dated) (?:the )?$")
_MISSED = re.compile(
    r"(?<![a-z])(?:missed|past|after|too late for) (?:the|our|today's) (?:cut-?off(?: time)?|deadline)(?![a-z])|(?<!没)(?:错?过了?|超过了?|晚于)截单(?:时间|点)?"
)
_CAUGHT = re.compile(
    r"(?<![a-z])(?:before|in time for|made|ahead of) (?:the|our|today's) (?:cut-?off(?: time)?|deadline)(?![a-z])|(?:没过|没错过|赶上了?|赶在|未过|早于)截单(?:时间|点)?(?:前|之前)?"
)


def judge_cutoff(case: Case) -> None:
    """Enter that an order came before or after the hour of the rule."""
    if (known := _placed(case)) is None:
        return
    rule, _, late = known
    for finder, said in ((_MISSED, True), (_CAUGHT, False)):
        for match in finder.finditer(case.text):
            result: Result = "derived" if late == said else "contradicted"
            case.enter(*match.span(), "polarity", "late" if said else "in time", result, "date.cutoff", rule)


def leaving(case: Case, day: Day) -> tuple[Result, Fact] | None:
    """Whether a day on which the clause lets the order leave is the one that the rule makes of the time it was placed; None
    where the clause says no such thing, or another day than these."""
    if not _leaves(case, day) or (known := _placed(case)) is None:
        return None
    rule, placed, late = known
    leaves = next_working(placed, 1) if late or placed.weekday() > 4 else placed
    said = day.real(leaves.year, leaves.month)
    if said == leaves:
        return "derived", rule
    return ("contradicted", rule) if said == placed else None


def _leaves(case: Case, day: Day) -> bool:
    """Whether a day is the one on which the order leaves: the last verb before it says so, or the first behind it in its
    clause, with no other day between."""
    start, _ = case.said.reading.sentence(day.start)
    left, placed = (
        max((match.end() for match in finder.finditer(case.text, start, day.start)), default=-1)
        for finder in (_LEAVES, _PLACED)
    )
    if left > placed:
        return not _other_day(case, left, day.start)
    behind = _LEAVES.search(case.text, day.end, case.said.reading.clause(day.start)[1])
    if behind is None or _OF_ORDER.search(case.text[: day.start][-8:]) or case.text.startswith("的", day.end):
        return False
    return (placed < 0 or is_han(behind[0][0])) and not _other_day(case, day.end, behind.start())


def _other_day(case: Case, start: int, end: int) -> bool:
    return any(start <= one.start < end for one in (*case.said.days, *case.said.weeks))


def _placed(case: Case) -> tuple[Fact, date, bool] | None:
    """(rule, day on which the order was placed, whether that was after the rule's hour), where the facts tell one order."""
    rule = next((fact for fact in case.facts if RULE.search(fact.text) and fact.scan.clocks), None)
    orders = [
        fact for fact in case.facts
        if fact is not rule and fact.scan.clocks and fact.scan.days
        and (fact.family in ("order", "订单") or _PLACED.search(fact.text))
    ]  # fmt: skip
    if rule is None or len(orders) != 1:
        return None
    placed = orders[0].scan.days[0].real()
    late = orders[0].scan.clocks[0].minute >= rule.scan.clocks[0].minute
    return None if placed is None else (rule, placed, late)


def next_working(start: date, number: int) -> date:
    """The day that lies so many working days on; Saturdays and Sundays are none."""
    while number > 0:
        start += timedelta(days=1)
        number -= start.weekday() < 5
    return start


__all__ = ["RULE", "judge_cutoff", "leaving", "next_working"]
