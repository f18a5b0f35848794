"""Finds the next bigger or smaller product of the same name: "Claddagh Pot 24 cm" beside "Claddagh Pot 18 cm".

Sizes are the numbers of a name or, where it has none, its words of size (`data/sizes.yaml`). Knows no question.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import cache

from chains.data import table
from chains.products import SIZE, measure
from knowledge.crm.catalogue_view import Item


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
