"""Tells a thing from what is only named after it: a guitar from a guitar strap, 相机 from 相机包.

Reads names alone, with a list of nouns of parts and accessories (`data/parts.yaml`); knows no prices.
"""

import re
from collections.abc import Sequence
from functools import cache

from chains.data import table
from chains.words import plain_words
from knowledge.crm.catalogue_view import Catalogue, Item
from knowledge.facts.lexicon import fold, tokens

_AFTER_HEAD = re.compile(r"[,;:(（，、；：–—]|\s-\s|\b(?:with|for|of|in|from|by)\b", re.I)


@cache
def _parts() -> tuple[frozenset[str], tuple[str, ...]]:
    """(stems of English nouns, Chinese endings)."""
    listed = table("parts")
    return frozenset(stem for word in listed["en"] for stem in tokens(word)), tuple(listed["zh"])


def is_one(name: str, words: frozenset[str]) -> bool:
    """Whether a product of this name is what the words (tokens of a question that the name has) call it.

    It is not where the words stand behind "with" or "for", or a noun of a part stands behind them.
    """
    stems, endings = _parts()
    head = fold(_AFTER_HEAD.split(name)[0])
    spoken = [word for word in words if not word.isascii() and word in head]
    if spoken:
        rest = head[max(head.rfind(word) + len(word) for word in spoken) :].split()
        return not rest or not rest[0].endswith(endings)
    said = [tokens(word) for word in head.split()]
    found = [place for place, stemmed in enumerate(said) if words & set(stemmed)]
    return bool(found) and not any(stems & set(stemmed) for stemmed in said[found[-1] + 1 :])


def of_the_word(text: str, pool: Sequence[Item], catalogue: Catalogue) -> Sequence[Item]:
    """The products to choose among where a text names a kind of thing by a word of names ("the cheapest guitar").

    The whole category that is called so; else the products whose names call them so; else `pool` as it is, also where it
    was not chosen by that word.
    """
    said, flat = set(tokens(text)), fold(text)
    words, alike = catalogue.bearing(said - plain_words())
    if len(alike) < 2 or not pool:
        return pool
    if not all(item in alike for item in pool) and not _share_category(pool, words):
        return pool
    for name, items in catalogue.categories.items():
        called = set(tokens(name))
        if words <= called and (called <= said or fold(name) in flat):
            return items
    ones = [item for item in alike if any(is_one(name, words) for name in item.names.values())]
    return ones or pool


def _share_category(pool: Sequence[Item], words: frozenset[str]) -> bool:
    """Whether the pool is of one category, whose name has one of the words."""
    shared = set.intersection(*(set(item.categories.values()) for item in pool))
    return any(words & set(tokens(name)) for name in shared)
