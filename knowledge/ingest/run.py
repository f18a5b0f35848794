"""Imports files: reads, validates, diffs and applies them in batches, so that an interruption leaves each
row in its old or its new state and never a fact without its vector. Prints nothing.

The order within a batch: vectors of new facts are put (their ids hold a digest of the text, so they never
touch those in use), rows and facts are committed, then vectors of facts that are gone are dropped. A kill
between the steps leaves vectors nobody refers to; `reconcile` drops them at the next start.
"""

import csv
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from knowledge.crm.columns import now
from knowledge.crm.database import Database, metadata
from knowledge.crm.sources import Fact, Marker, ShopProfile, Source
from knowledge.errors import BadFile
from knowledge.facts.retriever import FactIndex
from knowledge.ingest import catalogue_rows, people_rows, shop_file
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
        report = IngestReport()
        known: list[tuple[Path, str]] = []
        for path in expand(paths):
            try:
                known.append((path, kind_of(path, kind)))
            except BadFile as error:
                report.files.append(FileReport(str(path), "unknown", error=str(error)))
        known.sort(key=lambda item: ORDER.index(item[1]))
        with self.database.session() as session:
            session.merge(Marker(name="ingest", value="running"))
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
        with self.database.session() as session:
            session.merge(Marker(name="ingest", value="done"))
        return report

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
        report.demo_removed |= self._make_room(demo)
        context = self._context(path, kind, demo)
        total = _count_rows(path)
        rejects = _Rejects(path)
        seen: dict[str, tuple[str, int]] = {}
        held: set[str] = set()
        done = 0
        with rejects:
            for rows in _batches(read_rows(path)):
                drafts = list(self._parse(rows, KINDS[kind], context, seen, held, rejects, file))
                self._apply(drafts, KINDS[kind], context, rejects, file)
                done += len(rows)
                progress(path.name, done, total)
        file.rejected, file.rejects = rejects.count, str(rejects.path) if rejects.count else None
        if sync:
            file.removed = self._remove_missing(KINDS[kind], context, held | set(seen))

    def _parse(
        self, rows: list[Row], kind: Kind, context: Context, seen: dict[str, tuple[str, int]], held: set[str],
        rejects: "_Rejects", file: FileReport,
    ) -> Iterator[Draft]:  # fmt: skip
        for row in rows:
            try:
                if row.problem:
                    raise BadRow(row.problem)
                draft = kind.parse(row.cells, row.line, context)
                digest, line = seen.setdefault(draft.key, (draft.row_hash, row.line))
                if line == row.line:
                    yield draft
                elif digest == draft.row_hash:
                    file.unchanged += 1
                else:
                    raise BadRow(f"another row with the same key stands on line {line}")
            except BadRow as error:
                rejects.add(row, str(error))
                if key := kind.key_of(row.cells, context):
                    held.add(key)  # the file still holds it, though badly: --sync leaves the old row

    def _apply(
        self, drafts: list[Draft], kind: Kind, context: Context, rejects: "_Rejects", file: FileReport
    ) -> None:
        if not drafts:
            return
        with self.database.session() as session:
            found = kind.find(session, drafts)
            changed: list[Draft] = []
            for draft in drafts:
                row = found.get(draft.key)
                if row is not None and self._is_same(session, draft, row, kind):
                    self._moved(session, draft, row, kind, context)
                    file.unchanged += 1
                    continue
                try:
                    with session.begin_nested():
                        kind.write(session, draft, row, context)
                except BadRow as error:
                    rejects.add(Row(draft.line, dict(draft.values)), str(error))
                    continue
                changed.append(draft)
                if row is None:
                    file.imported += 1
                else:
                    file.updated += 1
            gone = self._facts(session, changed, context)
        self.index.store.drop(gone)

    def _is_same(self, session: Session, draft: Draft, row: Any, kind: Kind) -> bool:
        if isinstance(row, Fact):
            return row.id == draft.facts[0].id
        return bool(row.row_hash == draft.row_hash)

    def _moved(self, session: Session, draft: Draft, row: Any, kind: Kind, context: Context) -> None:
        """The row says the same but may stand elsewhere now."""
        if row.source_id != context.source_id or row.source_line != draft.line:
            row.source_id, row.source_line = context.source_id, draft.line
            session.add(row)
            if draft.entity:
                stand = {"source_id": context.source_id, "source_line": draft.line}
                session.exec(update(Fact).where(col(Fact.entity) == draft.entity).values(**stand))

    def _facts(self, session: Session, drafts: Iterable[Draft], context: Context) -> list[str]:
        """Put new vectors, write new facts, delete old ones; returns the ids whose vectors may go after commit."""
        facts = [fact for draft in drafts for fact in draft.facts]
        entities = [draft.entity for draft in drafts if draft.entity]
        old = {row.id: row for row in session.exec(select(Fact).where(col(Fact.entity).in_(entities)))}
        new = [fact for fact in {fact.id: fact for fact in facts}.values() if fact.id not in old]
        if new:
            vectors = self.index.embedder.passages([fact.text for fact in new])
            self.index.store.put([fact.id for fact in new], [fact.scope for fact in new], vectors)
        for fact in new:
            session.add(
                Fact(id=fact.id, kind=fact.kind, entity=fact.entity, scope=fact.scope, language=fact.language,
                     text=fact.text, details=fact.details, source_id=context.source_id, source_line=fact.line)
            )  # fmt: skip
        wanted = {fact.id: fact for fact in facts}
        for name, row in old.items():
            if name in wanted:
                row.source_id, row.source_line = context.source_id, wanted[name].line
                session.add(row)
            else:
                session.delete(row)
        return [name for name in old if name not in wanted]

    def _remove_missing(self, kind: Kind, context: Context, kept: set[str]) -> int:
        with self.database.session() as session:
            owned = kind.owned(session, context.source_id)
            entities = [kind.remove(session, row) for key, row in owned.items() if key not in kept]
            gone = self._drop_facts(session, [entity for entity in entities if entity])
        self.index.store.drop(gone)
        return len(entities)

    def _drop_facts(self, session: Session, entities: list[str]) -> list[str]:
        gone = list(session.exec(select(Fact.id).where(col(Fact.entity).in_(entities))))
        session.exec(delete(Fact).where(col(Fact.id).in_(gone)))
        return gone

    def _whole_file(self, path: Path, kind: str) -> tuple[list[Draft], dict[str, Any]]:
        """A shop file or a document, parsed into drafts of one entity each."""
        settings: dict[str, Any] = {}
        if kind == "shop":
            settings = shop_file.read_shop(path)
            facts = shop_file.shop_facts(settings, path, shop_file.shop_languages(settings))
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
        with self.database.session() as session:
            before: dict[str, set[str]] = {}
            query = select(Fact).where(Fact.kind == ("shop" if kind == "shop" else "document"))
            if kind == "documents":
                query = query.where(Fact.source_id == context.source_id)
            for fact in session.exec(query):
                before.setdefault(fact.entity, set()).add(fact.id)
            for draft in drafts:
                ids = {fact.id for fact in draft.facts}
                if draft.key not in before:
                    file.imported += 1
                elif before[draft.key] == ids:
                    file.unchanged += 1
                else:
                    file.updated += 1
            if kind == "shop":
                session.merge(
                    ShopProfile(id=1, name=settings["name"], currency=settings["currency"], source_id=context.source_id,
                                timezone=settings["timezone"], settings=_jsonable(settings))
                )  # fmt: skip
            gone = self._facts(session, drafts, context)
            # a shop file is the whole of its settings, so what it no longer says is gone with or without --sync
            if sync or kind == "shop":
                missing = [entity for entity in before if entity not in {draft.key for draft in drafts}]
                gone += self._drop_facts(session, missing)
                file.removed = len(missing)
        self.index.store.drop(gone)

    def _context(self, path: Path, kind: str, demo: bool) -> Context:
        with self.database.session() as session:
            where = str(path.resolve())
            source = session.exec(select(Source).where(Source.path == where)).first()
            source = source or Source(path=where, name=path.name, kind=kind, sha256="", demo=demo)
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
        with self.database.session() as session:
            if demo or session.exec(select(Source).where(col(Source.demo))).first() is None:
                return False
            for table in reversed(metadata().sorted_tables):
                if table.name not in ("telegram_identity", "invitation", "inbox_update", "marker"):
                    if table.name == "customer":
                        session.execute(
                            metadata().tables["telegram_identity"].update().values(customer_id=None)
                        )
                    session.execute(table.delete())
            session.merge(Marker(name="ingest", value="running"))
        self.index.store.clear()
        self.index.changed()
        return True


def reconcile(database: Database, index: FactIndex, *, force: bool = False) -> int:
    """After an interrupted import, make vectors and facts one again; returns how many were put or dropped."""
    with database.session() as session:
        marker = session.get(Marker, "ingest")
        if not force and (marker is None or marker.value == "done"):
            return 0
        facts = {fact.id: fact for fact in session.exec(select(Fact))}
    stored = index.store.ids()
    stray = [name for name in stored if name not in facts]
    index.store.drop(stray)
    missing = [fact for name, fact in facts.items() if name not in stored]
    for part in _batches(missing):
        vectors = index.embedder.passages([fact.text for fact in part])
        index.store.put([fact.id for fact in part], [fact.scope for fact in part], vectors)
    index.changed()
    with database.session() as session:
        session.merge(Marker(name="ingest", value="done"))
    return len(stray) + len(missing)


def reindex(database: Database, index: FactIndex, progress: Progress = lambda name, done, total: None) -> int:
    """Embed every fact again with the index's embedder; returns how many. Old vectors go first."""
    with database.session() as session:
        session.merge(Marker(name="ingest", value="running"))
        facts = list(session.exec(select(Fact)))
    index.store.clear(others_too=True)
    done = 0
    for part in _batches(facts):
        vectors = index.embedder.passages([fact.text for fact in part])
        index.store.put([fact.id for fact in part], [fact.scope for fact in part], vectors)
        done += len(part)
        progress("facts", done, len(facts))
    with database.session() as session:
        session.merge(Marker(name="ingest", value="done"))
    return done


class _Rejects:
    """Writes `<file>.rejects.csv` when there is something to write; an old one of the same file goes."""

    def __init__(self, source: Path) -> None:
        self.path = source.with_name(source.name + ".rejects.csv")
        self.count = 0
        self._rows: list[tuple[int, str, str]] = []

    def __enter__(self) -> "_Rejects":
        self.path.unlink(missing_ok=True)
        return self

    def add(self, row: Row, reason: str) -> None:
        """Remember a bad row."""
        self.count += 1
        self._rows.append((row.line, reason, str({k: str(v)[:80] for k, v in row.cells.items()})))
        if len(self._rows) >= 1000:
            self._flush()

    def _flush(self) -> None:
        fresh = not self.path.exists()
        with self.path.open("a", newline="", encoding="utf-8") as handle:
            writer = csv.writer(handle)
            if fresh:
                writer.writerow(("line", "reason", "row"))
            writer.writerows(self._rows)
        self._rows.clear()

    def __exit__(self, *error: object) -> None:
        if self._rows:
            self._flush()


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
