"""Reads a number with its unit: signs, halves and tails included (三米六, two euros fifty). Knows no sentence."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from chains.guard.ledger.lexicon import Unit, any_of, classifiers, data, is_han, unit_pattern, units
from chains.guard.ledger.numerals import Numeral, numerals

_BEFORE_MONEY = re.compile(
    r"(?:us|hk|a|c)?[€£$¥]\s?$|(?<![a-z])(?:eur|gbp|usd|chf|cny|rmb|sek|nok|dkk|pln)\s$"
)


_MINUS = re.compile(r"(?:(?:^|[\s:：(到至~是为用约])-|(?<![a-z])minus |零下)$")


_BELOW_ZERO = re.compile(r"\s?(?:degrees )?below zero")


_AND_HALF = re.compile(r" and (a half|a quarter|three quarters)(?![a-z])|半(?![价年天小月个])")


_A_PENNY = re.compile(r" and (?:a penny|a cent|one cent)(?![a-z])")
_DIME = re.compile(r"\d(?![\d.,]|\s?(?:%|元|块))")
_CENTS = re.compile(r"(?: and)? $")


@cache
def _filler() -> re.Pattern[str]:
    """Words between a number and its unit that change neither: two whole years."""
    return re.compile(rf"[ -]?(?:{any_of(data('bounds')['filler'])})(?=[ -]|[\u4e00-\u9fff])")


_ONE_UNIT = re.compile(
    r"(?<![a-z])an? (?=(?:hour|day|week|month|year|fortnight|decade|minute|working week|working day)(?![a-z]))|整(?=[天年月])"
)
_LASTS = re.compile(
    r"(?<![a-z])(?:in|within|after|for|takes?|lasts?|lasting|runs?|than|about|around|roughly|nearly|almost|under|over|up to|to|least|most|is|and|with|of|only|just|until|till|full) $"
)
_NAMES_A_THING = re.compile(
    r" (?:pass(?:es)?|tickets?|cards?|trips?|tours?|rates?|packs?|bags?|creams?|out|off)(?![a-z])"
)
_SOME_DAY = re.compile(r"(?:,| (?:we|you|i|they|it|he|she|the|soon|perhaps|maybe|when)(?![a-z]))")
_OF_LENGTH = re.compile(
    r"[a-z]+(?:'s)? (?:of )?(?:warranty|guarantee|long|notice|later|before|cover|and|for (?:delivery|shipping|dispatch|assembly|repairs?|engraving))(?![a-z])"
)


@dataclass(frozen=True, slots=True)
class Number:
    """A numeral with what stands at it: unit, sign, the stretch of both."""

    start: int
    end: int
    low: Fraction
    high: Fraction
    unit: Unit | None
    numeral: Numeral
    options: tuple[Unit, ...] = ()


def numbers_in(text: str) -> Iterator[Number]:
    every = list(numerals(text))
    index = 0
    while index < len(every):
        number, used = with_unit(text, every, index)
        yield number
        index += used
    for match in _ONE_UNIT.finditer(text):
        if match[0] != "整" and _NAMES_A_THING.match(text, match.end() + _word_end(text, match.end())):
            continue  # a day pass
        if match[0] != "整" and not (
            _LASTS.search(text[: match.start()][-12:]) or _OF_LENGTH.match(text, match.end())
        ):
            continue  # a day like any other
        one = Numeral(
            match.start(), match.end() - (not match[0].startswith("整")), Fraction(1), "words", Fraction(1)
        )
        yield with_unit(text, [one], 0)[0]


def _word_end(text: str, at: int) -> int:
    """How many letters of the word at a place are still to come."""
    rest = re.compile("[a-z]*").match(text, at)
    return len(rest[0]) if rest else 0


def with_unit(text: str, every: Sequence[Numeral], index: int) -> tuple[Number, int]:
    one = every[index]
    start, end, low, high = one.start, one.end, one.value, one.high
    head = text[max(0, start - 12) : start]
    if (minus := _MINUS.search(head)) and not (
        start > 1 and minus[0][-1] == "-" and text[start - 2].isdigit()
    ):
        shift = len(minus[0].lstrip(" :：(到至~"))
        start, low, high = start - shift, -high, -low
        head = text[max(0, start - 12) : start]
    if money := _BEFORE_MONEY.search(head):
        unit = units()[money[0].strip()][0] if money[0].strip() in units() else None
        if unit is not None:
            again = unit_pattern().match(text, end)
            said = again and (again["latin"] or again["han"])
            end = (
                again.end()
                if again
                and said
                and any(u.dimension == unit.dimension for u in units().get(form_of(said), ()))
                else end
            )
            return Number(start - len(money[0]), end, low * unit.factor, high * unit.factor, unit, one), 1
    extra = Fraction(0)
    used = 1
    if text.startswith("个半", end):
        extra, end = Fraction(1, 2), end + 2
    match = unit_pattern().match(text, end)
    if match is None and (filler := _filler().match(text, end)):
        match = unit_pattern().match(text, filler.end())
    if match is None and one.fraction and (gap := re.compile(r" (?:an?|of an?) ").match(text, end)):
        match = unit_pattern().match(text, gap.end() - 1)
    if match is None:
        if below := _BELOW_ZERO.match(text, end):
            return Number(start, below.end(), -high, -low, units()["°c"][0], one), 1
        return Number(start, end, low, high, None, one), 1
    options = units().get(form_of(match["latin"] or match["han"]), ())
    if not options or _not_a_unit(text, one, match, options[0]):
        return Number(start, end, low, high, None, one), 1
    unit, end = options[0], match.end()
    low, high = (low + extra) * unit.factor, (high + extra) * unit.factor
    if below := _BELOW_ZERO.match(text, end):
        low, high, end = -high, -low, below.end()
    if half := _AND_HALF.match(text, end):
        share = {"a quarter": Fraction(1, 4), "three quarters": Fraction(3, 4)}.get(
            half[1] or "", Fraction(1, 2)
        )
        low, high, end = low + share * unit.factor, high + share * unit.factor, half.end()
    if unit.kind == "price" and unit.factor == 1 and (penny := _A_PENNY.match(text, end)):
        cent = Fraction(1, 100)
        return Number(start, penny.end(), low + cent, high + cent, unit, one, options), used
    while index + used < len(every):
        more = _tail(text, unit, end, every[index + used])
        if more is None:
            break
        low, high, end, used = low + more[0], high + more[0], more[1], used + 1
        if not more[2]:
            break
    return Number(start, end, low, high, unit, one, options), used


def _tail(text: str, unit: Unit, end: int, following: Numeral) -> tuple[Fraction, int, bool] | None:
    """What a second number adds: 三米六, 一斤四两, two euros fifty, 1 h 30 min; and whether a third may follow."""
    if following.start < end:  # a numeral within the unit itself: the 千 of 千克
        return None
    gap = text[end : following.start]
    match = unit_pattern().match(text, following.end)
    smaller = units().get(form_of(match["latin"] or match["han"]), ()) if match else ()
    joined = gap.strip(" ,") in ("", "and", "零") and ("," not in gap or unit.dimension == "[time]")
    if match and smaller and smaller[0].dimension == unit.dimension and joined:
        if smaller[0].factor < unit.factor:
            return following.value * smaller[0].factor, match.end(), True
        return None
    if (
        gap == ""
        and is_han(text[end - 1])
        and following.how == "han"
        and unit.kind != "duration"
        and not smaller
    ):
        said = text[following.start : following.end]
        if re.match(rf"(?:{classifiers()})(?<![度级档色])", text[following.end :]):
            if re.fullmatch("[二三四五六七八九]一", said):  # 五块八一瓶: five eighty for one bottle
                digit = data("numbers")["zh"]["digits"][said[0]]
                return Fraction(digit, 10) * unit.factor, following.start + 1, False
            return None
        if re.fullmatch(r"[零〇一二三四五六七八九]{1,2}", said):
            digit = data("numbers")["zh"]["digits"]
            places = "".join(str(digit[char]) for char in said)
            return Fraction("0." + places) * unit.factor, following.end, False
    if gap == "" and form_is_kuai(text, end) and _DIME.match(text, following.start) and not smaller:
        return following.value / 10, following.end, False  # 9块9
    if (
        unit.kind == "price"
        and unit.factor == 1
        and following.how == "words"
        and _CENTS.fullmatch(gap)
        and 10 <= following.value < 100
        and not match
    ):
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
    if (
        form == "块"
        and behind
        and (behind == "/" or is_han(behind))
        and behind not in "钱整左以起的就卖多上内出包不和了到至零一二三四五六七八九半每都吧呢哦"
    ):
        return True
    if (
        form in ("开", "面", "平", "转", "升", "两", "牛", "帕", "伏", "刀", "角", "周")
        and behind
        and behind in "门放始业发关车面台分均价整向动级降奶肉面包头用到年岁"
    ):
        return True
    if (
        unit.kind == "duration"
        and text[one.start : one.end] == "一"
        and (
            (behind and behind in "里中比到晚早四")
            or text[max(0, one.start - 1) : one.start] in tuple("哪某每这那有同")
        )
    ):
        return True
    if (
        form in ("块", "码", "折")
        and text[one.start : one.end] == "一"
        and not text.startswith("钱", match.end())
    ):
        return True  # one piece; one size up
    if text[one.start : one.end] == "one" and form == "day" and _SOME_DAY.match(text, match.end()):
        return True
    if form == "角" and text[max(0, one.start - 1) : one.start] not in ("元", "块"):
        return True
    if form == "年" and one.how == "digits" and one.value > 1900:
        return True
    return form == "两" and one.how == "han" and one.value != int(one.value)


def form_is_kuai(text: str, end: int) -> bool:
    """Whether 块 stands before a place: tenths may follow it."""
    return text[end - 1] == "块"


def form_of(said: str) -> str:
    return said if said in units() else said.replace("-", " ")
