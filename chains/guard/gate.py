"""The last door before words leave: whether a text tells its reader of somebody else.

Replies, copy and follow-ups pass it. It says what kind of thing was found and where, never what; it writes no log. Knows
the shop's customers through `knowledge`, and nothing of how the words came about.
"""

import threading
from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from chains.guard.personal.index import Leak, PeopleIndex
from chains.guard.personal.phones import regions, strange
from knowledge.crm.catalogue_view import Catalogue
from knowledge.crm.people import Person
from knowledge.crm.shop import Shop

MASK = "▇"
REMEMBERED = 2000  # facts


class Shelves(Protocol):
    """Where the shop and its customers are read; the same objects until an import has run."""

    def read(self) -> tuple[Shop, Catalogue, frozenset[str]]: ...

    def people(self) -> tuple[Person, ...]: ...


class Gate:
    """One for a data folder; its index is built on first need and after an import."""

    def __init__(self, shelf: Shelves) -> None:
        self._shelf = shelf
        self._lock = threading.Lock()
        self._index: PeopleIndex | None = None
        self._people: tuple[Person, ...] | None = None
        self._clean: dict[tuple[str, str | None], bool] = {}

    def leaks(
        self, text: str, receiver: str | None, known: Iterable[str] = (), heard: str = ""
    ) -> list[Leak]:
        """What the text may not tell this receiver (a customer's id; None is the public): another customer's data, and
        telephone numbers and addresses that stand neither in the shop's settings nor in `known`. What the receiver
        said themselves (`heard`) may be said back."""
        shop, _, _ = self._shelf.read()
        found = self.index().leaks(text, receiver, heard)
        own = [*known, heard, *texts_in(shop.settings)]
        found += [
            Leak(start, end, "contact") for start, end, _ in strange(text, own, regions(shop.jurisdictions))
        ]
        return sorted(found)

    def lets(self, text: str, receiver: str | None) -> bool:
        """Whether a fact may be shown beside an answer; remembered, since facts come again and again."""
        index, key = self.index(), (text, receiver)
        if key not in self._clean:
            if len(self._clean) > REMEMBERED:
                self._clean.clear()
            self._clean[key] = not index.leaks(text, receiver)
        return self._clean[key]

    def index(self) -> PeopleIndex:
        """The index over the customers as they are now. The first call takes seconds where they are many."""
        people = self._shelf.people()
        with self._lock:
            if self._index is None or people is not self._people:
                shop, catalogue, _ = self._shelf.read()
                self._index = PeopleIndex(people, own=texts_in(shop.settings), common=_common(catalogue))
                self._people = people
                self._clean.clear()
            return self._index


def masked(text: str, leaks: Iterable[Leak]) -> str:
    """The text with what leaks covered, as long as it was."""
    chars = list(text)
    for leak in leaks:
        chars[leak.start : leak.end] = MASK * (leak.end - leak.start)
    return "".join(chars)


def texts_in(value: Any) -> Iterator[str]:
    """Every text of a shop's settings, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts_in(inner)


def _common(catalogue: Catalogue) -> Iterator[str]:
    for item in catalogue.items.values():
        yield item.sku
        for by_language in (item.names, item.categories, item.descriptions):
            yield from by_language.values()
