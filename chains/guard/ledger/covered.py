"""Judges whether a thing is still in warranty: the day of purchase and the term against the day that is spoken of.

Reckons with months where no day is named; where the term ends in that very month, nothing is judged.
"""

import re
from datetime import date

from chains.guard.ledger.case import Case
from chains.guard.ledger.doubt import unsure
from chains.guard.ledger.entail import bears
from chains.guard.ledger.entries import Result
from chains.guard.ledger.facts import Told
from chains.guard.ledger.lexicon import data, pattern
from chains.guard.ledger.mentions import Amount, Day
from chains.guard.ledger.weighing import told_of

_IN = re.compile(
    r"(?<![a-z])(?:still (?:be )?)?(?:(?:with)?in (?:the |your |its )?(?:[a-z\d-]{1,16} ){0,2}?(?:warranty|guarantee)(?: period)?|under (?:warranty|guarantee)|still covered)(?![a-z])"
    r"|(?:还|仍|依然|尚)?在(?:质)?保(?:修)?(?:期)?(?:内|之内)|(?:还|仍)在保|[没未]过(?:质)?保(?:修期)?"
)
_OUT = re.compile(
    r"(?<![a-z])(?:out of (?:the )?(?:warranty|guarantee)|no longer (?:covered|under warranty|in warranty)|(?:warranty|guarantee) (?:has |had |will have )?(?:expired|ended|run out|lapsed))(?![a-z])"
    r"|(?<![没未])(?:已经?|就)?过(?:了)?(?:质)?保(?:修期|期)?(?!质)|出保|脱保|不在(?:质)?保(?:修)?(?:期)?内?"
)
_IF = re.compile(
    r"(?<![a-z])(?:if|once|when|after|unless|while|as long as|until)(?![a-z])[^,.]{0,16}$|(?:如果|一旦|若|要是|只要|凡是?)[^，。]{0,6}$"
)
_THEN = re.compile(r"了?(?:以后|之后|后|的话?|也|就|才|期间)")
_NOT = re.compile(r"(?<![a-z])(?:not|no longer|never|n't)(?: be)?(?: still)? $|不$")
_BOUGHT = re.compile(
    r"(?<![a-z])(?:bought|purchased|ordered|got|had it since|delivered)(?![a-z])|买|购|下单|到手|签收|入手"
)


def judge_covered(case: Case) -> list[tuple[int, int]]:
    """Enter that a warranty still holds or has ended, where the day of purchase is known. Returns the stretches judged."""
    bought = _bought(case)
    terms = _terms(case)
    if bought is None or not terms:
        return []
    done: list[tuple[int, int]] = []
    for finder, inside in ((_OUT, False), (_IN, True)):
        for match in finder.finditer(case.text):
            if any(a < match.end() and match.start() < b for a, b in done) or unsure(case, match.start()):
                continue
            if _IF.search(case.text[: match.start()][-24:]) or _THEN.match(case.text, match.end()):
                continue
            term = next((t for t in terms if case.speaks_of(t.fact, match.start())), None)
            when = _when(case, match.start(), bought)
            if term is None or when is None or term.mention.exact is None:
                continue
            months = (when[0] - bought[0]) * 12 + when[1] - bought[1] - int(term.mention.exact)
            if months == 0 or case.text[: match.start()].endswith("?"):
                continue
            said = inside != bool(_NOT.search(case.text[: match.start()][-24:]))
            result: Result = "derived" if said == (months < 0) else "contradicted"
            inner = [a for a in case.said.amounts if match.start() <= a.start and a.end <= match.end()]
            case.enter(
                *match.span(),
                "warranty",
                "covered" if said else "over",
                result,
                "warranty.covered",
                term.fact,
            )
            if all(any(bears(t.mention, a) for t in told_of(case, a)) for a in inner):
                done.append(match.span())
    return done


def _terms(case: Case) -> list[Told[Amount]]:
    words = pattern(tuple(data("terms")["warranty"]))
    return [
        told
        for fact in case.facts
        if words.search(fact.attribute or fact.text)
        for told in fact.told(fact.scan.amounts)
        if told.mention.dimension == "month" and told.mention.exact is not None
    ]


def _bought(case: Case) -> tuple[int, int] | None:
    """Year and month of the purchase: as the question tells it, else as an order does."""
    asked = [day for day in case.asked.days if day.year and day.month]
    if asked and _BOUGHT.search(case.asked.reading.text):
        return min((day.year or 0, day.month or 0) for day in asked)
    orders = [
        day
        for fact in case.facts
        if fact.family in ("order", "订单")
        for day in fact.scan.days
        if day.year and day.month
    ]
    return max(((day.year or 0, day.month or 0) for day in orders), default=None)


def _when(case: Case, at: int, bought: tuple[int, int]) -> tuple[int, int] | None:
    """Year and month of the day that is spoken of: of the sentence, else of the question, else today."""
    start, end = case.said.reading.sentence(at)
    mine = sorted(
        (d for d in case.said.days if start <= d.start < end and d.month), key=lambda d: abs(d.start - at)
    )
    for day in mine[:1]:
        year = day.year or next(
            (d.year for d in case.asked.days if d.year and d.month == day.month and _agrees(d, day)), None
        )
        return (year, day.month or 0) if year else None
    later = [(d.year, d.month) for d in case.asked.days if d.year and d.month and (d.year, d.month) != bought]
    if later:
        return max(later)
    now: date | None = case.today
    return (now.year, now.month) if now else None


def _agrees(one: Day, other: Day) -> bool:
    return one.day is None or other.day is None or one.day == other.day


__all__ = ["judge_covered"]
