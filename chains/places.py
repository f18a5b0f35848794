"""Knows which place a text names and which lies in which: Portugal in the EU, Lhasa in Tibet, Tibet in mainland China.

A place is a code: COUNTRY/.PART/city ("CN", "CN.14", "CN.14/lhasa") or a union ("EU"). Countries' names in both languages
come from CLDR (babel), cities from GeoNames (`gazetteer`); what people call them besides, unions and parts of countries
stand in `data/places.yaml`. Knows no shop and no shipping.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from chains.data import table
from chains.gazetteer import cities


@dataclass(frozen=True)
class _Places:
    codes: Mapping[str, frozenset[str]]
    """Codes by lower-cased name."""
    pattern: re.Pattern[str]
    """Any of the names, the longest first; English ones as whole words."""
    unions: Mapping[str, frozenset[str]]
    """The countries of each union, the smallest union first."""
    apart: frozenset[str]
    """Parts that terms for their country do not cover."""
    others: re.Pattern[str]
    """What says that all but the place is meant."""


@dataclass(frozen=True)
class Place:
    """A place named at `start:end` of a text."""

    start: int
    end: int
    name: str
    codes: frozenset[str]

    @property
    def small(self) -> bool:
        """Whether it is less than a country."""
        return any("." in code for code in self.codes)


@cache
def _places() -> _Places:
    from babel import Locale

    raw = table("places")
    codes: dict[str, frozenset[str]] = {}
    for language in ("en", "zh"):
        for code, name in Locale(language).territories.items():
            if code.isalpha() and code not in ("ZZ", "EU", "EZ", "UN"):
                codes[name.lower()] = frozenset([code])
    for known in (raw["parts"], raw["names"]):
        codes |= {name: frozenset(code.split("+")) for code, names in known.items() for name in names}
    written = sorted(codes, key=len, reverse=True)
    english = "|".join(
        re.escape(name)
        for name in written
        if name[0].isascii() or (name[0].isalpha() and ord(name[0]) < 0x250)
    )
    chinese = "|".join(re.escape(name) for name in written if ord(name[0]) >= 0x2E80)
    unions: dict[str, frozenset[str]] = {}
    for large, inner in raw["within"].items():
        unions[large] = frozenset(inner).union(*(unions.get(one, frozenset()) for one in inner))
    return _Places(
        codes,
        re.compile(rf"(?<![a-z])(?:{english})(?![a-z])|{chinese}"),
        unions,
        frozenset(raw["apart"]),
        re.compile("|".join(raw["others"]), re.I),
    )


def places_in(text: str) -> frozenset[str]:
    """The codes of the places that a text names."""
    known = _places()
    named: frozenset[str] = frozenset()
    rest = text
    for match in known.pattern.finditer(text.lower()):
        named |= known.codes[match[0]]
        rest = rest[: match.start()] + " " * len(match[0]) + rest[match.end() :]
    return named | set(cities().cities_in(rest))


def region_of(name: str) -> frozenset[str]:
    """The codes of a region that a shop names; none of "outside Canada", which is no place in Canada."""
    return frozenset() if _places().others.search(name) else places_in(name)


def places_named(text: str) -> list[Place]:
    """The countries, unions and parts of countries that a lower-cased text names, in order; `place_called` knows cities."""
    known = _places()
    return [Place(*match.span(), match[0], known.codes[match[0]]) for match in known.pattern.finditer(text)]


@lru_cache(maxsize=2000)
def place_called(name: str) -> frozenset[str]:
    """The codes of the place that a lower-cased name as a whole is the name of; where names are expected, cities too."""
    known = _places().codes.get(name)
    if known is not None:
        return known
    han = name[:1] > "\u2e80"
    lead, shorter = ("在", name[:-1]) if han else ("in ", name.rpartition(" ")[0])
    found = cities().cities_in(lead + name)
    return frozenset(found if found and found != cities().cities_in(lead + shorter) else ())


def lies_in(place: frozenset[str], larger: frozenset[str]) -> bool:
    """Whether every code of a place is one of the larger place's, or lies in one."""
    return all(larger.intersection(_around(code)) for code in place)


def nearest(place: frozenset[str], regions: Sequence[frozenset[str]]) -> list[int]:
    """The regions that a place belongs to, by their numbers: those that name it, else the smallest that holds it."""
    found: set[int] = set()
    for code in place:
        for around in _around(code):
            if holding := {i for i, region in enumerate(regions) if around in region}:
                found |= holding
                break
    return sorted(found)


def _around(code: str) -> Iterator[str]:
    """A place and what it lies in, the smallest first."""
    known = _places()
    part = code.split("/")[0]
    yield from dict.fromkeys((code, part))
    country = part.split(".")[0]
    if part not in known.apart:
        yield country
    yield from (union for union, inner in known.unions.items() if country in inner)
