"""One data folder, opened: its lock, database, vectors and words. The only way into the other modules."""

import json
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from sqlmodel import select

from knowledge.crm.database import Database
from knowledge.crm.sources import Marker, Source
from knowledge.errors import FolderInUse, KnowledgeError
from knowledge.facts.embeddings import Remembering, open_embedder
from knowledge.facts.retriever import FactIndex
from knowledge.facts.store import VectorStore
from knowledge.ingest.run import Ingest
from knowledge.ingest.vectors import reconcile


@contextmanager
def owning(data: Path, purpose: str) -> Iterator[None]:
    """Be the one process that owns a data folder (two on one Chroma path corrupt it).

    Raises: FolderInUse, naming the owner; KnowledgeError when the folder cannot be made.
    """
    note = data / "owner.json"
    lock = FileLock(data / "owner.lock")
    try:
        data.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
        note.write_text(json.dumps({"pid": os.getpid(), "purpose": purpose}))
    except Timeout:
        raise FolderInUse(
            f"The data folder {data} is in use by {_owner(data)}: stop that first, "
            "or ask in its chat; a second process would damage the data."
        ) from None
    except OSError as error:
        lock.release()
        raise KnowledgeError(f"The data folder {data} cannot be used: {error.strerror}.") from error
    try:
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def _owner(data: Path) -> str:
    try:
        owner = json.loads((data / "owner.json").read_text())
        return f"`marketeer {owner['purpose']}` (process {owner['pid']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "another marketeer process"


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
        store: VectorStore | None = None
        try:
            db.migrate()
            embedder = Remembering(open_embedder(embeddings))
            store = VectorStore(chroma or data / "chroma", embedder.name, _space(db) if chroma else "")
            if check:
                store.check()
            index = FactIndex(db, store, embedder)
            repaired = reconcile(db, index) if check else 0
            yield Knowledge(data, db, index, Ingest(db, index), repaired)
        finally:
            if store is not None:
                store.close()
            db.close()


def _space(database: Database) -> str:
    """What tells this shop's collections from another's on one Chroma server."""
    with database.session() as session:
        marker = session.get(Marker, "space") or Marker(name="space", value=f"{uuid.uuid4().hex[:8]}-")
        session.add(marker)
        return marker.value
