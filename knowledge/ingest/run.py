"""Imports files: reads, validates, diffs and applies them in batches, so that an interruption leaves each
row in its old or its new state and never a fact without its vector. Prints nothing.

The order within a batch: vectors of new facts are put (their ids hold a digest of the text, so they never
touch those in use), rows and facts are committed in one transaction, then vectors of facts that are gone are
dropped. A kill between the steps leaves vectors nobody refers to; `reconcile` drops them at the next start.
The write lock is taken after the embedding, so that a bot goes on writing beside a long import.
"""

import csv
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from knowledge.crm.columns import now
from knowledge.crm.database import Database, metadata
from knowledge.crm.sources import Fact, Marker, ShopProfile, Source
from knowledge.errors import BadFile
from knowledge.facts.draft import FactDraft
from knowledge.facts.retriever import FactIndex
from knowledge.ingest import catalogue_rows, people_rows, shop_file, shop_words
from knowledge.ingest.documents import document_facts
from knowledge.ingest.drafts import Context, Draft, Kind
from knowledge.ingest.files import ORDER, Row, expand, kind_of, read_rows
from knowledge.ingest.values import BadRow

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        catalogue_rows.PRODUCTS, catalogue_rows.FAQ, catalogue_rows.REVIEWS,
        people_rows.CUSTOMERS, people_rows.ORDERS, people_rows.EVENTS,
    )
}  # fmt: skip
BATCH = 200
LONGEST_CELL = 50_000  # characters; a spreadsheet holds 32,767
KEPT = ("telegram_identity", "invitation", "inbox_update", "outbox_message", "marker")  # when the demo goes
Progress = Callable[[str, int, int | None], None]  # (file name, rows done, rows in all if known)


@dataclass
class FileReport:
    """What one file did; the contract's `ingest` JSON."""

    path: str
    kind: str
    imported: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    rejected: int = 0
    rejects: str | None = None
    error: str | None = None
    note: str | None = None

    @property
    def good(self) -> bool:
        """Whether any row was taken or was there already."""
        return bool(self.imported or self.updated or self.unchanged or self.removed)


@dataclass
class IngestReport:
    """All files; `demo_removed` says that the demo shop made room for them."""

    files: list[FileReport] = field(default_factory=list)
    demo_removed: bool = False

    def to_json(self) -> dict[str, Any]:
        """The contract's shape."""
        return {
            "files": [
                {k: v for k, v in asdict(file).items() if v is not None or k == "rejects"}
                for file in self.files
            ],
            "demo_removed": self.demo_removed,
        }


class Ingest:
    """Imports into one data folder. One at a time; the folder's lock sees to that."""

    def __init__(self, database: Database, index: FactIndex) -> None:
        self.database, self.index = database, index

    def files(
        self, paths: list[Path], *, kind: str | None = None, sync: bool = False, demo: bool = False,
        progress: Progress = lambda name, done, total: None,
    ) -> IngestReport:  # fmt: skip
        """Import files (or folders of them), shop first, so that its currency and time zone hold for the rest.

        Raises: BadFile for a path that does not exist, before anything is touched.
        """
        reconcile(self.database, self.index)  # an import that failed in this process may have left vectors
        report = IngestReport()
        known: list[tuple[Path, str]] = []
        for path in expand(paths):
            try:
                known.append((path, kind_of(path, kind)))
            except BadFile as error:
                report.files.append(FileReport(str(path), "unknown", error=str(error)))
        known.sort(key=lambda item: ORDER.index(item[1]))
        self._mark("ingest", "running")
        try:
            for path, name in known:
                file = FileReport(str(path), name)
                report.files.append(file)
                try:
                    self._one(path, name, sync, demo, file, report, progress)
                except BadFile as error:
                    file.error = str(error)
        finally:
            self.index.changed()
        self._mark("ingest", "done")
        return report

    def _mark(self, name: str, value: str) -> None:
        with self.database.session() as session:
            session.merge(Marker(name=name, value=value))

    def _one(
        self,
        path: Path,
        kind: str,
        sync: bool,
        demo: bool,
        file: FileReport,
        report: IngestReport,
        progress: Progress,
    ) -> None:
        if kind in ("shop", "documents"):
            whole = self._whole_file(path, kind)
            report.demo_removed |= self._make_room(demo)
            self._write_whole(path, kind, *whole, demo=demo, sync=sync, file=file)
            progress(path.name, 1, 1)
            return
        batches = _batches(read_rows(path))
        first = next(batches, [])  # a file that cannot be read is refused here, before anything is touched
        if not first:
            file.note = (
                f"{path.name} holds no rows: below the header there is nothing that reads as UTF-8 text."
            )
            if not self._is_known(path):
                return
        if self._holds_rows(path, KINDS[kind], demo):
            report.demo_removed |= self._make_room(demo)
        context = self._context(path, kind, demo)
        total = _count_rows(path)
        rejects = _Rejects(path)
        seen: dict[str, tuple[str, int]] = {}
        held: set[str] = set()
        done = 0
        with rejects:
            for rows in chain([first], batches):
                drafts = list(self._parse(rows, KINDS[kind], context, seen, held, rejects, file))
                self._apply(drafts, KINDS[kind], context, rejects, file)
                done += len(rows)
                progress(path.name, done, total)
        file.rejected = rejects.count
        file.rejects = str(rejects.path) if rejects.count and not rejects.problem else None
        file.error = rejects.problem
        if sync:
            file.removed = self._remove_missing(KINDS[kind], context, held | set(seen))

    def _parse(
        self, rows: list[Row], kind: Kind, context: Context, seen: dict[str, tuple[str, int]], held: set[str],
        rejects: "_Rejects", file: FileReport,
    ) -> Iterator[Draft]:  # fmt: skip
        for row in rows:
            try:
                draft = _parse_row(row, kind, context)
                if draft.key not in seen:
                    seen[draft.key] = (draft.row_hash, row.line)
                    yield draft
                elif seen[draft.key][0] == draft.row_hash:
                    file.unchanged += 1
                else:
                    raise BadRow(f"another row with the same key stands on line {seen[draft.key][1]}")
            except BadRow as error:
                rejects.add(row, str(error))
                with suppress(BadRow):
                    if key := kind.key_of(row.cells, context):
                        held.add(key)  # the file still holds it, though badly: --sync leaves the old row

    def _apply(
        self, drafts: list[Draft], kind: Kind, context: Context, rejects: "_Rejects", file: FileReport
    ) -> None:
        if not drafts:
            return
        put = self._put_vectors([fact for draft in drafts for fact in draft.facts])
        with self.database.writing() as session:
            found = kind.find(session, drafts)
            changed: list[Draft] = []
            for draft in drafts:
                row = found.get(draft.key)
                whole = put.isdisjoint(fact.id for fact in draft.facts)
                if row is not None and whole and self._is_same(draft, row):
                    self._moved(session, draft, row, context)
                    file.unchanged += 1
                    continue
                new = row is None or not getattr(row, "known", True)
                try:
                    kind.write(session, draft, row, context)
                except BadRow as error:
                    rejects.add(Row(draft.line, dict(draft.values)), str(error))
                    continue
                changed.append(draft)
                if new:
                    file.imported += 1
                else:
                    file.updated += 1
            gone = self._write_facts(session, changed, context)
        used = {fact.id for draft in changed for fact in draft.facts}
        self.index.store.drop([*gone, *(put - used)])

    def _is_same(self, draft: Draft, row: Any) -> bool:
        if isinstance(row, Fact):
            return row.id == draft.facts[0].id
        return bool(row.row_hash == draft.row_hash)

    def _moved(self, session: Session, draft: Draft, row: Any, context: Context) -> None:
        """The row says the same but may stand elsewhere now."""
        if row.source_id != context.source_id or row.source_line != draft.line:
            row.source_id, row.source_line = context.source_id, draft.line
            session.add(row)
            if draft.entity:
                stand = {"source_id": context.source_id, "source_line": draft.line}
                session.exec(update(Fact).where(col(Fact.entity) == draft.entity).values(**stand))

    def _put_vectors(self, facts: list[FactDraft]) -> set[str]:
        """Put the vectors of those facts that have no row yet; returns their ids."""
        wanted = {fact.id: fact for fact in facts}
        with self.database.session() as session:
            for ids in _batches(list(wanted)):
                for known in session.exec(select(Fact.id).where(col(Fact.id).in_(ids))):
                    del wanted[known]
        for new in _batches(wanted.values()):
            vectors = self.index.embedder.passages([fact.text for fact in new])
            self.index.store.put(*_shelved(new), vectors)
        return set(wanted)

    def _write_facts(self, session: Session, drafts: Iterable[Draft], context: Context) -> list[str]:
        """Write new facts, delete old ones; returns the ids whose vectors may go after commit."""
        wanted = {fact.id: fact for draft in drafts for fact in draft.facts}
        gone: list[str] = []
        for entities in _batches([draft.entity for draft in drafts if draft.entity]):
            for row in session.exec(select(Fact).where(col(Fact.entity).in_(entities))):
                if (same := wanted.pop(row.id, None)) is not None:
                    row.source_id, row.source_line = context.source_id, same.line
                    session.add(row)
                else:
                    gone.append(row.id)
                    session.delete(row)
        for fact in wanted.values():
            session.add(
                Fact(id=fact.id, kind=fact.kind, entity=fact.entity, scope=fact.scope, language=fact.language,
                     text=fact.text, details=fact.details, source_id=context.source_id, source_line=fact.line)
            )  # fmt: skip
        return gone

    def _remove_missing(self, kind: Kind, context: Context, kept: set[str]) -> int:
        with self.database.writing() as session:
            owned = kind.owned(session, context.source_id)
            entities = [kind.remove(session, row) for key, row in owned.items() if key not in kept]
            gone = self._drop_facts(session, [entity for entity in entities if entity])
        self.index.store.drop(gone)
        return len(entities)

    def _drop_facts(self, session: Session, entities: list[str]) -> list[str]:
        gone: list[str] = []
        for part in _batches(entities):
            of_part = col(Fact.entity).in_(part)
            gone += session.exec(select(Fact.id).where(of_part))
            session.exec(delete(Fact).where(of_part))
        return gone

    def _whole_file(self, path: Path, kind: str) -> tuple[list[Draft], dict[str, Any]]:
        """A shop file or a document, parsed into drafts of one entity each."""
        settings: dict[str, Any] = {}
        if kind == "shop":
            settings = shop_file.read_shop(path)
            facts = shop_words.shop_facts(settings, path, shop_file.shop_languages(settings))
        else:
            facts = document_facts(path)
            if not facts:
                raise BadFile(f"{path.name} holds no text.")
        entities = dict.fromkeys(fact.entity for fact in facts)
        return [
            Draft(entity, 1, {}, tuple(fact for fact in facts if fact.entity == entity), entity)
            for entity in entities
        ], settings

    def _write_whole(
        self, path: Path, kind: str, drafts: list[Draft], settings: dict[str, Any], *, demo: bool, sync: bool,
        file: FileReport,
    ) -> None:  # fmt: skip
        context = self._context(path, kind, demo)
        self._put_vectors([fact for draft in drafts for fact in draft.facts])
        with self.database.writing() as session:
            before: dict[str, set[str]] = {}
            query = select(Fact).where(Fact.kind == ("shop" if kind == "shop" else "document"))
            if kind == "documents":
                query = query.where(Fact.source_id == context.source_id)
            for fact in session.exec(query):
                before.setdefault(fact.entity, set()).add(fact.id)
            if kind == "shop":
                self._write_profile(session, settings, drafts, context, file)
            else:
                self._count(drafts, before, file)
            gone = self._write_facts(session, drafts, context)
            # a shop file is the whole of its settings, so what it no longer says is gone with or without --sync
            if sync or kind == "shop":
                missing = [entity for entity in before if entity not in {draft.key for draft in drafts}]
                gone += self._drop_facts(session, missing)
                file.removed = len(missing) if kind == "documents" else 0
        self.index.store.drop(gone)

    @staticmethod
    def _count(drafts: list[Draft], before: dict[str, set[str]], file: FileReport) -> None:
        for draft in drafts:
            if draft.key not in before:
                file.imported += 1
            elif before[draft.key] == {fact.id for fact in draft.facts}:
                file.unchanged += 1
            else:
                file.updated += 1

    @staticmethod
    def _write_profile(
        session: Session, settings: dict[str, Any], drafts: list[Draft], context: Context, file: FileReport
    ) -> None:
        """The shop file counts as one row."""
        facts = tuple(fact for draft in drafts for fact in draft.facts)
        row_hash = Draft("shop", 1, _jsonable(settings), facts).row_hash
        old = session.get(ShopProfile, 1)
        if old is None:
            file.imported = 1
        elif old.row_hash == row_hash:
            file.unchanged = 1
        else:
            file.updated = 1
        session.merge(
            ShopProfile(id=1, name=settings["name"], currency=settings["currency"], timezone=settings["timezone"],
                        settings=_jsonable(settings), source_id=context.source_id, row_hash=row_hash)
        )  # fmt: skip

    def _is_known(self, path: Path) -> bool:
        with self.database.session() as session:
            return (
                session.exec(select(Source).where(Source.path == _shown(path.resolve()))).first() is not None
            )

    def _holds_rows(self, path: Path, kind: Kind, demo: bool) -> bool:
        """Whether the demo shop should make room: for a file with at least one good row."""
        trial = Context(ZoneInfo("UTC"), "EUR", ("en", "zh"), 0, path.name)
        return not demo and self._has_demo() and any(_is_good(row, kind, trial) for row in read_rows(path))

    def _has_demo(self) -> bool:
        with self.database.session() as session:
            return session.exec(select(Source).where(col(Source.demo))).first() is not None

    def _context(self, path: Path, kind: str, demo: bool) -> Context:
        with self.database.session() as session:
            where = _shown(path.resolve())
            source = session.exec(select(Source).where(Source.path == where)).first()
            source = source or Source(path=where, name=_shown(path.name), kind=kind, sha256="", demo=demo)
            source.sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
            source.kind, source.demo, source.imported_at = kind, demo, now()
            session.add(source)
            session.flush()
            shop = session.get(ShopProfile, 1)
            zone = ZoneInfo(shop.timezone if shop else "UTC")
            languages = shop_file.shop_languages(shop.settings) if shop else ("en", "zh")
            return Context(zone, shop.currency if shop else "EUR", languages, source.id or 0, path.name)

    def _make_room(self, demo: bool) -> bool:
        """Remove the demo shop when other files come; returns whether it was there."""
        if demo or not self._has_demo():
            return False
        with self.database.writing() as session:
            for table in reversed(metadata().sorted_tables):
                if table.name not in KEPT:
                    if table.name == "customer":
                        session.execute(
                            metadata().tables["telegram_identity"].update().values(customer_id=None)
                        )
                    session.execute(table.delete())
            session.merge(Marker(name="demo", value="gone"))
        self.index.store.clear()
        self.index.changed()
        return True


def reconcile(database: Database, index: FactIndex) -> int:
    """Make vectors and facts one again where an import was interrupted, or where their numbers differ (a
    vector folder that was deleted or restored); returns how many vectors were put or dropped."""
    with database.session() as session:
        marker = session.get(Marker, "ingest")
        done = marker is None or marker.value == "done"
        if done and session.exec(select(func.count(col(Fact.id)))).one() == index.store.count():
            return 0
        facts = dict(session.exec(select(Fact.id, Fact.scope)).all())
    stored = index.store.ids()
    stray = [name for name in stored if name not in facts]
    index.store.drop(stray)
    missing = [name for name in facts if name not in stored]
    _embed(database, index, missing)
    index.changed()
    with database.session() as session:
        session.merge(Marker(name="ingest", value="done"))
    return len(stray) + len(missing)


def _embed(
    database: Database, index: FactIndex, ids: list[str], progress: Progress = lambda name, done, total: None
) -> None:
    done = 0
    for part in _batches(ids):
        with database.session() as session:
            facts = list(session.exec(select(Fact).where(col(Fact.id).in_(part))))
        vectors = index.embedder.passages([fact.text for fact in facts])
        index.store.put(*_shelved(facts), vectors)
        done += len(part)
        progress("facts", done, len(ids))


def reindex(database: Database, index: FactIndex, progress: Progress = lambda name, done, total: None) -> int:
    """Embed every fact again with the index's embedder; returns how many. Old vectors go first."""
    with database.session() as session:
        session.merge(Marker(name="ingest", value="running"))
        ids = list(session.exec(select(Fact.id)))
    index.store.clear(others_too=True)
    _embed(database, index, ids, progress)
    with database.session() as session:
        session.merge(Marker(name="ingest", value="done"))
    return len(ids)


class _Rejects:
    """Writes `<file>.rejects.csv` when there is something to write; an old one of the same file goes."""

    def __init__(self, source: Path) -> None:
        self.path = source.with_name(source.name + ".rejects.csv")
        self.count = 0
        self.problem: str | None = None  # why it could not be written
        self._rows: list[tuple[int, str, str]] = []

    def __enter__(self) -> "_Rejects":
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            self._refused(error)
        return self

    def add(self, row: Row, reason: str) -> None:
        """Remember a bad row."""
        self.count += 1
        self._rows.append((row.line, reason, str({k: str(v)[:80] for k, v in row.cells.items()})))
        if len(self._rows) >= 1000:
            self._flush()

    def _flush(self) -> None:
        rows, self._rows = self._rows, []
        if self.problem:
            return
        try:
            fresh = not self.path.exists()
            with self.path.open("a", newline="", encoding="utf-8", errors="replace") as handle:
                writer = csv.writer(handle)
                if fresh:
                    writer.writerow(("line", "reason", "row"))
                writer.writerows(rows)
        except OSError as error:
            self._refused(error)

    def _refused(self, error: OSError) -> None:
        self.problem = f"{self.path.name} cannot be written: {error.strerror}."

    def __exit__(self, *error: object) -> None:
        if self._rows:
            self._flush()


def _parse_row(row: Row, kind: Kind, context: Context) -> Draft:
    """Raises: BadRow."""
    if row.problem:
        raise BadRow(row.problem)
    for column, cell in row.cells.items():
        if isinstance(cell, str) and len(cell) > LONGEST_CELL:
            raise BadRow(f"{column[:40]} is longer than {LONGEST_CELL:,} characters")
    try:
        return kind.parse(row.cells, row.line, context)
    except RecursionError as error:
        raise BadRow("the row is nested too deeply") from error


def _is_good(row: Row, kind: Kind, context: Context) -> bool:
    try:
        _parse_row(row, kind, context)
    except BadRow:
        return False
    return True


def _shown(path: Path | str) -> str:
    """A file name as text, also when its bytes are not UTF-8."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _batches(items: Iterable[Any]) -> Iterator[list[Any]]:
    iterator = iter(items)
    while batch := list(islice(iterator, BATCH)):
        yield batch


def _count_rows(path: Path) -> int | None:
    """A quick estimate for the progress bar; None where it would cost a parse."""
    if path.suffix.lower() in (".xlsx", ".json"):
        return None
    with path.open("rb") as handle:
        return max(sum(chunk.count(b"\n") for chunk in iter(lambda: handle.read(1 << 20), b"")) - 1, 1)


def _jsonable(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _jsonable(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_jsonable(inner) for inner in value]
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


def _shelved(facts: Sequence[Any]) -> tuple[list[str], list[str], list[str]]:
    """(ids, scopes, languages) of facts or drafts of facts."""
    return [f.id for f in facts], [f.scope for f in facts], [f.language for f in facts]
