"""Reckons prices: sums, multiples, differences, discounts, shares, unit prices. Computed, never believed."""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, product

from chains.guard.ledger.ages import of_age
from chains.guard.ledger.case import Case
from chains.guard.ledger.facts import Fact, Told, words_of
from chains.guard.ledger.free import reached
from chains.guard.ledger.lexicon import units
from chains.guard.ledger.mentions import Amount
from chains.guard.ledger.operands import (
    MOST,
    RATE,
    basket_totals,
    counts,
    counts_asked,
    cue,
    cuts,
    exact,
    lengths,
    offers,
    rate_of,
    same_kind,
)
from chains.guard.ledger.searched import asks_for_all, converted, surcharged, unit_prices


def prices(
    case: Case, one: Amount, bound: Sequence[Told[Amount]]
) -> Iterator[tuple[Fraction, str, Fact | None]]:
    bound, every_one = (
        [told for told in some if not reached(case, told.fact, one.start)]
        for some in (bound, same_kind(case, one))
    )
    mine, every = exact(bound), exact(every_one)[:MOST]
    sentence, clause = case.sentence(one.start), case.clause(one.start)
    near = f"{sentence} {case.asked.reading.text}"
    numbers = counts(case)
    yield from _reductions(case, one)
    if one.per is not None:
        yield from _unit_prices(case, one, mine)
        return
    yield from _unit_prices(case, one, mine)
    fewest = min((take for fact, take, _ in offers(case) if case.speaks_of(fact, one.start)), default=None)
    for price, told in mine:
        for number in numbers:
            if fewest is not None and number >= fewest and not cue("instead", sentence):
                continue  # the offer decides what so many cost
            if not cue("each", clause) or cue("sum", clause):
                yield price * number, "price.times", told.fact
        if cue("each", clause) or _A_PIECE.match(case.text, one.end):
            for piece, pieces in fact_counts(case):
                if pieces and piece.fact.subject == told.fact.subject:
                    yield price / pieces, "price.each", told.fact
            for named in told.fact.scan.amounts:  # "20 bags" in the name
                if named.kind == "count" and named.end <= len(told.fact.subject) and named.exact:
                    yield price / named.exact, "price.each", told.fact
        if RATE.search(f"{told.fact.attribute} {told.part}"):
            for length in lengths(case):
                yield price * length, "price.rate", told.fact
    yield from _by_measure(case, mine)
    yield from unit_prices(case, one, mine)
    yield from surcharged(case, mine)
    yield from converted(case)
    yield from _discounts(case, one, mine, numbers)
    yield from _offers(case, one, mine, numbers)
    if cue("sum", near) or asks_for_all(case):
        for total, fact in _sums(case, one, every, mine, numbers):
            yield total, "price.sum", fact
    asked = case.asked.reading.text
    opens = case.said.reading.sentence(one.start)[0] == 0 and bool(_HOW_MUCH_LESS.search(asked))
    if cue("difference", clause) or cue("rest", clause) or opens:
        every = [
            (v, t)
            for v, t in every
            if not any(t.fact is fact and v in (at, less) for fact, at, less in cuts(case))
        ]
        words = words_of(case.text) | words_of(case.asked.reading.text)
        for (a, told), (b, other) in combinations(every, 2):
            if (
                told.fact.family == other.fact.family
                or told.fact.subject == other.fact.subject
                or all((t.words | t.fact.subject_words) & words for t in (told, other))
            ):
                yield abs(a - b), "price.difference", told.fact
        less_of = {value for _, at, less in cuts(case) for value in (at, less)}
        for said, (price, told) in product(case.borne("price"), every):
            if said.exact in less_of:
                continue
            yield abs((said.exact or Fraction(0)) - price), "price.difference", told.fact
        for total, _ in _sums(case, one, every, mine, []) if not cue("rest", clause) else ():
            for price, told in every:
                if all(abs(total - price) != one for one, _ in every):
                    yield abs(total - price), "price.difference", told.fact


def _by_measure(
    case: Case, mine: list[tuple[Fraction, Told[Amount]]]
) -> Iterator[tuple[Fraction, str, Fact | None]]:
    """What a measure or a time that is spoken of costs at so much per 100 g, or a month; a least time of the facts too."""
    spoken = [a for scan in (case.asked, case.said) for a in scan.amounts]
    for price, told in mine:
        per, dimension = told.mention.per, told.mention.per_dimension
        if per is None and (unit := rate_of(told.fact.text, told.mention)) is not None:
            per, dimension = unit.factor, unit.dimension
        least = [a for f in case.facts if f.subject == told.fact.subject for a in f.scan.amounts]
        for size in (*spoken, *least) if per else ():
            if per and size.exact and size.dimension == dimension:
                yield price * size.exact / per, "price.rate", told.fact


_HOW_MUCH_LESS = re.compile(
    r"(?<![a-z])(?:(?:how much|what) .{0,20}(?:sav(?:e|ing)|cheaper|dearer|more|less)|price difference)(?![a-z])|(?:差|省|便宜|贵)多少"
)
_A_PIECE = re.compile(r" (?:an?|each|per) [a-z]{2}")  # seven euros a cup


def _reductions(case: Case, one: Amount) -> Iterator[tuple[Fraction, str, Fact | None]]:
    """What the basket comes to after "spend 300, save 50", what is saved, and what is missing to a limit."""
    near = f"{case.sentence(one.start)} {case.asked.reading.text}"
    totals = basket_totals(case)
    for fact, at, less in cuts(case):
        reaches = not totals or any(total >= at for total, _ in totals)
        if reaches and (cue("difference", near) or cue("discount", near)):
            yield less, "price.saving", fact
        for total, _ in totals:
            if total >= at:
                yield total - less, "price.discount", fact
            elif cue("difference", near):
                yield at - total, "price.difference", fact
    if cue("difference", case.clause(one.start)):
        for told in same_kind(case, one):
            limit = told.mention.low
            for total, fact in totals:
                if limit is not None and told.mention.high is None and limit > total:
                    yield limit - total, "price.difference", fact


def _sums(
    case: Case,
    one: Amount,
    every: list[tuple[Fraction, Told[Amount]]],
    mine: list[tuple[Fraction, Told[Amount]]],
    numbers: list[Fraction],
) -> Iterator[tuple[Fraction, Fact]]:
    """Sums of two or three prices that question or text speak of, each once or as often as a count says."""
    words = words_of(case.text) | words_of(case.asked.reading.text)
    shared = (
        frozenset.intersection(*(t.words | t.fact.subject_words for _, t in every)) if every else frozenset()
    )
    spoken = [(p, t) for p, t in every if ((t.words | t.fact.subject_words) - shared) & words]
    if len(spoken) < 2:
        spoken = mine if len(mine) > 1 else every if mine else spoken
    times = [Fraction(1), *numbers[:5]]
    for size in (2, 3):
        for chosen in combinations(spoken[:6], size):
            for factors in product(times, repeat=size):
                yield (
                    sum((p * f for (p, _), f in zip(chosen, factors, strict=True)), Fraction(0)),
                    chosen[0][1].fact,
                )
    if 3 < len(every) <= 6 and cue("every", case.text):
        yield sum((p for p, _ in every), Fraction(0)), every[0][1].fact


def fact_counts(case: Case) -> Iterator[tuple[Told[Amount], Fraction | None]]:
    for fact in case.facts:
        for told in fact.told(fact.scan.amounts):
            if told.mention.kind in ("count", "number") and told.mention.exact:
                yield told, told.mention.exact


def shares(case: Case, one: Amount) -> list[tuple[Fraction, Told[Amount]]]:
    """Percentages of facts that the sentence may mean: none that its words bind to something else."""
    every = [
        t
        for fact in case.facts
        for t in fact.told(fact.scan.amounts)
        if t.mention.kind == "percentage" and t.mention.exact is not None
    ]
    near = f"{case.sentence(one.start)}"
    every = [t for t in every if of_age(case, t, one.start)]
    open_ = [t for t in every if case.rival([t], [o for o in every if o is not t], one, near) is None]
    return [(t.mention.exact, t) for t in open_ if t.mention.exact is not None]


_EXCEPT = re.compile(
    r"(?<![a-z])(?:not (?:on|for|with|valid)|except|excluding|excludes|no)(?![a-z])(?P<after>[^,;.]{2,40})"
    r"|(?P<before>[^,，;；。]{1,12}?)(?:不参加|不参与|不打折|除外|不享受|不适用)"
)
_FROM_MANY = re.compile(
    r"(?<![a-z])from (?P<en>\d+) (?:tickets?|people|persons|pieces|items|units|copies|bottles|guests)(?![a-z])|(?P<zh>\d+)\s?[人张件份位个]及?以上"
)


def left_out(case: Case, rule: Fact, priced: Fact) -> bool:
    """Whether a reduction leaves out what is priced, or so few of it as the question speaks of: sale items, under ten people."""
    for match in _EXCEPT.finditer(rule.text, rule.body):
        named = words_of(match["after"] or match["before"])
        if named & (priced.subject_words | words_of(priced.attribute)):
            return True
    wanted = [n for n in counts_asked(case) if n > 1]
    least = [Fraction(m["en"] or m["zh"]) for m in _FROM_MANY.finditer(rule.text)]
    return bool(wanted and least) and max(wanted) < min(least)


def _discounts(
    case: Case, one: Amount, mine: list[tuple[Fraction, Told[Amount]]], numbers: list[Fraction]
) -> Iterator[tuple[Fraction, str, Fact | None]]:
    near = f"{case.sentence(one.start)} {case.asked.reading.text}"
    for (price, told), (share, of) in product(mine, shares(case, one)):
        if left_out(case, of.fact, told.fact):
            continue
        part = share / 100
        if of.mention.second:
            for number in (Fraction(2), *numbers):
                yield price * number - price * part * (number // 2), "price.second", of.fact
            if cue("second", case.clause(one.start)):
                yield price * (1 - part), "price.second", of.fact
            continue
        for number in (Fraction(1), *numbers):
            total = price * number
            if of.mention.dimension == "%off" or cue("discount", of.fact.text):
                yield total * (1 - part), "price.discount", of.fact
                for many in (m for m in (Fraction(1), *numbers) if m < number):
                    yield price * many + price * (number - many) * (1 - part), "price.discount", of.fact
                    yield price * number + price * many * (1 - part), "price.discount", of.fact
                yield total + total * (1 - part), "price.discount", of.fact
            if of.mention.dimension == "%" and cue("share", near):
                yield total * part, "price.share", of.fact
            if of.mention.dimension == "%" and cue("rest", near):
                yield total * (1 - part), "price.rest", of.fact
            if (
                cue("difference", case.clause(one.start))
                and not cue("paid", case.clause(one.start))
                and of.mention.dimension == "%off"
            ):
                yield total * part, "price.saving", of.fact


def _offers(
    case: Case, one: Amount, mine: list[tuple[Fraction, Told[Amount]]], numbers: list[Fraction]
) -> Iterator[tuple[Fraction, str, Fact | None]]:
    for fact, take, pay in offers(case):
        for (price, _), number in product(mine, numbers):
            paid = number // take * pay + number % take
            yield price * paid, "price.offer", fact
            yield price * (number - paid), "price.offer", fact


def _unit_prices(
    case: Case, one: Amount, mine: list[tuple[Fraction, Told[Amount]]]
) -> Iterator[tuple[Fraction, str, Fact | None]]:
    per, dimension = one.per, one.per_dimension
    if per is None:
        head = case.text[max(0, one.start - 8) : one.start]
        match = re.search(r"每(\d*)([\u4e00-\u9fffa-z]{1,3})$", head)
        unit = units().get(match[2], ()) if match else ()
        if not match or not unit:
            return
        per, dimension = Fraction(match[1] or 1) * unit[0].factor, unit[0].dimension
    for price, told in mine:
        for fact in case.facts:
            for size in fact.told(fact.scan.amounts):
                value = size.mention.exact
                if size.mention.dimension == dimension and value and case.speaks_of(fact, one.start):
                    yield price * per / value, "price.unit", told.fact
        for named in told.fact.scan.amounts:  # "rice 5 kg" in the name
            if named.end <= len(told.fact.subject) and named.dimension == dimension and named.exact:
                yield price * per / named.exact, "price.unit", told.fact
