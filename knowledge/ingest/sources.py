"""Where an import stands: the file's row among the sources, the shop's defaults, and the demo that makes room.

Knows no rows of a file.
"""

import hashlib
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from knowledge.crm.columns import now
from knowledge.crm.database import Database, metadata
from knowledge.crm.sources import Marker, ShopProfile, Source
from knowledge.facts.retriever import FactIndex
from knowledge.ingest.drafts import Context
from knowledge.ingest.shop_file import shop_languages

LANGUAGES, CURRENCY, ZONE = ("en", "zh"), "EUR", "UTC"  # of a shop that has not said
KEPT = ("telegram_identity", "invitation", "inbox_update", "outbox_message", "marker")  # when the demo goes


def context_of(database: Database, path: Path, kind: str, demo: bool) -> Context:
    """Note the file among the sources; returns what its rows are parsed with."""
    with database.session() as session:
        where = _shown(path.resolve())
        source = session.exec(select(Source).where(Source.path == where)).first()
        source = source or Source(path=where, name=_shown(path.name), kind=kind, sha256="", demo=demo)
        source.sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        source.kind, source.demo, source.imported_at = kind, demo, now()
        session.add(source)
        session.flush()
        shop = session.get(ShopProfile, 1)
        zone = ZoneInfo(shop.timezone if shop else ZONE)
        languages = shop_languages(shop.settings) if shop else LANGUAGES
        return Context(zone, shop.currency if shop else CURRENCY, languages, source.id or 0)


def trial_context() -> Context:
    """What rows are parsed with to see whether they are good at all; nothing is noted."""
    return Context(ZoneInfo(ZONE), CURRENCY, LANGUAGES, 0)


def is_known(database: Database, path: Path) -> bool:
    """Whether this file was imported before."""
    with database.session() as session:
        return session.exec(select(Source).where(Source.path == _shown(path.resolve()))).first() is not None


def has_demo(database: Database) -> bool:
    """Whether the demo shop is here."""
    with database.session() as session:
        return session.exec(select(Source).where(col(Source.demo))).first() is not None


def remove_demo(database: Database, index: FactIndex) -> None:
    """Empty every table but those of Telegram's people and messages, and the vectors."""
    with database.writing() as session:
        for table in reversed(metadata().sorted_tables):
            if table.name not in KEPT:
                if table.name == "customer":
                    session.execute(metadata().tables["telegram_identity"].update().values(customer_id=None))
                session.execute(table.delete())
        session.merge(Marker(name="demo", value="gone"))
    index.store.clear()
    index.changed()


def _shown(path: Path | str) -> str:
    """A file name as text, also when its bytes are not UTF-8."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
