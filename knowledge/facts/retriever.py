"""Finds the facts that a principal may read: dense and lexical search, fused. Writes nothing.

A retriever is built for one principal. What it can reach is decided by the shelves of the store and
checked once more against each row; nothing in a question takes part in that.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict
from sqlmodel import col, select

from knowledge.crm.database import Database
from knowledge.crm.sources import Fact, Source
from knowledge.facts.embeddings import Embedder, Vectors
from knowledge.facts.lexicon import Lexicon
from knowledge.facts.store import SHELVES, VectorStore, shelf_of
from knowledge.languages import clean, detect
from knowledge.principal import Principal

DENSE_FLOOR, DENSE_SPAN = 0.75, 0.17  # the bundled E5's cosines lie between 0.75 and 0.92
LEXICAL_SHARE = 0.4
OWN_LANGUAGE = 0.04
POOL = 40


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
    """All facts of one data folder: rows in SQL, vectors in Chroma, words in BM25 (kept in memory)."""

    def __init__(self, database: Database, store: VectorStore, embedder: Embedder) -> None:
        self.database, self.store, self.embedder = database, store, embedder
        self._lexicons: dict[str, Lexicon] = {}
        self._lock = threading.Lock()

    def changed(self) -> None:
        """To be called after facts were written."""
        with self._lock:
            self._lexicons.clear()

    def lexicon(self, shelf: str) -> Lexicon:
        """The word index of one shelf, built on first use."""
        with self._lock:
            if shelf not in self._lexicons:
                with self.database.session() as session:
                    query = select(Fact.id, Fact.text, Fact.scope)
                    rows = [row for row in session.exec(query) if shelf_of(row[2]) == shelf]
                self._lexicons[shelf] = Lexicon([row[0] for row in rows], [row[1] for row in rows])
            return self._lexicons[shelf]

    def facts(self, ids: Sequence[str]) -> dict[str, tuple[Fact, str]]:
        """Rows by id, each with the name of its source file."""
        with self.database.session() as session:
            query = select(Fact, Source.name).join(Source, isouter=True).where(col(Fact.id).in_(ids))
            return {fact.id: (fact, name or "") for fact, name in session.exec(query)}

    def retriever(self, principal: Principal, k: int = 8) -> "ScopedRetriever":
        """The only way to search: for somebody."""
        return ScopedRetriever(index=self, principal=principal, k=k)


class ScopedRetriever(BaseRetriever):
    """A LangChain retriever bound to a principal."""

    model_config = ConfigDict(arbitrary_types_allowed=True, frozen=True)

    index: FactIndex
    principal: Principal
    k: int = 8

    def search(self, query: str, k: int | None = None, *, vector: Vectors | None = None) -> list[Hit]:
        """The k best facts, best first. `vector` is the query's embedding where it is known already."""
        wanted = k or self.k
        text = clean(query).strip()
        if not text or wanted < 1:
            return []
        if vector is None:
            vector = self.index.embedder.queries([text])[0]
        dense = dict(self.index.store.nearest(vector, max(POOL, wanted), self.principal))
        lexical = self._lexical(text, max(POOL, wanted), list(dense))
        missing = [name for name in lexical if name not in dense]
        if missing:
            stored = self.index.store.vectors(missing)
            dense |= {name: float(np.dot(vector, stored[name])) for name in missing if name in stored}
        return self._ranked(text, dense, lexical, wanted)

    def _lexical(self, text: str, pool: int, also: list[str]) -> dict[str, float]:
        """BM25 of the best facts by words, and of those named in `also`."""
        found: dict[str, float] = {}
        for shelf in SHELVES:
            if (
                shelf != "public"
                and self.principal.role != "marketer"
                and (shelf == "internal" or self.principal.customer_id is None)
            ):
                continue
            lexicon = self.index.lexicon(shelf)
            scores = lexicon.scores(text)
            top = np.argsort(-scores)[:pool] if shelf != "customers" else np.flatnonzero(scores)
            found |= {lexicon.ids[n]: float(scores[n]) for n in top if scores[n] > 0}
            found |= {
                name: float(scores[lexicon.position[name]]) for name in also if name in lexicon.position
            }
        return found

    def _ranked(self, text: str, dense: dict[str, float], lexical: dict[str, float], k: int) -> list[Hit]:
        rows = self.index.facts(list(dense.keys() | lexical.keys()))
        rows = {name: row for name, row in rows.items() if self.principal.may_read(row[0].scope)}
        best_words = max((lexical.get(name, 0.0) for name in rows), default=0.0) or 1.0
        language = detect(text)
        hits = []
        for name, (fact, source) in rows.items():
            near = (dense.get(name, DENSE_FLOOR) - DENSE_FLOOR) / DENSE_SPAN
            words = lexical.get(name, 0.0) / best_words
            score = (
                (1 - LEXICAL_SHARE) * near
                + LEXICAL_SHARE * words
                + OWN_LANGUAGE * (fact.language == language)
            )
            where = f"{source}:{fact.source_line}" if fact.source_line else source
            hits.append(
                Hit(name, where, fact.text, fact.scope, round(min(max(score, 0.0), 1.0), 4), fact.kind, fact.entity,
                    fact.language, dense.get(name, 0.0), fact.details)
            )  # fmt: skip
        return sorted(hits, key=lambda hit: (-hit.score, hit.id))[:k]

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        return [
            Document(
                hit.text, id=hit.id, metadata={"source": hit.source, "scope": hit.scope, "score": hit.score}
            )
            for hit in self.search(query)
        ]
