"""Judges the customer's own measure against what the facts allow: a range, a load, a number of characters."""

import re
from fractions import Fraction

from chains.guard.ledger.case import Case
from chains.guard.ledger.doubt import unsure
from chains.guard.ledger.entail import comparable
from chains.guard.ledger.entries import Result
from chains.guard.ledger.facts import Told, words_of
from chains.guard.ledger.lexicon import any_of, data, pattern
from chains.guard.ledger.mentions import Amount
from chains.guard.ledger.own import asked_for
from chains.guard.ledger.searched import LETTERS, lettered
from chains.guard.ledger.topics import word


def judge_fits(case: Case) -> list[tuple[int, int]]:
    """The customer's own measure against a range of the facts: size 47 of 37-46 does not fit."""
    judged = []
    raw = data("polarity")
    fits, unfit = pattern(tuple(map(str, raw["fits"]))), pattern(tuple(map(str, raw["unfit"])))
    for one in case.said.amounts:
        if one.exact is None:
            continue
        told = [
            t
            for f in case.facts
            for t in f.told(f.scan.amounts)
            if case.speaks_of(f, one.start) and _meets(t.mention, one)
        ]
        limits = [(t, limit) for t in told if (limit := _limit(t)) is not None]
        own = any(_meets(asked, one) and asked.exact == one.exact for asked in case.asked.amounts)
        own = own or (one.dimension == "month" and asked_for(case, one))
        if not limits or not own:
            continue
        first, last = case.said.reading.clause(one.start)
        clause = case.text[first:last]
        no, yes = unfit.search(clause), fits.search(clause)
        if (not no and not yes) or unsure(case, one.start):
            continue
        if one.kind == "duration" and not words_of(clause) & limits[0][0].words:
            continue
        fact, limit = limits[0][0].fact, limits[0][1]
        inside = _inside(limit, one)
        said = not no or bool(re.search("没问题|no problem", clause))
        judged.append((one.start, one.end))
        result: Result = "derived" if said == inside else "contradicted"
        hit = no or yes
        begin = min(one.start, first + hit.start()) if hit else one.start
        stop = max(one.end, first + hit.end()) if hit else one.end
        case.enter(begin, stop, "polarity", f"fits={word(said)}", result, "polarity.range", fact)
    return judged


_LETTERED = re.compile(
    r"(?P<no>(?<![a-z])(?:too long|(?:not|n't|no longer) (?:fit|short enough))(?![a-z])|[刻写印放绣]不下|太长|超了)"
    r"|(?P<yes>(?<![a-z])(?:fits?|short enough|(?:is|'s) fine|goes on)(?![a-z])|[刻写印放绣]得下|正好|刚好)"
)


def judge_lettered(case: Case) -> None:
    """Enter that the customer's text in quotes fits a fact's number of characters, or does not: it is counted."""
    lengths = lettered(case)
    limits = [
        (a.high, f)
        for f in case.facts
        for a in f.scan.amounts
        if a.low is None and a.high is not None and a.kind in ("count", "number") and LETTERS.search(f.text)
    ]
    if not lengths or not limits:
        return
    limit, fact = limits[0]
    if "character" in fact.text:
        lengths = lengths[::3]  # blanks and marks are characters too
    if min(lengths) <= limit < max(lengths):
        return  # it depends on what is counted
    inside = max(lengths) <= limit
    for match in _LETTERED.finditer(case.text):
        said = match["yes"] is not None
        result: Result = "derived" if said == inside else "contradicted"
        case.enter(*match.span(), "polarity", f"fits={word(said)}", result, "polarity.characters", fact)


def judge_verdicts(case: Case) -> None:
    """Enter a verdict on the measure that the question gives, said without a number: "it sits nicely in its bracket", 装得下."""
    words = data("fits")
    finder = re.compile(rf"(?P<no>{any_of(words['unfit'])})|(?P<yes>{any_of(words['fit'])})")
    room = pattern(tuple(words["room"]))
    years = [
        Amount(day.start, day.end, "number", Fraction(day.year), Fraction(day.year), "")
        for day in case.asked.days
        if day.year and not day.month
    ]
    measures = [*case.asked.amounts, *years]
    for match in finder.finditer(case.text) if measures else ():
        start, end = case.said.reading.clause(match.start())
        a, b = case.said.reading.span(start, end)
        if unsure(case, match.start()) or any(
            one.kind == "polarity" and one.start < b and a < one.end for one in case.entries
        ):
            continue
        if room.search(match[0]) and any(match.end() <= one.start < end for one in case.said.amounts):
            continue  # room for up to ten
        found = [
            (_inside(limit, own), told.fact)
            for own in measures
            for fact in case.facts
            for told in fact.told(fact.scan.amounts)
            if case.speaks_of(fact, match.start()) and _meets(told.mention, own)
            if (limit := _limit(told) or (_room(told) if room.search(match[0]) else None)) is not None
            and _near(limit, own)
        ]
        if not found or len({inside for inside, _ in found}) > 1:
            continue
        said, (inside, fact) = match["yes"] is not None, found[0]
        result: Result = "derived" if said == inside else "contradicted"
        case.enter(*match.span(), "polarity", f"fits={word(said)}", result, "polarity.verdict", fact)


def _near(limit: Amount, own: Amount) -> bool:
    """Whether a bare number may be of what the limit counts: 1.6 is no year."""
    return limit.kind not in ("count", "number") or limit.edge / 4 <= own.edge <= limit.edge * 4


def _room(told: Told[Amount]) -> Amount | None:
    """What a thing needs of room: no less than its own measure."""
    return told.mention.with_values(told.mention.exact, None) if told.mention.kind == "quantity" else None


def _limit(told: Told[Amount]) -> Amount | None:
    """The limits that a fact sets: a range, a most or a least by its name, a comfort temperature, a load."""
    value = told.mention.exact
    if value is None:
        return told.mention
    words = data("fits")
    if "@warmth" in told.words or pattern(tuple(words["least"])).search(told.fact.attribute):
        return told.mention.with_values(value, None)
    most = "@load" in told.words or pattern(tuple(words["most"])).search(told.fact.attribute)
    return told.mention.with_values(None, value) if most else None


def _meets(a: Amount, b: Amount) -> bool:
    return (
        comparable(a, b)
        or {a.kind, b.kind} <= {"count", "number"}
        or ("shoe size" in (a.dimension, b.dimension) and "" in (a.dimension, b.dimension))
    )


def _inside(limit: Amount, one: Amount) -> bool:
    value = one.edge
    return (limit.low is None or value >= limit.low) and (limit.high is None or value <= limit.high)
