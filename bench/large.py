"""What a large shop costs: route, mood and search among 100,000 facts, for who asks, and how much of the truth is found.

The three are timed apart and together on short questions in both languages, each asked once and embedded once, while
nothing generates and while the model writes for four chats. The facts are those of `bench/large_folder.py`. Says nothing
of whether answers are right.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from platformdirs import user_cache_path

from bench.large_folder import FACTS, SHOPS, generated, topics
from bench.public_data import ROOT, Skip
from bench.report import Cell, Result, Table
from chains.cues import packaged_cues
from chains.encoder.backbone import Backbone
from chains.encoder.embedding import SharedE5
from chains.llm.adapters import shipped_adapter
from chains.llm.local import LocalChatModel
from chains.llm.opening import open_model
from chains.route import Router
from chains.sentiment.mood import Moods
from knowledge.crm.database import Database
from knowledge.facts.embeddings import BundledE5, Embedder, Vectors
from knowledge.facts.retriever import FactIndex
from knowledge.facts.store import VectorStore, shelf_of
from knowledge.principal import MARKETER, STRANGER, Principal

MESSAGES = ROOT / "tests" / "data"
LONGEST = 30  # characters
QUESTIONS = 60  # of each language
BEST = 5
CHATS = 4
WRITING = "Write a long story about a teapot that travels the world by ship, and about whom it meets."
WHO = {
    "a customer": STRANGER,
    "a customer with own rows": Principal("customer", "C-1200"),
    "a marketer": MARKETER,
}
STEPS = ("embedding", "route and mood, embedded already", "search, embedded already", "all three")


def run() -> Result:
    """Fill a folder and measure it, each in a process of its own that is set up as the command line is."""
    result = Result("large", "A large shop")
    with tempfile.TemporaryDirectory(prefix="marketeer-bench-") as passing:
        folder = Path(os.environ.get("MARKETEER_BENCH_LARGE") or passing)
        if not (folder / "topics.npy").exists():
            print(f"  filling a folder with {FACTS} facts", file=sys.stderr, flush=True)
            spent = _apart("bench.large_folder", str(folder), str(FACTS))
            result.notes.append(
                f"Filling the folder took {spent['vectors']} s for vectors and {spent['rows']} s for rows; that process "
                f"held {spent['peak_mb']} MB at most."
            )
        else:
            result.notes.append(
                "Filling was not measured: MARKETEER_BENCH_LARGE names a folder that is filled."
            )
        shutil.rmtree(folder / "search", ignore_errors=True)
        firsts = [
            [title, *_apart("bench.large", str(folder), "first")]
            for title in ("nothing kept: read from Chroma, counted and kept", "kept, mapped")
        ]
        measured = _apart("bench.large", str(folder))
    columns = ["the first search of a process", "open s", "first search s", "MB before", "MB after"]
    result.tables.append(Table("The first search, without the encoder", columns, firsts))
    result.tables += [Table(**table) for table in measured["tables"]]
    result.notes += measured["notes"]
    return result


def _apart(module: str, *words: str) -> Any:
    """What a module prints as a program of its own."""
    from bot.cli import QUIET

    command, env = [sys.executable, "-W", "ignore", "-m", module, *words], QUIET | dict(os.environ)
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Skip(f"{module} failed: {' '.join(done.stderr.split())[-200:]}")
    return json.loads(done.stdout.splitlines()[-1])


def questions() -> list[str]:
    """QUESTIONS short questions of the tests in each language, evenly taken, in turns."""
    found: dict[str, dict[str, None]] = {"en": {}, "zh": {}}
    for path in [*sorted(SHOPS.glob("*/questions*.jsonl")), *sorted(MESSAGES.glob("messages*.jsonl"))]:
        for row in map(json.loads, path.read_text("utf-8").splitlines()):
            text = str(row.get("text", "")).strip()
            if 4 <= len(text) <= LONGEST:
                found["en" if text.isascii() else "zh"][text] = None
    chosen: list[str] = []
    for code, texts in found.items():
        if len(texts) < QUESTIONS:
            raise Skip(f"the tests hold {len(texts)} short questions in {code}, {QUESTIONS} are needed")
        every = list(texts)
        chosen += [every[int(n * len(every) / QUESTIONS)] for n in range(QUESTIONS)]
    return [chosen[n + side] for n in range(QUESTIONS) for side in (0, QUESTIONS)]


def first(folder: Path) -> list[Cell]:
    """Seconds to open the folder and to search it once as a marketer, and MB held before and after."""
    embedder = BundledE5()
    vector, before = embedder.queries(["helmet visor"])[0], _resident()
    started = time.perf_counter()
    with _opened(folder, embedder) as index:
        index.store.count()  # as every start does, to see that nothing is missing
        opened = time.perf_counter() - started
        searched = _ms(lambda: index.retriever(MARKETER).search("helmet visor", 8, vector=vector)) / 1000
        return [f"{opened:.2f}", f"{searched:.2f}", before, _resident()]


def measure(folder: Path, result: Result) -> None:
    """Open the folder and ask."""
    asked, backbone = questions(), Backbone(kept=1)  # nothing is read for a second time
    embedder = SharedE5(BundledE5(), backbone)
    router = Router(
        embedder,
        user_cache_path("marketeer"),
        packaged_cues(),
        Moods(embedder, backbone),
    )
    for text in asked[:8]:
        router.route(text, STRANGER)
    vectors = [embedder.queries([text])[0] for text in asked]
    before = _resident()
    with _opened(folder, embedder) as index:
        for who in WHO.values():
            index.retriever(who).search("helmet visor", 8)
        after = _resident()
        again = {name: _timed(router, index, who, asked, vectors) for name, who in WHO.items()}
        with _generating() as written:
            began = time.perf_counter()
            busy = [_ms(lambda: _together(router, index, STRANGER, text)) for text in asked]  # noqa: B023
            spent = time.perf_counter() - began
        found = _recall(folder, index, asked, vectors)
    rows: list[list[Cell]] = []
    for name, times in again.items():
        rows += [
            [f"{name}: {step}", len(asked), *_figures(times[:, n])]
            for n, step in enumerate(STEPS)
            if n > 1 or name == next(iter(WHO))  # the others don't depend on who asks
        ]
    rows.append([f"a customer: all three, while the model writes for {CHATS}", len(asked), *_figures(busy)])
    titles = [f"{FACTS:,} facts, questions of up to {LONGEST} characters", "questions", "p50 ms", "p95 ms"]
    result.tables.append(Table("Milliseconds", titles, rows))
    result.tables.append(
        Table(f"Best {BEST} of the vectors against exact search", ["who asks", "recall"], [*found.items()])
    )
    result.notes.append(
        f"The process held {before} MB with the encoder before the folder was opened and {after} MB after three searches."
    )
    result.notes.append(
        f"While it wrote for {CHATS} chats it wrote {sum(written) / spent:.0f} tokens a second beside these questions."
    )
    result.notes.append(
        "Eight facts in ten are public, one is internal, one a customer's. Their vectors are those of 400 texts of the "
        "test shops, moved towards another text's and at random by a third of their length; the questions are those "
        "of the tests and embedded in earnest. Nothing is remembered from one question to the next."
    )


@contextmanager
def _opened(folder: Path, embedder: Embedder) -> Iterator[FactIndex]:
    database = Database.in_folder(folder)
    store = VectorStore(folder / "chroma", embedder.name)
    try:
        yield FactIndex(database, store, embedder)
    finally:
        store.close()
        database.close()


def _timed(router: Router, index: FactIndex, who: Principal, asked: list[str], vectors: list[Vectors]) -> Any:
    """Milliseconds of each step for each question, shape (questions, steps)."""
    times = np.zeros((len(asked), len(STEPS)))
    retriever = index.retriever(who)
    for n, (text, vector) in enumerate(zip(asked, vectors, strict=True)):
        times[n, 3] = _ms(lambda: _together(router, index, who, text))  # noqa: B023  called at once
        router.route("something else", who)  # so that the text has to be read again
        times[n, 0] = _ms(lambda: index.embedder.queries([text]))  # noqa: B023
        router.route("something else", who)
        times[n, 1] = _ms(lambda: router.route(text, who)) - times[n, 0]  # noqa: B023
        times[n, 2] = _ms(lambda: retriever.search(text, vector=vector))  # noqa: B023
    return times


def _together(router: Router, index: FactIndex, who: Principal, text: str) -> None:
    route = router.route(text, who)
    index.retriever(who).search(route.text, vector=route.vector)


@contextmanager
def _generating() -> Iterator[list[int]]:
    """CHATS replies are being written without pause, by the model as it is served; the list is of their tokens."""
    model = open_model("bundled", cache=user_cache_path("marketeer"), adapter=shipped_adapter())
    assert isinstance(model, LocalChatModel)
    over, written = threading.Event(), list[int]()

    def write() -> None:
        while not over.is_set():
            job = model.engine.submit(WRITING, max_new_tokens=96)
            written.append(sum(job.result(timeout=120).completion_tokens))

    writers = [threading.Thread(target=write) for _ in range(CHATS)]
    for writer in writers:
        writer.start()
    try:
        yield written
    finally:
        over.set()
        for writer in writers:
            writer.join()
        model.engine.close()


def _recall(folder: Path, index: FactIndex, asked: list[str], vectors: list[Vectors]) -> dict[str, Cell]:
    """The share of the BEST nearest facts of all that the index gives, by who asks."""
    parts = list(generated(FACTS, topics(), np.load(folder / "topics.npy")))
    ids = np.array([name for part in parts for name in part.ids])
    scopes = [scope for part in parts for scope in part.scopes]
    sides = [
        shelf_of(scope, language).endswith("-zh")
        for part in parts
        for scope, language in zip(part.scopes, part.languages, strict=True)
    ]
    stored = np.concatenate([part.vectors for part in parts])
    found: dict[str, Cell] = {}
    for name, who in WHO.items():
        mine = np.array([who.may_read(scope) for scope in scopes])
        reached = 0
        for text, vector in zip(asked, vectors, strict=True):
            towards = index.towards(vector, "en" if text.isascii() else "zh")
            cosines = np.where(sides, stored @ towards["zh"], stored @ towards["en"])
            best = ids[np.argsort(np.where(mine, -cosines, 2))[:BEST]]
            given = [one for one, _ in index.store.nearest(towards, BEST, who)[:BEST]]
            reached += len(set(best.tolist()) & set(given))
        found[name] = reached / (BEST * len(asked))
    return found


def _ms(work: Any) -> float:
    started = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - started)


def _figures(milliseconds: Any) -> list[Cell]:
    return [f"{np.median(milliseconds):.1f}", f"{np.percentile(milliseconds, 95):.1f}"]


def _resident() -> int:
    """MB that this process holds now; 0 where the system does not tell."""
    listing = Path("/proc/self/statm")
    return int(listing.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20 if listing.exists() else 0


if __name__ == "__main__":
    if sys.argv[2:] == ["first"]:
        print(json.dumps(first(Path(sys.argv[1]))))
    else:
        made = Result("large", "A large shop")
        measure(Path(sys.argv[1]), made)
        print(json.dumps(asdict(made), ensure_ascii=False))
