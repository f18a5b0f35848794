"""Knows which place a text names and which lies in which: Portugal in the EU, 上海 in mainland China.

Countries' names in both languages come from CLDR (babel); what people call them besides, unions and cities stand in
`data/places.yaml`. Knows no shop and no shipping.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml


@dataclass(frozen=True)
class _Places:
    codes: Mapping[str, frozenset[str]]
    """Codes by lower-cased name."""
    pattern: re.Pattern[str]
    """Any of the names, the longest first; English ones as whole words."""
    around: Mapping[str, frozenset[str]]
    """The larger places that each lies in."""
    larger: tuple[str, ...]
    """The larger places, the smallest first, as the file has them."""
    cities: frozenset[str]
    """Names of cities and provinces: smaller than a country."""


@dataclass(frozen=True)
class Place:
    """A place named at `start:end` of a text; `small` where it is less than a country."""

    start: int
    end: int
    name: str
    codes: frozenset[str]
    small: bool


@cache
def _places() -> _Places:
    from babel import Locale

    raw = yaml.safe_load(resources.files("chains.data").joinpath("places.yaml").read_text("utf-8"))
    codes: dict[str, frozenset[str]] = {}
    for language in ("en", "zh"):
        for code, name in Locale(language).territories.items():
            if code.isalpha() and code not in ("ZZ", "EU", "EZ", "UN"):
                codes[name.lower()] = frozenset([code])
    for known in (raw["cities"], raw["names"]):
        codes |= {name: frozenset(code.split("+")) for code, names in known.items() for name in names}
    written = sorted(codes, key=len, reverse=True)
    english = "|".join(
        re.escape(name)
        for name in written
        if name[0].isascii() or (name[0].isalpha() and ord(name[0]) < 0x250)
    )
    chinese = "|".join(re.escape(name) for name in written if ord(name[0]) >= 0x2E80)
    around: dict[str, set[str]] = {}
    for large, inner in raw["within"].items():
        for small in inner:
            around.setdefault(small, set()).add(large)
    for _ in raw["within"]:  # what lies around what lies around it
        for larger in around.values():
            larger |= set().union(*(around.get(one, set()) for one in larger))
    return _Places(
        codes,
        re.compile(rf"(?<![a-z])(?:{english})(?![a-z])|{chinese}"),
        {k: frozenset(v) for k, v in around.items()},
        tuple(raw["within"]),
        frozenset(name for names in raw["cities"].values() for name in names),
    )


def places_named(text: str) -> list[Place]:
    """The places that a lower-cased text names, in order."""
    known = _places()
    return [
        Place(*match.span(), match[0], known.codes[match[0]], match[0] in known.cities)
        for match in known.pattern.finditer(text)
    ]


def lies_in(place: frozenset[str], larger: frozenset[str]) -> bool:
    """Whether every code of a place is one of the larger place's, or lies in one."""
    around = _places().around
    return all(code in larger or around.get(code, frozenset()) & larger for code in place)


def places_in(text: str) -> frozenset[str]:
    """The codes of the places that a text names."""
    known = _places()
    return frozenset().union(*(known.codes[match[0]] for match in known.pattern.finditer(text.lower())))


def nearest(place: frozenset[str], regions: Sequence[frozenset[str]]) -> list[int]:
    """The regions that a place belongs to: those that name it, else the smallest that holds it; by their numbers."""
    named = [i for i, region in enumerate(regions) if place & region]
    if named or not place:
        return named
    known = _places()
    around = frozenset().union(*(known.around.get(code, frozenset()) for code in place))
    for larger in known.larger:
        if larger in around and (holding := [i for i, region in enumerate(regions) if larger in region]):
            return holding
    return []
