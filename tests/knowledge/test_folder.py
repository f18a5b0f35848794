"""One process owns a data folder, one embedding model made its vectors."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import knowledge.folder
from knowledge.errors import FolderInUse, KnowledgeError, WrongEmbeddings
from knowledge.facts.store import VectorStore
from knowledge.folder import open_knowledge, owning
from knowledge.ingest.vectors import reindex
from tests.knowledge.room import Hashing, opened, product

OWNER = """
import sys, time
from pathlib import Path
from knowledge.folder import owning
with owning(Path(sys.argv[1]), "bot"):
    print("mine", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture(autouse=True)
def hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(knowledge.folder, "open_embedder", Hashing)


@pytest.mark.parametrize("end", ["exit", "kill"])
def test_a_second_process_is_refused_until_the_first_is_gone(tmp_path: Path, end: str):
    command = [sys.executable, "-c", OWNER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "mine\n"
        with pytest.raises(FolderInUse) as refused, open_knowledge(tmp_path, purpose="chat"):
            pass
        assert f"`marketeer bot` (process {process.pid})" in str(refused.value)
        assert "\n" not in str(refused.value)
        other = subprocess.run(command, input="", capture_output=True, text=True, check=False)
        assert other.returncode == 1
        assert "FolderInUse" in other.stderr
        if end == "kill":
            os.kill(process.pid, signal.SIGKILL)
        else:
            process.stdin.write("\n")
            process.stdin.flush()
        process.wait()
    with open_knowledge(tmp_path, purpose="chat") as known:
        assert known.is_empty()


def test_the_same_process_is_refused_too_and_may_come_again(tmp_path: Path):
    for _ in range(2):
        with owning(tmp_path, "a"), pytest.raises(FolderInUse), owning(tmp_path, "b"):
            pass


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path):
    (tmp_path / "file").write_text("x")
    for folder in (tmp_path / "file", tmp_path / "file" / "data"):
        with pytest.raises(KnowledgeError, match="cannot be used") as refused, owning(folder, "chat"):
            pass
        assert "\n" not in str(refused.value)
    (tmp_path / "chroma").write_text("x")
    with pytest.raises(KnowledgeError, match="vectors"), open_knowledge(tmp_path, purpose="chat"):
        pass


def test_a_folder_opens_again_and_again(tmp_path: Path):
    path = tmp_path / "products.csv"
    path.write_text("sku,name,price\nA,Samovar,1\n")
    with open_knowledge(tmp_path / "data", purpose="ingest") as known:
        assert known.is_empty()
        assert not known.is_demo()
        known.ingest.files([path])
    with open_knowledge(tmp_path / "data", purpose="ask") as known:
        assert not known.is_empty()
        assert known.repaired == 0
        assert known.index.store.count() == 1


def test_another_embedding_model_is_refused_until_the_reindex(tmp_path: Path):
    path = tmp_path / "products.csv"
    path.write_text("sku,name,price\nA,Samovar,1\n")
    with open_knowledge(tmp_path, purpose="ingest", embeddings="one") as known:
        known.ingest.files([path])
    with (
        pytest.raises(WrongEmbeddings, match=r"embedded by one.*marketeer reindex"),
        open_knowledge(tmp_path, purpose="ask", embeddings="two"),
    ):
        pass
    with open_knowledge(tmp_path, purpose="reindex", embeddings="two", check=False) as known:
        assert reindex(known.database, known.index) == 1
    with open_knowledge(tmp_path, purpose="ask", embeddings="two") as known:
        assert known.index.store.count() == 1
    with pytest.raises(WrongEmbeddings), open_knowledge(tmp_path, purpose="ask", embeddings="one"):
        pass


def test_shops_on_one_chroma_keep_apart(tmp_path: Path):
    """Collections carry the shop's own prefix where a server is shared."""
    one, two = (VectorStore(tmp_path / "chroma", "m", space=name) for name in ("a-", "b-"))
    one.put(["x"], ["public"], ["en"], Hashing().passages(["x"]))
    assert (one.count(), two.count()) == (1, 0)
    two.clear(others_too=True)
    two.check()
    assert one.count() == 1
    one.close()
    two.close()


def test_a_chroma_address_that_is_none(tmp_path: Path):
    with pytest.raises(KnowledgeError, match="http://HOST:PORT"):
        VectorStore("localhost", "m")
    with pytest.raises(KnowledgeError, match="does not answer"):
        VectorStore("http://127.0.0.1:9", "m")


def test_repairs_are_counted_at_the_start(tmp_path: Path):
    with opened(tmp_path) as room:
        room.load(room.file("products.csv", [product("A"), product("B")]))
        room.store.clear()
    with open_knowledge(tmp_path, purpose="chat", embeddings="hashing") as known:
        assert known.repaired == 2
