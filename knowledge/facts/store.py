"""Vectors in Chroma: the only import of chromadb. Knows ids, scopes and vectors, not what facts say.

Public and internal facts live in a collection for each language, so that a question of a customer never needs
a filter over them (a `where` over half of 100,000 rows costs more than the search) and the nearest facts of the
other language are not crowded out by those of the question's own; facts of single customers share one more,
filtered by the customer's id. In a folder of our own the shelves are read once and searched by `matrix`; what was read is
kept beside Chroma under a stamp that stands in the collection itself until it is next written to. A server's may be
written by others, so it is asked itself.
"""

import re
import threading
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.errors import KnowledgeError, WrongEmbeddings
from knowledge.facts import matrix
from knowledge.facts.embeddings import Vectors
from knowledge.facts.kept import Arrays, Kept, stamp_of
from knowledge.facts.matrix import Matrix
from knowledge.principal import CUSTOMER, INTERNAL, PUBLIC, Principal

BATCH = 1000
READ = 5000
STAMP = "read"  # in a collection's metadata: what was read of it since it was last written to
SHELVES = (*(f"{scope}-{code}" for scope in (PUBLIC, INTERNAL) for code in ("en", "zh")), "customers")


class VectorStore:
    """Collections by scope and language, named after the embedding model that filled them."""

    def __init__(self, where: Path | str, embedding: str, space: str = "") -> None:
        """`where` is a folder or http://HOST:PORT of a Chroma server; `space` begins the collections' names
        where several shops share one.

        Raises: KnowledgeError when the folder cannot be opened or the server does not answer.
        """
        import chromadb
        from chromadb.config import Settings

        quiet = Settings(anonymized_telemetry=False)
        if isinstance(where, Path):
            try:
                where.mkdir(parents=True, exist_ok=True)
                self._client: Any = chromadb.PersistentClient(path=str(where), settings=quiet)
            except Exception as error:
                raise KnowledgeError(
                    f"The vectors in {where} cannot be opened ({type(error).__name__}): move that folder away, "
                    "and they are made again."
                ) from error
        else:
            host = re.fullmatch(r"(https?)://([^:/]+):(\d+)/?", where)
            if not host:
                raise KnowledgeError("MARKETEER_CHROMA should read http://HOST:PORT.")
            try:
                self._client = chromadb.HttpClient(
                    host[2], int(host[3]), ssl=host[1] == "https", settings=quiet
                )
            except ValueError as error:
                raise KnowledgeError(f"The Chroma server at {where} does not answer.") from error
        self.embedding, self._prefix = embedding, f"facts-{space}"
        self._shelves: dict[str, Any] = {}
        self._ours = isinstance(where, Path)
        self.kept = Kept(where.with_name("search") if isinstance(where, Path) else None)
        self._read: dict[str, Matrix] = {}
        self._lock = threading.RLock()

    def close(self) -> None:
        """Let go of the files, so that another process may open them."""
        self._shelves.clear()
        self._read.clear()
        self._client.close()

    def check(self) -> None:
        """Raises: WrongEmbeddings when the facts here were embedded by another model."""
        mine, others = set(self._names().values()), []
        for collection in self._client.list_collections():
            if (
                collection.name.startswith(self._prefix)
                and collection.name not in mine
                and collection.count()
            ):
                others.append((collection.metadata or {}).get("embedding", collection.name))
        if others:
            raise WrongEmbeddings(
                f"The facts here were embedded by {others[0]}, and the setting now says {self.embedding}: "
                "run `marketeer reindex` once, or set MARKETEER_EMBEDDINGS back."
            )

    def _names(self) -> dict[str, str]:
        return {shelf: self._name(shelf) for shelf in SHELVES}

    def _name(self, shelf: str) -> str:
        slug = re.sub(r"[^a-z0-9]+", "-", self.embedding.lower()).strip("-")[:40]
        return f"{self._prefix}{shelf}-{slug}"

    def _shelf(self, name: str) -> Any:
        if name not in self._shelves:
            self._shelves[name] = self._client.get_or_create_collection(
                self._name(name),
                embedding_function=None,
                metadata={"embedding": self.embedding},
                configuration={"hnsw": {"space": "cosine", "ef_search": 128}},
            )
        return self._shelves[name]

    def put(
        self, ids: Sequence[str], scopes: Sequence[str], languages: Sequence[str], vectors: Vectors
    ) -> None:
        """Insert or replace vectors, shape (len(ids), dimensions)."""
        for shelf in SHELVES:
            chosen = [n for n, scope in enumerate(scopes) if shelf_of(scope, languages[n]) == shelf]
            if chosen:
                with self._changing(shelf):
                    for start in range(0, len(chosen), BATCH):
                        part = chosen[start : start + BATCH]
                        self._shelf(shelf).upsert(
                            ids=[ids[n] for n in part],
                            embeddings=vectors[part],
                            metadatas=[{"scope": scopes[n]} for n in part],
                        )

    def drop(self, ids: Iterable[str]) -> None:
        """Forget vectors; unknown ids are fine."""
        gone = list(ids)
        for shelf in SHELVES if gone else ():
            for start in range(0, len(gone), BATCH):
                part = gone[start : start + BATCH]
                if here := self._shelf(shelf).get(ids=part, include=[])["ids"]:
                    with self._changing(shelf):
                        self._shelf(shelf).delete(ids=here)

    @contextmanager
    def _changing(self, shelf: str) -> Iterator[None]:
        """What was read of a shelf is forgotten, on disk first; it is read anew when it is next searched, not meanwhile."""
        with self._lock:
            self._read.pop(shelf, None)
            self._mark(shelf, None)
            yield

    def _mark(self, shelf: str, stamp: str | None) -> None:
        collection = self._shelf(shelf)
        if (collection.metadata or {}).get(STAMP) != stamp:
            collection.modify(metadata={"embedding": self.embedding} | ({STAMP: stamp} if stamp else {}))

    def open(self) -> None:
        """Read what of a folder's shelves is not read yet, so that the first search finds it."""
        for shelf in SHELVES if self._ours else ():
            self._matrix(shelf)

    def _matrix(self, shelf: str) -> Matrix:
        """A shelf as it is searched, read when it is first needed."""
        with self._lock:
            if shelf not in self._read:
                stamp = str((self._shelf(shelf).metadata or {}).get(STAMP, ""))
                found = self.kept.find(self._name(shelf), _with_code(stamp)) if stamp else None
                self._read[shelf] = Matrix(self._fresh(shelf) if found is None else found)
            return self._read[shelf]

    def _fresh(self, shelf: str) -> Arrays:
        """A shelf's arrays as Chroma has it now, kept from now on; the mark comes last, when all is on disk."""
        arrays, stamp = self._arrays(shelf), uuid.uuid4().hex
        kept = self.kept.keep(self._name(shelf), _with_code(stamp), arrays)
        if kept is None:
            return arrays
        self._mark(shelf, stamp)
        return kept

    def _arrays(self, shelf: str) -> Arrays:
        collection = self._shelf(shelf)
        ids: list[str] = []
        scopes: list[str] = []
        parts: list[Vectors] = []
        for start in range(0, collection.count(), READ):
            part = collection.get(limit=READ, offset=start, include=["embeddings", "metadatas"])
            ids += part["ids"]
            scopes += [row["scope"] for row in part["metadatas"]]
            parts.append(np.asarray(part["embeddings"], dtype=np.float32))
        vectors = np.concatenate(parts) if parts else np.zeros((0, 1), dtype=np.float32)
        return matrix.table(ids, scopes, vectors)

    def nearest(self, vectors: dict[str, Vectors], k: int, principal: Principal) -> list[tuple[str, float]]:
        """The k nearest facts of each language that this principal may read: (id, cosine), best first.

        `vectors` is the question's embedding as facts in `en` and in `zh` are to be compared with it.
        """
        found: list[tuple[str, float]] = []
        for shelf, where in self._readable(principal):
            vector = vectors["zh" if shelf.endswith("-zh") else "en"]
            if self._ours:
                found += self._matrix(shelf).nearest(vector, k, where["scope"] if where else None)
                continue
            collection = self._shelf(shelf)
            size = collection.count()
            if size:
                answer = collection.query(
                    query_embeddings=vector.reshape(1, -1),
                    n_results=min(k, size),
                    where=where,
                    include=["distances"],
                )
                found += [(i, 1 - d) for i, d in zip(answer["ids"][0], answer["distances"][0], strict=True)]
        return sorted(found, key=lambda hit: -hit[1])

    @staticmethod
    def _readable(principal: Principal) -> list[tuple[str, dict[str, Any] | None]]:
        shelves: list[tuple[str, dict[str, Any] | None]]
        shelves = [(shelf, None) for shelf in SHELVES if shelf.startswith(PUBLIC)]
        if principal.role == "marketer":
            shelves = [(shelf, None) for shelf in SHELVES]
        elif principal.customer_id is not None:
            shelves.append(("customers", {"scope": CUSTOMER + principal.customer_id}))
        return shelves

    def vectors(self, ids: Sequence[str], principal: Principal) -> dict[str, Vectors]:
        """The stored vectors of those of these ids that this principal may read."""
        found: dict[str, Vectors] = {}
        for shelf, where in self._readable(principal):
            if self._ours:
                found |= self._matrix(shelf).vectors_of(ids, where["scope"] if where else None)
                continue
            answer = self._shelf(shelf).get(ids=list(ids), where=where, include=["embeddings"])
            found |= dict(zip(answer["ids"], answer["embeddings"], strict=True))
        return found

    def count(self) -> int:
        """How many vectors are stored."""
        return sum(self._shelf(shelf).count() for shelf in SHELVES)

    def ids(self) -> dict[str, str]:
        """Every stored id and the shelf it stands on."""
        found: dict[str, str] = {}
        for shelf in SHELVES:
            collection = self._shelf(shelf)
            for start in range(0, collection.count(), 5000):
                for name in collection.get(limit=5000, offset=start, include=[])["ids"]:
                    found[name] = shelf
        return found

    def clear(self, *, others_too: bool = False) -> None:
        """Drop this model's collections, or those of every model."""
        mine = set(self._names().values())
        for collection in self._client.list_collections():
            if collection.name in mine or (others_too and collection.name.startswith(self._prefix)):
                self._client.delete_collection(collection.name)
        self._shelves.clear()
        self._read.clear()


def shelf_of(scope: str, language: str) -> str:
    """The collection a fact lives in; languages that are not Chinese stand with English."""
    return f"{scope}-{'zh' if language == 'zh' else 'en'}" if scope in (PUBLIC, INTERNAL) else "customers"


def _with_code(stamp: str) -> str:
    """A stamp that changes with what makes the arrays, too."""
    return stamp_of(stamp, Path(matrix.__file__))
