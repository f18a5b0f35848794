"""Finds any of many known strings in a short one, in time that does not grow with how many are known.

Each string is filed under its beginning with its length; at each place of the text only lengths that begin so are tried.
Knows no customer and no disguise.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Generic, TypeVar

Held = TypeVar("Held")


class Needles(Generic[Held]):
    """Known strings, each with what it stands for."""

    def __init__(self, values: Mapping[str, Held], beginning: int) -> None:
        """`beginning`: how many characters a string is filed under; shorter ones are left out."""
        self._beginning = beginning
        self._values = {text: held for text, held in values.items() if len(text) >= beginning}
        lengths: dict[str, set[int]] = {}
        for text in self._values:
            lengths.setdefault(text[:beginning], set()).add(len(text))
        self._lengths = {begun: tuple(sorted(some, reverse=True)) for begun, some in lengths.items()}

    def __len__(self) -> int:
        return len(self._values)

    def find(self, text: str) -> Iterator[tuple[int, int, Held]]:
        """(start, end, what it stands for) of every known string in the text; they may lap over."""
        step, lengths, values = self._beginning, self._lengths, self._values
        if not values:
            return
        size = len(text)
        for start in range(size - step + 1):
            for length in lengths.get(text[start : start + step], ()):
                end = start + length
                if end <= size and (held := values.get(text[start:end])) is not None:
                    yield start, end, held

    def without(self, texts: Iterable[str]) -> "Needles[Held]":
        """The same without these strings."""
        gone = set(texts)
        return Needles(
            {text: held for text, held in self._values.items() if text not in gone}, self._beginning
        )
