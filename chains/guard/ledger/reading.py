"""Folds a text to one width and case, remembers where each character stood, and parts it into sentences and clauses.

Knows no word of any language; the text given is never changed.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

_KEPT = "，、。½¼¾⅓⅔⅛⅜⅝⅞"
_SAME = {
    "‘": "'",
    "’": "'",
    "‐": "-",
    "‑": "-",
    "−": "-",
    "－": "-",
    "‒": "-",
    "～": "~",
    "〜": "~",
    "⋅": "·",
}
_UNSEEN = ("Cf", "Mn", "Me", "Cc")
_STOP = r"\.(?=\s|$)(?<!\bno\.)(?<!\bca\.)(?<!\bapprox\.)(?<!\b[ap]\.m\.)(?<!\bi\.e\.)(?<!\be\.g\.)"
_SENTENCE = re.compile(rf"[!?。！？\n]+|{_STOP}")
_CLAUSE = re.compile(
    rf"[!?。！？\n;；，—]+|{_STOP}|[,:](?=\s|$)|\s(?:and(?! a (?:half|quarter)(?![a-z]))|but|while|whereas|so|which)\s|(?<=\s)[-–](?=\s)"
)


@dataclass(frozen=True)
class Reading:
    """`text[i]` came from `source[at[i]]`."""

    source: str
    text: str
    at: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of `text[start:end]` in the source; what was dropped behind its last character comes along."""
        last = self.at[end] if end < len(self.at) else len(self.source)
        while last > self.at[end - 1] + 1 and unicodedata.category(self.source[last - 1]) not in ("Me", "Mn"):
            last -= 1
        return self.at[start], max(last, self.at[end - 1] + 1)

    @cached_property
    def _sentences(self) -> list[int]:
        return [0, *(match.end() for match in _SENTENCE.finditer(self.text))]

    @cached_property
    def _clauses(self) -> list[int]:
        ends = {match.end() for match in _CLAUSE.finditer(self.text)}
        return sorted({0, *ends, *self._sentences})

    def sentence(self, at: int) -> tuple[int, int]:
        """The sentence around a place."""
        return around(self._sentences, at, len(self.text))

    def clause(self, at: int) -> tuple[int, int]:
        """The clause around a place: what stands between commas, or between joining words."""
        return around(self._clauses, at, len(self.text))

    def clauses(self) -> list[tuple[int, int]]:
        """Every clause, in order."""
        ends = [*self._clauses[1:], len(self.text)]
        return [(a, b) for a, b in zip(self._clauses, ends, strict=True) if self.text[a:b].strip()]


def around(starts: list[int], at: int, size: int) -> tuple[int, int]:
    index = bisect_right(starts, at) - 1
    return starts[index], starts[index + 1] if index + 1 < len(starts) else size


LONGEST = 2000  # characters judged in one piece


def pieces(text: str) -> list[tuple[int, str]]:
    """(place, stretch) of a text in stretches of bounded length, cut at a line's or a sentence's end, else at a blank."""
    found, start = [], 0
    while len(text) - start > LONGEST:
        stretch = text[start : start + LONGEST]
        cut = max(stretch.rfind(mark) + len(mark) for mark in ("\n", ". ", "。", "! ", "? ", "！", "？"))
        if cut < LONGEST // 2:
            cut = max(stretch.rfind(" ") + 1, LONGEST // 2)
        found.append((start, text[start : start + cut]))
        start += cut
    return [*found, (start, text[start:])]


def read(source: str) -> Reading:
    """The text folded: full-width as half-width, lower case, unseen characters and keycaps' frames dropped."""
    if source.isascii() and "\r" not in source:
        return Reading(source, source.lower(), range(len(source)))
    chars: list[str] = []
    at: list[int] = []
    for index, char in enumerate(source):
        if char in _KEPT:
            folded = char
        elif char in _SAME:
            folded = _SAME[char]
        elif char < "\x80":
            folded = char.lower()
        elif unicodedata.category(char) in _UNSEEN:
            continue
        elif unicodedata.category(char) == "Nd":
            folded = str(unicodedata.digit(char))
        else:
            folded = unicodedata.normalize("NFKC", char).lower()
        for each in folded:
            chars.append(each)
            at.append(index)
    return Reading(source, "".join(chars), at)
