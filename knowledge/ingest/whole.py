"""Imports what is taken as a whole: a shop file (settings) or a document (sections). Knows nothing of tables' rows."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlmodel import Session, select

from knowledge.crm.database import Database
from knowledge.crm.sources import Fact, ShopProfile
from knowledge.errors import BadFile
from knowledge.facts.retriever import FactIndex
from knowledge.ingest import shop_file, shop_words
from knowledge.ingest.documents import document_facts
from knowledge.ingest.drafts import Context, Draft
from knowledge.ingest.fact_rows import drop_facts, write_facts
from knowledge.ingest.report import FileReport
from knowledge.ingest.vectors import put_new

KINDS = ("shop", "documents")


@dataclass(frozen=True)
class Whole:
    """A file that parsed: a draft for each setting or section, and a shop file's settings."""

    kind: str
    drafts: list[Draft]
    settings: dict[str, Any] = field(default_factory=dict)


def read_whole(path: Path, kind: str) -> Whole:
    """Raises: BadFile in one sentence; nothing is touched."""
    settings: dict[str, Any] = {}
    if kind == "shop":
        settings = shop_file.read_shop(path)
        facts = shop_words.shop_facts(settings, path, shop_file.shop_languages(settings))
    else:
        facts = document_facts(path)
        if not facts:
            raise BadFile(f"{path.name} holds no text.")
    entities = dict.fromkeys(fact.entity for fact in facts)
    drafts = [
        Draft(entity, 1, {}, tuple(fact for fact in facts if fact.entity == entity), entity)
        for entity in entities
    ]
    return Whole(kind, drafts, settings)


def write_whole(
    database: Database, index: FactIndex, whole: Whole, context: Context, *, sync: bool, file: FileReport
) -> None:
    """Put the file in place of what was there; a document's lost sections go with `sync`, a shop file's always."""
    put_new(database, index, [fact for draft in whole.drafts for fact in draft.facts])
    is_shop = whole.kind == "shop"
    with database.writing() as session:
        before: dict[str, set[str]] = {}
        query = select(Fact).where(Fact.kind == ("shop" if is_shop else "document"))
        if not is_shop:
            query = query.where(Fact.source_id == context.source_id)
        for fact in session.exec(query):
            before.setdefault(fact.entity, set()).add(fact.id)
        if is_shop:
            _write_profile(session, whole, context, file)
        else:
            _count(whole.drafts, before, file)
        gone = write_facts(session, whole.drafts, context)
        # a shop file is the whole of its settings, so what it no longer says is gone with or without --sync
        if sync or is_shop:
            missing = [entity for entity in before if entity not in {draft.key for draft in whole.drafts}]
            gone += drop_facts(session, missing)
            file.removed = 0 if is_shop else len(missing)
    index.store.drop(gone)


def _count(drafts: list[Draft], before: dict[str, set[str]], file: FileReport) -> None:
    for draft in drafts:
        if draft.key not in before:
            file.imported += 1
        elif before[draft.key] == {fact.id for fact in draft.facts}:
            file.unchanged += 1
        else:
            file.updated += 1


def _write_profile(session: Session, whole: Whole, context: Context, file: FileReport) -> None:
    """The shop file counts as one row."""
    facts = tuple(fact for draft in whole.drafts for fact in draft.facts)
    settings = _jsonable(whole.settings)
    row_hash = Draft("shop", 1, settings, facts).row_hash
    old = session.get(ShopProfile, 1)
    if old is None:
        file.imported = 1
    elif old.row_hash == row_hash:
        file.unchanged = 1
    else:
        file.updated = 1
    session.merge(
        ShopProfile(id=1, name=settings["name"], currency=settings["currency"], timezone=settings["timezone"],
                    settings=settings, source_id=context.source_id, row_hash=row_hash)
    )  # fmt: skip


def _jsonable(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _jsonable(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_jsonable(inner) for inner in value]
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)
