"""Finds the facts that a principal may read: dense and lexical search, fused. Writes nothing.

A retriever is built for one principal. What it can reach is decided by the shelves of the store and
checked once more against each row; nothing in a question takes part in that.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from sqlmodel import col, select

from knowledge.crm.sources import Fact, Source
from knowledge.facts.embeddings import E5_COSINES, Vectors
from knowledge.facts.lexicon import fold, highest
from knowledge.facts.retriever import FactIndex, Hit
from knowledge.facts.words import SHELVES, Label, name_in
from knowledge.languages import clean, detect
from knowledge.principal import Principal

if TYPE_CHECKING:
    from langchain_core.retrievers import BaseRetriever

DENSE, WORDS = 0.6, 0.75  # weights; words seldom reach half of all that a question says
TRANSLATED = 0.13  # of the question's words: what a fact in the other language is taken to hold at least
NAMED = 0.5  # the question holds the row's SKU or customer id: it is meant, whatever else it says
POOL = 40
MOST = 1000


@dataclass(frozen=True)
class ScopedRetriever:
    """Bound to a principal; `runnable` is the same for LangChain."""

    index: FactIndex
    principal: Principal
    k: int = 8
    weights: tuple[float, float] = (DENSE, WORDS)

    def search(self, query: str, k: int | None = None, *, vector: Vectors | None = None) -> list[Hit]:
        """The k best facts, best first. `vector` is the query's embedding where it is known already."""
        wanted = min(self.k if k is None else k, MOST)
        text = clean(query).strip()
        if not any(letter.isalnum() for letter in text) or wanted < 1:
            return []
        if vector is None:
            vector = self.index.embedder.queries([text])[0]
        towards = self.index.towards(vector, detect(text))
        dense = dict(self.index.store.nearest(towards, max(POOL, wanted), self.principal))
        lexical = self._lexical(text, max(POOL, wanted), list(dense))
        labels = self.index.labels(dense.keys() | lexical.keys())
        labels = {name: label for name, label in labels.items() if self.principal.may_read(label.scope)}
        missing = [name for name in lexical if name not in dense and name in labels]
        for name, stored in self.index.store.vectors(missing, self.principal).items() if missing else ():
            side = towards["zh" if labels[name].language == "zh" else "en"]
            dense[name] = float(np.dot(side, stored))
        return self._ranked(text, labels, dense, lexical, wanted)

    def entities(self, names: Collection[str]) -> list[Hit]:
        """The facts of these rows (`Fact.entity`) that this principal may read."""
        with self.index.database.session() as session:
            query = select(Fact, Source.name).join(Source, isouter=True).where(col(Fact.entity).in_(names))
            rows = session.exec(query).all()
        return [_hit(fact, source, 1.0) for fact, source in rows if self.principal.may_read(fact.scope)]

    def _lexical(self, text: str, pool: int, also: list[str]) -> dict[str, float]:
        """The share of the question's words in the best facts by words, and in those named in `also`."""
        found: dict[str, float] = {}
        for shelf in SHELVES:
            words = self.index.words(shelf)
            scores = words.scores(text, self.principal)
            if scores is None:
                continue
            ids = words.lexicon.ids
            found |= {ids[n]: float(scores[n]) for n in highest(scores, pool)}
            places = zip(also, ids.places(also), strict=True)
            found |= {name: float(scores[place]) for name, place in places if place >= 0}
        return found

    def _ranked(
        self, text: str, labels: dict[str, Label], dense: dict[str, float], lexical: dict[str, float], k: int
    ) -> list[Hit]:
        """The k best as hits; what a row says of its scope is looked at once more."""
        language = detect(text)
        floor, span = getattr(self.index.embedder, "cosines", E5_COSINES)
        scores: dict[str, float] = {}
        for name, label in labels.items():
            near = (dense.get(name, floor) - floor) / span
            words = max(lexical.get(name, 0.0), 0.0 if label.language == language else TRANSLATED)
            scores[name] = (
                self.weights[0] * near + self.weights[1] * words + NAMED * _names(text, label.entity)
            )
        # by the unbounded score: other models' cosines may all lie below the floor
        best = sorted(scores, key=lambda name: (-scores[name], name))[:k]
        rows = self.index.facts(best)
        return [
            _hit(*rows[name], scores[name], dense.get(name, 0.0))
            for name in best
            if name in rows and self.principal.may_read(rows[name][0].scope)
        ]

    def runnable(self) -> "BaseRetriever":
        """As a LangChain retriever of documents."""
        from knowledge.facts.runnable import Documents  # LangChain takes a second to import

        return Documents(search=self.search)


def _names(text: str, entity: str) -> bool:
    """Whether the text holds the entity's SKU or customer id as a word of its own.

    Only names with a digit count, and numbers from 1000 on: `mug` and `2` are words of other questions too.
    """
    name, said = fold(name_in(entity)), fold(text)
    if name not in said or not any(letter.isdigit() for letter in name) or (name.isdigit() and len(name) < 4):
        return False
    return re.search(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", said) is not None


def _hit(fact: Fact, source: str | None, score: float, dense: float = 0.0) -> Hit:
    where = f"{source}:{fact.source_line}" if fact.source_line else source or ""
    bounded = round(min(max(score, 0.0), 1.0), 4)
    return Hit(
        fact.id,
        where,
        fact.text,
        fact.scope,
        bounded,
        fact.kind,
        fact.entity,
        fact.language,
        dense,
        fact.details,
    )
