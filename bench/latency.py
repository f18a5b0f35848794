"""How long does a person wait? Start, route, search, first token and whole answer.

Search is timed in this process on generated catalogues of two sizes; answers are those of the real command,
`marketeer ask --batch`, on a test shop with the bundled model. Says nothing of whether answers are right.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.ingest_speed import RandomVectors, write_products
from bench.public_data import ROOT, Skip
from bench.report import Cell, Result, Table
from bench.shop_folder import imported
from knowledge.facts.embeddings import open_embedder
from knowledge.principal import STRANGER

SHOP = ROOT / "tests" / "shops" / "bikes"
COMMAND = (sys.executable, "-c", "import sys; from bot.cli import main; sys.exit(main())")
RESTS = 20  # seconds after which everything behind the prompt has been loaded
QUESTIONS = 30
SIZES = (1_000, 20_000)
STEPS = {
    "route": "route (embedding and intent)",
    "retrieve": "retrieve (search, rows and judge)",
    "first_token": "first token of the model",
    "first_shown": "first words shown",
    "total": "whole answer",
}


def run() -> Result:
    """Medians and 95th percentiles over the same questions."""
    result = Result("latency", "Latency")
    asked = questions()
    _search(result, [row["text"] for row in asked])
    try:
        _answers(result, asked)
    except Skip as reason:
        result.notes.append(f"Left out: {reason}.")
    return result


def questions() -> list[dict[str, Any]]:
    """QUESTIONS lines of the test shop, evenly spread over all of its kinds."""
    path = SHOP / "questions.jsonl"
    if not path.is_file():
        raise Skip(f"{path} is absent")
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [rows[int(n * len(rows) / QUESTIONS)] for n in range(QUESTIONS)]


def _figures(milliseconds: Sequence[float]) -> list[Cell]:
    found = np.asarray(milliseconds)
    return [len(found), f"{np.median(found):.1f}", f"{np.percentile(found, 95):.1f}"]


def _timed(work: Callable[..., object], *given: object, **named: object) -> float:
    started = time.perf_counter()
    work(*given, **named)
    return 1000 * (time.perf_counter() - started)


def _search(result: Result, texts: list[str]) -> None:
    embedder = open_embedder("bundled")
    vectors = [embedder.queries([text])[0] for text in texts]
    rows: list[list[Cell]] = [
        ["embed the question", *_figures([_timed(embedder.queries, [text]) for text in texts])]
    ]
    for size in SIZES:
        print(f"  search among {size} facts", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory() as passing:
            file = Path(passing) / "products.csv"
            write_products(file, size)
            with imported([file], RandomVectors()) as index:
                search = index.retriever(STRANGER).search
                first = _timed(search, texts[0], vector=vectors[0])
                times = [
                    _timed(search, text, vector=vector) for text, vector in zip(texts, vectors, strict=True)
                ]
        rows.append([f"search {size:,} facts, embedded already", *_figures(times)])
        result.notes.append(f"The first search among {size:,} facts builds their word index: {first:.0f} ms.")
    result.notes.append(
        "The generated facts have random vectors; the questions are embedded by the bundled model."
    )
    result.tables.append(Table("Search", ["step", "questions", "median ms", "p95 ms"], rows))


def _answers(result: Result, asked: list[dict[str, Any]]) -> None:
    with tempfile.TemporaryDirectory(prefix="marketeer-bench-") as passing:
        folder = Path(passing)
        shop = shutil.copytree(SHOP, folder / "files", ignore=shutil.ignore_patterns("*_bad*", "*rejects*"))
        _marketeer(folder, "ingest", str(shop), "--json")
        batch = folder / "batch.jsonl"
        lines = [
            {k: row[k] for k in ("id", "text", "as", "customer", "history") if row.get(k)} for row in asked
        ]
        batch.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        answers, seconds, peak = _marketeer(folder, "ask", "--batch", str(batch), "--json")
        _start(result, folder, asked[0]["text"])
    good = [
        answer["timings_ms"] for answer in map(json.loads, answers.splitlines()) if "timings_ms" in answer
    ]
    if not good:
        raise Skip(f"`marketeer ask --batch` answered nothing: {answers[:200]}")
    rows: list[list[Cell]] = []
    for step, title in STEPS.items():
        times = [timing[step] for timing in good if step in timing]
        if times:
            rows.append([title, *_figures(times)])
    title = (
        f"Answers: `marketeer ask --batch` on tests/shops/bikes, {len(good)} of {len(asked)} lines answered"
    )
    result.tables.append(Table(title, ["step", "questions", "median ms", "p95 ms"], rows))
    result.notes.append(
        f"The whole batch took {seconds:.0f} s with the start of the process, which held {peak} MB at most. "
        "A step counts only the questions that had it: most answers come from rows without the model, so the "
        "first token is the median of those few and not of all questions."
    )


def _start(result: Result, folder: Path, text: str) -> None:
    """Open the console on a filled folder three times, ask one thing, and let it rest."""
    rows: list[list[Cell]] = []
    for time_of in ("first", "second", "third"):
        started = time.perf_counter()
        process = subprocess.Popen(
            [*COMMAND, "chat", "--data", str(folder / "data")],
            cwd=folder,
            env=_clean() | {"PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
        assert process.stdin is not None
        assert process.stdout is not None
        if not process.stdout.readline():
            raise Skip("`marketeer chat` did not start")
        greeted = time.perf_counter()
        process.stdin.write(f"{text}\n")
        process.stdin.flush()
        while text not in process.stdout.readline():
            if process.poll() is not None:
                raise Skip("`marketeer chat` ended")
        process.stdout.readline()
        answered = time.perf_counter()
        time.sleep(RESTS)
        resting = _held(process.pid)
        process.communicate("/quit\n", timeout=120)
        rows.append([time_of, f"{greeted - started:.1f}", f"{answered - started:.1f}", resting])
    columns = ["start", "s to the prompt", "s to the first answer", f"MB held {RESTS} s later"]
    result.tables.append(Table("The console on tests/shops/bikes, asked as soon as it greets", columns, rows))


def _held(process: int) -> Cell:
    """MB that a process holds; a dash where the system does not tell."""
    listing = Path(f"/proc/{process}/statm")
    return int(listing.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20 if listing.exists() else "-"


def _clean() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("MARKETEER_")}


def _marketeer(folder: Path, *words: str) -> tuple[str, float, int]:
    """Run the command on a data folder: (standard output, seconds, most MB of memory held).

    Raises: Skip when it fails.
    """
    command = [*COMMAND, words[0], "--data", str(folder / "data"), *words[1:]]
    started = time.perf_counter()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command, cwd=folder, env=_clean(), stdin=subprocess.DEVNULL, stdout=out, stderr=log
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        log.seek(0)
        said, told = out.read().decode(), log.read().decode()
    if process.returncode:
        raise Skip(f"`marketeer {words[0]}` failed: {' '.join((said or told).split())[-200:]}")
    return said, time.perf_counter() - started, used.ru_maxrss // 1024
