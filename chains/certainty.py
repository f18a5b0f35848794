"""How sure it is that a statement answers, beyond the judge's word: what the question names, and where it was found.

Everyday words, an attribute's own name, a region that is named: each makes the statement that bears it surer, and
others less. Nothing here reads rows or says anything.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from chains.concepts import asks_for, asks_otherwise, shop_settings
from chains.cues import folded
from chains.data import table
from chains.evidence import Evidence
from chains.places import nearest, places_in, region_of
from chains.words import content_words, plain_words
from knowledge.crm.catalogue_view import Item
from knowledge.facts.embeddings import Embedder
from knowledge.facts.lexicon import tokens
from knowledge.facts.retriever import Hit

BY_NAME = 0.72  # of a statement whose name the question's own words ask for
BY_KEY = 0.93  # of one whose whole name the question says
BY_REGION = 0.9  # of shipping to the region that is named
OTHER_THING = 0.6  # left where everyday words ask for another thing
OTHER_UNIT = 0.2  # left where the unit or the matter that was asked for is missing
ELSEWHERE = 0.3  # left of what shipping to another region had
MAYBE = 0.12
MOST_REGIONS = 6
FAR = 0.06  # of cosine
_REGIONS = "shop:shipping"


def by_words(asked: str, e: Evidence, items: Sequence[Item]) -> Evidence:
    """More certain where the question's everyday words ask for just this."""
    named = e.item is not None and e.item in items and asks_for(asked, e.key)
    key = set(tokens(e.key)) - plain_words()
    if e.item is not None and asks_otherwise(asked, e.key):
        return replace(e, p=e.p * OTHER_THING)  # "what weight can it hold" is no question for its weight
    if e.item is not None and e.item in items and key and key <= set(tokens(asked)):
        return replace(e, p=max(e.p, BY_KEY))  # the question says the attribute's own name
    setting = e.kind == "shop" and any(f"shop:{key}:" in e.id for key in shop_settings(asked))
    return replace(e, p=max(e.p, (e.p + BY_NAME) / 2, BY_NAME)) if named or setting else e


@cache
def _units() -> list[tuple[re.Pattern[str], re.Pattern[str], bool]]:
    raw = table("units_asked")
    return [
        (re.compile(one["asked"]), re.compile(one["said"]), one.get("named", False)) for one in raw.values()
    ]


def by_unit(asked: str, e: Evidence) -> Evidence:
    """Less certain where the question names a unit, or a matter, and the statement has none of its kind: "how many
    decibels", "in the dishwasher"."""
    said, value = folded(asked), folded(f"{e.key} {e.value}")
    own = set(tokens(e.key)) - plain_words()
    names = content_words(" ".join(e.item.names.values())) if e.item is not None else frozenset[str]()
    named = (bool(own) and own <= set(tokens(asked))) or bool(
        (content_words(e.value) & content_words(asked)) - names
    )
    wanted = [
        unit for question, unit, by_name in _units() if question.search(said) and not (by_name and named)
    ]
    return e if not wanted or any(unit.search(value) for unit in wanted) else replace(e, p=e.p * OTHER_UNIT)


def by_region(newest: str, asked: str, cues: frozenset[str], rated: Sequence[Evidence]) -> list[Evidence]:
    """Where shipping is asked for, or seems to be, and a place is named, the region it lies in is meant; by the newest
    words if they name one. Of a place in no region, no region's terms are an answer."""
    regions = [e for e in rated if e.id.startswith(_REGIONS)]
    if not regions or not ("shipping" in cues or rated[0] in regions):
        return list(rated)
    codes = [region_of(e.key) for e in regions]
    for text in dict.fromkeys((newest, asked)):
        place = places_in(text)
        near = {regions[i].id for i in nearest(place, codes)}
        if len(near) > 1:  # "Germany" and "Germany, express": the plain one, unless its word was said
            near = {_plainest([e for e in regions if e.id in near], text)}
        if place:
            return [_placed(e, e.id in near) if e.id.startswith(_REGIONS) else e for e in rated]
    return list(rated)


def terms(asked: str, cues: frozenset[str], language: str, rated: Sequence[Evidence]) -> list[Evidence]:
    """The terms of every region, a few of them, for a question about shipping that names no place."""
    if "shipping" not in cues or places_in(asked):
        return []
    regions = [e for e in rated if e.id.startswith(_REGIONS) and e.language == language]
    return sorted(regions, key=lambda e: e.id)[:MOST_REGIONS]


def _plainest(regions: Sequence[Evidence], text: str) -> str:
    said = set(tokens(text))
    return max(regions, key=lambda e: (len(set(tokens(e.key)) & said), -len(e.key))).id


def _placed(e: Evidence, named: bool) -> Evidence:
    return replace(e, p=max(e.p, BY_REGION) if named else e.p * ELSEWHERE)


def by_product(rated: Sequence[Evidence], hits: Sequence[Hit]) -> list[Evidence]:
    """Where no product was named, statements of products that the search found less like are less sure: less than the
    likest row in their language, for rows in the question's own are likelier all alike."""
    near: dict[tuple[str, str], float] = {}
    best: dict[str, float] = {}
    for hit in hits:
        if hit.kind == "product":
            row = (hit.details["sku"], hit.language)
            near[row] = max(near.get(row, 0.0), hit.dense)
            best[hit.language] = max(best.get(hit.language, 0.0), hit.dense)
    return [
        replace(e, p=e.p * max(0.3, 1 - (best.get(e.language, 0.0) - near.get((e.item.sku, e.language), 0.0)) / FAR))
        if e.item
        else e
        for e in rated
    ]  # fmt: skip


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
