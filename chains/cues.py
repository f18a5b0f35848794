"""Patterns that say what a message is about, read from `data/cues.yaml`. Decides nothing."""

import re
from functools import cache

from chains.data import table
from knowledge.languages import clean

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0x2019: 0x27}


class Cues:
    """Compiled patterns by name."""

    def __init__(self, patterns: dict[str, list[str]]) -> None:
        self._compiled = {
            name: re.compile("|".join(f"(?:{pattern})" for pattern in some), re.I)
            for name, some in patterns.items()
        }

    def has(self, name: str, text: str) -> bool:
        """Whether the cue stands in the text (full-width letters count as half-width)."""
        return self._compiled[name].search(folded(text)) is not None

    def all(self, text: str) -> frozenset[str]:
        """The names of all cues in the text."""
        flat = folded(text)
        return frozenset(name for name, pattern in self._compiled.items() if pattern.search(flat))


def folded(text: str) -> str:
    """Lower-cased, half-width, at most 2,000 characters."""
    return clean(text)[:2000].translate(_WIDE).lower()


@cache
def packaged_cues() -> Cues:
    """The cues that ship."""
    return Cues(table("cues"))
