"""Holds what a search needs of one data folder: rows, vectors and words. The search itself is in `scoped`. Writes nothing."""

import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlmodel import col, select

from knowledge.crm.database import Database
from knowledge.crm.sources import Fact, Source
from knowledge.facts.embeddings import Embedder, Vectors
from knowledge.facts.store import VectorStore
from knowledge.facts.words import SHELVES, Label, Words, words_of
from knowledge.principal import Principal

if TYPE_CHECKING:
    from knowledge.facts.scoped import ScopedRetriever


@dataclass(frozen=True)
class Hit:
    """A fact found. `score` is the fused one, about 0 to 1; `dense` is the cosine."""

    id: str
    source: str
    text: str
    scope: str
    score: float
    kind: str = ""
    entity: str = ""
    language: str = ""
    dense: float = 0.0
    details: dict[str, Any] = field(default_factory=dict)


class FactIndex:
    """All facts of one data folder: rows in SQL, vectors in Chroma, words in BM25."""

    def __init__(self, database: Database, store: VectorStore, embedder: Embedder) -> None:
        self.database, self.store, self.embedder = database, store, embedder
        self._words: dict[str, Words] = {}
        self._lock = threading.Lock()

    def changed(self) -> None:
        """To be called after facts were written."""
        with self._lock:
            self._words.clear()

    def words(self, shelf: str) -> Words:
        """A shelf's word index, opened or made on first use."""
        with self._lock:
            if shelf not in self._words:
                self._words[shelf] = words_of(shelf, self.database, self.store.kept)
            return self._words[shelf]

    def open(self) -> None:
        """Read or make all that a search needs, vectors and words, so that the first one finds it."""
        self.store.open()
        for shelf in SHELVES:
            self.words(shelf)

    def labels(self, ids: Collection[str]) -> dict[str, Label]:
        """What ranking asks of rows: kept with the words, and read for those that an import has just brought."""
        with self._lock:
            known = list(self._words.values())
        found: dict[str, Label] = {}
        for words in known:
            found |= words.labels([name for name in ids if name not in found])
        if new := [name for name in ids if name not in found]:
            found |= {
                name: Label(fact.scope, fact.language, fact.entity)
                for name, (fact, _) in self.facts(new).items()
            }
        return found

    def facts(self, ids: Sequence[str]) -> dict[str, tuple[Fact, str]]:
        """Rows by id, each with the name of its source file."""
        with self.database.session() as session:
            query = select(Fact, Source.name).join(Source, isouter=True).where(col(Fact.id).in_(ids))
            return {fact.id: (fact, name or "") for fact, name in session.exec(query)}

    def towards(self, vector: Vectors, language: str) -> dict[str, Vectors]:
        """A question's embedding as it is compared with facts of either language.

        Multilingual embeddings cluster by language first; moving the question by the difference of the two
        languages' means brings it among the other's facts (see docs/decisions/0005).
        """
        shift = getattr(self.embedder, "shift", None)
        own = "zh" if language == "zh" else "en"
        if shift is None:
            return {"en": vector, "zh": vector}
        moved = vector + (shift if own == "en" else -shift)
        return {own: vector, "zh" if own == "en" else "en": moved / np.linalg.norm(moved)}

    def retriever(self, principal: Principal, k: int = 8) -> "ScopedRetriever":
        """The only way to search: for somebody."""
        from knowledge.facts.scoped import ScopedRetriever

        return ScopedRetriever(index=self, principal=principal, k=k)
