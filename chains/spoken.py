"""Puts a message as people type it on a phone ("wats the damage", 好多钱) into the words the rest understands.

For understanding alone: what is stored, shown and counted is the message as it came. The words are data. Knows no
products, so it leaves everything it has no entry for as it is.
"""

import re
from functools import cache

from chains.data import table
from knowledge.languages import detect


@cache
def _changes(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern, re.I), said) for pattern, said in table("spoken")[language])


def plainly(text: str) -> str:
    """The message in plain words, in its own language."""
    for pattern, said in _changes(detect(text)):
        text = pattern.sub(said, text)
    return text
