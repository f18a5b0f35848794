"""Reads the month that a message speaks of: "back in April", "in May 2025", 四月份买的, 上个月. Knows no orders."""

import re
from dataclasses import dataclass
from datetime import date

NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH = re.compile(
    r"\b(?:in|of|during|from|since|last|this|back in|around)\s+(?:early |late |mid-?)?"
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\b(?:\s+(?:of\s+)?(20\d\d))?",
    re.I,
)
_CHINESE = re.compile(
    r"(?:(20\d\d)年|(去年|今年|前年))?\s*(1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月(?!\d|经)(?:份|底|初)?"
)
_DIGITS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Month:
    """A month, and its year where one was said."""

    month: int
    year: int | None = None

    def holds(self, day: date) -> bool:
        """Whether a day lies in it."""
        return day.month == self.month and self.year in (None, day.year)


def month_in(text: str, today: date) -> Month | None:
    """The month that a text names, None where it names none."""
    if re.search(r"\blast month\b|上个?月", text, re.I):
        return Month(12, today.year - 1) if today.month == 1 else Month(today.month - 1, today.year)
    if match := _ENGLISH.search(text):
        return Month(NAMES.index(match[1][:3].lower()) + 1, int(match[2]) if match[2] else None)
    if match := _CHINESE.search(text):
        ago = {"今年": 0, "去年": 1, "前年": 2}.get(match[2] or "")
        year = int(match[1]) if match[1] else None if ago is None else today.year - ago
        return Month(_number(match[3]), year)
    return None


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    return sum(_DIGITS.index(sign) + 1 for sign in text)
