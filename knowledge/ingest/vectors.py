"""Keeps vectors and facts one: puts those of new facts, repairs after an interruption, embeds all anew.

Vectors are put before their facts are committed and dropped after (see `run`), so what a kill leaves is vectors that
nobody refers to. Knows no rows and no files.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from knowledge.crm.database import Database
from knowledge.crm.sources import Fact, Marker
from knowledge.facts.draft import FactDraft
from knowledge.facts.retriever import FactIndex
from knowledge.ingest.batches import batches
from knowledge.ingest.report import Progress, unseen

RUNNING, DONE = "running", "done"


def mark(session: Session, value: str) -> None:
    """Note that an import is `RUNNING` (vectors and facts may differ) or `DONE`."""
    session.merge(Marker(name="ingest", value=value))


def put_new(database: Database, index: FactIndex, facts: Sequence[FactDraft]) -> set[str]:
    """Embed and put those facts that have no row yet; returns their ids."""
    wanted = {fact.id: fact for fact in facts}
    with database.session() as session:
        for ids in batches(list(wanted)):
            for known in session.exec(select(Fact.id).where(col(Fact.id).in_(ids))):
                del wanted[known]
    for new in batches(wanted.values()):
        _put(index, new)
    return set(wanted)


def reconcile(database: Database, index: FactIndex) -> int:
    """Make vectors and facts one again where an import was interrupted, or where their numbers differ (a
    vector folder that was deleted or restored); returns how many vectors were put or dropped."""
    with database.session() as session:
        marker = session.get(Marker, "ingest")
        done = marker is None or marker.value == DONE
        if done and session.exec(select(func.count(col(Fact.id)))).one() == index.store.count():
            return 0
        facts = set(session.exec(select(Fact.id)))
    stored = index.store.ids()
    stray = [name for name in stored if name not in facts]
    index.store.drop(stray)
    missing = [name for name in facts if name not in stored]
    _embed(database, index, missing, unseen)
    index.changed()
    with database.session() as session:
        mark(session, DONE)
    return len(stray) + len(missing)


def reindex(database: Database, index: FactIndex, progress: Progress = unseen) -> int:
    """Embed every fact again with the index's embedder; returns how many. Old vectors go first."""
    with database.session() as session:
        mark(session, RUNNING)
        ids = list(session.exec(select(Fact.id)))
    index.store.clear(others_too=True)
    _embed(database, index, ids, progress)
    with database.session() as session:
        mark(session, DONE)
    return len(ids)


def _embed(database: Database, index: FactIndex, ids: list[str], progress: Progress) -> None:
    done = 0
    for part in batches(ids):
        with database.session() as session:
            facts = list(session.exec(select(Fact).where(col(Fact.id).in_(part))))
        _put(index, facts)
        done += len(part)
        progress("facts", done, len(ids))


def _put(index: FactIndex, facts: Sequence[Any]) -> None:
    """Facts, or drafts of facts."""
    vectors = index.embedder.passages([fact.text for fact in facts])
    ids, scopes, languages = ([getattr(f, name) for f in facts] for name in ("id", "scope", "language"))
    index.store.put(ids, scopes, languages, vectors)
