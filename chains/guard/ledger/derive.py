"""What may be reckoned from facts: sums, multiples, differences, shares, unit prices, lengths of time. Computed, never believed.

Operands are facts that the place may speak of and counts that question, text or facts hold; a difference or a share
needs a word for it. Knows one claim at a time.
"""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, product

from chains.guard.ledger.case import Case
from chains.guard.ledger.entail import bears, comparable, same
from chains.guard.ledger.facts import Fact, Told, words_of
from chains.guard.ledger.lexicon import data, pattern, units
from chains.guard.ledger.mentions import Amount
from chains.guard.ledger.numerals import numerals

_MOST = 12  # operands of a sum
_PAIR = re.compile(r"(?<![a-z])pairs?(?![a-z])|[一每][双对]")
_GROUP = re.compile(r"(?<![a-z])(?:per|each|every|a|single|whole) (?P<en>[a-z]+)|(?<![a-z])(?P<each>each|pair)(?![a-z])|[每单/一整](?P<zh>[块只个件支双对盒包瓶层袋条片张套杆架])")
_BUNDLES = frozenset(["pair", "pack", "box", "set", "whole", "stand", "双", "对", "盒", "包", "袋", "套", "整", "架"])
_BUY = re.compile(r"buy (\w+),? (?:pay for|get|pay) (\w+)|买([一二两三四五六\d])[送赠]([一二两三四五六\d])")
Found = tuple[str, Fact | None]


def cue(name: str, text: str) -> bool:
    """Whether a text holds a word of a list: of sums, differences, shares."""
    return bool(pattern(tuple(data("cues")[name])).search(text))


def derive(case: Case, one: Amount, bound: Sequence[Told[Amount]]) -> Found | None:
    """The rule that yields the amount, with a fact it starts from; None where none does."""
    if one.low is not None and one.high is not None and one.low != one.high:
        return _of_listed(one, bound) or _of_listed(one, [t for t in _same_kind(case, one) if t.fact.family == "product"])
    rules = {"price": _prices, "percentage": _percentages, "duration": _durations, "quantity": _quantities, "count": _counts, "number": _counts}
    for value, rule, fact in rules[one.kind](case, one, bound):
        if _meets(case, one, value):
            return rule, fact
    return None


def _of_listed(one: Amount, bound: Sequence[Told[Amount]]) -> Found | None:
    """The range from the least to the most of the listed values."""
    values = exact(bound)
    if len(values) > 1 and min(v for v, _ in values) == one.low and max(v for v, _ in values) == one.high:
        return f"{one.kind}.of_listed", values[0][1].fact
    return None


def _meets(case: Case, one: Amount, value: Fraction) -> bool:
    near = Fraction(1, 200) if one.kind == "price" else Fraction(1, 2) if one.kind == "percentage" else Fraction(0)
    if one.low is not None and one.high is not None and one.low != one.high:
        return False
    if one.low is None:
        return value < one.edge if one.strict else abs(value - one.edge) <= near
    if one.high is None:
        return value > one.edge if one.strict else abs(value - one.edge) <= near
    return abs(value - one.edge) <= near


def counts(case: Case) -> list[Fraction]:
    """Numbers of pieces that question, text and facts speak of."""
    found: set[Fraction] = set()
    for scan in (case.asked, case.said):
        covered = [(a.start, a.end) for a in scan.amounts if a.kind not in ("count", "number")]
        covered += [(a.start, a.end) for a in (*scan.days, *scan.clocks, *scan.ids)]
        found |= {n.value for n in numerals(scan.reading.text) if n.value.denominator == 1 and not any(a <= n.start < b for a, b in covered)}
        if _PAIR.search(scan.reading.text):
            found.add(Fraction(2))
    for fact in case.facts:
        if not pattern(tuple(data("terms")["stock"]["fact"])).search(fact.attribute) and not _BUY.search(fact.text):
            found |= {t.mention.exact for t in fact.told(fact.scan.amounts) if t.mention.kind in ("count", "number") and t.mention.exact}
    return sorted(n for n in found if 1 < n <= 200)[:_MOST]


def exact(told: Sequence[Told[Amount]]) -> list[tuple[Fraction, Told[Amount]]]:
    """Values that are no limits."""
    return [(t.mention.exact, t) for t in told if t.mention.exact is not None]


def _same_kind(case: Case, one: Amount) -> list[Told[Amount]]:
    every = [t for fact in case.facts for t in fact.told(fact.scan.amounts)]
    return [t for t in every if comparable(t.mention, one)]


def _prices(case: Case, one: Amount, bound: Sequence[Told[Amount]]) -> Iterator[tuple[Fraction, str, Fact | None]]:
    mine, every = exact(bound), exact(_same_kind(case, one))[:_MOST]
    sentence, clause = case.sentence(one.start), case.clause(one.start)
    near = f"{sentence} {case.asked.reading.text}"
    numbers = counts(case)
    if one.per is not None:
        yield from _unit_prices(case, one, mine)
        return
    yield from _unit_prices(case, one, mine)
    for price, told in mine:
        for number in numbers:
            if not cue("each", clause) or cue("sum", clause):
                yield price * number, "price.times", told.fact
        if cue("each", clause):
            for told_count, number in _fact_counts(case):
                if number and told_count.fact.subject == told.fact.subject:
                    yield price / number, "price.each", told.fact
    yield from _discounts(case, one, mine, numbers)
    yield from _offers(case, one, mine, numbers)
    if cue("sum", near):
        for total, fact in _sums(case, one, every, mine, numbers):
            yield total, "price.sum", fact
    if cue("difference", clause):
        for (a, told), (b, _) in combinations(every, 2):
            yield abs(a - b), "price.difference", told.fact
        for total, fact in _sums(case, one, every, mine, []):
            for price, told in every:
                yield abs(total - price), "price.difference", told.fact


def _sums(
    case: Case, one: Amount, every: list[tuple[Fraction, Told[Amount]]], mine: list[tuple[Fraction, Told[Amount]]], numbers: list[Fraction]
) -> Iterator[tuple[Fraction, Fact]]:
    """Sums of two or three prices that question or text speak of, each once or as often as a count says."""
    words = words_of(case.text) | words_of(case.asked.reading.text)
    shared = frozenset.intersection(*(t.words | t.fact.subject_words for _, t in every)) if every else frozenset()
    spoken = [(p, t) for p, t in every if ((t.words | t.fact.subject_words) - shared) & words]
    if len(spoken) < 2:
        spoken = mine if len(mine) > 1 else every if mine else spoken
    times = [Fraction(1), *numbers[:5]]
    for size in (2, 3):
        for chosen in combinations(spoken[:6], size):
            for factors in product(times, repeat=size):
                yield sum((p * f for (p, _), f in zip(chosen, factors, strict=True)), Fraction(0)), chosen[0][1].fact
    if 3 < len(every) <= 6 and cue("every", case.text):
        yield sum((p for p, _ in every), Fraction(0)), every[0][1].fact


def _fact_counts(case: Case) -> Iterator[tuple[Told[Amount], Fraction | None]]:
    for fact in case.facts:
        for told in fact.told(fact.scan.amounts):
            if told.mention.kind in ("count", "number") and told.mention.exact:
                yield told, told.mention.exact


def shares(case: Case, one: Amount) -> list[tuple[Fraction, Told[Amount]]]:
    """Percentages of facts that the sentence may mean: none that its words bind to something else."""
    every = [t for fact in case.facts for t in fact.told(fact.scan.amounts) if t.mention.kind == "percentage" and t.mention.exact is not None]
    near = f"{case.sentence(one.start)}"
    open_ = [t for t in every if case.rival([t], [o for o in every if o is not t], one, near) is None]
    return [(t.mention.exact, t) for t in open_ if t.mention.exact is not None]


def _discounts(case: Case, one: Amount, mine: list[tuple[Fraction, Told[Amount]]], numbers: list[Fraction]) -> Iterator[tuple[Fraction, str, Fact | None]]:
    near = f"{case.sentence(one.start)} {case.asked.reading.text}"
    for (price, told), (share, of) in product(mine, shares(case, one)):
        part = share / 100
        if of.mention.second:
            for number in (Fraction(1), Fraction(2), *numbers):
                yield price * number - price * part * (number // 2), "price.second", of.fact
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
            if cue("difference", case.clause(one.start)) and not cue("paid", case.clause(one.start)) and of.mention.dimension == "%off":
                yield total * part, "price.saving", of.fact


def _offers(case: Case, one: Amount, mine: list[tuple[Fraction, Told[Amount]]], numbers: list[Fraction]) -> Iterator[tuple[Fraction, str, Fact | None]]:
    for fact, take, pay in offers(case):
        for (price, _), number in product(mine, numbers):
            paid = number // take * pay + number % take
            yield price * paid, "price.offer", fact
            yield price * (number - paid), "price.offer", fact


def offers(case: Case) -> Iterator[tuple[Fact, Fraction, Fraction]]:
    """(fact, taken, paid for) of "buy 3, pay for 2" and 买二送一."""
    for fact in case.facts:
        for _, take, pay in offers_in(fact.text):
            yield fact, take, pay


def offers_in(text: str) -> Iterator[tuple[tuple[int, int], Fraction, Fraction]]:
    """(span, taken, paid for) of every such offer in a text."""
    for match in _BUY.finditer(text):
        said = [next(iter(numerals(g)), None) for g in match.groups() if g]
        if len(said) == 2 and said[0] and said[1] and said[0].value > 0:
            a, b = said[0].value, said[1].value
            yield (match.span(), a + b, a) if match[3] or " get " in match[0] else (match.span(), a, b)


def _unit_prices(case: Case, one: Amount, mine: list[tuple[Fraction, Told[Amount]]]) -> Iterator[tuple[Fraction, str, Fact | None]]:
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


def _percentages(case: Case, one: Amount, bound: Sequence[Told[Amount]]) -> Iterator[tuple[Fraction, str, Fact | None]]:
    prices = [t for fact in case.facts for t in fact.told(fact.scan.amounts) if t.mention.kind == "price"]
    bound_prices = exact(case.bound(prices, one.start))[:_MOST]
    off = one.dimension == "%off" or cue("difference", case.clause(one.start))
    for (a, told), (b, _) in combinations(bound_prices, 2):
        low, high = min(a, b), max(a, b)
        if high and off:
            yield 100 * (1 - low / high), "percentage.saving", told.fact
        elif high:
            yield 100 * low / high, "percentage.share", told.fact
    for fact, take, pay in offers(case):
        yield 100 * (1 - pay / take), "percentage.offer", fact


def _quantities(case: Case, one: Amount, bound: Sequence[Told[Amount]]) -> Iterator[tuple[Fraction, str, Fact | None]]:
    mine, every = exact(bound), exact(_same_kind(case, one))[:_MOST]
    near = f"{case.sentence(one.start)} {case.asked.reading.text}"
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


def _durations(case: Case, one: Amount, bound: Sequence[Told[Amount]]) -> Iterator[tuple[Fraction, str, Fact | None]]:
    sentence = case.sentence(one.start)
    yield from _quantities(case, one, bound)
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
        a = day.real(other.year, other.month)
        b = other.real(day.year, day.month)
        if a and b:
            yield Fraction(abs((a - b).days) * 86400), "duration.days", fact


def _counts(case: Case, one: Amount, bound: Sequence[Told[Amount]]) -> Iterator[tuple[Fraction, str, Fact | None]]:
    words = words_of(one.noun)
    for fact in case.facts:
        if words & words_of(fact.attribute):
            yield Fraction(len([part for part in re.split(r"[,，、;；]| and ", fact.value) if part.strip()])), "count.listed", fact
    pieces = [t for fact in case.facts for t in fact.told(fact.scan.amounts) if t.mention.kind in ("count", "number") and t.mention.exact]
    whole = [t for t in pieces if "×" in t.part or "x" in t.part.split()]
    if whole and cue("listed", one.noun):
        yield sum((t.mention.exact or Fraction(0) for t in whole), Fraction(0)), "count.sum", whole[0].fact
    subjects = {f.subject for f in case.facts if f.family == "product"}
    if cue("listed", one.noun) and len(subjects) > 1:
        yield Fraction(len(subjects)), "count.subjects", case.facts[0]
    for fact, take, pay in offers(case):
        for number in counts(case):
            yield number // take * pay + number % take, "count.offer", fact
    for share, of in shares(case, one):
        for told in pieces:
            value = (told.mention.exact or Fraction(0)) * share / 100
            yield Fraction(value.numerator // value.denominator), "count.share", of.fact


def instead(case: Case, one: Amount, live: Sequence[Told[Amount]]) -> str:
    """Why a value that stands in a fact does not stand for what the clause says: of one piece, of a pair or pack."""
    clause = case.clause(one.start)
    if one.kind == "price" and cue("total", clause) and (many := _single(case, one, live)):
        return many
    if re.search(r"(?<![a-z])(?:whole|entire)(?![a-z])|整机|全机", clause) and all(re.search(r" on (?:the )?[a-z]+", t.part) for t in live):
        return f"{one.kind}.of_a_part"
    said = _groups(clause)
    if not said:
        return ""
    for told in live:
        known = _groups(f"{told.fact.attribute} {told.part}")
        if not known or known & said or bool(known & _BUNDLES) == bool(said & _BUNDLES):
            return ""
    return f"{one.kind}.per_another"


def _single(case: Case, one: Amount, live: Sequence[Told[Amount]]) -> str:
    """A price of one thing given as the total of several: pieces that the question counts, or parts that it names."""
    if cue("each", case.text[max(0, one.start - 8) : one.start] + case.text[one.end : one.end + 6]):
        return ""
    if any(cue("total", t.fact.value) or cue("total", t.fact.attribute) or cue("total", t.fact.subject) or "×" in t.fact.value for t in live):
        return ""
    parts = [t for fact in case.facts for t in fact.told(fact.scan.amounts) if t.mention.kind == "price" and t.mention.exact is not None]
    shared = frozenset.intersection(*(t.words for t in parts)) if parts else frozenset()
    words = words_of(case.sentence(one.start))
    named = {t.part for t in parts if (t.words - shared) & words}
    pieces = [a for a in case.asked.amounts if a.kind == "count" and a.exact is not None and a.exact > 1]
    return "price.not_the_total" if (len(named) > 1 and len({t.fact.id for t in parts}) == 1) or pieces else ""


def _groups(text: str) -> frozenset[str]:
    found = (next(g for g in match.groups() if g) for match in _GROUP.finditer(text))
    return frozenset("whole" if match == "pair" else match for match in found)


__all__ = ["bears", "counts", "cue", "derive", "instead", "same"]
