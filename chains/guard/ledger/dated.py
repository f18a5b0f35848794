"""Which of two prices holds: one of a newer date replaces the older; one "until" a day ends with it.

Today is given, or stands in a fact ("Today: ...", "今天是...", an order's date); else the newest holds.
"""

import re
from collections.abc import Sequence
from datetime import date

from chains.guard.ledger.case import Case
from chains.guard.ledger.facts import Told
from chains.guard.ledger.lexicon import data
from chains.guard.ledger.mentions import Amount, Day

_PAST = re.compile(
    r"(?<![a-z])(?:was|were|before|previously|until|used to|formerly|originally|regular|rrp|reduced|down|back up|last year|last week|last month|from|old|rather than|instead of|usual|normally|ran out|ended|over|than)(?![a-z])"
    r"|原价|去年|之前|以前|原来|从|曾|结束|过去|旧|当时|涨|调到|年|上周|上个?月|昨天|活动前|促销前|吊牌价|划线价|市场价|原先|恢复"
)
_TODAY = re.compile(
    r"^\s*(?:today|order date|current date|date today|now)\s*:|^\s*(?:今天|今日|当前日期|现在)"
)
_NOW = re.compile(r"(?<![a-z])(?:now|today|it's|it is|current|currently)(?![a-z])|现在|今天|目前|如今")
_OLD = re.compile(
    r"(?<![a-z])(?:was|were|previously|formerly|before|instead of|rrp|old price|down from|reduced from|used to be|last (?:week|month|year|season)|regular(?: price)?|originally|normally)[: ]*$"
    r"|(?:原价|原先|原来|曾售|曾卖|旧价|之前|划线价|吊牌价|市场价|上周|上个?月|上一?季|去年|昨天|(?:活动|促销|调价|涨价|降价|打折|优惠)前)[：:为是卖售]?\s?$"
)
_THEN = re.compile(r"(?<![a-z])last (?:week|month|year|season)(?![a-z])|上周|上个?月|去年|昨天|当时")
_UNTIL = re.compile(
    r"(?<![a-z])(?:until|till|through|before) *$|(?:截至|截止到?|至|到) ?$|^[^\d]{0,3}(?:前|止|之前)"
)


def today_of(case: Case) -> date | None:
    """The day that the conversation takes place."""
    if case.today is not None:
        return case.today
    if _NOW.search(case.asked.reading.text):
        for day in case.asked.days:
            if now := day.real() or (_first_of(day) if day.month else None):
                return now if day.day else now.replace(day=15)
    for fact in case.facts:
        if _TODAY.search(fact.text):
            found = [one.real() for one in fact.scan.days]
            return next((one for one in found if one), None)
    return None


def since(told: Told[Amount]) -> date | None:
    """The day from which a fact says its value holds: "price from 1 January 2026", "2026年价格"."""
    head = told.fact.text[: told.fact.body]
    for day in told.fact.scan.days:
        if day.end <= len(head) and day.year:
            return day.real(day.year, day.month or 1) or _first_of(day)
    return None


def _first_of(day: Day) -> date | None:
    return date(day.year, day.month or 1, 1) if day.year and 1 <= day.year <= 9999 else None


def _ends(told: Told[Amount], year: int) -> date | None:
    """The day on which a value ends within its part of the fact."""
    start = told.fact.text.find(told.part, told.fact.body)
    for day in told.fact.scan.days:
        if start <= day.start < start + len(told.part) or day.end <= told.fact.body:
            before, after = (
                told.fact.text[max(0, day.start - 10) : day.start],
                told.fact.text[day.end : day.end + 4],
            )
            if _UNTIL.search(before) or re.match(r"\s?(?:前|止|之前|为止)", after):
                return day.real(day.year or year)
    return None


def siblings(case: Case, told: Told[Amount]) -> Sequence[Told[Amount]]:
    """Values of the same attribute of the same subject."""
    return [
        other
        for fact in case.facts
        if fact.subject == told.fact.subject and _undated(fact.attribute) == _undated(told.fact.attribute)
        for other in fact.told(fact.scan.amounts)
        if other.mention.kind == told.mention.kind
    ]


def _undated(attribute: str) -> str:
    months = "|".join(data("calendar")["months"])
    return re.sub(
        rf"(?<![a-z])(?:from|since|as of|until|till|through|{months})(?![a-z])|[\d年月日起自从\s]",
        "",
        attribute,
    )


def current(case: Case, told: Told[Amount]) -> Told[Amount] | None:
    """What has replaced a value by today, if anything has."""
    others, now = siblings(case, told), today_of(case)
    first = since(told)
    if first is not None:
        newer = [o for o in others if (begun := since(o)) and begun > first and (now is None or begun <= now)]
        return max(newer, key=lambda o: since(o) or date.min, default=None)
    if now is not None and (end := _ends(told, now.year)) and end < now:
        later = (o for o in others if o.fact is not told.fact or o.mention.start > told.mention.start)
        return next(later, None)
    if _was(told):
        return next((o for o in others if o.fact is told.fact and not _was(o)), None)
    return None


def _was(told: Told[Amount]) -> bool:
    """Whether the fact itself says that the price is the old one: "was 42 GBP", 原价85元."""
    start = max(told.fact.body, told.mention.start - 12)
    return bool(_OLD.search(told.fact.text[start : told.mention.start]))


def superseded(case: Case, told: Told[Amount], one: Amount) -> bool:
    """Whether a claim states as present what has been replaced; said as past it may stand."""
    if told.mention.kind != "price" or current(case, told) is None:
        return False
    start, end = case.said.reading.clause(one.start)
    near = case.text[max(start, one.start - 24) : min(end, one.end + 24)]
    still = re.search(
        r"(?<![a-z])(?:still|now|today|currently|at the moment)(?![a-z])|现价|现在|还是|目前|如今", near
    )
    if _THEN.search(near):
        return False  # 上周还是99元
    return bool(still) or not (_PAST.search(near) or _dated(case, one, told))


def _dated(case: Case, one: Amount, told: Told[Amount]) -> bool:
    days: Sequence[Day] = case.said.days
    return any(
        day.agrees(known) for day in days for known in told.fact.scan.days if abs(day.start - one.start) < 60
    )
