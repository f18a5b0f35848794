"""Reckons what takes two steps, or starts from the customer's own figures: a price for one hour of four weeks at twenty, what
a measure lacks to a limit, a price with so much on top, points turned into money, the characters of a name to engrave.

Bounded: every value comes of one or two operations on values of one subject whose units fit. Computed, never believed.
"""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations

from chains.guard.ledger.case import Case
from chains.guard.ledger.entail import comparable
from chains.guard.ledger.facts import Fact, Told
from chains.guard.ledger.lexicon import Unit, data, ending, unit_pattern, units
from chains.guard.ledger.measured import form_of
from chains.guard.ledger.mentions import Amount
from chains.guard.ledger.numerals import numerals
from chains.guard.ledger.operands import MOST, cue, cuts, rate_of

Step = tuple[Fraction, str, Fact | None]

_ONE_AFTER = re.compile(r"\s?(?:an?|per|each|every|/|每|一)\s?(?P<unit>[a-z]{2,}|[\u4e00-\u9fff]{1,2})")
_ONE_BEFORE = re.compile(
    r"(?:每|一|(?<![a-z])(?:an?|per|each|every|one) )(?:个)?(?P<unit>[a-z]{2,}|[\u4e00-\u9fff]{1,2}?)(?:是|就|才|只要|只|合|要|约|大概|将近|不到|将|近| is| costs?)*\s?$"
)
_TIMES = {("year", "month"): 12, ("年", "月"): 12, ("week", "day"): 7, ("year", "week"): 52}


def unit_prices(case: Case, one: Amount, mine: Sequence[tuple[Fraction, Told[Amount]]]) -> Iterator[Step]:
    """A price shared out over what it is for: pages, visits, hours, also as so many times so long."""
    said = _ONE_AFTER.match(case.text, one.end) or _ONE_BEFORE.search(case.text[: one.start][-24:])
    if said is None:
        return
    for price, told in mine:
        for share in _shared_over(case, said["unit"], told):
            yield price / share, "price.unit", told.fact


def _shared_over(case: Case, name: str, priced: Told[Amount]) -> Iterator[Fraction]:
    """How many of a unit the price is for: by name, by measure, or as a product of two of the subject's values."""
    unit = _unit(name)
    for (long, short), many in _TIMES.items():
        if name.startswith(short) and re.search(rf"(?:per|a|an|/|每)\s?{long}|{long}费", priced.fact.text):
            yield Fraction(many)
    told = [t for f in case.facts if _one_thing(f, priced.fact) for t in f.told(f.scan.amounts)]
    named = [a for a in priced.fact.scan.amounts if a.end <= len(priced.fact.subject)]
    every = [*(t.mention for t in told), *named]
    if unit is None:
        stem = name.removesuffix("s")
        for fact in (f for f in case.facts if _one_thing(f, priced.fact)):
            for number in numerals(fact.text):
                if re.compile(rf"[ -]?{re.escape(stem)}").match(fact.text, number.end) and number.value > 1:
                    yield number.value
        return
    sizes = [a for a in every if a.exact and a.dimension == unit.dimension]
    counts = [a for a in every if a.exact and a.kind in ("count", "number")]
    for size in sizes:
        yield (size.exact or Fraction(1)) / unit.factor
        for count in counts:
            yield (size.exact or Fraction(1)) * (count.exact or Fraction(1)) / unit.factor
    for fact in (f for f in case.facts if _one_thing(f, priced.fact) and _names(f.attribute, name)):
        for rate in fact.scan.amounts:  # hours: 20 per week, duration: 4 weeks
            per = rate_of(fact.text, rate)
            for size in every:
                if rate.exact and per and size.exact and size.dimension == per.dimension:
                    yield rate.exact * size.exact / per.factor


def _names(attribute: str, name: str) -> bool:
    return name.removesuffix("s") in attribute


def _unit(name: str) -> Unit | None:
    found = next(iter(units().get(form_of(name), ())), None) or next(iter(units().get(name[:1], ())), None)
    return found if found and found.kind in ("duration", "quantity") else None


def _one_thing(fact: Fact, other: Fact) -> bool:
    """Whether two facts are of one thing, though one of them may name it at more length."""
    return fact.subject == other.subject or (
        bool(fact.subject and other.subject)
        and (fact.subject.endswith(other.subject) or other.subject.endswith(fact.subject))
    )


def to_limits(case: Case, one: Amount, every: Sequence[Told[Amount]]) -> Iterator[Step]:
    """What the customer's own measure lacks to a limit of the facts, or has over: 38 cm of an arm beside 22 to 32."""
    if not cue("lacking", case.clause(one.start)):
        return
    own = [a.exact for a in case.asked.amounts if a.exact is not None and comparable(a, one)]
    if one.kind in ("quantity", "duration") and (unit := _said_unit(case, one)) is not None:
        bare = [a.exact for a in case.asked.amounts if a.kind in ("number", "count") and a.exact is not None]
        own += [value * unit.factor for value in bare]
    own += [abs(a - b) for a, b in combinations(own[:4], 2)]
    for told in every[:MOST]:
        if not case.speaks_of(told.fact, one.start):
            continue
        for limit in {told.mention.low, told.mention.high} - {None}:
            for value in own:
                yield abs((limit or Fraction(0)) - value), f"{one.kind}.to_limit", told.fact


def _said_unit(case: Case, one: Amount) -> Unit | None:
    found = unit_pattern().search(case.text, one.start, one.end)
    return next(iter(units().get(form_of(found["latin"] or found["han"]), ())), None) if found else None


def between_hours(case: Case, one: Amount) -> Iterator[Step]:
    """How far the customer's time of day lies from one of the facts: eleven is an hour after ten."""
    if not cue("lacking", case.clause(one.start)):
        return
    for fact in case.facts:
        for clock in fact.scan.clocks:
            for asked in case.asked.clocks:
                for minute in {clock.minute, clock.until} - {None}:
                    for at in asked.starts():
                        yield Fraction(abs((minute or 0) - at) * 60), "duration.to_limit", fact


def _on_top() -> re.Pattern[str]:
    return ending(("+", *data("cues")["on_top"]))


def surcharged(case: Case, mine: Sequence[tuple[Fraction, Told[Amount]]]) -> Iterator[Step]:
    """A price with the share on top that a fact adds: "+50 % on the frame price"."""
    for fact in case.facts:
        for share in fact.scan.amounts:
            if share.kind == "percentage" and share.exact and _on_top().search(fact.text[: share.start]):
                for price, told in mine:
                    if told.fact is not fact:
                        yield price * (1 + share.exact / 100), "price.surcharge", fact
                        yield price * share.exact / 100, "price.surcharge", fact


_CONVERTS = re.compile(
    r"(?<![\d.])(?P<many>\d+)\s?(?:points?|积?分|个?积分|stamps?)\s?(?:抵|=|兑换?|换|are worth|is worth|equals?|for)\s?(?P<money>[€£$¥]?\s?\d+(?:\.\d+)?)"
)


def converted(case: Case) -> Iterator[Step]:
    """Points turned into money at a fact's rate: 100分抵1元."""
    for fact in case.facts:
        for rate in _CONVERTS.finditer(fact.text):
            worth = next(numerals(rate["money"]), None)
            for other in (f for f in case.facts if f is not fact):
                for points in other.scan.amounts:
                    if worth and points.exact and points.kind in ("count", "number"):
                        yield points.exact * worth.value / Fraction(rate["many"]), "price.converted", fact


def cut_totals(case: Case, shown: Sequence[Fraction]) -> Iterator[Step]:
    """What a total that the text itself reckons comes to after "spend 300, save 50"."""
    for fact, at, less in cuts(case):
        for total in shown:
            if total >= at:
                yield total - less, "price.discount", fact


_QUOTED = re.compile(r"[\"“”«»「」『』'‘](?P<words>[^\"“”«»「」『』]{2,60}?)[\"“”«»「」『』'’](?![a-z])")
LETTERS = re.compile(r"(?<![a-z])(?:characters?|letters?)(?![a-z])|个?字")


def lettered(case: Case) -> list[int]:
    """How many characters what the customer put in quotes has: with blanks and marks, without blanks, letters only."""
    found: list[int] = []
    for match in _QUOTED.finditer(case.asked.reading.text):
        said = match["words"]
        found += [len(said), len(re.sub(r"\s", "", said)), sum(c.isalnum() for c in said)]
    return found


def characters(case: Case, one: Amount) -> Iterator[Step]:
    """Characters of the customer's text, and how many fewer than a fact's limit: fifteen, with five to spare."""
    lengths = lettered(case)
    if not lengths:
        return
    limits = [
        (a, f) for f in case.facts for a in f.scan.amounts
        if a.kind in ("count", "number") and a.high is not None and LETTERS.search(f.text)
    ]  # fmt: skip
    for length in dict.fromkeys(lengths):
        for limit, fact in limits:
            yield Fraction(length), "count.characters", fact
            if cue("lacking", case.clause(one.start)):
                yield abs((limit.high or Fraction(0)) - length), "count.to_limit", fact


def measured(case: Case, one: Amount, every: Sequence[Told[Amount]]) -> Iterator[Step]:
    """What follows of lengths, volumes and powers: the litres of a box, the kilos of its water, watt-hours of a day."""
    if one.dimension == "[length]^3":
        for fact in case.facts:
            sides = [a.exact for a in fact.scan.amounts if a.exact and a.dimension == "[length]"]
            if len(sides) == 3 and case.speaks_of(fact, one.start):
                yield sides[0] * sides[1] * sides[2], "quantity.volume", fact
    if one.dimension == "[mass]" and cue("water", f"{case.sentence(one.start)} {case.asked.reading.text}"):
        for fact in case.facts:
            for volume in fact.scan.amounts:
                if volume.exact and volume.dimension == "[length]^3" and case.speaks_of(fact, one.start):
                    filled = volume.exact * 1000
                    yield filled, "quantity.water", fact
                    for empty in every:
                        if empty.mention.exact and empty.fact.subject == fact.subject:
                            yield filled + empty.mention.exact, "quantity.water", fact
    if one.dimension == _ENERGY:
        for fact in case.facts:
            for power in fact.scan.amounts:
                if power.exact and power.dimension == _POWER:
                    for hours in _running(case):
                        yield power.exact * hours, "quantity.energy", fact


_ENERGY, _POWER = "[length]^2[mass][time]^-2", "[length]^2[mass][time]^-3"


def _running(case: Case) -> Iterator[Fraction]:
    """How long something runs: what question and text say, a whole day where it runs day and night."""
    for scan in (case.asked, case.said):
        for one in scan.amounts:
            if one.kind == "duration" and one.exact and one.dimension == "[time]":
                yield one.exact
    if cue("all_day", f"{case.text} {case.asked.reading.text}"):
        yield Fraction(86400)


def asks_for_all(case: Case) -> bool:
    """Whether the question names several things in one breath: what its answer tells may be their sum."""
    return cue("joined", case.asked.reading.text)
