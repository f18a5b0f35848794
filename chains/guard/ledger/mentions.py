"""The shapes of what a text or a fact mentions: an amount, a day, a time of day, a term. Knows no text."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import TypeVar

ONE_MONTH = 30  # days, where months meet days


@dataclass(frozen=True)
class Mention:
    """Stands at `start:end` of a reading."""

    start: int
    end: int
    kind: str

    @property
    def normal(self) -> str:
        """The normal form, as the ledger shows it."""
        return ""


M = TypeVar("M", bound=Mention)


@dataclass(frozen=True)
class Amount(Mention):
    """A number of something. `low == high` is exact; None is open. `strict`: over or under, not at. `noun`: what is
    counted. `second`: only the second piece (第二件半价)."""

    low: Fraction | None
    high: Fraction | None
    dimension: str
    strict: bool = False
    noun: str = ""
    second: bool = False
    per: Fraction | None = None
    per_dimension: str = ""
    signed: int = 0

    @property
    def exact(self) -> Fraction | None:
        return self.low if self.low == self.high else None

    @property
    def edge(self) -> Fraction:
        """The value, or the one limit there is."""
        value = self.low if self.low is not None else self.high
        return value if value is not None else Fraction(0)

    @property
    def normal(self) -> str:
        unit = f" {self.dimension}" if self.dimension else ""
        if self.low is not None and self.high is not None:
            return (
                f"{_show(self.low)}{unit}"
                if self.low == self.high
                else f"{_show(self.low)}..{_show(self.high)}{unit}"
            )
        sign = (">" if self.low is not None else "<") + ("" if self.strict else "=")
        return f"{sign} {_show(self.edge)}{unit}"

    def with_values(self, low: Fraction | None, high: Fraction | None) -> "Amount":
        return replace(self, low=low, high=high)


@dataclass(frozen=True)
class Day(Mention):
    """A date as far as it is said; `edge`: the end or the start of a month."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    edge: str = ""

    @property
    def normal(self) -> str:
        parts = [
            f"{self.year:04}" if self.year else "-",
            f"{self.month:02}" if self.month else "-",
            f"{self.day:02}" if self.day else "-",
        ]
        week = "" if self.weekday is None else " " + calendar.day_abbr[self.weekday]
        return "-".join(parts) + week

    def real(self, year: int | None = None, month: int | None = None) -> date | None:
        """The calendar day, with year and month filled in where the text leaves them out."""
        y, m = self.year or year, self.month or month
        if not (y and m):
            return None
        day = self.day or (calendar.monthrange(y, m)[1] if self.edge == "end" else None)
        try:
            return date(y, m, day) if day else None
        except ValueError:
            return None

    def agrees(self, other: "Day") -> bool:
        """Whether nothing in the two differs and they share a month or a day."""
        pairs = [(self.year, other.year), (self.month, other.month), (self._day(other), other._day(self))]
        shared = [(a, b) for a, b in pairs if a and b]
        return bool(shared) and all(a == b for a, b in shared) and self._same_week(other)

    def _day(self, other: "Day") -> int | None:
        if self.day or not self.edge or not self.month:
            return self.day
        return (
            calendar.monthrange(self.year or other.year or 2025, self.month)[1] if self.edge == "end" else 1
        )

    def _same_week(self, other: "Day") -> bool:
        shared = self.real(other.year, other.month) or other.real(self.year, self.month)
        known = {self.weekday, other.weekday, shared.weekday() if shared else None} - {None}
        return len(known) < 2


@dataclass(frozen=True)
class Clock(Mention):
    """Minutes after midnight; `until` for opening ranges. `sure`: morning or afternoon is said, or above 12."""

    minute: int
    until: int | None = None
    sure: bool = False
    until_sure: bool = False

    @property
    def normal(self) -> str:
        shown = f"{self.minute // 60:02}:{self.minute % 60:02}"
        return shown if self.until is None else f"{shown}-{self.until // 60:02}:{self.until % 60:02}"

    def starts(self) -> set[int]:
        return {self.minute} if self.sure else {self.minute, (self.minute + 720) % 1440}

    def ends(self) -> set[int]:
        if self.until is None:
            return set()
        return {self.until} if self.until_sure else {self.until, (self.until + 720) % 1440}


@dataclass(frozen=True)
class Term(Mention):
    """A word that claims: a material, a certificate, an origin, an id. `key` is its normal form."""

    key: str
    modifier: str = ""

    @property
    def normal(self) -> str:
        return self.key


def _show(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    if abs(value) >= 10**12:
        return str(value.numerator // value.denominator)
    return f"{float(value):.4f}".rstrip("0").rstrip(".")


def overlaps(start: int, end: int, taken: Sequence[tuple[int, int]]) -> bool:
    """Whether a stretch shares a character with any of those taken."""
    return any(start < b and a < end for a, b in taken)
