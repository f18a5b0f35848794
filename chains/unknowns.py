"""Tells a reply that says "I don't know" from one that answers; patterns are data. Knows no facts."""

import re
from functools import cache

from chains.data import table


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    raw = table("unknowns")
    return {
        language: re.compile("|".join(f"(?:{one})" for one in found), re.I) for language, found in raw.items()
    }


def says_unknown(text: str, language: str) -> bool:
    """Whether a reply says that it does not know."""
    return bool(_patterns()["zh" if language == "zh" else "en"].search(text.replace("’", "'")))
