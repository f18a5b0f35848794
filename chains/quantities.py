"""How many a customer speaks of: pieces, or metres, nights and heads where a product is sold by them. Knows no prices."""

import re
from functools import cache

from chains.data import table
from chains.guard.ledger.numerals import han
from knowledge.crm.catalogue_view import Item
from knowledge.facts.lexicon import tokens

WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "a pair of": 2, "a dozen": 12, "一": 1, "两": 2, "二": 2, "俩": 2, "三": 3, "仨": 3, "四": 4, "五": 5, "六": 6,
    "七": 7, "八": 8, "九": 9, "十": 10, "一打": 12,
}  # fmt: skip
_HAN = "零一两二俩三仨四五六七八九十百"
MEASURES = "个件条把双支瓶盒袋包罐套只台辆本张副顶块片份箱杯根桶组提听打"
NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
_COUNTED = rf"(?<![\d.,])(?:\d{{1,4}}|(?<![{_HAN}])[{_HAN}]{{1,5}})"
COUNTED_ZH = rf"(?<![\d.,{_HAN}])(?:\d{{1,4}}|[{_HAN}]{{1,5}})[{MEASURES}](?!装|钱)"
"""A number of pieces as Chinese counts them, as a pattern without groups"""
_PRICED = re.compile(r"price|sold|unit|charge|计价|单位|售|价", re.I)


def quantity_in(text: str, item: Item | None = None) -> int | None:
    """How many pieces a text speaks of: `3 of`, `two bottles`, `两条`; numbers of the product's name are none."""
    lowered = text.lower()
    own = set(NUMBER.findall(" ".join(item.names.values()))) if item else set()
    if item is not None and (match := _measured(lowered, item)) is not None:
        return _number(match[1] or match[2])
    if match := re.search(rf"({_COUNTED})\s*[{MEASURES}](?!装|钱)", lowered):
        return _number(match[1])
    names = "|".join(word for word in WORDS if word.isascii())
    pattern = rf"(?<![\w.])(\d{{1,3}}|{names})\s+(?:x\s+|of\s+|×\s+|[a-z]+s\b|pieces?|pcs|units?)|(\d{{1,3}})\s*[x×]\s"
    for match in re.finditer(pattern, lowered):
        word = match[1] or match[2]
        if word not in own:
            return _number(word)
    if item is not None:  # "two Whiff Mini Pumps": a number before the product's own words
        said = set(tokens(" ".join(item.names.values())))
        before = rf"(?<![\w.])(\d{{1,3}}|{names})\s+(?:of\s+)?(?:the\s+|your\s+)?([a-z][\w'-]*)"
        for match in re.finditer(before, lowered):
            if match[1] not in own and set(tokens(match[2])) & said:
                return _number(match[1])
    return None


def _number(word: str) -> int:
    """Of digits, a number word, or Chinese numerals ("二十五")."""
    if word.isdigit():
        return int(word)
    return WORDS[word] if word in WORDS else int(han(word.replace("俩", "两").replace("仨", "三"))[0])


def counted(number: int, text: str, item: Item, language: str) -> str:
    """A quantity as it is said; in Chinese with what the message counts in, if the product is sold so, else pieces."""
    match = _measured(text.lower(), item)
    unit = (match[3] if match is not None else None) or "件"
    return f"{number}{unit}" if language == "zh" else str(number)


def _measured(text: str, item: Item) -> re.Match[str] | None:
    """A number of what the product is sold by: English in group 1, Chinese in 2 with its unit in 3."""
    for asked, sold in _units():
        match = asked.search(text)
        if match and any(sold.search(said) for said in _said_of_price(item)):
            return match
    return None


@cache
def _units() -> list[tuple[re.Pattern[str], re.Pattern[str]]]:
    """Of each unit: a number of it in a message, and that a price is for one of it."""
    names = "|".join(word for word in WORDS if word.isascii())
    found = []
    for words in table("sold_by").values():
        en, zh = words["en"], words["zh"]
        asked = rf"(?<![\w.,])(\d{{1,4}}|{names})[\s-]*(?:{en})\b|({_COUNTED})\s*({zh})"
        sold = rf"\b(?:per|by(?: the)?:?|a|an|each)\s+(?:{en})\b|/\s*(?:{en})\b|[每按/](?:一)?(?:{zh})"
        found.append((re.compile(asked), re.compile(sold, re.I)))
    return found


def _said_of_price(item: Item) -> list[str]:
    """What a product's row says of what its price is for."""
    found = [said for said in item.descriptions.values() if _PRICED.search(said)]
    rows = (f"{key}: {value}" for pairs in item.attributes.values() for key, value in pairs.items())
    return found + [row for row in rows if _PRICED.search(row.partition(":")[0])]
