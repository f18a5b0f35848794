"""Imports files: which come first, which of them the demo shop makes room for, batch by batch. Prints nothing.

The order within a batch: vectors of new facts are put (their ids hold a digest of the text, so they never
touch those in use), rows and facts are committed in one transaction, then vectors of facts that are gone are
dropped. A kill between the steps leaves each row in its old or its new state, never a fact without its vector, and
perhaps vectors nobody refers to; `vectors.reconcile` drops them at the next start. Knows no columns and no tables:
`parsing` makes drafts of rows, `table` and `whole` write them, `fact_rows` and `vectors` keep facts and vectors.
"""

from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from knowledge.crm.database import Database
from knowledge.errors import BadFile
from knowledge.facts.retriever import FactIndex
from knowledge.ingest import catalogue_rows, people_rows, sources, whole
from knowledge.ingest.batches import batches
from knowledge.ingest.drafts import Kind
from knowledge.ingest.files import ORDER, count_rows, expand, kind_of, read_rows
from knowledge.ingest.parsing import Parsing, is_good
from knowledge.ingest.report import FileReport, IngestReport, Progress, Rejects, unseen
from knowledge.ingest.table import TableImport
from knowledge.ingest.vectors import DONE, RUNNING, mark, reconcile

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        catalogue_rows.PRODUCTS, catalogue_rows.FAQ, catalogue_rows.REVIEWS,
        people_rows.CUSTOMERS, people_rows.ORDERS, people_rows.EVENTS,
    )
}  # fmt: skip


@dataclass(frozen=True)
class _Asked:
    """What one import was asked to do, and its report so far."""

    sync: bool
    demo: bool
    progress: Progress
    report: IngestReport = field(default_factory=IngestReport)


class Ingest:
    """Imports into one data folder. One at a time; the folder's lock sees to that."""

    def __init__(self, database: Database, index: FactIndex) -> None:
        self.database, self.index = database, index

    def files(
        self, paths: list[Path], *, kind: str | None = None, sync: bool = False, demo: bool = False,
        progress: Progress = unseen,
    ) -> IngestReport:  # fmt: skip
        """Import files (or folders of them), shop first, so that its currency and time zone hold for the rest.

        Raises: BadFile for a path that does not exist, before anything is touched.
        """
        reconcile(self.database, self.index)  # an import that failed in this process may have left vectors
        asked = _Asked(sync, demo, progress)
        report = asked.report
        known: list[tuple[Path, str]] = []
        for path in expand(paths):
            try:
                known.append((path, kind_of(path, kind)))
            except BadFile as error:
                report.files.append(FileReport(str(path), "unknown", error=str(error)))
        known.sort(key=lambda item: ORDER.index(item[1]))
        self._mark(RUNNING)
        try:
            for path, name in known:
                file = FileReport(str(path), name)
                report.files.append(file)
                write = self._whole if name in whole.KINDS else self._table
                try:
                    write(path, file, asked)
                except BadFile as error:
                    file.error = str(error)
        finally:
            self.index.changed()
        self._mark(DONE)
        return report

    def _mark(self, value: str) -> None:
        with self.database.session() as session:
            mark(session, value)

    def _whole(self, path: Path, file: FileReport, asked: _Asked) -> None:
        """A shop file or a document. Raises: BadFile."""
        read = whole.read_whole(path, file.kind)
        self._make_room(asked)
        context = sources.context_of(self.database, path, file.kind, asked.demo)
        whole.write_whole(self.database, self.index, read, context, sync=asked.sync, file=file)
        asked.progress(path.name, 1, 1)

    def _table(self, path: Path, file: FileReport, asked: _Asked) -> None:
        """A file of rows. Raises: BadFile."""
        kind = KINDS[file.kind]
        parts = batches(read_rows(path))
        first = next(parts, [])  # a file that cannot be read is refused here, before anything is touched
        if not first:
            file.note = (
                f"{path.name} holds no rows: below the header there is nothing that reads as UTF-8 text."
            )
            if not sources.is_known(self.database, path):
                return
        if not asked.demo and self._holds_rows(path, kind):
            self._make_room(asked)
        context = sources.context_of(self.database, path, file.kind, asked.demo)
        total, done = count_rows(path), 0
        with Rejects(path) as rejects:
            parsing = Parsing(kind, context, rejects, file)
            table = TableImport(self.database, self.index, kind, context, rejects, file)
            for rows in chain([first], parts):
                table.apply(list(parsing.drafts(rows)))
                done += len(rows)
                asked.progress(path.name, done, total)
        rejects.told(file)
        if asked.sync:
            table.remove_missing(parsing.keys)

    def _make_room(self, asked: _Asked) -> None:
        """Remove the demo shop where it is here and other files come."""
        if not asked.demo and sources.has_demo(self.database):
            sources.remove_demo(self.database, self.index)
            asked.report.demo_removed = True

    def _holds_rows(self, path: Path, kind: Kind) -> bool:
        """Whether the demo shop should make room: for a file with at least one good row."""
        trial = sources.trial_context()
        return sources.has_demo(self.database) and any(is_good(row, kind, trial) for row in read_rows(path))
