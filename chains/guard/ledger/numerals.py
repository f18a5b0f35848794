"""Finds numbers in folded text: digits with either decimal mark, English number words, Chinese numerals, fractions.

Knows no unit: "二百八" is 280 here whatever it counts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from chains.guard.ledger.lexicon import data


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number at `text[start:end]`; `high` differs from `value` in "三五(天)", three to five."""

    start: int
    end: int
    value: Fraction
    how: str
    """digits, words or han"""
    high: Fraction
    fraction: bool = False


_VULGAR = {"½": Fraction(1, 2), "¼": Fraction(1, 4), "¾": Fraction(3, 4), "⅓": Fraction(1, 3), "⅔": Fraction(2, 3),
           "⅛": Fraction(1, 8), "⅜": Fraction(3, 8), "⅝": Fraction(5, 8), "⅞": Fraction(7, 8)}  # fmt: skip
_HAN = "零〇一二三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟"
_DIGITS = r"(?:(?<![a-z0-9_第])|(?<=\dx))(?<!\d[.,])\d+(?:[.,]\d+)*(?:[½¼¾⅓⅔⅛⅜⅝⅞]|(?: ?万| ?亿|千(?![克瓦米卡焦帕赫])|百)(?!分))?|[½¼¾⅓⅔⅛⅜⅝⅞]"
_LONGEST = 60  # characters of a spelled number


@cache
def _english() -> re.Pattern[str]:
    en = data("numbers")["en"]
    low = "|".join(sorted(en["small"], key=len, reverse=True))
    tens = "|".join(en["tens"])
    small = rf"(?:(?:{tens})(?:[ -](?:{low}))?|(?:{low}))"
    below = rf"(?:(?:a|{small})[ -]hundred(?:[ -](?:and[ -])?{small})?|{small})"
    parts = "|".join(sorted(en["parts"], key=len, reverse=True))
    spelled = rf"(?:(?:a|{below})[ -]thousand(?:,?[ -](?:and[ -])?{below})?|{below})"
    return re.compile(
        rf"(?<![a-z0-9])(?:"
        rf"(?P<dozens>(?:half[ -]a|a|{small})?[ -]?dozen)"
        rf"|(?P<point>{small}[ -]point(?:[ -](?:{low}))+)"
        rf"|(?P<share>(?:a|{small})[ -](?:{parts})|half)(?:[ ]of)?(?:[ ](?:an?|the)(?=[ ]))?"
        rf"|(?P<whole>{spelled})(?P<tail>[ ]and[ ]a[ ](?:half|quarter)(?![ ]of))?"
        rf")(?![a-z])"
    )


_DOZEN = rf"打(?![折包开烊扫扰]|[{_HAN}\d.]{{1,4}}\s?折)"
_HAN_RUN = re.compile(
    # 两 counts where no digit stands before it; behind one it is the unit (一斤四两)
    rf"[一两二三半](?={_DOZEN})|[俩仨](?=小时|月|钟头|星期|礼拜)|一两(?=[米天个次件位句块间杯年周月岁小])|(?<![第周])(?<!星期)(?<!礼拜)(?!零[件食售钱碎])(?:[{_HAN}]|(?<![一二三四五六七八九十半\d])两)+(?:点[零〇一二三四五六七八九]+(?!分))?|半[百千万]|(?<![一多大过])半"
)


def numerals(text: str) -> Iterator[Numeral]:
    """Every number in order of place; none within a word or an id."""
    found: list[Numeral] = []
    for match in re.finditer(_DIGITS, text):
        found.append(Numeral(match.start(), match.end(), value := digits(match[0]), "digits", value))
    if re.search(r"[a-z]", text):
        found += [one for match in _english().finditer(text) if (one := _spelled(match)) is not None]
    for match in _HAN_RUN.finditer(text):
        if len(match[0]) <= _LONGEST and not (match.start() and text[match.start() - 1].isdigit()):
            low, high = han(match[0])
            end = match.end()
            if re.compile(_DOZEN).match(text, end):
                low, high, end = low * 12, high * 12, end + 1
            found.append(Numeral(match.start(), end, low, "han", high))
    yield from sorted(found, key=lambda one: one.start)


def digits(text: str) -> Fraction:
    """Digits with separators: of both kinds the last is the decimal mark; groups of three are thousands, save after a
    single dot (0.125, 1.250 kg) or a leading zero."""
    if text[-1] in "万亿千百":
        return digits(text[:-1].rstrip()) * Fraction(data("numbers")["zh"]["powers"][text[-1]])
    if text[-1] in _VULGAR:
        return (digits(text[:-1]) if text[:-1] else Fraction(0)) + _VULGAR[text[-1]]
    marks = [c for c in text if c in ".,"]
    if not marks:
        return Fraction(int(text[:4000]))
    whole, last = text.rsplit(marks[-1], 1)
    thousands = len(last) == 3 and len(set(marks)) == 1 and not text.startswith("0")
    if len(set(marks)) == 1 and (len(marks) > 1 or (thousands and marks[-1] == ",")):
        return Fraction(int(re.sub(r"[.,]", "", text)[:4000]))
    return Fraction(f"{re.sub('[.,]', '', whole) or '0'}.{last}"[:4000])


def _spelled(match: re.Match[str]) -> Numeral | None:
    start, end = match.span()
    if said := match["dozens"]:
        lead = re.sub(r"[ -]?dozen$", "", said)
        value = Fraction(12) * (
            Fraction(1, 2) if lead.startswith("half") else words(lead) if lead not in ("", "a") else 1
        )
        return Numeral(start, end, value, "words", value)
    if said := match["point"]:
        whole, _, places = re.sub("-", " ", said).partition(" point ")
        value = words(whole) + Fraction("0." + "".join(str(int(words(place))) for place in places.split()))
        return Numeral(start, end, value, "words", value)
    if said := match["share"]:
        *first, part = re.split("[ -]", said)
        many = words(" ".join(first)) if first and first != ["a"] else Fraction(1)
        value = many / Fraction(data("numbers")["en"]["parts"][part])
        return Numeral(start, end, value, "words", value, True)
    value = words(match["whole"])
    if match["tail"]:
        value += Fraction(1, 2) if match["tail"].endswith("half") else Fraction(1, 4)
    return Numeral(start, end, value, "words", value)


def words(text: str) -> Fraction:
    """English number words below a million, as `_english` finds them."""
    en = data("numbers")["en"]
    total = current = 0
    for word in re.split(r"[ ,-]+", text):
        if word == "hundred":
            current *= 100
        elif word == "thousand":
            total, current = total + current * 1000, 0
        elif word == "a":
            current = 1
        elif word != "and":
            current += en["small"].get(word, en["tens"].get(word, 0))
    return Fraction(total + current)


def han(text: str) -> tuple[Fraction, Fraction]:
    """A Chinese numeral as (value, value), or the two ends of a pair like 三五. 二百八 is 280; 二〇二六 is 2026."""
    digit, power = data("numbers")["zh"]["digits"], data("numbers")["zh"]["powers"]
    if text.startswith("半"):
        value = Fraction(power.get(text[1:], 1), 2)
        return value, value
    if "点" in text:
        whole, _, places = text.partition("点")
        value = han(whole)[0] + Fraction("0." + "".join(str(digit[c]) for c in places))
        return value, value
    if not any(c in power for c in text):
        value = Fraction(int("".join(str(digit[c]) for c in text)))
        if len(text) == 2 and 0 < digit[text[0]] < digit[text[1]] and digit[text[1]] - digit[text[0]] <= 2:
            return Fraction(digit[text[0]]), Fraction(digit[text[1]])
        return value, value
    total = section = 0
    last, place, zero = 0, 1, False
    for char in text:
        if char in digit:
            last, zero = last * 10 + digit[char] if last else digit[char], zero or digit[char] == 0
            continue
        size = power[char]
        if size >= 10000:
            total, section = (total + section + last) * size, 0
        else:
            section += (last or (1 if size == 10 or not last else 0)) * size
        last, place, zero = 0, size, False
    if last and place >= 100 and not zero and last < 10:
        last *= place // 10
    value = Fraction(total + section + last)
    return value, value
