"""Narrows opening hours to the days that a question names: of a week written day by day a small model says half.

Patterns are data (`data/weekdays.yaml`). Knows no dates: "tomorrow" leaves the hours whole.
"""

import re
from dataclasses import replace
from functools import cache

from chains.data import table
from chains.evidence import Evidence


@cache
def _days(language: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(day, re.I) for day in table("weekdays")["zh" if language == "zh" else "en"])


def _named(text: str, language: str) -> set[int]:
    return {number for number, day in enumerate(_days(language)) if day.search(text)}


def on_the_day(fact: Evidence, question: str) -> Evidence:
    """The opening hours of the days that the question names; any other fact, and hours that are not written day by day,
    as they are."""
    if fact.kind != "shop" or not fact.id.startswith("shop:opening_hours:"):
        return fact
    zh = fact.language == "zh"
    parts = [part.strip() for part in re.split("[;；]", fact.value)]
    days = {part: _named(re.split("[:：]", part)[0], fact.language) for part in parts}
    wanted = _named(question, fact.language)
    if any(len(named) > 1 for named in days.values()) or not wanted <= set().union(*days.values()):
        return fact
    value = ("；" if zh else "; ").join(part for part in parts if days[part] & wanted)
    if not wanted or not value:
        return fact
    return replace(fact, text=f"{fact.key}{'：' if zh else ': '}{value}", value=value)
