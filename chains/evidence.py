"""Gathers what could answer a question and judges which of it does.

A candidate is one statement: an attribute of a product, its price, a sentence of its description, a FAQ
entry, a piece of a document, a setting of the shop. Retrieval proposes; a small cross-encoder judges each
statement against the question. Knows nothing of wording a reply.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from chains.guard.addressed import for_people
from chains.phrases import money
from chains.turn import FactRef
from knowledge.crm.catalogue_view import Item
from knowledge.crm.desk import Desk, Stocked
from knowledge.facts.retriever import Hit
from knowledge.ingest.values import NO, YES
from knowledge.languages import detect

DESCRIPTION = ("description", "介绍")
PRICE = ("price", "价格")
STOCK = ("in stock", "库存")
# The judge's best cut for a handful of statements is lower (relevance/weights/calibration.json); among fifty,
# chance throws up a likely-looking one more often, and a wrong answer is worse than "I don't know".
SURELY = 0.4


class Judges(Protocol):
    """Probability that each fact answers the question."""

    def scores(self, question: str, facts: Sequence[str]) -> list[float]: ...


@dataclass(frozen=True)
class Evidence:
    """One statement with where it stands. `key`/`value` for those of a product; `p` is the judge's."""

    id: str
    text: str
    source: str
    scope: str
    kind: str
    language: str
    item: Item | None = None
    key: str = ""
    value: str = ""
    p: float = 0.0
    score: float = 0.0

    def ref(self) -> FactRef:
        """As it is shown beside an answer."""
        return FactRef(id=self.id, source=self.source, text=self.text, scope=self.scope)

    @property
    def polarity(self) -> bool | None:
        """What a yes/no attribute says; None for any other."""
        return polarity_of(self.value)


def name_of(item: Item, language: str) -> FactRef:
    """The product's name as a fact: all that is said of it where nothing is known."""
    spoken = item.language(language)
    return FactRef(
        id=f"{item.entity}:{spoken}#name",
        source=item.sources[spoken],
        text=item.names[spoken],
        scope="public",
    )


def polarity_of(value: str) -> bool | None:
    """Yes, no, or neither, of an attribute's value."""
    bare = value.strip().lower().rstrip(".。")
    if bare in YES - {"1"} or bare in ("支持", "可以", "能", "可"):
        return True
    if bare in NO - {"0"} or bare in ("不支持", "不可以", "不能", "不可", "没有", "none"):
        return False
    return None


def of_product(item: Item, language: str, desk: Desk, stocked: Stocked | None = None) -> list[Evidence]:
    """Every statement of a product row: attributes, description by sentence, price, stock."""
    spoken = item.language(language)
    name, source = item.names[spoken], item.sources[spoken]
    now = stocked or desk.fresh([item.sku]).get(item.sku)
    zh = spoken == "zh"

    def statement(key: str, value: str, part: str, text: str | None = None) -> Evidence:
        said = text or f"{name} - {key}: {value}"
        return Evidence(
            f"{item.entity}:{spoken}#{part}", said, source, "public", "product", spoken, item, key, value
        )

    found = [statement(key, value, key) for key, value in item.attributes[spoken].items()]
    for number, sentence in enumerate(sentences(item.descriptions.get(spoken, ""))):
        found.append(statement(DESCRIPTION[zh], sentence, f"description{number}", f"{name}: {sentence}"))
    if now is not None:
        found.append(statement(PRICE[zh], money(now.price, now.currency, spoken), "price"))
        if now.stock is not None:
            found.append(statement(STOCK[zh], str(now.stock), "stock"))
    return found


def said_abroad(item: Item, language: str, desk: Desk) -> list[Evidence]:
    """The attributes of a product's row in the other language, where that row tells more than the one in this language."""
    other = "zh" if language == "en" else "en"
    if not {language, other} <= item.names.keys():
        return []
    if len(item.attributes.get(other, {})) <= len(item.attributes.get(language, {})):
        return []
    told = of_product(item, other, desk)
    return [e for e in told if e.key not in (*PRICE, *STOCK, *DESCRIPTION)]


def of_hit(hit: Hit) -> list[Evidence]:
    """The statements of a retrieved fact that is no product: itself, or its parts where it is long."""
    if hit.kind == "faq":
        return [
            Evidence(hit.id, hit.text, hit.source, hit.scope, "faq", hit.language, key=hit.details["question"],
                     value=hit.details["answer"], score=hit.score)
        ]  # fmt: skip
    if hit.kind == "shop":
        key, value = str(hit.details.get("label", "")), str(hit.details.get("value", hit.text))
        return [
            Evidence(
                hit.id, hit.text, hit.source, hit.scope, "shop", hit.language, None, key, value, 0, hit.score
            )
        ]
    if hit.kind == "document":
        heading, body = str(hit.details.get("heading", "")), str(hit.details.get("body", hit.text))
        pieces = [body] if len(body) <= 160 else passages(body)
        return [
            Evidence(hit.id, f"{heading}: {piece}", hit.source, hit.scope, "document", hit.language, None, heading,
                     piece, 0, hit.score)
            for piece in pieces
        ]  # fmt: skip
    return [
        Evidence(
            hit.id, hit.text, hit.source, hit.scope, hit.kind, hit.language, value=hit.text, score=hit.score
        )
    ]


def sentences(text: str) -> list[str]:
    """Sentences of a short text, their stops kept."""
    parts = re.split(r"(?<=[.!?])\s+(?=\S)|(?<=[。！？])", text.strip())
    return [part.strip() for part in parts if part.strip()]


def passages(text: str) -> list[str]:
    """Bullets and sentences of a longer text, each with its neighbour where it is very short."""
    lines = [line.strip(" \t-*•·") for line in text.split("\n")]
    pieces = [piece for line in lines if line for piece in sentences(line)]
    joined: list[str] = []
    for piece in pieces:
        if joined and len(joined[-1]) < 30:
            joined[-1] += ("" if detect(piece) == "zh" else " ") + piece
        else:
            joined.append(piece)
    return joined


def _for_machines(candidate: Evidence) -> bool:
    """Whether a statement, or a part of it, gives an assistant orders: such a text was planted, and is not read out."""
    return for_people(candidate.value or candidate.text) != (candidate.value or candidate.text)


def judged(question: str, candidates: Sequence[Evidence], judge: Judges) -> list[Evidence]:
    """The candidates with the judge's probability, best first."""
    candidates = [candidate for candidate in candidates if not _for_machines(candidate)]
    if not candidates:
        return []
    scores = judge.scores(question, [candidate.text for candidate in candidates])
    rated = [replace(candidate, p=score) for candidate, score in zip(candidates, scores, strict=True)]
    return sorted(rated, key=lambda candidate: (-candidate.p, -candidate.score))
