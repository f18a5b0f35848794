"""Brings the rows of a table up to what drafts say: plans which are new, changed or the same, and writes the batch.

A batch is one transaction of rows and facts. Knows neither files nor what a kind of row means (`Kind` does).
"""

from typing import Any

from sqlmodel import Session

from knowledge.crm.database import Database
from knowledge.crm.sources import Fact
from knowledge.facts.retriever import FactIndex
from knowledge.ingest.drafts import Context, Draft, Kind
from knowledge.ingest.fact_rows import drop_facts, move_facts, write_facts
from knowledge.ingest.files import Row
from knowledge.ingest.report import FileReport, Rejects
from knowledge.ingest.values import BadRow
from knowledge.ingest.vectors import put_new


class TableImport:
    """The rows of one file, a batch at a time."""

    def __init__(
        self, database: Database, index: FactIndex, kind: Kind, context: Context, rejects: Rejects, file: FileReport
    ) -> None:  # fmt: skip
        self._database, self._index = database, index
        self._kind, self._context, self._rejects, self._file = kind, context, rejects, file

    def apply(self, drafts: list[Draft]) -> None:
        """Write a batch; the write lock is taken after the embedding, so that a bot goes on writing beside it."""
        if not drafts:
            return
        put = put_new(self._database, self._index, [fact for draft in drafts for fact in draft.facts])
        with self._database.writing() as session:
            changed = self._write(session, drafts, put)
            gone = write_facts(session, changed, self._context)
        used = {fact.id for draft in changed for fact in draft.facts}
        self._index.store.drop([*gone, *(put - used)])

    def _write(self, session: Session, drafts: list[Draft], put: set[str]) -> list[Draft]:
        """Write the rows that are new or changed; returns their drafts. `put` are the facts that had no row."""
        found = self._kind.find(session, drafts)
        changed: list[Draft] = []
        for draft in drafts:
            row = found.get(draft.key)
            has_its_facts = put.isdisjoint(fact.id for fact in draft.facts)
            if row is not None and has_its_facts and _says_the_same(draft, row):
                self._move(session, draft, row)
                self._file.unchanged += 1
                continue
            new = row is None or not getattr(row, "known", True)
            try:
                self._kind.write(session, draft, row, self._context)
            except BadRow as error:
                self._rejects.add(Row(draft.line, dict(draft.values)), str(error))
                continue
            changed.append(draft)
            if new:
                self._file.imported += 1
            else:
                self._file.updated += 1
        return changed

    def _move(self, session: Session, draft: Draft, row: Any) -> None:
        """The row says the same but may stand elsewhere now."""
        if row.source_id != self._context.source_id or row.source_line != draft.line:
            row.source_id, row.source_line = self._context.source_id, draft.line
            session.add(row)
            move_facts(session, draft, self._context)

    def remove_missing(self, kept: set[str]) -> None:
        """--sync: remove the rows that came from this file and whose keys it no longer holds."""
        with self._database.writing() as session:
            owned = self._kind.owned(session, self._context.source_id)
            entities = [self._kind.remove(session, row) for key, row in owned.items() if key not in kept]
            gone = drop_facts(session, [entity for entity in entities if entity])
        self._index.store.drop(gone)
        self._file.removed = len(entities)


def _says_the_same(draft: Draft, row: Any) -> bool:
    if isinstance(row, Fact):
        return row.id == draft.facts[0].id
    return bool(row.row_hash == draft.row_hash)
