"""The catalogue by SKU, all languages of a product together, and which products a text names.

A snapshot, taken again when an import has run. Price and stock are read from the rows at the time of asking
(`Desk.fresh`), never from here. Knows words of names, not what is asked about them.
"""

import math
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from sqlmodel import Session, select

from knowledge.crm.catalogue import Product
from knowledge.crm.sources import Source
from knowledge.facts.lexicon import tokens

_NOUN = re.compile(r"[\u4e00-\u9fff]{3,}")


@dataclass(frozen=True)
class Item:
    """One SKU. The dictionaries are by language."""

    sku: str
    price: Decimal
    currency: str
    stock: int | None
    names: dict[str, str]
    categories: dict[str, str]
    descriptions: dict[str, str]
    attributes: dict[str, dict[str, str]]
    sources: dict[str, str]

    def language(self, wish: str) -> str:
        """`wish` where the product is described in it, else the one it has."""
        return wish if wish in self.names else next(iter(self.names))

    def name(self, wish: str) -> str:
        return self.names[self.language(wish)]

    @property
    def entity(self) -> str:
        return f"product:{self.sku}"


@dataclass(frozen=True)
class Mention:
    """A product that a text names: how much of its name (0 to 1), by weight of the words."""

    item: Item
    share: float
    weight: float
    words: frozenset[str] = field(default=frozenset())
    shortened: bool = False
    """Whether a Chinese name is said as its first words and what it is: 鹅颈壶 of 鹅颈电热水壶."""


class Catalogue:
    """All items, with the words of their names indexed."""

    def __init__(self, items: list[Item]) -> None:
        self.items = {item.sku: item for item in items}
        self._by_word: dict[str, set[str]] = {}
        self._words: dict[tuple[str, str], frozenset[str]] = {}
        for item in items:
            for language, name in item.names.items():
                words = frozenset(tokens(name))
                self._words[item.sku, language] = words
                for word in words:
                    self._by_word.setdefault(word, set()).add(item.sku)
        self.skus = {item.sku.lower(): item for item in items}

    @cached_property
    def categories(self) -> dict[str, list[Item]]:
        """Items by lower-cased category name, in every language."""
        found: dict[str, list[Item]] = {}
        for item in self.items.values():
            for name in item.categories.values():
                found.setdefault(name.lower(), []).append(item)
        return found

    def peers(self, item: Item) -> list[Item]:
        """The items of the same category, itself left out."""
        mine = set(item.categories.values())
        return [
            other
            for other in self.items.values()
            if other is not item and mine & set(other.categories.values())
        ]

    def weight(self, word: str) -> float:
        """How much a word tells products apart: 0 for a word of every name (and of none), 1 for a word of one."""
        held = len(self._by_word.get(word, ()))
        return math.log((1 + len(self.items)) / held) / math.log(1 + max(len(self.items), 2)) if held else 0.0

    def bearing(self, words: Collection[str]) -> tuple[frozenset[str], list[Item]]:
        """The items whose names have these words (tokens), and which of them: the rarest, and of the rest what goes
        together with those in some name."""
        taken: set[str] = set()
        skus: set[str] = set()
        for word in sorted(
            (w for w in words if w in self._by_word), key=lambda w: (len(self._by_word[w]), w)
        ):
            both = skus & self._by_word[word] if taken else self._by_word[word]
            if both:
                taken.add(word)
                skus = both
        return frozenset(taken), [self.items[sku] for sku in sorted(skus)]

    def mentions(self, text: str) -> list[Mention]:
        """Products named in the text, best first; a SKU counts as a whole name.

        A product counts as named when the text has a word that tells it apart, or most of its name.
        """
        said = tokens(text)
        asked = set(said)
        lowered = text.lower()
        found = [Mention(item, 1.0, 9.0) for sku, item in self.skus.items() if _stands_in(sku, lowered)]
        if found:
            return found
        for sku in set().union(*(self._by_word.get(word, set()) for word in asked)) if asked else set():
            best: Mention | None = None
            for language in self.items[sku].names:
                words = self._words[sku, language]
                shared = words & asked
                weights = {word: self.weight(word) for word in words}
                got = sum(weights[word] for word in shared)
                share = got / (sum(weights.values()) or 1.0)
                if best is None or (got, share) > (best.weight, best.share):
                    short = _shortened(text, self.items[sku].names[language], shared)
                    best = Mention(self.items[sku], share, got, frozenset(shared), short)
            if best and (
                best.share >= 0.5 or max((self.weight(word) for word in best.words), default=0) >= 0.6
            ):
                found.append(best)
        return sorted(found, key=lambda mention: (-mention.weight, -mention.share, mention.item.sku))


def _shortened(text: str, name: str, shared: Collection[str]) -> bool:
    """Whether a pair of characters of a name stands in the text with the last character of the name behind it."""
    noun = _NOUN.findall(name)
    return bool(noun) and any(f"{pair}{noun[-1][-1]}" in text for pair in shared if not pair.isascii())


def _stands_in(sku: str, text: str) -> bool:
    start = text.find(sku)
    while start >= 0:
        before, after = text[start - 1 : start], text[start + len(sku) : start + len(sku) + 1]
        edge = not (before.isascii() and before.isalnum()) and not (after.isascii() and (after.isalnum()))
        if edge and (len(sku) > 3 or not sku.isalpha()):
            return True
        start = text.find(sku, start + 1)
    return False


def load_catalogue(session: Session) -> Catalogue:
    """All products of the database, languages of a SKU together."""
    grouped: dict[str, list[tuple[Product, str | None]]] = {}
    query = select(Product, Source.name).join(Source, isouter=True).order_by(Product.sku, Product.language)
    for row, source in session.exec(query):
        grouped.setdefault(row.sku, []).append((row, source))
    items = []
    for sku, rows in grouped.items():
        first = rows[0][0]
        items.append(
            Item(
                sku=sku, price=first.price, currency=first.currency, stock=first.stock,
                names={row.language: row.name for row, _ in rows},
                categories={row.language: row.category for row, _ in rows if row.category},
                descriptions={row.language: row.description for row, _ in rows if row.description},
                attributes={row.language: {k: str(v) for k, v in row.attributes.items()} for row, _ in rows},
                sources={row.language: f"{source}:{row.source_line}" for row, source in rows},
            )
        )  # fmt: skip
    return Catalogue(items)
