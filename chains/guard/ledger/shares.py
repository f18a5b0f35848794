"""Finds shares said in words: 八折, 七成, 半价, half price, a third off, 百分之五. Knows no price."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache

from chains.guard.ledger.lexicon import data
from chains.guard.ledger.mentions import Amount, overlaps
from chains.guard.ledger.numerals import numerals

_OFF_AFTER = re.compile(r"\s?(?:off|discount|rebate|reduction|cheaper|折扣)(?![a-z])")


_OFF_BEFORE = re.compile(
    r"(?:(?<![a-z])(?:save|saves|saving|saving of|discount|discount of|discount:|reduced by|cut by|off)\s?|减|减掉|优惠|立减|省|降|降价|便宜|下调)$"
)


_OF_TIME = re.compile(
    r"(?<![a-z])(?:hours?|minutes?|days?|weeks?|months?|years?|kilos?|litres?|metres?) and $"
)


@cache
def _share_pattern() -> re.Pattern[str]:
    han = "[零〇一二三四五六七八九十两百\\d.]"
    return re.compile(
        rf"(?P<second>第[二2][件双份个杯支盒瓶套]|second (?:one |item |pair |piece )?(?:of (?:[a-z'-]{{1,20}} ){{1,4}})?(?:is |at |for )?)?(?P<halfprice>半价|half[- ]price(?![a-z])|half off)"
        rf"|(?P<fold>{han}{{1,3}})\s?折(?!扇|叠|就(?!是)|起来|即|好|合|腾|射|断|算|旧|磨|返)"
        rf"|百分之(?P<hundredth>{han}{{1,5}}|百)"
        rf"|(?P<tenths>[一二两三四五六七八九十]|\d(?:\.\d)?)成(?P<more>[一二三四五六七八九半])?(?![为功立本分人品长员交都型色新年])"
        rf"|(?P<half>一半|(?<![a-z])half (?:of )?(?:the|your|its|their)(?= [a-z]))"
        rf"|(?<![a-z])(?P<part>an? (?:third|quarter|fifth|tenth)|(?:two|three|four) (?:thirds|quarters|fifths|tenths))(?! (?:of )?an?[ ]|[ -](?:past|to) |[a-z])"
    )


def spoken_shares(text: str, taken: Sequence[tuple[int, int]]) -> Iterator[Amount]:
    """Shares said in words: 八折, 七成, 半价, half price, a third off, 百分之五."""
    for match in _share_pattern().finditer(text):
        if overlaps(*match.span(), taken) or (match["part"] and _OF_TIME.search(text[: match.start()][-16:])):
            continue
        share = _share(match)
        if share is None:
            continue
        off = match["halfprice"] or match["fold"]
        one = Amount(
            *match.span(), "percentage", share, share, "%off" if off else "%", second=bool(match["second"])
        )
        yield one if off else as_discount(text, one)


def _share(match: re.Match[str]) -> Fraction | None:
    if match["halfprice"] or match["half"]:
        return Fraction(50)
    if said := match["part"]:
        return next(iter(numerals(said))).value * 100
    if said := match["fold"]:
        places = _plain_digits(said)
        return (
            None if places is None else 100 - Fraction(places.ljust(2, "0")[:2] + "." + (places[2:] or "0"))
        )
    if said := match["hundredth"]:
        if said == "百":
            return Fraction(100)
        number = next(iter(numerals(said)), None)
        return number.value if number else None
    first = next(iter(numerals(match["tenths"])), None)
    if first is None:
        return None
    more: int = {"半": 5, **data("numbers")["zh"]["digits"]}.get(match["more"] or "", 0)
    return first.value * 10 + more


def _plain_digits(said: str) -> str | None:
    digit = data("numbers")["zh"]["digits"]
    places = "".join(
        char if char.isdigit() else str(digit[char]) if char in digit else "" for char in said if char != "."
    )
    return places if places and "十" not in said and "百" not in said else None


def as_discount(text: str, one: Amount) -> Amount:
    if after := _OFF_AFTER.match(text, one.end):
        return replace(one, dimension="%off", end=after.end())
    if _OFF_BEFORE.search(text[max(0, one.start - 14) : one.start]):
        return replace(one, dimension="%off")
    return one
