"""What may be reckoned from facts: sums, multiples, differences, shares, unit prices, lengths of time. Computed, never believed.

Operands are facts that the place may speak of and counts that question, text or facts hold; a difference or a share
needs a word for it. Knows one claim at a time.
"""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, product

from chains.guard.ledger.case import Case
from chains.guard.ledger.facts import Fact, Told, words_of
from chains.guard.ledger.free import reached
from chains.guard.ledger.lexicon import data, pattern
from chains.guard.ledger.mentions import Amount, Day
from chains.guard.ledger.operands import BUY, MOST, counts, cue, cuts, exact, offers, rate_of, same_kind
from chains.guard.ledger.pricing import prices, shares
from chains.guard.ledger.searched import between_hours, characters, cut_totals, measured, to_limits
from chains.guard.ledger.timed import NOT_OPEN

_EACH = re.compile(r"\s?(?:/|一|每|an? |each)")
_ABOUT = re.compile(r"(?<![a-z])(?:about|around|roughly|approximately|ca\.) $|[约概]$")
_WEEKDAY = re.compile(r"(?<![a-z])(?:mon|tues|wednes|thurs|fri|satur|sun)days?(?![a-z])|周[一二三四五六日]")
_WEEK = 7 * 86400
MOST_RECKONED = 60  # amounts in one stretch of text; a message has a handful
Found = tuple[str, Fact | None]


def derive(case: Case, one: Amount, bound: Sequence[Told[Amount]]) -> Found | None:
    """The rule that yields the amount, with a fact it starts from; None where none does, or MOST_RECKONED were tried."""
    case.reckoned += 1
    if case.reckoned > MOST_RECKONED:
        return None
    if one.low is not None and one.high is not None and one.low != one.high:
        return _of_listed(one, bound) or _of_listed(
            one, [t for t in same_kind(case, one) if t.fact.family == "product"]
        )
    rules = {
        "price": prices,
        "percentage": _percentages,
        "duration": _durations,
        "quantity": _quantities,
        "count": _counts,
        "number": _counts,
    }
    for value, rule, fact in rules[one.kind](case, one, bound):
        if _meets(case, one, value):
            return rule, fact
    for value, rule, fact in cut_totals(case, _shown(case, one)) if one.kind == "price" else ():
        if _meets(case, one, value):
            return rule, fact
    for value in _worked(case, one, bound):
        if _meets(case, one, value):
            return f"{one.kind}.worked", bound[0].fact if bound else None
    return None


def _worked(case: Case, one: Amount, bound: Sequence[Told[Amount]]) -> Iterator[Fraction]:
    """What the text reckons before the reader's eyes, from values that it names itself and that hold."""
    shown = _shown(case, one)
    if not shown:
        return
    theirs = [a.exact for a in case.asked.amounts if a.kind == one.kind and a.dimension == one.dimension]
    given = [v for v in dict.fromkeys([*theirs, *(v for v, _ in exact(bound)[:MOST])]) if v is not None]
    taken_away = cue("difference", case.sentence(one.start)) or cue("rest", case.sentence(one.start))
    for a, b in combinations(shown, 2):
        yield a + b
        if taken_away:
            yield abs(a - b)
    for a in shown:
        for b in given if taken_away else ():
            yield abs(a - b)
        for number in counts(case):
            yield a * number
            for b in shown:
                yield a * number + b
            if cue("each", case.clause(one.start)) or _EACH.match(case.text, one.end):
                yield a / number
    for three in combinations(shown, 3):
        yield sum(three, Fraction(0))


def _shown(case: Case, one: Amount) -> list[Fraction]:
    """Values of the claim's kind that the text names elsewhere and that hold."""
    offered = {value for _, at, less in cuts(case) for value in (at, less)}
    waived = {a.exact for f in case.facts if reached(case, f, one.start) for a in f.scan.amounts}
    borne = [
        a
        for a in case.borne(one.kind)
        if a.dimension == one.dimension and a.start != one.start and a.exact not in offered | waived
    ]
    return list(dict.fromkeys(a.exact for a in borne if a.exact is not None))[:5]


def _of_listed(one: Amount, bound: Sequence[Told[Amount]]) -> Found | None:
    """The range from the least to the most of the listed values."""
    values = exact(bound)
    if len(values) > 1 and min(v for v, _ in values) == one.low and max(v for v, _ in values) == one.high:
        return f"{one.kind}.of_listed", values[0][1].fact
    return None


def _meets(case: Case, one: Amount, value: Fraction) -> bool:
    near = (
        max(Fraction(1, 200), abs(one.edge) / 50 if _ABOUT.search(case.text[: one.start][-12:]) else 0)
        if one.kind == "price"
        else Fraction(1, 2)
        if one.kind == "percentage"
        else Fraction(0)
    )
    if one.low is not None and one.high is not None and one.low != one.high:
        return False
    if one.strict and one.kind == "price":  # together less than 60
        return value < one.edge if one.low is None else value > one.edge
    return abs(value - one.edge) <= near


def _percentages(
    case: Case, one: Amount, bound: Sequence[Told[Amount]]
) -> Iterator[tuple[Fraction, str, Fact | None]]:
    prices = [t for fact in case.facts for t in fact.told(fact.scan.amounts) if t.mention.kind == "price"]
    bound_prices = exact(case.bound(prices, one.start))[:MOST]
    shown = [a.exact for a in case.borne("price") if a.exact]
    for part, (whole, told) in product(shown, exact(prices)[:MOST]):
        if whole > part:
            yield 100 * part / whole, "percentage.share", told.fact
            if one.dimension == "%off" or cue("difference", case.clause(one.start)):
                yield 100 * (1 - part / whole), "percentage.saving", told.fact
    off = one.dimension == "%off" or cue("difference", case.clause(one.start))
    for (a, told), (b, _) in combinations(bound_prices, 2):
        low, high = min(a, b), max(a, b)
        if high and off:
            yield 100 * (1 - low / high), "percentage.saving", told.fact
        elif high:
            yield 100 * low / high, "percentage.share", told.fact
    for fact, take, pay in offers(case):
        yield 100 * (1 - pay / take), "percentage.offer", fact


def _quantities(
    case: Case, one: Amount, bound: Sequence[Told[Amount]]
) -> Iterator[tuple[Fraction, str, Fact | None]]:
    mine, every = exact(bound), exact(same_kind(case, one))[:MOST]
    near = f"{case.sentence(one.start)} {case.asked.reading.text}"
    yield from _by_rate(case, one)
    yield from measured(case, one, same_kind(case, one))
    yield from to_limits(case, one, same_kind(case, one))
    for value, told in mine:
        for number in counts(case):
            yield value * number, "quantity.times", told.fact
        if cue("each", case.clause(one.start)):
            for number in counts(case):
                yield value / number, "quantity.each", told.fact
    if cue("difference", near):
        for (a, told), (b, _) in combinations(every, 2):
            yield abs(a - b), "quantity.difference", told.fact
    if cue("sum", near):
        for (a, told), (b, _) in combinations(every, 2):
            yield a + b, "quantity.sum", told.fact


def _by_rate(case: Case, one: Amount) -> Iterator[tuple[Fraction, str, Fact | None]]:
    """What 2.5 litres cover at 12 m² a litre, how many litres 24 m² need, how long 12 kg last at 240 g a day."""
    every = [a for scan in (case.asked, case.said, *(f.scan for f in case.facts)) for a in scan.amounts]
    for fact in case.facts:
        for rate in fact.scan.amounts:
            per = rate_of(fact.text, rate)
            if per is None or not rate.exact or not case.speaks_of(fact, one.start):
                continue
            for other in (a for a in every if a.exact and a is not rate):
                if one.dimension == rate.dimension and other.dimension == per.dimension:
                    yield rate.exact * (other.exact or 0) / per.factor, "quantity.rate", fact
                elif one.dimension == per.dimension and other.dimension == rate.dimension:
                    yield (other.exact or 0) * per.factor / rate.exact, "quantity.rate", fact


def _durations(
    case: Case, one: Amount, bound: Sequence[Told[Amount]]
) -> Iterator[tuple[Fraction, str, Fact | None]]:
    sentence = case.sentence(one.start)
    yield from _quantities(case, one, bound)
    yield from between_hours(case, one)
    if one.dimension != "[time]":
        return
    for fact in case.facts:
        for clock in fact.scan.clocks:
            if clock.until is not None:
                yield Fraction((clock.until - clock.minute) % 1440 * 60), "duration.opening", fact
    times = [(clock, fact) for fact in case.facts for clock in fact.scan.clocks if clock.until is None]
    if cue("difference", sentence):
        for (a, fact), (b, _) in combinations(times, 2):
            yield Fraction(abs(a.minute - b.minute) * 60), "duration.between", fact
    for (day, fact), (other, _) in combinations([(d, f) for f in case.facts for d in f.scan.days], 2):
        first, last = day.real(other.year, other.month), other.real(day.year, day.month)
        if first and last and _through(day, other, fact):
            yield Fraction((abs((first - last).days) + 1) * 86400), "duration.days", fact
        elif first and last:
            yield Fraction(abs((first - last).days) * 86400), "duration.days", fact


def _through(day: Day, other: Day, fact: Fact) -> bool:
    """Whether two days are the ends of a closing time, both of them part of it."""
    return bool(
        NOT_OPEN.search(fact.text)
        and day.end <= other.start <= day.end + 12
        and re.fullmatch(
            r"\s*(?:to|until|till|through|-|–|~|至|到)(?: and including)?\s*",
            fact.text[day.end : other.start],
        )
    )


def listings(case: Case, one: Amount) -> Iterator[tuple[int, Fact]]:
    """How many things a fact lists under the name of what is counted."""
    words = words_of(one.noun)
    for fact in case.facts:
        parts = [part for part in re.split(r"[,，、;；]| and ", fact.value) if part.strip()]
        if words & words_of(fact.attribute) and len(parts) > 1 and case.speaks_of(fact, one.start):
            yield len(parts), fact


def meetings(case: Case, one: Amount) -> Iterator[tuple[Fraction, Fact]]:
    """How often a course meets, where weekdays are counted: its weeks times its days of the week."""
    for fact in case.facts if _WEEKDAY.search(one.noun) else ():
        days = frozenset().union(*(week.days for week in fact.scan.weeks))
        for told in fact.told(fact.scan.amounts):
            length = told.mention.exact
            if days and told.mention.dimension == "[time]" and length and length % _WEEK == 0:
                yield length / _WEEK * len(days), fact


_TIMES = re.compile(r" ?[×x] ")
_SPARE = re.compile(
    r"(?<![a-z])(?:spare|second one|another|an extra|a further)(?![a-z])|备用|再加一|多带一|另加一"
)
_BUNDLE = re.compile(
    r"(?<![a-z])(?:box|pack|packet|bag|case|set|pair|tin|roll|bundle|crate|carton|sheet|bottle|jar)(?:e?s)?(?![a-z])|[箱包盒袋套瓶罐桶卷组对双串打板]"
)


def _pieces_times(
    case: Case, one: Amount, pieces: Sequence[Told[Amount]]
) -> Iterator[tuple[Fraction, str, Fact | None]]:
    """What several boxes of 200 hold, and a carton of five such packs; with a spare one there are two."""
    spoken = [(scan.reading.text, a) for scan in (case.asked, case.said) for a in scan.amounts]
    said = [a.exact for text, a in spoken if a.kind == "count" and _BUNDLE.search(text[a.start : a.end])]
    shelf = pattern(tuple(data("terms")["stock"]["fact"]))
    held = [t for t in pieces if case.speaks_of(t.fact, one.start) and not shelf.search(t.fact.attribute)]
    for told in held:
        boxed = [t.mention.exact for t in held if t.fact is not told.fact and _BUNDLE.search(t.part)]
        for many in (*said, *boxed) if _BUNDLE.search(f"{told.fact.attribute} {told.part}") else ():
            yield (told.mention.exact or Fraction(0)) * (many or 1), "count.times", told.fact
    if _SPARE.search(case.sentence(one.start)):
        for told in pieces:
            if told.mention.exact in [a.exact for a in case.borne("count")]:
                yield (told.mention.exact or Fraction(0)) * 2, "count.times", told.fact


def _counts(
    case: Case, one: Amount, bound: Sequence[Told[Amount]]
) -> Iterator[tuple[Fraction, str, Fact | None]]:
    for length, fact in listings(case, one):
        yield Fraction(length), "count.listed", fact
    yield from characters(case, one)
    yield from to_limits(case, one, bound)
    for many, fact in meetings(case, one):
        yield many, "count.weeks", fact
    pieces = [
        t
        for fact in case.facts
        for t in fact.told(fact.scan.amounts)
        if t.mention.kind in ("count", "number") and t.mention.exact
    ]
    whole = [t for t in pieces if _TIMES.match(t.fact.text, t.mention.end)]
    if whole and (cue("listed", one.noun) or cue("total", case.clause(one.start))):
        yield sum((t.mention.exact or Fraction(0) for t in whole), Fraction(0)), "count.sum", whole[0].fact
    yield from _pieces_times(case, one, pieces)
    subjects = {f.subject for f in case.facts if f.family == "product"}
    if cue("listed", one.noun) and len(subjects) > 1:
        yield Fraction(len(subjects)), "count.subjects", case.facts[0]
    for need in (*case.asked.amounts, *case.said.amounts):
        for told in same_kind(case, need) if need.kind in ("quantity", "duration") and need.exact else ():
            if (size := told.mention.exact) and size > 0 and case.speaks_of(told.fact, one.start):
                yield Fraction(-(-(need.exact or size) // size)), "count.needed", told.fact
    for fact, take, pay in offers(case):
        if not BUY.search(fact.text):
            yield take, "count.offer", fact
            yield pay, "count.offer", fact
        for number in (n for n in counts(case) if n >= take):
            yield number // take * pay + number % take, "count.offer", fact
    if cue("difference", case.clause(one.start)):
        asked = [a.exact for a in case.asked.amounts if a.kind in ("count", "number") and a.exact is not None]
        for told in pieces:
            for number in asked:
                yield abs((told.mention.exact or Fraction(0)) - number), "count.difference", told.fact
    for share, of in shares(case, one):
        for told in pieces:
            value = (told.mention.exact or Fraction(0)) * share / 100
            yield Fraction(value.numerator // value.denominator), "count.share", of.fact
