"""Tells whether a price for the young is that of whom the text speaks: "under 12 half price" is not for a child of twelve.

Knows the ages that question and text name; where none is named, nothing is said against a price.
"""

import re

from chains.guard.ledger.case import Case
from chains.guard.ledger.facts import Told
from chains.guard.ledger.mentions import Amount
from chains.guard.ledger.numerals import numerals

_NUMBER = r"[a-z-]{2,12}|\d{1,2}"
_LIMIT = re.compile(
    r"(?<![a-z])(?:child|children|kids?|boys|girls|juniors?)[^,;.]{0,12}? (?:under|below)(?: the age of)? (?P<under>\d{1,2})(?!\d)"
    r"|(?<![a-z])under[- ]?(?P<unders>\d{1,2})s(?![a-z])"
    r"|(?<![a-z])(?:child|children|kids?|boys|girls|juniors?)[^,;.]{0,12}? (?:up to|to)(?: the age of| and including)? (?P<to>\d{1,2})(?!\d)"
    r"|(?P<below>\d{1,2})\s?周?岁(?:以下|以内|及以下|之下)|(?:不满|未满)\s?(?P<short>\d{1,2})\s?周?岁"
)
_AGED = re.compile(
    rf"(?<![a-z])(?:son|daughter|child|kid|boy|girl|nephew|niece|grandson|granddaughter|he|she)(?: is|'s| turns| will be| just turned)? (?P<is>{_NUMBER})(?! (?:cm|kg|of|and)(?![a-z]))(?![a-z\d])"
    rf"|(?<![a-z])aged (?P<aged>{_NUMBER})(?![a-z\d])|(?<![a-z\d])(?P<old>{_NUMBER})[ -]years?[ -]olds?(?![a-z])"
    rf"|(?<![a-z])at (?P<at>{_NUMBER})(?= (?:he|she|your)(?![a-z]))"
    r"|(?P<zh>\d{1,2}|[一二三四五六七八九十]{1,3})\s?周?岁(?![以之及])"
)


def of_age(case: Case, told: Told[Amount], at: int) -> bool:
    """Whether a value that a fact tells of the young may be told of whom question and text speak; said with its limit it may."""
    limit = _LIMIT.search(told.part)
    if limit is None or _LIMIT.search(case.sentence(at)):
        return True
    name, most = next((name, int(said)) for name, said in limit.groupdict().items() if said)
    ages = [age for text in (case.asked.reading.text, case.text) for age in _ages(text)]
    strict = name in ("under", "unders", "short")
    return not ages or any(age < most if strict else age <= most for age in ages)


def _ages(text: str) -> list[int]:
    found = (next(said for said in match.groups() if said) for match in _AGED.finditer(text))
    numbers = (next(iter(numerals(said)), None) for said in found)
    return [int(one.value) for one in numbers if one is not None and 0 < one.value < 100]


__all__ = ["of_age"]
