"""How sure it is that a statement answers, beyond the judge's word: what the question names, and where it was found.

Everyday words, an attribute's own name, a region that is named: each makes the statement that bears it surer, and
others less. Nothing here reads rows or says anything.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib import resources

import yaml

from chains.concepts import asks_for, shop_settings
from chains.cues import folded
from chains.evidence import Evidence
from chains.subject import plain_words
from knowledge.crm.catalogue_view import Item
from knowledge.facts.embeddings import Embedder
from knowledge.facts.lexicon import tokens
from knowledge.facts.retriever import Hit

BY_NAME = 0.72  # of a statement whose name the question's own words ask for
BY_REGION = 0.9  # of shipping to the region that is named
OTHER_UNIT = 0.2  # left where the unit that was asked for is missing
ELSEWHERE = 0.3  # left of what shipping to another region had
MAYBE = 0.12
FAR = 0.06  # of cosine
_REGIONS = "shop:shipping"


def by_words(asked: str, e: Evidence, items: Sequence[Item]) -> Evidence:
    """More certain where the question's everyday words ask for just this."""
    named = e.item is not None and e.item in items and asks_for(asked, e.key)
    key = set(tokens(e.key)) - plain_words()
    if e.item is not None and e.item in items and key and key <= set(tokens(asked)):
        return replace(e, p=max(e.p, BY_NAME + 0.1))  # the question says the attribute's own name
    setting = e.kind == "shop" and any(f"shop:{key}:" in e.id for key in shop_settings(asked))
    return replace(e, p=max(e.p, (e.p + BY_NAME) / 2, BY_NAME)) if named or setting else e


@cache
def _units() -> list[tuple[re.Pattern[str], re.Pattern[str]]]:
    raw = yaml.safe_load(resources.files("chains.data").joinpath("units_asked.yaml").read_text("utf-8"))
    return [(re.compile(one["asked"]), re.compile(one["said"])) for one in raw.values()]


def by_unit(asked: str, e: Evidence) -> Evidence:
    """Less certain where the question names a unit and the statement has none of its kind: "how many decibels"."""
    said, value = folded(asked), folded(f"{e.key} {e.value}")
    wanted = [unit for question, unit in _units() if question.search(said)]
    return e if not wanted or any(unit.search(value) for unit in wanted) else replace(e, p=e.p * OTHER_UNIT)


def by_region(asked: str, newest: str, rated: Sequence[Evidence]) -> list[Evidence]:
    """Where shipping is asked for and a region is named, that one is meant; by the newest words if they name one."""
    regions = [e for e in rated if e.id.startswith(_REGIONS)]
    if len(regions) < 2 or "shipping" not in shop_settings(asked):
        return list(rated)
    words = {e.id: set(tokens(e.key)) - plain_words() for e in regions}
    common = set.intersection(*words.values())
    for text in dict.fromkeys((newest, asked)):
        said = set(tokens(text))
        held = {one: len((own - common) & said) for one, own in words.items()}
        best = max(held.values())
        named = [one for one, count in held.items() if count == best]
        if best and len(named) == 1:
            return [_placed(e, named[0]) if e.id in words else e for e in rated]
    return list(rated)


def _placed(e: Evidence, named: str) -> Evidence:
    return replace(e, p=max(e.p, BY_REGION) if e.id == named else e.p * ELSEWHERE)


def by_product(rated: Sequence[Evidence], hits: Sequence[Hit]) -> list[Evidence]:
    """Where no product was named, statements of products that the search found less like are less sure."""
    near: dict[str, float] = {}
    for hit in hits:
        if hit.kind == "product":
            near[hit.details["sku"]] = max(near.get(hit.details["sku"], 0.0), hit.dense)
    best = max(near.values(), default=0.0)
    return [
        replace(e, p=e.p * max(0.3, 1 - (best - near.get(e.item.sku, 0.0)) / FAR)) if e.item else e
        for e in rated
    ]


def agree(asked: str, rated: Sequence[Evidence], embedder: Embedder) -> bool:
    """Whether, in doubt, the judge's clear first of a named product is the embedding's first as well."""
    own = [e for e in rated if e.item is not None]
    if (
        not own
        or own[0] is not rated[0]
        or own[0].p < MAYBE
        or (len(rated) > 1 and rated[1].p * 3 > own[0].p)
    ):
        return False
    plain = [f"{e.key} {e.value}" for e in own]
    near = embedder.passages(plain) @ embedder.queries([asked])[0]
    return int(near.argmax()) == 0
