"""One data folder for a test: a real SQLite file, a real Chroma folder, and an embedder that needs no model."""

import csv
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sqlmodel import select

from knowledge.crm.database import Database
from knowledge.crm.sources import Fact
from knowledge.facts.embeddings import Embedder, Vectors
from knowledge.facts.lexicon import tokens
from knowledge.facts.retriever import FactIndex, Hit
from knowledge.facts.store import VectorStore, shelf_of
from knowledge.ingest.report import FileReport
from knowledge.ingest.run import Ingest
from knowledge.principal import MARKETER, Principal


class Hashing:
    """Words hashed into 64 dimensions: the same text has the same vector, alike texts are near."""

    cosines = (0.0, 1.0)

    def __init__(self, name: str = "hashing") -> None:
        self.name = name

    def queries(self, texts: Sequence[str]) -> Vectors:
        found = np.full((len(texts), 64), 0.01, dtype=np.float32)
        for row, text in zip(found, texts, strict=True):
            for token in tokens(text):
                row[int(hashlib.md5(token.encode()).hexdigest(), 16) % 64] += 1
        return found / np.linalg.norm(found, axis=1, keepdims=True)

    passages = queries


@dataclass
class Room:
    """The parts of `knowledge`, opened on one folder."""

    folder: Path
    database: Database
    store: VectorStore
    index: FactIndex
    ingest: Ingest

    def file(self, name: str, content: str | bytes | list[dict[str, Any]]) -> Path:
        """Write an import file; a list of dictionaries becomes CSV."""
        path = self.folder / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        elif isinstance(content, str):
            path.write_text(content, encoding="utf-8", newline="")
        else:
            with path.open("w", encoding="utf-8", newline="") as handle:
                writer = csv.DictWriter(handle, list(dict.fromkeys(key for row in content for key in row)))
                writer.writeheader()
                writer.writerows(content)
        return path

    def load(self, path: Path, **options: Any) -> FileReport:
        """Import one file."""
        (report,) = self.ingest.files([path], **options).files
        return report

    def counts(self, path: Path, **options: Any) -> tuple[int, int, int, int, int]:
        """Import one file: imported, updated, unchanged, removed, rejected."""
        report = self.load(path, **options)
        assert report.error is None, report.error
        return (report.imported, report.updated, report.unchanged, report.removed, report.rejected)

    def all(self, model: Any) -> list[Any]:
        """Every row of a table."""
        with self.database.session() as session:
            return list(session.exec(select(model)))

    def sql(self, statement: str) -> None:
        """Run a statement outside any session, as an administrator would."""
        with self.database.engine.begin() as connection:
            connection.exec_driver_sql(statement)

    def search(self, text: str, principal: Principal = MARKETER, k: int = 8) -> list[Hit]:
        return self.index.retriever(principal).search(text, k)

    def assert_whole(self) -> None:
        """Every fact has its vector on the right shelf, and every vector its fact."""
        assert self.store.ids() == {fact.id: shelf_of(fact.scope, fact.language) for fact in self.all(Fact)}


@contextmanager
def opened(folder: Path, embedder: Embedder | None = None) -> Iterator[Room]:
    """Open (or make) a room; closed at the end, so that the folder can be opened again."""
    embedder = embedder or Hashing()
    database = Database.in_folder(folder)
    database.migrate()
    store = VectorStore(folder / "chroma", embedder.name)
    index = FactIndex(database, store, embedder)
    try:
        yield Room(folder, database, store, index, Ingest(database, index))
    finally:
        store.close()
        database.close()


def product(sku: str, **cells: Any) -> dict[str, Any]:
    """A row of a products file."""
    return {"sku": sku, "name": f"Teapot {sku}", "price": "12.50", "language": "en"} | cells
