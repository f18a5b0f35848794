"""An import killed at each step of a batch, exactly there, and what the next start and the next import make of it."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from knowledge.crm.catalogue import Product
from knowledge.crm.sources import Fact
from knowledge.ingest.vectors import reconcile
from tests.knowledge.room import Room, opened, product

SCRIPT = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import event
from tests.knowledge.room import opened

folder, path, moment, step, number = sys.argv[1:]

def die(*given):
    os.kill(os.getpid(), signal.SIGKILL)

def at(call, times=[0]):
    def called(*given):
        times[0] += 1
        if times[0] < int(number) or moment == "after":
            call(*given)
        if times[0] == int(number):
            die()
    return called

with opened(Path(folder)) as room:
    put = room.store.put
    def armed(*given):
        put(*given)
        event.listen(room.database.engine, "commit", die)
    if step == "commit":
        room.store.put = armed
    else:
        setattr(room.store, step, at(getattr(room.store, step)))
    room.ingest.files([Path(path)], sync=True)
"""
OLD = [product("A"), product("B"), product("gone")]
NEW = [product("A", price="13.00"), product("B"), product("C")]


def prices(room: Room) -> dict[str, str]:
    return {row.sku: f"{row.price:.2f}" for row in room.all(Product)}


@pytest.mark.parametrize(
    ("moment", "step", "number", "left"),
    [
        ("after", "put", 1, {"A": "12.50", "B": "12.50", "gone": "12.50"}),
        ("before", "commit", 1, {"A": "12.50", "B": "12.50", "gone": "12.50"}),
        ("before", "drop", 1, {"A": "13.00", "B": "12.50", "C": "12.50", "gone": "12.50"}),
        ("after", "drop", 1, {"A": "13.00", "B": "12.50", "C": "12.50", "gone": "12.50"}),
        ("before", "drop", 2, {"A": "13.00", "B": "12.50", "C": "12.50"}),  # the second is that of --sync
    ],
)  # fmt: skip
def test_each_row_is_old_or_new_and_has_its_vector(
    tmp_path: Path, moment: str, step: str, number: int, left: dict[str, str]
):
    with opened(tmp_path) as room:
        path = room.file("products.csv", OLD)
        room.load(path)
        room.file("products.csv", NEW)
    words = [sys.executable, "-c", SCRIPT, str(tmp_path), str(path), moment, step, str(number)]
    assert subprocess.run(words, check=False).returncode == -signal.SIGKILL
    with opened(tmp_path) as room:
        assert prices(room) == left
        stored = room.store.ids()
        assert {fact.id for fact in room.all(Fact)} <= set(stored), "a fact without its vector is never found"
        reconcile(room.database, room.index)
        room.assert_whole()
        assert {fact.details["sku"]: fact.details["price"] for fact in room.all(Fact)} == left
        room.load(path, sync=True)
        assert prices(room) == {"A": "13.00", "B": "12.50", "C": "12.50"}
        room.assert_whole()
        assert room.counts(path, sync=True) == (0, 0, 3, 0, 0)
