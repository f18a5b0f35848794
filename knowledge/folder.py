"""One data folder, opened: its lock, database, vectors and words. The only way into the other modules."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from sqlmodel import select

from knowledge.crm.database import Database
from knowledge.crm.sources import Source
from knowledge.errors import FolderInUse, KnowledgeError
from knowledge.facts.embeddings import Remembering, open_embedder
from knowledge.facts.retriever import FactIndex
from knowledge.facts.store import VectorStore
from knowledge.ingest.run import Ingest, reconcile


@contextmanager
def owning(data: Path, purpose: str) -> Iterator[None]:
    """Be the one process that owns a data folder (two on one Chroma path corrupt it).

    Raises: FolderInUse, naming the owner; KnowledgeError when the folder cannot be made.
    """
    try:
        data.mkdir(parents=True, exist_ok=True)
        lock = FileLock(data / "owner.lock")
        lock.acquire(timeout=0)
    except Timeout:
        raise FolderInUse(
            f"The data folder {data} is in use by {_owner(data)}: stop that first, "
            "or ask in its chat; a second process would damage the data."
        ) from None
    except OSError as error:
        raise KnowledgeError(f"The data folder {data} cannot be used: {error.strerror}.") from error
    note = data / "owner.json"
    try:
        note.write_text(json.dumps({"pid": os.getpid(), "purpose": purpose}))
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def _owner(data: Path) -> str:
    try:
        owner = json.loads((data / "owner.json").read_text())
    except (OSError, ValueError):
        return "another marketeer process"
    return f"`marketeer {owner['purpose']}` (process {owner['pid']})"


@dataclass(frozen=True)
class Knowledge:
    """What the upper rooms are given."""

    data: Path
    database: Database
    index: FactIndex
    ingest: Ingest
    repaired: int = 0

    def is_empty(self) -> bool:
        """Whether nothing was ever imported here."""
        with self.database.session() as session:
            return session.exec(select(Source)).first() is None

    def is_demo(self) -> bool:
        """Whether what is here is the demo shop."""
        with self.database.session() as session:
            return session.exec(select(Source).where(Source.demo)).first() is not None


@contextmanager
def open_knowledge(
    data: Path,
    *,
    purpose: str,
    database: str | None = None,
    chroma: str | None = None,
    embeddings: str = "bundled",
    check: bool = True,
) -> Iterator[Knowledge]:
    """Lock the folder, migrate the schema, open the vectors, repair what an interrupted import left.

    `check=False` skips the test that the vectors are this model's (for `reindex`).

    Raises: KnowledgeError or one of its kinds, in one sentence.
    """
    with owning(data, purpose):
        db = Database(database) if database else Database.in_folder(data)
        try:
            db.migrate()
            embedder = Remembering(open_embedder(embeddings))
            store = VectorStore(chroma or data / "chroma", embedder.name)
            if check:
                store.check()
            index = FactIndex(db, store, embedder)
            repaired = reconcile(db, index) if check else 0
            yield Knowledge(data, db, index, Ingest(db, index), repaired)
        finally:
            db.close()
