"""Tells a value of a row in the other language where it is made of numbers and units alone: `180 公斤` is 180 kg.

The pairs stand in `data/measures.yaml`. Translates no sentence.
"""

import re
from functools import cache

from chains.data import table

_WORD = re.compile(r"[A-Za-z/]+(?: to)?|[\u4e00-\u9fff/]+")
_REST = re.compile(r"[\d\s.,:;%°×xX~–\-+()（），。]*")


@cache
def _pairs() -> dict[str, dict[str, str]]:
    """By the language to tell it in: word of the other one -> word."""
    raw: list[list[str]] = table("measures")
    found: dict[str, dict[str, str]] = {"en": {}, "zh": {}}
    for english, chinese in raw:
        found["en"].setdefault(chinese, english)
        found["zh"].setdefault(english.lower(), chinese)
    return found


def in_other(value: str, language: str) -> str | None:
    """The value in this language; None where it holds more than numbers and known units, or nothing to translate."""
    known = _pairs()[language]
    words = _WORD.findall(value)
    if (
        not words
        or any(word.lower() not in known for word in words)
        or not _REST.fullmatch(_WORD.sub("", value))
    ):
        return None
    told = _WORD.sub(lambda match: known[match[0].lower()], value)
    if language == "en":
        told = re.sub(r"(?<=\d)(?=[A-Za-z])|(?<=[A-Za-z])(?=\d)", " ", told)
    return re.sub(r"\s+", " ", told).strip()
