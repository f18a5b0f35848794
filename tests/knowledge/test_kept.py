"""What is kept on disk of vectors and words is served only while it is what the rows say, wherever a process dies."""

import copy
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from knowledge.crm.sources import Fact
from knowledge.facts.draft import FactDraft
from knowledge.facts.kept import Kept, stamp_of
from knowledge.facts.names import Names, names_of
from knowledge.facts.retriever import FactIndex, Hit
from knowledge.ingest.vectors import DONE, RUNNING, reconcile
from knowledge.principal import MARKETER, STRANGER, Principal
from tests.knowledge.room import Hashing, Room, opened

WHO = (STRANGER, MARKETER, Principal("customer", "A"))
ASKED = ("clay pot", "铁壶", "glass S1", "kettle lid note")
SAID = st.sampled_from(
    ["a clay pot", "an iron kettle with a lid", "紫砂壶", "铁壶与壶盖", "glass", "note: pot"]
)
SCOPES = st.sampled_from(["public", "internal", "customer:A", "customer:B"])


def draft(sku: str, scope: str, text: str) -> FactDraft:
    language = "en" if text.isascii() else "zh"
    return FactDraft("product", f"product:{sku}:{language}", scope, language, text)


class Killed(Exception):
    """What the process did until here is on disk, what it would have done next is not."""


class Shop(RuleBasedStateMachine):
    """Facts come, change and go; the process is closed or killed; searches are those of an index that keeps nothing."""

    @initialize()
    def start(self) -> None:
        self.passing = TemporaryDirectory()
        self.lives = count()
        self._open(Path(self.passing.name) / "0")

    def _open(self, folder: Path) -> None:
        self.opening = opened(folder)
        self.room: Room = self.opening.__enter__()
        self.room.store.kept = Kept(folder / "search", least=0)
        reconcile(self.room.database, self.room.index)

    def _close(self) -> None:
        self.opening.__exit__(None, None, None)

    def teardown(self) -> None:
        self._close()
        self.passing.cleanup()

    @contextmanager
    def _dying_in(self, part: Any, name: str, *, after: bool) -> Iterator[None]:
        """The process dies in a method: what is on disk then is what the next one finds."""
        real = getattr(part, name)
        image = Path(self.passing.name) / str(next(self.lives) + 1)

        def die(*given: Any, **named: Any) -> None:
            if after:
                real(*given, **named)
            shutil.copytree(self.room.folder, image)
            raise Killed

        setattr(part, name, die)
        try:
            yield
        except Killed:
            self._close()
            self._open(image)
        else:
            delattr(part, name)

    def _write(self, facts: list[FactDraft], gone: list[str]) -> None:
        """As an import writes: vectors, then rows, then what is gone."""
        room = self.room
        room.ingest._mark(RUNNING)
        known = {fact.id for fact in room.all(Fact)}
        new = list({fact.id: fact for fact in facts if fact.id not in known}.values())
        if new:
            vectors = room.index.embedder.passages([fact.text for fact in new])
            room.store.put([f.id for f in new], [f.scope for f in new], [f.language for f in new], vectors)
        with room.database.writing() as session:
            for name in gone:
                session.delete(session.get(Fact, name))
            for fact in new:
                session.add(
                    Fact(id=fact.id, kind=fact.kind, entity=fact.entity, scope=fact.scope, language=fact.language,
                         text=fact.text)
                )  # fmt: skip
        room.store.drop(gone)
        room.index.changed()
        room.ingest._mark(DONE)

    def _some(self, facts: list[tuple[int, str, str]], drop: int) -> tuple[list[FactDraft], list[str]]:
        drafts = [draft(f"S{number}", scope, text) for number, scope, text in facts]
        mine, ids = {fact.entity for fact in drafts}, {fact.id for fact in drafts}
        there = self.room.all(Fact)
        gone = {fact.id for fact in there if fact.entity in mine and fact.id not in ids}
        return drafts, sorted(gone | ({fact.id for fact in there[:drop]} - ids))

    written = st.lists(st.tuples(st.integers(0, 5), SCOPES, SAID), max_size=4)

    @rule(facts=written, drop=st.integers(0, 2))
    def write(self, facts: list[tuple[int, str, str]], drop: int) -> None:
        self._write(*self._some(facts, drop))

    @rule(facts=written, drop=st.integers(0, 2), where=st.sampled_from(["put", "drop"]), after=st.booleans())
    def write_and_die(self, facts: list[tuple[int, str, str]], drop: int, where: str, after: bool) -> None:
        with self._dying_in(self.room.store, where, after=after):
            self._write(*self._some(facts, drop))

    @rule(facts=written, drop=st.integers(0, 2), after=st.booleans())
    def write_and_die_at_the_mark(self, facts: list[tuple[int, str, str]], drop: int, after: bool) -> None:
        """The mark is taken away before a write, and set after a reading."""
        with self._dying_in(self.room.store, "_mark", after=after):
            self._write(*self._some(facts, drop))
            self.room.index.open()

    @rule()
    def die_while_keeping(self) -> None:
        with self._dying_in(self.room.store.kept, "find", after=True):
            self.room.index.open()

    @rule()
    def open_again(self) -> None:
        self._close()
        self._open(self.room.folder)

    @rule()
    def read(self) -> None:
        self.room.index.open()

    @invariant()
    def searches_are_those_of_a_fresh_index(self) -> None:
        if not hasattr(self, "room"):
            return
        store = copy.copy(self.room.store)
        store.kept, store._read = Kept(None), {}
        fresh = FactIndex(self.room.database, store, Hashing())
        for who in WHO:
            for text in ASKED:
                assert self._found(self.room.index, who, text) == self._found(fresh, who, text)

    @staticmethod
    def _found(index: FactIndex, who: Principal, text: str) -> list[tuple[str, float, Hit]]:
        return [(hit.id, hit.score, hit) for hit in index.retriever(who).search(text, 20)]


Shop.TestCase.settings = settings(max_examples=12, stateful_step_count=8, deadline=None)
TestShop = Shop.TestCase


def test_a_folder_that_is_opened_again_reads_nothing_of_chroma(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with opened(tmp_path) as room:
        room.store.kept = Kept(tmp_path / "search", least=0)
        room.load(room.file("faq.csv", [{"question": f"thing {n}", "answer": "x"} for n in range(9)]))
        before = room.search("thing 4")
    with opened(tmp_path) as room:
        room.store.kept = Kept(tmp_path / "search", least=0)
        with monkeypatch.context() as without:
            without.setattr(room.store, "_arrays", lambda shelf: 1 / 0)
            without.setattr("knowledge.facts.words._arrays", lambda rows: 1 / 0)
            assert room.search("thing 4") == before
        room.load(room.file("faq.csv", [{"question": "thing 4", "answer": "y"}]))
        assert "y" in room.search("thing 4")[0].text


def test_of_each_name_one_stamp_is_kept(tmp_path: Path):
    kept = Kept(tmp_path, least=0)
    arrays = {"a": np.arange(5), "none": np.zeros((0, 3), dtype=np.float32)}
    assert kept.find("x", "1") is None
    found = kept.keep("x", "1", arrays)
    assert found is not None
    assert all(
        (found[name] == array).all() and found[name].shape == array.shape for name, array in arrays.items()
    )
    kept.keep("x", "2", arrays)
    assert (kept.find("x", "1"), sorted(path.name for path in tmp_path.iterdir())) == (None, ["x.2"])
    assert Kept(None).keep("x", "1", arrays) is Kept(tmp_path).keep("small", "1", arrays) is None


@pytest.mark.parametrize("left", [0, 60, 100])
def test_a_damaged_file_is_made_again(tmp_path: Path, left: int, caplog: pytest.LogCaptureFixture):
    kept = Kept(tmp_path, least=0)
    kept.keep("x", "1", {"a": np.arange(50), "b": np.arange(3)})
    file = tmp_path / "x.1" / "a.npy"
    file.write_bytes(file.read_bytes()[:left])
    assert kept.find("x", "1") is None
    assert "made again" in caplog.text
    assert kept.keep("x", "1", {"a": np.arange(2)}) is not None


def test_a_disk_that_takes_nothing_costs_only_time(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    (tmp_path / "search").write_text("a file where the folder would be")
    with opened(tmp_path) as room:
        room.store.kept = Kept(tmp_path / "search", least=0)
        room.load(room.file("faq.csv", [{"question": "thing", "answer": "x"}]))
        assert room.search("thing")
    assert "cannot be kept" in caplog.text


def test_the_order_of_ids_is_no_part_of_a_stamp():
    assert stamp_of("a", ["1", "2"]) == stamp_of("a", ["2", "1"]) != stamp_of("a", ["12"])
    assert stamp_of("a", "b") != stamp_of("ab")


@pytest.mark.parametrize("alike", [False, True])
def test_names_are_found_where_they_stand(monkeypatch: pytest.MonkeyPatch, alike: bool):
    if alike:  # digests that meet are told apart by the names themselves
        monkeypatch.setattr("knowledge.facts.names._digest", lambda name: len(name))
    said = ["", "b", "紫砂壶", "a/0@1f", "c"]
    names = Names(names_of(said, "ids"), "ids")
    assert list(names) == said
    assert names.places([*reversed(said), "d", "紫"]) == [4, 3, 2, 1, 0, -1, -1]
    assert names.places([]) == []
