"""Opens the database, brings its schema up to date and hands out sessions. Knows no row's meaning."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, event
from sqlalchemy.exc import ArgumentError, DBAPIError
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

    def __init__(self, url: str | URL) -> None:
        """`url` is any SQLAlchemy URL; SQLite gets WAL, foreign keys and a busy timeout of 10 s.

        Raises: KnowledgeError when it is no such URL or its driver is not installed.
        """
        metadata()
        try:
            self.engine: Engine = create_engine(url)
        except (ArgumentError, ImportError, ValueError) as error:
            reason = str(error).split("\n")[0]
            raise KnowledgeError(f"MARKETEER_DATABASE cannot be used: {reason}.") from error
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", _tune_sqlite)

    @classmethod
    def in_folder(cls, data: Path) -> "Database":
        """The default: `crm.sqlite3` in a data folder."""
        data.mkdir(parents=True, exist_ok=True)
        return cls(URL.create("sqlite", database=str(data / "crm.sqlite3")))

    def migrate(self) -> None:
        """Bring the schema to the newest revision.

        All or nothing, also when the process is killed in the middle.

        Raises: KnowledgeError when the database cannot be opened, or was made by a newer version.
        """
        from alembic import command
        from alembic.config import Config
        from alembic.util import CommandError

        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        try:
            with self.engine.begin() as connection:
                if self.engine.dialect.name == "sqlite":
                    connection.exec_driver_sql("BEGIN IMMEDIATE")
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        except DBAPIError as error:
            raise KnowledgeError(f"The database cannot be opened: {error.orig}.") from error
        except CommandError as error:
            raise KnowledgeError(
                f"The database was made by a newer version of marketeer: update it ({error})."
            ) from error

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session that commits when the block ends and rolls back when it raises."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session
            session.commit()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that is one transaction from its first statement on, and holds SQLite's write lock.

        Python's sqlite3 begins a transaction only at the first INSERT, UPDATE or DELETE: a savepoint before
        that would be a transaction of its own, committed when the savepoint is released.
        """
        with self.session() as session:
            if self.engine.dialect.name == "sqlite":
                session.connection().exec_driver_sql("BEGIN IMMEDIATE")
            yield session

    def close(self) -> None:
        self.engine.dispose()


def _tune_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("busy_timeout=10000", "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
