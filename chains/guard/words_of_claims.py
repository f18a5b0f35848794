"""Finds words that claim something the facts do not say: materials, certificates, offers, promises. Data decides which.

A net by words alone, wider than the ledger's: it sees a promise or an offer that holds no number.
"""

import re
from collections.abc import Iterable
from functools import cache

from chains.data import table


@cache
def _groups(language: str) -> tuple[re.Pattern[str], ...]:
    raw = table("claim_words")
    groups: list[list[str]] = raw["zh" if language == "zh" else "en"]
    if language == "zh":
        return tuple(re.compile("|".join(map(re.escape, words))) for words in groups)
    return tuple(
        re.compile(r"\b(?:" + "|".join(map(re.escape, map(str, words))) + r")\b", re.I) for words in groups
    )


def unfounded_words(text: str, facts: Iterable[str], language: str) -> list[str]:
    """The claiming words of a text that no fact holds, nor another word of the same group."""
    known = "\n".join(facts)
    found = ((group, group.search(text)) for group in _groups(language))
    return [match[0] for group, match in found if match is not None and not group.search(known)]
