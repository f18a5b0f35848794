"""Folds a text for matching (width, case, look-alike forms, gaps inside Chinese words) and remembers where each folded
character stood. Knows no rule; never changes the text itself."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

GAP = 3
"""The longest run of blanks between two Chinese characters that is taken as an attempt to hide a word."""


@dataclass(frozen=True)
class Folded:
    """`text[i]` came from `source[at[i]]` of the original."""

    text: str
    at: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original span of `text[start:end]`, which must not be empty."""
        return self.at[start], self.at[end - 1] + 1


def fold(text: str, same: Mapping[str, str]) -> Folded:
    """NFKC and lower case character by character, `same` characters replaced, invisible ones dropped, and blanks of up
    to GAP characters (not line breaks) between two Chinese characters dropped."""
    chars: list[str] = []
    at: list[int] = []
    for index, char in enumerate(text):
        if char < "\x80":
            chars.append(char.lower())
            at.append(index)
            continue
        if unicodedata.category(char) in ("Cf", "Mn") or char == "\ufe0f":
            continue
        char = same.get(char, char)
        for each in char if _is_han(char) else unicodedata.normalize("NFKC", char).casefold():
            chars.append(same.get(each, each))
            at.append(index)
    return _without_gaps(chars, at)


def _without_gaps(chars: list[str], at: list[int]) -> Folded:
    kept: list[int] = []
    size, index = len(chars), 0
    while index < size:
        end = index
        while end < size and chars[end] in " \t\u3000":
            end += 1
        hidden = (
            0 < end - index <= GAP
            and index > 0
            and end < size
            and _is_han(chars[index - 1])
            and _is_han(chars[end])
        )
        if not hidden:
            kept.extend(range(index, end))
        if end < size:
            kept.append(end)
        index = end + 1
    return Folded("".join(chars[i] for i in kept), tuple(at[i] for i in kept))


def _is_han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff"
