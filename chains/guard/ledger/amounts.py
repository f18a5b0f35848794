"""Finds amounts in folded text: prices, percentages, quantities, durations, counts; alone, bounded or as ranges.

Knows units as data; knows no fact, so "5 minutes" is not yet right or wrong.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache

from chains.guard.ledger.counted import around, counted
from chains.guard.ledger.lexicon import any_of, data, unit_pattern, units
from chains.guard.ledger.measured import Number, form_of, numbers_in
from chains.guard.ledger.mentions import Amount, overlaps
from chains.guard.ledger.numerals import numerals
from chains.guard.ledger.shares import as_discount, spoken_shares

_HEAD = 22  # characters before a number that may say its limit
_PERCENT = re.compile(r"\s?%|[ -]?(?:percent|per cent)(?![a-z])|个百分点")


def amounts(text: str, taken: Sequence[tuple[int, int]] = ()) -> list[Amount]:
    """Every amount outside the stretches already `taken` (dates, times, ids), in order of place."""
    found = list(spoken_shares(text, taken))
    busy = [*taken, *((one.start, one.end) for one in found)]
    numbers: list[Number] = []
    for number in sorted(numbers_in(text), key=lambda one: (one.start, -one.end)):
        behind = not numbers or number.start >= numbers[-1].end
        if behind and not overlaps(number.start, number.end, busy):
            numbers.append(number)
    _share_units(text, numbers)
    index = 0
    while index < len(numbers):
        joined = _joined(text, numbers, index)
        if joined is not None:
            one, index = joined
            found.append(one)
            continue
        made = _alone(text, numbers[index]) or _elliptic(text, numbers[index], found)
        if made is not None:
            found.append(made)
        index += 1
    found.sort(key=lambda one: (one.start, -one.end))
    shares = {(one.start, one.end) for one in found if one.kind == "percentage"}
    found = [
        replace(one, end=min([one.end, *(a for a, b in shares if one.start < a < one.end)])) for one in found
    ]
    clear: list[Amount] = []
    for one in found:
        if not clear or one.start >= clear[-1].end:
            clear.append(one)
    return [bounded(text, one) for one in clear]


def _share_units(text: str, numbers: list[Number]) -> None:
    """A unit behind the last of a list is that of all: 25, 50 or 100 EUR."""
    listed = False
    for index in range(len(numbers) - 2, -1, -1):
        one, two = numbers[index], numbers[index + 1]
        gap = text[one.end : two.start]
        listed = two.unit is not None and (gap in (" or ", "或", "、") or (listed and gap == ", "))
        if listed and two.unit is not None and one.unit is None and one.numeral.how == two.numeral.how:
            factor = two.unit.factor
            numbers[index] = replace(one, low=one.low * factor, high=one.high * factor, unit=two.unit)


def _joined(text: str, numbers: list[Number], index: int) -> tuple[Amount, int] | None:
    """A range of two numbers, the unit behind the second or both; or `28 × 11 cm`, each with the unit."""
    one = numbers[index]
    if index + 1 >= len(numbers):
        return None
    two = numbers[index + 1]
    gap = text[one.end : two.start].strip() if two.start >= one.end else "?"
    if gap in ("- and", "- to", "- or") and two.unit is not None:
        gap = "to"  # two- and three-year-olds
    if gap == "" and two.start > one.end:
        return None
    if (two.low < 0 <= one.low and gap == "") or text[one.end : two.start] == "-":
        gap = "-"
    bounds = data("bounds")
    head = text[max(0, one.start - 10) : one.start]
    opened = re.search(rf"(?:{any_of(bounds['opens_span'])})\s?(?:the )?$", head)
    if gap not in bounds["span"] or (
        gap in ("and", "or") and not (opened and opened[0].strip() == "between")
    ):
        return None
    unit = two.unit or one.unit
    percent = _PERCENT.match(text, two.end)
    if two.unit and one.unit and two.unit.dimension != one.unit.dimension:
        return None
    if one.unit is None and one.numeral.fraction:
        return None
    if one.unit and two.unit and one.low > two.low and gap not in ("-", "–", "~"):
        return None  # from €85 to €68: two prices
    if unit is None and percent is None:
        thing = counted(text, two)
        if thing is None:
            if not (
                (opened and gap in ("to", "到", "至"))
                or text[one.end : two.start] in ("-", "–", "到", "至")
                or (gap == "to" and one.numeral.how == two.numeral.how == "words")
            ):
                return None
            thing = Amount(
                one.start, two.end, "count", two.low, two.high, "", noun=around(text, one.start, two.end)
            )
        end = two.end if thing.end < two.end else thing.end
        start = one.start - len(opened[0]) if opened else one.start
        return replace(thing, start=start, end=end, low=one.low, high=two.low), index + 2
    factor = unit.factor if unit else Fraction(1)
    low = one.low if one.unit or not unit else one.low * factor
    high = two.high if two.unit or not unit else two.high * factor
    if low > high and one.unit is None and one.numeral.how == "han":
        return None
    kind, dimension = (
        ("percentage", "%")
        if percent and unit is None
        else (unit.kind, unit.dimension)
        if unit
        else ("count", "")
    )
    start = one.start - len(opened[0]) if opened else one.start
    return Amount(
        start,
        percent.end() if percent and unit is None else two.end,
        kind,
        min(low, high),
        max(low, high),
        dimension,
    ), index + 2


def _alone(text: str, one: Number) -> Amount | None:
    if one.unit is not None:
        return _per(text, Amount(one.start, one.end, one.unit.kind, one.low, one.high, one.unit.dimension))
    if match := re.compile(r"\s?(?:[×x*]|by(?= \d))\s?").match(text, one.end):
        rest = re.compile(r"(?:[\d.,×x* ]|by){1,20}").match(text, match.end())
        unit = unit_pattern().match(text, rest.end()) if rest else None
        unit = unit or (unit_pattern().match(text, len(text[: rest.end()].rstrip())) if rest else None)
        if unit and (options := units().get(form_of(unit["latin"] or unit["han"]))):
            factor = options[0].factor
            return Amount(
                one.start, one.end, options[0].kind, one.low * factor, one.high * factor, options[0].dimension
            )
        return Amount(
            one.start, one.end, "count", one.low, one.high, "", noun=around(text, one.start, one.end)
        )
    if percent := _PERCENT.match(text, one.end):
        return as_discount(text, Amount(one.start, percent.end(), "percentage", one.low, one.high, "%"))
    return counted(text, one)


def _elliptic(text: str, one: Number, found: Sequence[Amount]) -> Amount | None:
    """A number word whose unit was said before: "sixty months on the optics, twelve on the electronics"."""
    last = next(
        (a for a in reversed(found) if a.end <= one.start and a.kind in ("duration", "price", "quantity")),
        None,
    )
    if (
        last is None
        or one.start - last.end > 60
        or one.numeral.how != "words"
        or one.low <= 1
        or re.search("[.!?\n]", text[last.end : one.start])
    ):
        return None
    if not re.compile(r"(?= on |[.,;!?]|$)").match(text, one.end) or not re.search(
        r"(?:[,;]|(?<![a-z])(?:and|or|but|then|to)) $", text[: one.start][-6:]
    ):
        return None
    options = [
        unit
        for forms in units().values()
        for unit in forms
        if unit.dimension == last.dimension and unit.kind == last.kind
    ]
    said = unit_pattern().search(text, max(last.start, last.end - 14), last.end)
    unit = next(iter(units().get(form_of(said["latin"] or said["han"]), ())), None) if said else None
    unit = unit if unit in options else None
    return (
        Amount(one.start, one.end, last.kind, one.low * unit.factor, one.high * unit.factor, last.dimension)
        if unit
        else None
    )


def _per(text: str, one: Amount) -> Amount:
    """`per 100 ml`, `每100毫升`, `/kg` behind a price: what the price is for."""
    if one.kind != "price":
        return one
    match = re.compile(
        r"\s?(?:(?:per|for)(?: an?)?|/|an? |每|(?=[一两二三四五六七八九十半\d.]{1,4}\s?(?:斤|公斤|千克|克|升|毫升|两|平方米)))\s?"
    ).match(text, one.end)
    if not match:
        return one
    number = next((n for n in numerals(text[match.end() : match.end() + 24]) if n.start == 0), None)
    place = match.end() + (number.end if number else 0)
    unit = unit_pattern().match(text, place) or (
        unit_pattern().match(text, place - 1) if place and text[place - 1] == " " else None
    )
    options = units().get(form_of(unit["latin"] or unit["han"]), ()) if unit else ()
    if not options or options[0].kind != "quantity" or unit is None:
        return one
    return replace(
        one,
        end=unit.end(),
        per=(number.value if number else Fraction(1)) * options[0].factor,
        per_dimension=options[0].dimension,
    )


@dataclass(frozen=True)
class _Limit:
    name: str
    before: re.Pattern[str]
    after: re.Pattern[str]


@cache
def _limits() -> tuple[_Limit, ...]:
    bounds = data("bounds")
    return tuple(
        _Limit(
            name,
            re.compile(rf"(?:{any_of(bounds[name]['before'])})\s?$"),
            re.compile(
                rf"\s?(?:{any_of(bounds[name].get('after', [])) or '(?!)'})(?![\u4e00-\u9fff]来|\s?[€£$¥\d])"
            ),
        )
        for name in ("at_most", "under", "over", "at_least")
    )


@cache
def _about() -> re.Pattern[str]:
    return re.compile(rf"(?:{any_of(data('bounds')['about'])}|the|a)\s?$")


def bounded(text: str, one: Amount) -> Amount:
    """The amount with the limit that the words around it make of it."""
    if one.exact is None:
        return one
    head = text[max(0, one.start - _HEAD) : one.start]
    said = _about().sub("", head.rstrip() + " ")
    hits = [(limit, limit.before.search(said), limit.after.match(text, one.end)) for limit in _limits()]
    longest = min((hit.start() for _, hit, _ in hits if hit), default=None)
    for limit, hit, after in hits:
        if (hit is None and after is None) or (
            longest is not None and (hit is None or hit.start() > longest)
        ):
            continue
        if (
            one.kind in ("count", "number")
            and 1900 <= one.exact <= 2100
            and re.search(r"(?<![a-z])the\s?$", head)
        ):
            continue  # under the 2026 rules
        strict = limit.name in ("over", "under") and hit is not None and not hit[0].startswith("满")
        value = one.exact
        start = one.start - (len(head) - hit.start()) if hit else one.start
        if after and re.compile("[租订购售]").match(text, after.end()):
            after = None  # 三个月起租: 起 belongs to what is told
        low, high = (value, None) if limit.name in ("over", "at_least") else (None, value)
        return replace(
            one, start=max(start, 0), end=after.end() if after else one.end, low=low, high=high, strict=strict
        )
    return one
