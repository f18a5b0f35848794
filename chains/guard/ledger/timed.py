"""Judges dates, weekdays and times of day against facts: equal ones, and those that follow by the calendar."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product

from chains.guard.ledger.case import Case
from chains.guard.ledger.cutoff import RULE, leaving, next_working
from chains.guard.ledger.dated import today_of
from chains.guard.ledger.days import Week
from chains.guard.ledger.entries import Result
from chains.guard.ledger.facts import Fact, words_of
from chains.guard.ledger.lexicon import data, pattern
from chains.guard.ledger.mentions import Day, overlaps
from chains.guard.ledger.scan import Scan

NOT_OPEN = re.compile(r"(?<![a-z])(?:closed|shut|not open)(?![a-z])|休息|不开|关门|放假|停业|闭店|店休|歇业")
_OPEN = re.compile(
    r"(?<![a-z])(?:open|reopen|here|come|welcome)(?![a-z])|营业|开门|开放|都开|收件|见[。！!]?$"
)


_DENIED = re.compile(r"(?<![a-z])(?:not|no|never)(?![a-z])|n't(?![a-z])|[不没非]")


def judge_days(case: Case) -> list[tuple[int, int]]:
    """Enter dates; those the customer named are no claims. Returns the stretches judged."""
    done = []
    for day in case.said.days:
        done.append((day.start, day.end))
        if day.month is None and _a_size(case, day):
            continue
        known = [(one, fact) for fact in case.facts for one in fact.scan.days]
        holding = [(one, fact) for one, fact in known if one.agrees(day)]
        bound = [
            (o, f)
            for o, f in holding
            if case.speaks_of(f, day.start) or f.family not in ("product", "order", "订单")
        ]
        asked = any(
            one.agrees(day) or (one.day == day.day and day.month is None) for one in case.asked.days
        ) or _asked_number(case, day)
        shut = next((fact for fact in case.facts if fact.scan.days and _misplaced(case, day, fact)), None)
        if (leaves := leaving(case, day)) is not None:
            rule = "date.reckoned" if leaves[0] == "derived" else "date.differs"
            case.enter(day.start, day.end, "date", day.normal, leaves[0], rule, leaves[1])
        elif shut is not None:
            case.enter(day.start, day.end, "date", day.normal, "contradicted", "date.differs", shut)
        elif bound:
            case.enter(day.start, day.end, "date", day.normal, "supported", "date.same", bound[0][1])
        elif found := _reckoned(case, day):
            case.enter(day.start, day.end, "date", day.normal, "derived", *found)
        elif any(one.agrees(day) for scan in case.derived for one in scan.days) or _is_today(case, day):
            case.enter(day.start, day.end, "date", day.normal, "derived", "given")
        elif asked and not bound:
            continue
        elif (other := _about(case, day)) is not None:
            case.enter(day.start, day.end, "date", day.normal, "contradicted", "date.differs", other)
        else:
            case.enter(day.start, day.end, "date", day.normal, "unsupported", "date.unknown")
    return done


def _a_size(case: Case, day: Day) -> bool:
    """Whether what reads as a day of the month is a number that a fact gives a thing: 五号 beside 5号电池."""
    held = re.compile(rf"(?<![\d月.]){day.day}号(?=[\u4e00-\u9fff])")
    return day.day is not None and any(held.search(fact.text) for fact in case.facts)


def judge_arrivals(case: Case) -> None:
    """Enter a weekday on which something is said to arrive, against the day that a fact expects it."""
    arrives = pattern(tuple(data("cues")["arrives"]))
    known = [
        (day.weekday(), fact)
        for fact in case.facts
        if arrives.search(fact.text)
        for day in real_days(fact)[-1:]
    ]
    for week in case.said.weeks:
        within = any(day.start <= week.start < day.end for day in case.said.days)
        if week.spanned or within or not known or not arrives.search(case.clause(week.start)):
            continue
        holding = next((fact for day, fact in known if week.days == {day}), None)
        result: Result = "supported" if holding else "contradicted"
        case.enter(week.start, week.end, "date", week.normal, result, "date.weekday", holding or known[0][1])


def judge_conditions(case: Case) -> None:
    """Enter a weekday that a fact names as a condition, as of an offer: hours and days of rest are judged elsewhere."""
    known = [
        (week, fact)
        for fact in case.facts
        if not fact.scan.clocks and not NOT_OPEN.search(fact.text) and not _OPEN.search(fact.text)
        for week in fact.scan.weeks
        if not _part_of_another(week, fact.scan)
        and not (fact.family == "product" and week.start < len(fact.subject))
    ]
    for week in case.said.weeks if known else ():
        dated = _part_of_another(week, case.said)
        told = [
            (one, fact) for one, fact in known if words_of(fact.text) & words_of(case.sentence(week.start))
        ]
        if dated or week.spanned or not told or not case.speaks_of(told[0][1], week.start):
            continue
        holding = next((fact for one, fact in told if week.days <= one.days), None)
        if holding is None and any(week.days == one.days for fact in case.facts for one in fact.scan.weeks):
            continue
        if holding is None and _DENIED.search(case.clause(week.start)):
            continue
        result: Result = "supported" if holding else "contradicted"
        case.enter(week.start, week.end, "date", week.normal, result, "date.weekday", holding or told[0][1])


def _part_of_another(week: Week, scan: Scan) -> bool:
    """Whether the weekday belongs to a date or to a length of time: three working days."""
    return overlaps(week.start, week.end, [(one.start, one.end) for one in (*scan.days, *scan.amounts)])


def _is_today(case: Case, day: Day) -> bool:
    now = today_of(case)
    return now is not None and day.agrees(Day(0, 0, "date", now.year, now.month, now.day))


def _asked_number(case: Case, day: Day) -> bool:
    return any(
        a.exact == day.day and day.month is None for a in case.asked.amounts if a.kind in ("number", "count")
    )


def _misplaced(case: Case, day: Day, fact: Fact) -> bool:
    """A day within a closing time that is said to be open."""
    if not NOT_OPEN.search(fact.value) and not NOT_OPEN.search(fact.subject):
        return False
    period, clause = real_days(fact), case.clause(day.start)
    said = day.real(period[0].year, day.month or period[-1].month) if period else None
    within = said is not None and len(period) > 1 and period[0] <= said <= period[-1]
    start, end = case.said.reading.clause(day.start)
    opened = _OPEN.search(clause) or any(start <= clock.start < end for clock in case.said.clocks)
    return bool(within and opened and not NOT_OPEN.search(clause))


def _about(case: Case, day: Day) -> Fact | None:
    """A fact with a date, or with a time that a date follows from, that the place may speak of."""
    if pattern(("next", "another", "following", "下一期", "下一场", "下次", "下一")).search(
        case.clause(day.start)
    ):
        return None
    return next((fact for fact in case.facts if fact.scan.days and case.speaks_of(fact, day.start)), None)


def _reckoned(case: Case, day: Day) -> tuple[str, Fact] | None:
    """A day counted from a known one: plus or minus a duration, the day after, the next working day."""
    known: list[tuple[date | None, Fact]] = [(one, fact) for fact in case.facts for one in real_days(fact)]
    now = today_of(case)
    year = now.year if now else 2025  # any common year: the days asked about lie weeks apart
    known += [(one.real(year), fact) for one in case.asked.days if one.month for fact in case.facts]
    if now is not None:
        known += [(now, fact) for fact in case.facts]
    for start, fact in known:
        if start is None or not 1000 < start.year < 9000:
            continue
        for other in case.facts:
            for made in _moved(start, other, case, day):
                if day.agrees(Day(0, 0, "date", made.year, made.month, made.day)) and (
                    day.weekday is None or made.weekday() == day.weekday
                ):
                    return "date.reckoned", fact
    months = [
        (one, fact)
        for one in case.asked.days
        for fact in case.facts
        if one.year and one.month and not one.day and not one.agrees(day)
    ]
    months += [(one, f) for f in case.facts for one in f.scan.days if one.year and one.month and not day.day]
    for (one, fact), other in product(months, case.facts):
        if other.family == "product" and fact.family == "product" and other.subject != fact.subject:
            continue
        for told in (t for t in other.scan.amounts if t.dimension == "month" and t.exact is not None):
            total = (one.year or 0) * 12 + (one.month or 1) - 1 + int(told.exact or 0)
            if (day.year or total // 12, day.month) == (total // 12, total % 12 + 1) and not day.day:
                return "date.reckoned", fact
    return None


def real_days(fact: Fact) -> list[date]:
    """The calendar days of a fact; a year said once holds for the days after it."""
    year, found = None, []
    for one in fact.scan.days:
        year = one.year or year
        if (day := one.real(year)) is not None:
            found.append(day)
    return found


def _moved(start: date, fact: Fact, case: Case, day: Day) -> Iterator[date]:
    for told in fact.scan.amounts:
        for value in {told.low, told.high} - {None}:
            assert value is not None
            if told.dimension == "[time]" and value % 86400 == 0 and value < 86400 * 4000:
                step = timedelta(days=int(value // 86400))
                yield start + step
                yield start - step
            elif told.dimension == "working day" and value < 400:
                yield next_working(start, int(value))
            elif told.dimension == "month" and value.denominator == 1 and value < 1200:
                yield _months(start, int(value))
    near = case.sentence(day.start)
    if RULE.search(fact.text) and (late := _late(case, fact)) is not None:
        if late:
            yield next_working(start, 1)
        else:
            yield start
        return
    if re.search(r"[?？]", near):
        return
    if re.search(
        r"(?<![a-z])(?:after|again|reopen|back|from)(?![a-z])|恢复|之后|起", near
    ) and NOT_OPEN.search(fact.text):
        yield start + timedelta(days=1)
    if re.search(r"(?<![a-z])next day(?![a-z])|次日|第二天", fact.text):
        yield start + timedelta(days=1)


def _late(case: Case, rule: Fact) -> bool | None:
    """Whether the order of the facts came after the rule's hour; None where one of them is unknown."""
    limit = next((one.minute for one in rule.scan.clocks), None)
    placed = next((one.minute for fact in case.facts if fact is not rule for one in fact.scan.clocks), None)
    return None if limit is None or placed is None else placed >= limit


def _months(start: date, number: int) -> date:
    total = start.year * 12 + start.month - 1 + number
    year, month = total // 12, total % 12 + 1
    if year > 9998:
        return start
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month, min(start.day, last))
