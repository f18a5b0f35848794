"""Tells products of one name apart by size: "Claddagh Pot 24 cm" beside "Claddagh Pot 18 cm", the next bigger, the named.

Sizes are the numbers of a name or, where it has none, its words of size (`data/sizes.yaml`). Knows no question.
"""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache

from chains.data import table
from chains.guard.ledger.measured import numbers_in
from chains.products import SIZE, measure
from chains.quantities import quantity_in
from knowledge.crm.catalogue_view import Item
from knowledge.facts.lexicon import tokens


def sibling(item: Item, peers: Sequence[Item], *, bigger: bool) -> Item | None:
    """The nearest of the peers that differs from the item in size alone, in the wanted direction; None without one."""
    for read in (_by_number, _by_word):
        for language, name in item.names.items():
            line, own = read(name)
            if own is None:
                continue
            others = [(read(peer.names.get(language, "")), peer) for peer in peers]
            sizes = [
                (abs(size - own), peer.sku, peer)
                for (stem, size), peer in others
                if stem == line and size is not None and (size > own if bigger else size < own)
            ]
            if sizes:
                return min(sizes)[2]
    return None


def of_size(text: str, items: Sequence[Item]) -> list[Item]:
    """Of products that were named alike, those in whose names a measure of the text stands, however it is written: "1
    litre" and "1升" of "1.0 L", "the 80" of "80 cm"; and those that have a word of the text to themselves. All of them
    where no measure tells them apart. How many pieces are wanted is no measure."""
    said = _measures([text]) - {("", Fraction(quantity_in(text) or 0))}
    if len(items) < 2 or not said:
        return list(items)
    sizes = [_measures(item.names.values()) for item in items]
    shared = set.intersection(*sizes)
    fit = [bool(said & (own - shared)) for own in sizes]
    names = [set(tokens(" ".join(item.names.values()))) for item in items]
    known = set().union(*(own for own, fits in zip(names, fit, strict=True) if fits))
    alone = set(tokens(text)) - known
    kept = [
        item
        for item, fits, own in zip(items, fit, names, strict=True)
        if fits or any(word.isalpha() for word in own & alone)
    ]
    return kept if any(fit) else list(items)


def _measures(texts: Iterable[str]) -> set[tuple[str, Fraction]]:
    """(dimension, amount in its base), and as a bare number what stands before the unit."""
    found = set()
    for text in texts:
        for number in numbers_in(text.lower()):
            if number.unit is not None:
                found |= {(number.unit.dimension, number.low), ("", number.low / number.unit.factor)}
            elif text[number.start : number.end][-1:].isdigit():  # "the big one" is no size
                found.add(("", number.low))
    return found


def _by_number(name: str) -> tuple[str, Decimal | None]:
    """(the name without its measures, its largest measure in the smallest unit of its kind)."""
    return _bare(SIZE.sub(" ", name.lower())), measure(name)


def _by_word(name: str) -> tuple[str, Decimal | None]:
    """(the name without its word of size, where that word stands on the scale)."""
    pattern, ranks = _scale()
    found = pattern.search(name.lower())
    if found is None:
        return _bare(name.lower()), None
    return _bare(name.lower()[: found.start()] + " " + name.lower()[found.end() :]), ranks[found[0]]


def _bare(name: str) -> str:
    return re.sub(r"\W+", " ", name).strip()


@cache
def _scale() -> tuple[re.Pattern[str], dict[str, Decimal]]:
    raw: list[list[str]] = table("sizes")
    ranks = {word: Decimal(rank) for rank, words in enumerate(raw) for word in words}
    longest = sorted(ranks, key=len, reverse=True)
    english = "|".join(re.escape(word) for word in longest if word.isascii())
    chinese = "|".join(word for word in longest if not word.isascii())
    # a single Chinese character says a size only where it ends the name or stands alone: 小 of 小熊 does not
    return re.compile(rf"(?<![a-z])(?:{english})(?![a-z])|(?:{chinese})(?=$|[\s）)，,])"), ranks
