"""The migrations make what the models say, in one piece, and can be undone."""

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from knowledge.crm.database import MIGRATIONS, Database, metadata
from knowledge.crm.sources import Marker
from knowledge.errors import KnowledgeError


def test_upgrade_from_nothing_equals_the_models_and_downgrade_leaves_nothing(tmp_path: Path):
    database = Database.in_folder(tmp_path)
    database.migrate()
    database.migrate()
    with database.engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata()) == []
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        assert inspect(connection).get_table_names() == ["alembic_version"]
        command.upgrade(config, "head")
    database.close()


def test_sqlite_is_tuned(tmp_path: Path):
    database = Database.in_folder(tmp_path)
    with database.engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
        assert connection.execute(text("PRAGMA busy_timeout")).scalar() == 10_000
    database.close()


def test_a_migration_that_stops_half_way_can_be_repeated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from alembic import op

    calls = []
    create = op.create_table

    def failing(*args: object, **options: object) -> object:
        calls.append(args[0])
        if len(calls) == 5:
            raise KeyboardInterrupt
        return create(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(op, "create_table", failing)
    database = Database.in_folder(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        database.migrate()
    monkeypatch.undo()
    database.migrate()
    database.close()


def test_a_savepoint_does_not_commit(tmp_path: Path):
    """Python's sqlite3 would commit at the release of a savepoint that is the first thing written."""
    database = Database.in_folder(tmp_path)
    database.migrate()

    def stopped() -> None:
        with database.writing() as session:
            with session.begin_nested():
                session.add(Marker(name="a", value="b"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        stopped()
    with database.session() as session:
        assert session.get(Marker, "a") is None
    database.close()


def test_odd_folder_names(tmp_path: Path):
    folder = tmp_path / "shop? #1 100% 茶"
    database = Database.in_folder(folder)
    database.migrate()
    database.close()
    assert (folder / "crm.sqlite3").exists()


@pytest.mark.parametrize("url", ["nonsense", "oracle+none://x/y", "sqlite:////proc/none/x.sqlite3"])
def test_a_database_that_cannot_be_used_is_one_sentence(url: str):
    with pytest.raises(KnowledgeError, match=r"cannot be") as raised:
        Database(url).migrate()
    assert "\n" not in str(raised.value)


def test_a_broken_or_newer_database_is_one_sentence(tmp_path: Path):
    (tmp_path / "crm.sqlite3").write_bytes(b"this is no database" * 100)
    with pytest.raises(KnowledgeError, match="not a database"):
        Database.in_folder(tmp_path).migrate()
    newer = Database.in_folder(tmp_path / "newer")
    newer.migrate()
    with newer.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(KnowledgeError, match="newer version"):
        newer.migrate()
    newer.close()
