"""Puts what somebody is angry about as the plain questions that a shop's policy answers: "smashed to bits" is damaged goods.

Reads `data/grievances.yaml`. Knows no policy and takes no side.
"""

import re
from functools import cache

from chains.cues import folded
from chains.data import table


@cache
def _grievances() -> list[tuple[re.Pattern[str], dict[str, str]]]:
    return [(re.compile("|".join(one["said"])), one) for one in table("grievances").values()]


def plain_questions(text: str, language: str) -> list[str]:
    """The plain questions of a complaint, in this language; none where its words say nothing known."""
    said = folded(text)
    return [plain[language] for words, plain in _grievances() if words.search(said)]
