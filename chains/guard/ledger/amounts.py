"""Finds amounts in folded text: prices, percentages, quantities, durations, counts; alone, bounded or as ranges.

Knows units as data; knows no fact, so "5 minutes" is not yet right or wrong.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache

from chains.guard.ledger.lexicon import Unit, any_of, classifiers, data, is_han, pattern, unit_pattern, units
from chains.guard.ledger.mentions import Amount
from chains.guard.ledger.numerals import Numeral, numerals

_BEFORE_MONEY = re.compile(r"(?:us|hk|a|c)?[€£$¥]\s?$|(?<![a-z])(?:eur|gbp|usd|chf|cny|rmb|sek|nok|dkk|pln)\s$")
_PERCENT = re.compile(r"\s?%|[ -]?(?:percent|per cent)(?![a-z])|个百分点")
_OFF_AFTER = re.compile(r"\s?(?:off|discount|rebate|reduction|cheaper|折扣)(?![a-z])")
_OFF_BEFORE = re.compile(
    r"(?:(?<![a-z])(?:save|saves|saving|saving of|discount|discount of|discount:|reduced by|cut by|off)\s?|减|减掉|优惠|立减|省|降|降价|便宜|下调)$"
)
_MINUS = re.compile(r"(?:(?:^|[\s:：(到至~])-|(?<![a-z])minus |零下)$")
_BELOW_ZERO = re.compile(r"\s?(?:degrees )?below zero")
_AND_HALF = re.compile(r" and (a half|a quarter|three quarters)(?![a-z])|半(?![价年天小月个])")
_NOUN = re.compile(r"[ -](?P<words>(?:[a-z][a-z'’-]*)(?: [a-z][a-z'-]*){0,2})")
_HAN_NOUN = re.compile(r"[\u4e00-\u9fff]{0,4}")
_CENTS = re.compile(r"(?: and)? $")
_UNCOUNTED = frozenset(
    "of per and at in for the a an on to or is are was by with from it's they it as each off less than but not then "
    "so if that this these those which when until till between up about days after before am pm o'clock too also times we you i "
    "percent per-cent upwards upward up older plus half past only who what where can could will would makes make mark".split()
)


@dataclass(frozen=True, slots=True)
class _Number:
    """A numeral with what stands at it: unit, sign, the stretch of both."""

    start: int
    end: int
    low: Fraction
    high: Fraction
    unit: Unit | None
    numeral: Numeral
    options: tuple[Unit, ...] = ()


def amounts(text: str, taken: Sequence[tuple[int, int]] = ()) -> list[Amount]:
    """Every amount outside the stretches already `taken` (dates, times, ids), in order of place."""
    found = list(_halves(text, taken))
    busy = [*taken, *((one.start, one.end) for one in found)]
    numbers: list[_Number] = []
    for number in sorted(_numbers(text), key=lambda one: (one.start, -one.end)):
        clear = not numbers or number.start >= numbers[-1].end
        if clear and not _overlaps(number.start, number.end, busy):
            numbers.append(number)
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
    found = [replace(one, end=min([one.end, *(a for a, b in shares if one.start < a < one.end)])) for one in found]
    clear: list[Amount] = []
    for one in found:
        if not clear or one.start >= clear[-1].end:
            clear.append(one)
    return [_bounded(text, one) for one in clear]


def _numbers(text: str) -> Iterator[_Number]:
    every = list(numerals(text))
    index = 0
    while index < len(every):
        number, used = _with_unit(text, every, index)
        yield number
        index += used
    for match in re.finditer(r"(?<![a-z])(?<!hours )(?<!times )(?<!litres )(?<!liters )(?<!once )(?<!twice )(?<!km )(?<!miles )(?<!minutes )(?<!days )(?:an?|one) (?=(?:hour|day|week|month|year|fortnight|decade|minute|working week|working day)(?![a-z]))|整(?=[天年月])", text):
        if match[0].startswith("one"):
            continue
        one = Numeral(match.start(), match.end() - (not match[0].startswith("整")), Fraction(1), "words", Fraction(1))
        yield _with_unit(text, [one], 0)[0]


def _with_unit(text: str, every: Sequence[Numeral], index: int) -> tuple[_Number, int]:
    one = every[index]
    start, end, low, high = one.start, one.end, one.value, one.high
    head = text[max(0, start - 12) : start]
    if (minus := _MINUS.search(head)) and not (start > 1 and minus[0][-1] == "-" and text[start - 2].isdigit()):
        shift = len(minus[0].lstrip(" :：(到至~"))
        start, low, high = start - shift, -high, -low
        head = text[max(0, start - 12) : start]
    if money := _BEFORE_MONEY.search(head):
        unit = units()[money[0].strip()][0] if money[0].strip() in units() else None
        if unit is not None:
            again = unit_pattern().match(text, end)
            said = again and (again["latin"] or again["han"])
            end = again.end() if again and said and any(u.dimension == unit.dimension for u in units().get(_form(said), ())) else end
            return _Number(start - len(money[0]), end, low * unit.factor, high * unit.factor, unit, one), 1
    extra = Fraction(0)
    used = 1
    if text.startswith("个半", end):
        extra, end = Fraction(1, 2), end + 2
    match = unit_pattern().match(text, end)
    if match is None and one.fraction and (gap := re.compile(r" (?:an?|of an?) ").match(text, end)):
        match = unit_pattern().match(text, gap.end() - 1)
    if match is None:
        if below := _BELOW_ZERO.match(text, end):
            return _Number(start, below.end(), -high, -low, units()["°c"][0], one), 1
        return _Number(start, end, low, high, None, one), 1
    options = units().get(_form(match["latin"] or match["han"]), ())
    if not options or _not_a_unit(text, one, match, options[0]):
        return _Number(start, end, low, high, None, one), 1
    unit, end = options[0], match.end()
    low, high = (low + extra) * unit.factor, (high + extra) * unit.factor
    if below := _BELOW_ZERO.match(text, end):
        low, high, end = -high, -low, below.end()
    if half := _AND_HALF.match(text, end):
        share = {"a quarter": Fraction(1, 4), "three quarters": Fraction(3, 4)}.get(half[1] or "", Fraction(1, 2))
        low, high, end = low + share * unit.factor, high + share * unit.factor, half.end()
    while index + used < len(every):
        more = _tail(text, unit, end, every[index + used])
        if more is None:
            break
        low, high, end, used = low + more[0], high + more[0], more[1], used + 1
        if not more[2]:
            break
    return _Number(start, end, low, high, unit, one, options), used


def _tail(text: str, unit: Unit, end: int, following: Numeral) -> tuple[Fraction, int, bool] | None:
    """What a second number adds: 三米六, 一斤四两, two euros fifty, 1 h 30 min; and whether a third may follow."""
    gap = text[end : following.start]
    match = unit_pattern().match(text, following.end)
    smaller = units().get(_form(match["latin"] or match["han"]), ()) if match else ()
    if match and smaller and smaller[0].dimension == unit.dimension and gap.strip(" ,") in ("", "and", "零"):
        if smaller[0].factor < unit.factor:
            return following.value * smaller[0].factor, match.end(), True
        return None
    if gap == "" and following.how == "han" and unit.kind != "duration" and not smaller:
        said = text[following.start : following.end]
        if re.match(rf"(?:{classifiers()})(?<![度级档色])", text[following.end :]) and unit.kind == "price":
            return None
        if re.fullmatch(r"[零〇一二三四五六七八九]{1,2}", said):
            digit = data("numbers")["zh"]["digits"]
            places = "".join(str(digit[char]) for char in said)
            return Fraction("0." + places) * unit.factor, following.end, False
    if unit.kind == "price" and unit.factor == 1 and following.how == "words" and _CENTS.fullmatch(gap) and 10 <= following.value < 100 and not match:
        return following.value / 100, following.end, False
    return None


def _not_a_unit(text: str, one: Numeral, match: re.Match[str], unit: Unit) -> bool:
    """One-letter units need digits before them; 五两 is a weight, but 两天 is no 两; 三开门 opens."""
    form = match["latin"] or match["han"]
    behind = text[match.end() : match.end() + 1]
    if match["latin"] and (len(form) <= 2 or form == "bar") and one.how != "digits":
        return True
    if form == "d" or (form in ("m", "h", "k") and behind == "-"):
        return form == "d" and unit.kind == "duration" and match[0][:1] == "-"
    if form == "块" and behind and (behind == "/" or is_han(behind)) and behind not in "钱整左以起的就卖多上内出包不和了到至零一二三四五六七八九半每都吧呢哦":
        return True
    if form in ("开", "面", "平", "转", "升", "两", "牛", "帕", "伏", "刀", "角", "周") and behind and behind in "门放始业发关车面台分均价整向动级降奶肉面包头用到年岁":
        return True
    if form == "年" and one.how == "digits" and one.value > 1900:
        return True
    return form == "两" and one.how == "han" and one.value != int(one.value)


def _form(said: str) -> str:
    return said if said in units() else said.replace("-", " ")


def _joined(text: str, numbers: list[_Number], index: int) -> tuple[Amount, int] | None:
    """A range of two numbers, the unit behind the second or both; or `28 × 11 cm`, each with the unit."""
    one = numbers[index]
    if index + 1 >= len(numbers):
        return None
    two = numbers[index + 1]
    gap = text[one.end : two.start].strip() if two.start >= one.end else "?"
    if gap == "" and two.start > one.end:
        return None
    if two.low < 0 <= one.low and gap == "" or text[one.end : two.start] == "-":
        gap = "-"
    bounds = data("bounds")
    head = text[max(0, one.start - 10) : one.start]
    opened = re.search(rf"(?:{any_of(bounds['opens_span'])})\s?(?:the )?$", head)
    if gap not in bounds["span"] or (gap in ("and", "or") and not (opened and opened[0].strip() == "between")):
        return None
    unit = two.unit or one.unit
    percent = _PERCENT.match(text, two.end)
    if two.unit and one.unit and two.unit.dimension != one.unit.dimension:
        return None
    if one.unit is None and one.numeral.fraction:
        return None
    if unit is None and percent is None:
        counted = _counted(text, two)
        if counted is None:
            if not (opened and gap in ("to", "到", "至") or text[one.end : two.start] in ("-", "–", "到", "至") or gap == "to" and one.numeral.how == two.numeral.how == "words"):
                return None
            counted = Amount(one.start, two.end, "count", two.low, two.high, "", noun=_around(text, one.start, two.end))
        end = two.end if counted.end < two.end else counted.end
        start = one.start - len(opened[0]) if opened else one.start
        return replace(counted, start=start, end=end, low=one.low, high=two.low), index + 2
    factor = unit.factor if unit else Fraction(1)
    low = one.low if one.unit or not unit else one.low * factor
    high = two.high if two.unit or not unit else two.high * factor
    if low > high and one.unit is None and one.numeral.how == "han":
        return None
    kind, dimension = ("percentage", "%") if percent and unit is None else (unit.kind, unit.dimension) if unit else ("count", "")
    start = one.start - len(opened[0]) if opened else one.start
    return Amount(start, percent.end() if percent and unit is None else two.end, kind, min(low, high), max(low, high), dimension), index + 2


def _alone(text: str, one: _Number) -> Amount | None:
    if one.unit is not None:
        return _per(text, Amount(one.start, one.end, one.unit.kind, one.low, one.high, one.unit.dimension))
    if match := re.compile(r"\s?(?:[×x*]|by(?= \d))\s?").match(text, one.end):
        rest = re.compile(r"(?:[\d.,×x* ]|by){1,20}").match(text, match.end())
        unit = unit_pattern().match(text, rest.end()) if rest else None
        unit = unit or (unit_pattern().match(text, len(text[: rest.end()].rstrip())) if rest else None)
        if unit and (options := units().get(_form(unit["latin"] or unit["han"]))):
            factor = options[0].factor
            return Amount(one.start, one.end, options[0].kind, one.low * factor, one.high * factor, options[0].dimension)
        return Amount(one.start, one.end, "count", one.low, one.high, "", noun=_around(text, one.start, one.end))
    if percent := _PERCENT.match(text, one.end):
        return _off(text, Amount(one.start, percent.end(), "percentage", one.low, one.high, "%"))
    return _counted(text, one)


def _elliptic(text: str, one: _Number, found: Sequence[Amount]) -> Amount | None:
    """A number word whose unit was said before: "sixty months on the optics, twelve on the electronics"."""
    last = next((a for a in reversed(found) if a.end <= one.start and a.kind in ("duration", "price", "quantity")), None)
    if last is None or one.start - last.end > 60 or one.numeral.how != "words" or one.low <= 1 or re.search("[.!?\n]", text[last.end : one.start]):
        return None
    if not re.compile(r"(?= on |[.,;!?]|$)").match(text, one.end) or re.search(r"(?:the|of|these|those|at|by) $", text[: one.start][-6:]):
        return None
    options = [unit for forms in units().values() for unit in forms if unit.dimension == last.dimension and unit.kind == last.kind]
    said = unit_pattern().search(text, max(last.start, last.end - 14), last.end)
    unit = next(iter(units().get(_form(said["latin"] or said["han"]), ())), None) if said else None
    unit = unit if unit in options else None
    return Amount(one.start, one.end, last.kind, one.low * unit.factor, one.high * unit.factor, last.dimension) if unit else None


def _per(text: str, one: Amount) -> Amount:
    """`per 100 ml`, `每100毫升`, `/kg` behind a price: what the price is for."""
    if one.kind != "price":
        return one
    match = re.compile(r"\s?(?:per|for|/|an? |每)\s?").match(text, one.end)
    if not match:
        return one
    number = next((n for n in numerals(text[match.end() : match.end() + 24]) if n.start == 0), None)
    place = match.end() + (number.end if number else 0)
    unit = unit_pattern().match(text, place) or (unit_pattern().match(text, place - 1) if place and text[place - 1] == " " else None)
    options = units().get(_form(unit["latin"] or unit["han"]), ()) if unit else ()
    if not options or options[0].kind != "quantity" or unit is None:
        return one
    return replace(one, end=unit.end(), per=(number.value if number else Fraction(1)) * options[0].factor, per_dimension=options[0].dimension)


def _counted(text: str, one: _Number) -> Amount | None:
    """A number of things: digits always, number words only before a noun, Chinese ones before a measure word."""
    if one.numeral.fraction:
        return None
    if measure := re.compile(rf"\s?(?:{classifiers()})(?!月)").match(text, one.end):
        before = re.search(r"[\u4e00-\u9fffa-z]{0,6}$", text[max(0, one.start - 6) : one.start])
        after = _HAN_NOUN.match(text, measure.end())
        noun = f"{before[0] if before else ''} #{measure[0].strip()} {after[0] if after else ''}"
        if one.numeral.how == "han" and one.low == 1 and not re.search("[剩只仅]", text[max(0, one.start - 3) : one.start]):
            return None
        return Amount(one.start, measure.end(), "count", one.low, one.high, "", noun=noun)
    noun_match = _NOUN.match(text, one.end)
    words = noun_match["words"].split() if noun_match else []
    kept: list[str] = []
    for word in words:
        if word in _UNCOUNTED:
            break
        kept.append(word)
    if one.numeral.how == "words":
        able = re.compile(r" (?:can|could|will) ").match(text, one.end)
        if able and one.low > 1:
            return Amount(one.start, one.end, "count", one.low, one.high, "")
        if one.low > 1 and re.search(r"(?<![a-z])(?:pack|packet|set|box|bag|bundle|tin|case)s? of $", text[: one.start][-12:]):
            return Amount(one.start, one.end, "count", one.low, one.high, "", noun=_around(text, one.start, one.end))
        if not kept or (one.low == 1):
            return None
        return Amount(one.start, one.end + 1 + len(kept[0]), "count", one.low, one.high, "", noun=" ".join(kept))
    if one.numeral.how == "han":
        if text[one.end - 1] == "打":
            return Amount(one.start, one.end, "count", one.low, one.high, "", noun=_around(text, one.start, one.end))
        long = len(text[one.start : one.end]) >= 2 and any(c in "十百千万" for c in text[one.start : one.end])
        return Amount(one.start, one.end, "number", one.low, one.high, "") if long else None
    end = one.end + 1 + len(kept[0]) if kept else one.end
    kind = "count" if kept else "number"
    return Amount(one.start, end, kind, one.low, one.high, "", noun=" ".join(kept) or _around(text, one.start, one.end))


def _around(text: str, start: int, end: int) -> str:
    return text[max(0, start - 12) : start] + " " + text[end : end + 12]


@cache
def _share_pattern() -> re.Pattern[str]:
    han = "[零〇一二三四五六七八九十两百\\d.]"
    return re.compile(
        rf"(?P<second>第[二2][件双份个杯支盒瓶套]|second (?:one |item |pair |piece )?(?:is |at |for )?)?(?P<halfprice>半价|half[- ]price(?![a-z])|half off)"
        rf"|(?P<fold>{han}{{1,3}})折(?!扇|叠|合|腾|射|断|算|旧|磨|返)"
        rf"|百分之(?P<hundredth>{han}{{1,5}}|百)"
        rf"|(?P<tenths>[一二两三四五六七八九十]|\d(?:\.\d)?)成(?P<more>[一二三四五六七八九半])?(?![为功立本分人品长员交都型色新年])"
        rf"|(?P<half>一半|(?<![a-z])half (?:of )?(?:the|your|its|their)(?= [a-z]))"
        rf"|(?<![a-z])(?P<part>an? (?:third|quarter|fifth|tenth)|(?:two|three|four) (?:thirds|quarters|fifths|tenths))(?! (?:of )?an?[ ]|[ -](?:past|to) |[a-z])"
    )


def _halves(text: str, taken: Sequence[tuple[int, int]]) -> Iterator[Amount]:
    """Shares said in words: 八折, 七成, 半价, half price, a third off, 百分之五."""
    for match in _share_pattern().finditer(text):
        if _overlaps(*match.span(), taken):
            continue
        share = _share(match)
        if share is None:
            continue
        off = match["halfprice"] or match["fold"]
        one = Amount(*match.span(), "percentage", share, share, "%off" if off else "%", second=bool(match["second"]))
        yield one if off else _off(text, one)


def _share(match: re.Match[str]) -> Fraction | None:
    if match["halfprice"] or match["half"]:
        return Fraction(50)
    if said := match["part"]:
        return next(iter(numerals(said))).value * 100
    if said := match["fold"]:
        places = _plain_digits(said)
        return None if places is None else 100 - Fraction(places.ljust(2, "0")[:2] + "." + (places[2:] or "0"))
    if said := match["hundredth"]:
        if said == "百":
            return Fraction(100)
        number = next(iter(numerals(said)), None)
        return number.value if number else None
    first = next(iter(numerals(match["tenths"])), None)
    if first is None:
        return None
    more = {"半": 5}.get(match["more"] or "", data("numbers")["zh"]["digits"].get(match["more"] or "", 0))
    return first.value * 10 + more


def _plain_digits(said: str) -> str | None:
    digit = data("numbers")["zh"]["digits"]
    places = "".join(char if char.isdigit() else str(digit[char]) if char in digit else "" for char in said if char != ".")
    return places if places and "十" not in said and "百" not in said else None


def _off(text: str, one: Amount) -> Amount:
    if after := _OFF_AFTER.match(text, one.end):
        return replace(one, dimension="%off", end=after.end())
    if _OFF_BEFORE.search(text[max(0, one.start - 14) : one.start]):
        return replace(one, dimension="%off")
    return one


def _bounded(text: str, one: Amount) -> Amount:
    """The amount with the limit that the words around it make of it."""
    if one.exact is None:
        return one
    bounds = data("bounds")
    head = re.sub(rf"(?:{any_of(bounds['about'])}|the|a)\s?$", "", text[max(0, one.start - 22) : one.start].rstrip() + " ")
    for name in ("at_most", "under", "over", "at_least"):
        group = bounds[name]
        before = pattern(tuple(group["before"])).search
        hit = next((m for m in re.finditer(rf"(?:{any_of(group['before'])})\s*$", head)), None) if before(head) else None
        after = re.compile(rf"\s?(?:{any_of(group['after'])})(?![\u4e00-\u9fff]来)").match(text, one.end) if "after" in group else None
        if hit is None and after is None:
            continue
        strict = name in ("over", "under") and hit is not None
        value = one.exact
        start = one.start - (len(text[max(0, one.start - 22) : one.start]) - hit.start()) if hit else one.start
        low, high = (value, None) if name in ("over", "at_least") else (None, value)
        return replace(one, start=max(start, 0), end=after.end() if after else one.end, low=low, high=high, strict=strict)
    return one


def _overlaps(start: int, end: int, taken: Sequence[tuple[int, int]]) -> bool:
    return any(start < b and a < end for a, b in taken)
