"""A killed or failing import leaves each row in its old or new state, and no fact without its vector."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from knowledge.crm.catalogue import Product
from knowledge.crm.sources import Fact, Marker
from knowledge.facts.embeddings import Vectors
from knowledge.ingest.vectors import reconcile, reindex
from tests.knowledge.room import Hashing, Room, opened, product

SCRIPT = """
import sys
from pathlib import Path
from tests.knowledge.room import opened
with opened(Path(sys.argv[1])) as room:
    print("ready", flush=True)
    room.ingest.files([Path(sys.argv[2])], progress=lambda name, done, total: print(done, flush=True))
"""


def whole(room: Room) -> None:
    """Rows and facts agree, and so do facts and vectors."""
    room.assert_whole()
    assert {fact.entity for fact in room.all(Fact)} == {f"product:{row.sku}:en" for row in room.all(Product)}
    prices = {fact.details["sku"]: fact.details["price"] for fact in room.all(Fact)}
    assert prices == {row.sku: f"{row.price:.2f}" for row in room.all(Product)}


def start(folder: Path, path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(folder), str(path)], stdout=subprocess.PIPE, text=True, bufsize=1
    )


@pytest.mark.parametrize(("after", "delay", "rows"), [("200", 0.02, 700), ("800", 0.11, 2000)])
def test_kill_in_the_middle_of_a_changing_import(tmp_path: Path, after: str, delay: float, rows: int):
    """Every price changes, so that each batch puts and drops vectors; the kill falls somewhere within."""
    with opened(tmp_path) as room:
        path = room.file("products.csv", [product(f"S{n}") for n in range(600)])
        room.load(path)
        room.file("products.csv", [product(f"S{n}", price="13.00") for n in range(rows)])
    with start(tmp_path, path) as process:
        assert process.stdout is not None
        while process.stdout.readline().strip() != after:
            pass
        time.sleep(delay)
        os.kill(process.pid, signal.SIGKILL)
    with opened(tmp_path) as room:
        reconcile(room.database, room.index)
        whole(room)
        imported, updated, unchanged, _, rejected = room.counts(path)
        assert (imported + updated + unchanged, rejected) == (rows, 0)
        assert updated + unchanged >= 600
        whole(room)
        assert {str(row.price) for row in room.all(Product)} == {"13"}


class Failing(Hashing):
    """Stops after some passages."""

    def __init__(self, good: int) -> None:
        super().__init__()
        self.left = good

    def passages(self, texts: Sequence[str]) -> Vectors:
        self.left -= len(texts)
        if self.left < 0:
            raise OSError("the server is gone")
        return super().passages(texts)


def test_the_embedder_fails_in_the_middle(tmp_path: Path):
    with opened(tmp_path, Failing(450)) as room:
        path = room.file("products.csv", [product(f"S{n}") for n in range(600)])
        with pytest.raises(OSError, match="gone"):
            room.ingest.files([path])
        assert len(room.all(Product)) == 400
    with opened(tmp_path) as room:
        assert reconcile(room.database, room.index) == 0
        whole(room)
        assert room.counts(path) == (200, 0, 400, 0, 0)
        whole(room)


def _gone(ids: Sequence[str]) -> None:
    raise OSError("the server is gone")


@pytest.mark.parametrize("where", ["commit", "drop"])
def test_a_failure_after_the_vectors_were_put(room: Room, monkeypatch: pytest.MonkeyPatch, where: str):
    path = room.file("products.csv", [product(f"S{n}") for n in range(10)])
    room.load(path)
    room.file("products.csv", [product(f"S{n}", price="13.00") for n in range(10)])
    with monkeypatch.context() as broken:
        if where == "commit":
            room.sql(
                "CREATE TRIGGER full BEFORE INSERT ON fact BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
            )
        else:
            broken.setattr(room.store, "drop", _gone)
        with pytest.raises((DBAPIError, OSError), match=r"full|gone"):
            room.load(path)
    room.sql("DROP TRIGGER IF EXISTS full")
    assert len(room.store.ids()) == 20
    assert len(room.search("teapot", k=50)) == 10, "vectors without a row are never shown"
    prices = {f"{row.price:.2f}" for row in room.all(Product)}
    assert prices == ({"12.50"} if where == "commit" else {"13.00"})
    other = room.file("faq.csv", [{"question": "Q", "answer": "A"}])
    room.load(other)
    room.assert_whole()  # the next import in the same process tidied up first
    room.load(path)
    whole_ids = {fact.entity for fact in room.all(Fact)}
    assert len(whole_ids) == 11


def test_readers_and_writers_go_on_while_passages_are_embedded(tmp_path: Path):
    """The write lock is not held during the slow part."""
    seen: list[int] = []

    class Nosy(Hashing):
        def passages(self, texts: Sequence[str]) -> Vectors:
            with room.database.session() as session:
                session.merge(Marker(name="from the bot", value=str(len(texts))))
                session.flush()
                seen.append(len(list(session.exec(select(Product)))))
            return super().passages(texts)

    with opened(tmp_path, Nosy()) as room:
        assert room.counts(room.file("products.csv", [product(f"S{n}") for n in range(300)]))[0] == 300
    assert seen == [0, 200]


def test_a_vector_folder_that_was_lost_is_made_again(room: Room):
    room.load(room.file("products.csv", [product("A"), product("B")]))
    room.store.clear()
    assert reconcile(room.database, room.index) == 2
    room.assert_whole()
    assert reconcile(room.database, room.index) == 0


def test_an_interrupted_reindex_is_finished_at_the_next_start(tmp_path: Path):
    with opened(tmp_path) as room:
        room.load(room.file("products.csv", [product(f"S{n}") for n in range(300)]))
    with opened(tmp_path, Failing(250)) as room, pytest.raises(OSError, match="gone"):
        reindex(room.database, room.index)
    with opened(tmp_path) as room:
        assert reconcile(room.database, room.index) == 100
        whole(room)
