"""Knows what everyday words ask for: "how heavy" is answered by `weight`, 几点关门 by the opening hours.

Read from `data/concepts.yaml`. Adds certainty where a question and a row's own name for a thing agree; it never
takes an answer away.
"""

import re
from dataclasses import dataclass
from functools import cache

from chains.cues import folded
from chains.data import table


@dataclass(frozen=True)
class Concept:
    """One thing that can be asked, and the names it has in rows."""

    name: str
    asked: re.Pattern[str]
    keys: re.Pattern[str] | None
    unless: tuple[str, ...] = ()


@cache
def _concepts() -> dict[str, list[Concept]]:
    raw = table("concepts")
    return {
        of: [
            Concept(
                name,
                _any(both["asked"]),
                _any(both["keys"]) if "keys" in both else None,
                tuple(both.get("unless", ())),
            )
            for name, both in some.items()
        ]
        for of, some in raw.items()
    }


def _any(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.I)


def asks_for(question: str, key: str) -> bool:
    """Whether the question asks, in everyday words, for the attribute of this name."""
    said, name = folded(question), folded(key)
    return any(
        c.keys is not None and c.asked.search(said) and c.keys.search(name) for c in _concepts()["product"]
    )


def asks_otherwise(question: str, key: str) -> bool:
    """Whether a question asks for what this attribute is easily taken for: "what weight can it hold" for no `weight`."""
    said, name = folded(question), folded(key)
    product = {c.name: c for c in _concepts()["product"]}
    here = [c for c in product.values() if c.keys is not None and c.keys.search(name)]
    return any(
        product[other].asked.search(said) for c in here for other in c.unless if product[other] not in here
    )


def shop_settings(question: str) -> frozenset[str]:
    """The shop's settings that the question asks for."""
    said = folded(question)
    return frozenset(concept.name for concept in _concepts()["shop"] if concept.asked.search(said))
