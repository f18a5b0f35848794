"""Guesses the next tokens of a text by what followed the same words before (prompt lookup decoding).

A reply copies from its facts. Guessed tokens are read together with the last one, which costs little more than
reading that alone, and as many are kept as the model would have written itself: the text stays the same.
"""

from __future__ import annotations

from collections.abc import Sequence

MOST = 4  # tokens in a guess
ALIKE = 2  # tokens that must be the same before it
PATIENCE = 4  # steps without a guess after one that was all wrong


class Lookup:
    """The guesses of one text."""

    def __init__(self) -> None:
        self._rest = 0

    def guess(self, tokens: Sequence[int], most: int) -> list[int]:
        """Up to `most` tokens that may follow; empty where nothing is alike or the last guess was wrong."""
        if self._rest:
            self._rest -= 1
            return []
        if len(tokens) <= ALIKE:
            return []
        last, before = tokens[-1], tokens[-2]
        for place in range(len(tokens) - 2, 0, -1):
            if tokens[place] == last and tokens[place - 1] == before:
                return list(tokens[place + 1 : place + 1 + min(most, MOST)])
        return []

    def learn(self, right: int) -> None:
        """Take note of how many tokens of a guess were right."""
        self._rest = 0 if right else PATIENCE
