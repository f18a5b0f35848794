"""Opens the database, brings its schema up to date and hands out sessions. Knows no row's meaning."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, SQLModel, create_engine

from knowledge.errors import KnowledgeError

AGGREGATES = ("sources", "customers", "consent", "catalogue", "orders", "campaigns", "conversations")
MIGRATIONS = Path(__file__).with_name("migrations")


def metadata() -> Any:
    """All tables, imported once (Alembic compares against it)."""
    for name in AGGREGATES:
        import_module(f"knowledge.crm.{name}")
    return SQLModel.metadata


class Database:
    """One engine. Sessions are synchronous: callers on an event loop go through a thread."""

    def __init__(self, url: str) -> None:
        """`url` is any SQLAlchemy URL; SQLite gets WAL, foreign keys and a busy timeout of 10 s."""
        metadata()
        self.engine: Engine = create_engine(url)
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", _tune_sqlite)

    @classmethod
    def in_folder(cls, data: Path) -> "Database":
        """The default: `crm.sqlite3` in a data folder."""
        data.mkdir(parents=True, exist_ok=True)
        return cls(f"sqlite:///{data / 'crm.sqlite3'}")

    def migrate(self) -> None:
        """Bring the schema to the newest revision.

        Raises: KnowledgeError when the database cannot be opened.
        """
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        try:
            with self.engine.begin() as connection:
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        except OperationalError as error:
            raise KnowledgeError(f"The database cannot be opened: {error.orig}.") from error

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session that commits when the block ends and rolls back when it raises."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session
            session.commit()

    def close(self) -> None:
        self.engine.dispose()


def _tune_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=10000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
