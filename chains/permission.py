"""Finds what a sentence allows that its row does not: "late return is possible" of a row that gives a price for it.

Patterns are data (`data/modals.yaml`). Knows no yes or no, which allows by itself.
"""

import re
from functools import cache

from chains.data import table


@cache
def _pattern(language: str) -> re.Pattern[str]:
    return re.compile(table("modals")["zh" if language == "zh" else "en"], re.I)


def unfounded_permission(text: str, fact: str, language: str) -> str:
    """The word of a text that allows something, where the fact has no such word; else empty."""
    found = _pattern(language).search(text)
    return found[0] if found and not _pattern(language).search(fact) else ""
