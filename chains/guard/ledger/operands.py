"""Gathers what is reckoned with: values of facts, counts of question and text, offers (buy so many, pay for fewer), words
that tell how."""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from chains.guard.ledger.case import Case
from chains.guard.ledger.entail import comparable
from chains.guard.ledger.facts import Fact, Told
from chains.guard.ledger.lexicon import Unit, data, pattern, unit_pattern, units
from chains.guard.ledger.measured import form_of
from chains.guard.ledger.mentions import Amount
from chains.guard.ledger.numerals import numerals

BUY = re.compile(
    r"buy (\w+)(?: [a-z]{2,20}){0,2},? (?:pay for|get|pay)(?: only)? (\w+)|买([一二两三四五六\d])[送赠]([一二两三四五六\d])"
)
_EVERY = re.compile(  # every tenth one free, 满九杯送一杯
    r"(?<![a-z])every (?P<nth>[a-z]{4,12}) [a-z ]{2,24}?(?<![a-z])free(?![a-z])|满(?P<many>[一二两三四五六七八九十\d]{1,3})[\u4e00-\u9fff][送赠]一"
)
MOST = 12  # operands of a sum


_PAIR = re.compile(r"(?<![a-z])pairs?(?![a-z])|[一每][双对]")


def cue(name: str, text: str) -> bool:
    """Whether a text holds a word of a list: of sums, differences, shares."""
    return bool(pattern(tuple(data("cues")[name])).search(_NO_CUE.sub(" ", text)))


_NO_CUE = re.compile(  # words that hold one of a list's and say nothing of how an amount came about
    r"多少|多久|多大|多长|多重|至少|最多|最少|不多|大多|许多|很多|多功能|重量|净重|毛重|体重|承重|载重|早[餐上晨]|晚[上餐]|[今每当前后/\d一两三四五六七八九十]晚|优惠券|比例|差不多"
    r"|(?<![a-z])(?:up to|follow-up|by (?:post|hand|bus|phone|card|e-?mail|the)|keep it|keep them)(?![a-z])"
)


def counts(case: Case) -> list[Fraction]:
    """Numbers of pieces that question, text and facts speak of."""
    if "counts" not in case.numbers:
        case.numbers["counts"] = _counts(case)
    return case.numbers["counts"]


def _counts(case: Case) -> list[Fraction]:
    found: set[Fraction] = set()
    for scan in (case.asked, case.said):
        covered = [
            (a.start, a.end)
            for a in scan.amounts
            if a.kind not in ("count", "number") and not _pieces(case, scan.reading.text, a)
        ]
        covered += [(a.start, a.end) for a in (*scan.days, *scan.clocks, *scan.ids)]
        busy = {place for a, b in covered for place in range(a, b)}
        every = numerals(scan.reading.text)
        found |= {n.value for n in every if n.value.denominator == 1 and n.start not in busy}
        if _PAIR.search(scan.reading.text):
            found.add(Fraction(2))
    found |= named_once(case)
    for fact in case.facts:
        if not pattern(tuple(data("terms")["stock"]["fact"])).search(fact.attribute) and not BUY.search(
            fact.text
        ):
            found |= {
                t.mention.exact
                for t in fact.told(fact.scan.amounts)
                if t.mention.kind in ("count", "number") and t.mention.exact
            }
    return sorted(n for n in found if 1 < n <= 200)[:MOST]


def counts_asked(case: Case) -> list[Fraction]:
    """Numbers of pieces or people that the question names, measures left out."""
    scan = case.asked
    busy = [(a.start, a.end) for a in scan.amounts if a.kind not in ("count", "number")]
    return [
        n.value for n in numerals(scan.reading.text)
        if n.value.denominator == 1 and not any(a <= n.start < b for a, b in busy)
    ]  # fmt: skip


def _pieces(case: Case, text: str, one: Amount) -> bool:
    """Whether 两块 may be two pieces: a few, and no fact's price."""
    return (
        one.kind == "price"
        and text[one.start : one.end].endswith("块")
        and one.exact is not None
        and one.exact <= 12
        and all(one.exact != a.exact for f in case.facts for a in f.scan.amounts if a.kind == "price")
    )


def named_once(case: Case) -> set[Fraction]:
    """How many products the question names, each of them once; the customer and so many others."""
    asked = case.asked.reading.text
    named = {f.subject for f in case.facts if f.family == "product" and f.subject and f.subject in asked}
    found = {Fraction(len(named))} if len(named) > 1 else set()
    if _I_AND.search(asked):
        found |= {
            a.value + 1 for m in _I_AND.finditer(asked) for a in numerals(asked[m.start() : m.end() + 8])
        }
    return found


_I_AND = re.compile(r"(?<![a-z])(?:me and(?: my)?|with(?: my)?)(?= [a-z0-9])|我[和跟带]")


RATE = re.compile(r"每|/|[年月周日天时][租费]|(?<![a-z])(?:per|an?|each|every|by the)(?![a-z])")


def lengths(case: Case) -> list[Fraction]:
    """Numbers of hours, nights, metres or kilos that question and text speak of: what a rate is taken times."""
    if "lengths" not in case.numbers:
        found = set()
        for scan in (case.asked, case.said):
            measured = [a for a in scan.amounts if a.kind in ("duration", "quantity")]
            busy = {place for a in measured for place in range(a.start, a.end)}
            found |= {n.value for n in numerals(scan.reading.text) if n.start in busy}
        case.numbers["lengths"] = sorted(n for n in found if 0 < n <= 1000)[:MOST]
    return case.numbers["lengths"]


_DAILY = re.compile(r"(?<![a-z])(?:daily|per day|a day)(?![a-z])|每[天日]")
_BEHIND = re.compile(r"\s?(?:per(?: an?)?|/|an?|each)\s?(?=[^\s\d])")
_BEFORE = re.compile(r"每(?P<unit>[\u4e00-\u9fffa-z]{1,4})\s?$")


def rate_of(text: str, one: Amount) -> Unit | None:
    """The unit that an amount is for one of: a litre of "12 m² per litre", 升 of 每升12平方米."""
    if _DAILY.search(text[: one.start]):
        return next(iter(units()["day"]))
    if behind := _BEHIND.match(text, one.end):
        unit = unit_pattern().match(text, behind.end())
        said = unit and (unit["latin"] or unit["han"])
    else:
        before = _BEFORE.search(text[max(0, one.start - 6) : one.start])
        said = before and before["unit"]
    return next(iter(units().get(form_of(said), ())), None) if said else None


def exact(told: Sequence[Told[Amount]]) -> list[tuple[Fraction, Told[Amount]]]:
    """Values that are no limits."""
    return [(t.mention.exact, t) for t in told if t.mention.exact is not None]


def same_kind(case: Case, one: Amount) -> list[Told[Amount]]:
    every = [t for fact in case.facts for t in fact.told(fact.scan.amounts)]
    return [t for t in every if comparable(t.mention, one)]


def basket_totals(case: Case) -> list[tuple[Fraction, Fact]]:
    """What facts say the basket comes to."""
    words = pattern(tuple(data("cues")["basket"]))
    own = [a.exact for a in case.asked.amounts if a.kind == "price" and a.exact is not None]
    if len(own) == 1 and case.facts and pattern(tuple(data("cues")["spent"])).search(case.asked.reading.text):
        return [(own[0], case.facts[0])]
    return [
        (one.exact, fact)
        for fact in case.facts
        if fact.family not in ("product", "prose") and words.search(fact.attribute)
        for one in fact.scan.amounts
        if one.kind == "price" and one.exact is not None
    ]


_CUT = re.compile(
    r"满\s?(?P<a>[零一二两三四五六七八九十百千\d.]{1,9})\s?元?[,，]?\s?(?:立|可|就|直)?减\s?(?P<b>[零一二两三四五六七八九十百千\d.]{1,9})\s?[元块]?"
    r"|(?<![a-z])spend (?:[€£$] ?)?(?P<c>\d[\d.]{0,8})(?: ?[a-z]{3,6})?(?: or more)?,? (?:and )?(?:save|get) (?:[€£$] ?)?(?P<d>\d[\d.]{0,8})(?! ?%)"
    r"|(?<![\d.])(?P<e>\d[\d.]{0,8})(?: ?[a-z]{3,6})? off (?:orders |purchases |baskets |everything )?(?:over|from|above) (?:[€£$] ?)?(?P<f>\d[\d.]{0,8})"
)


def cuts_in(text: str) -> Iterator[tuple[tuple[int, int], Fraction, Fraction]]:
    """(span, from which total, how much less) of every "spend 300, save 50" and 满300减50."""
    for match in _CUT.finditer(text):
        at, less = match["a"] or match["c"] or match["f"], match["b"] or match["d"] or match["e"]
        said = [next(numerals(one.strip(".")), None) for one in (at, less)]
        if said[0] and said[1]:
            yield match.span(), said[0].value, said[1].value


def cuts(case: Case) -> Iterator[tuple[Fact, Fraction, Fraction]]:
    """(fact, from which total, how much less) of every such offer of the facts."""
    for fact in case.facts:
        for _, at, less in cuts_in(fact.text):
            yield fact, at, less


def offers(case: Case) -> Iterator[tuple[Fact, Fraction, Fraction]]:
    """(fact, taken, paid for) of "buy 3, pay for 2" and 买二送一."""
    for fact in case.facts:
        for _, take, pay in offers_in(fact.text):
            yield fact, take, pay
        for match in _EVERY.finditer(fact.text):
            if number := data("numbers")["en"]["ordinals"].get(match["nth"]):
                yield fact, Fraction(number), Fraction(number - 1)
            elif match["many"] and (many := next(numerals(match["many"]), None)):
                yield fact, many.value + 1, many.value


def offers_in(text: str) -> Iterator[tuple[tuple[int, int], Fraction, Fraction]]:
    """(span, taken, paid for) of every such offer in a text."""
    for match in BUY.finditer(text):
        said = [next(iter(numerals(g)), None) for g in match.groups() if g]
        if len(said) == 2 and said[0] and said[1] and said[0].value > 0:
            a, b = said[0].value, said[1].value
            yield (match.span(), a + b, a) if match[3] or " get " in match[0] else (match.span(), a, b)
