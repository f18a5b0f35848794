"""Folds a text for matching and remembers where each folded character stood. Knows no rule; never changes the text.

Folded are: width and case, traditional characters (OpenCC), look-alikes (data), what cannot be seen, marks and blanks
that hide a word between Chinese characters, letters set apart (`b-e-s-t`) and digits that stand for letters (`b3st`).
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

GAP = 3
"""The longest run of blanks or marks between two Chinese characters that is taken as an attempt to hide a word."""

UNSEEN = ("Cf", "Mn", "Me", "Cc")
MARKS = frozenset(" \t\u3000*_·•・.-+~^|/\\`'\"丨ㆍ﹒．")
_LETTER = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "@": "a", "$": "s"}
_APART = re.compile(r"(?<![a-z0-9])[a-z](?:([-._*·~|])[a-z])(?:\1[a-z]){1,30}\1?(?![a-z0-9])")
_SPACED = re.compile(r"(?<![a-z0-9])(?<![a-z0-9]['-])[a-z](?: [a-z]){3,30}(?![a-z0-9])")
_DISGUISED = re.compile(r"(?<=[a-z])[01345@$](?=[a-z])")
_LISTED = re.compile(
    r"(?<![\u3400-\u9fff])[\u3400-\u9fff](?:[、,，。/][\u3400-\u9fff]){2,30}(?![\u3400-\u9fff])"
)


@dataclass(frozen=True)
class Folded:
    """`text[i]` came from `source[at[i]]` of the original."""

    text: str
    at: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original span of `text[start:end]`, which must not be empty."""
        return self.at[start], self.at[end - 1] + 1


def fold(text: str, same: Mapping[str, str], *, words: bool = True) -> Folded:
    """The text as rules see it; `same` characters (in either of their forms) are replaced, invisible ones dropped.
    Without `words`, letters set apart stay apart and digits stay digits."""
    chars: list[str] = []
    at: list[int] = []
    for index, char in enumerate(text):
        if char < "\x80":
            chars.append(char.lower())
            at.append(index)
            continue
        if (known := same.get(char)) is None and unicodedata.category(char) in UNSEEN:
            continue
        for each in known or plain(char):
            chars.append(same.get(each, each))
            at.append(index)
    chars, at = _without_gaps(chars, at)
    return _letters(chars, at) if words else Folded("".join(chars), tuple(at))


@lru_cache(maxsize=30_000)
def plain(char: str) -> str:
    """One character in its simplest form: NFKC, lower case, simplified. May be several characters, or none."""
    simple = unicodedata.normalize("NFKC", char).casefold()
    return "".join(_simplified(each) if is_han(each) else each for each in simple)


def is_han(char: str) -> bool:
    """Whether this is a Chinese character of the two common blocks."""
    return "\u3400" <= char <= "\u9fff"


def _without_gaps(chars: list[str], at: list[int]) -> tuple[list[str], list[int]]:
    kept: list[int] = []
    size, index = len(chars), 0
    while index < size:
        end = index
        while end < size and chars[end] in MARKS:
            end += 1
        hidden = (
            0 < end - index <= GAP
            and index > 0
            and end < size
            and is_han(chars[index - 1])
            and is_han(chars[end])
        )
        if not hidden:
            kept.extend(range(index, end))
        if end < size:
            kept.append(end)
        index = end + 1
    return [chars[i] for i in kept], [at[i] for i in kept]


def _letters(chars: list[str], at: list[int]) -> Folded:
    """Letters set apart brought together, and digits among letters read as letters."""
    text = "".join(chars)
    text = _DISGUISED.sub(lambda found: _LETTER[found[0]], text)
    dropped = {place for pattern in (_APART, _SPACED, _LISTED) for place in _between(pattern, text)}
    if not dropped:
        return Folded(text, tuple(at))
    kept = [place for place in range(len(text)) if place not in dropped]
    return Folded("".join(text[place] for place in kept), tuple(at[place] for place in kept))


def _between(pattern: re.Pattern[str], text: str) -> Iterator[int]:
    for found in pattern.finditer(text):
        yield from range(found.start() + 1, found.end(), 2)


@cache
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def _simplified(char: str) -> str:
    return str(_converter().convert(char)) or char
