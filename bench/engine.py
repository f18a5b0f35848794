"""How fast is writing? Ways to run the same weights on the same prompts, each in a process of its own, in turns.

The ways are in `bench/engine_ways.py`; one whose library is absent is left out and named. The best of
`ROUNDS` counts (MARKETEER_BENCH_ROUNDS, 2 where it is not set): whatever else a machine does makes a round slower and
never faster. Says nothing of what is written.
"""

import json
import os
import subprocess
import sys
import time
from typing import Any

from bench.public_data import ROOT, Skip
from bench.report import Cell, Result, Table

ROUNDS = int(os.environ.get("MARKETEER_BENCH_ROUNDS") or 2)
CHATS = (1, 4, 8, 16)
TIMEOUT = 200
WAYS = {
    "generate": "generate of transformers, float32",
    "continuous": "continuous batching of transformers, float32",
    "torchao": "generate of transformers, torchao int8 weights",
    "llama-f16": "llama.cpp, F16 (`marketeer export gguf`)",
    "llama-q8": "llama.cpp, Q8_0 (`marketeer export gguf`)",
    "llama-q4": "llama.cpp, Q4_K_M of the base",
    "engine-llama": "llama.cpp Q8_0 below this engine's queue",
    "engine": "this engine, smallest weights",
    "engine-guessing": "this engine as served: smallest weights, guessing ahead",
    "engine-float32": "this engine, float32",
}


def run() -> Result:
    """Tokens a second, seconds to the first token and memory of each way, and how near the memory's speed that is."""
    result = Result("engine", "Engine")
    best: dict[str, dict[str, Any]] = {}
    for number in range(ROUNDS):
        for way in WAYS:
            if number and way not in best:
                continue  # it failed, and would again
            print(f"  round {number + 1}, {way}", file=sys.stderr, flush=True)
            try:
                _keep_best(best, way, _measured(way))
            except Skip as reason:
                result.notes.append(f"Left out: {WAYS[way]} ({reason}).")
    if not best:
        raise Skip("no way could be measured")
    for figure, title in (
        ("rate", "Tokens a second of all chats together, while all of them write"),
        ("whole", "Tokens a second of all chats together, from asking to the last word, prompts included"),
        ("first", "Milliseconds to the first token, median of the chats, all asking at once"),
    ):
        rows: list[list[Cell]] = [
            [WAYS[way], *(_shown(found["chats"].get(str(n)), figure) for n in CHATS)]
            for way, found in best.items()
        ]
        result.tables.append(
            Table(title, ["way", *(f"{n} chats" if n > 1 else "1 chat" for n in CHATS)], rows)
        )
    memory: list[list[Cell]] = [
        [WAYS[way], found["peak_mb"], found["start_s"]] for way, found in best.items()
    ]
    result.tables.append(
        Table("Memory and start", ["way", "peak MB of the process", "seconds to load"], memory)
    )
    result.tables.append(_roofline(best))
    result.notes.append(
        f"Prompts: the first {max(CHATS)} answers of the test part, up to 32 new tokens each, greedy. While all write, this "
        "engine has read the prompts before, and without guesses goes on past the end of a text; a dash where some chats "
        "had ended before others began. Best of rounds: "
        f"{ROUNDS}. All run the same merged weights, base and shipped adapter, but the row of the base, which has no adapter."
    )
    return result


def _measured(way: str) -> dict[str, Any]:
    """What the way's own process found."""
    command = [sys.executable, "-W", "ignore", "-m", "bench.engine_ways", way, *map(str, CHATS)]
    started = time.perf_counter()
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=_environment(),
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Skip(f"took longer than {TIMEOUT} s") from None
    lines = done.stdout.splitlines()
    if done.returncode or not lines:
        raise Skip(" ".join(done.stderr.split())[-160:] or "it said nothing")
    found: dict[str, Any] = json.loads(lines[-1])
    print(f"    {time.perf_counter() - started:.0f} s {found['chats']}", file=sys.stderr, flush=True)
    return found


def _environment() -> dict[str, str]:
    """This process's, with what the command line sets, as people run it."""
    from bot.cli import QUIET

    return QUIET | dict(os.environ)


def _keep_best(best: dict[str, dict[str, Any]], way: str, found: dict[str, Any]) -> None:
    """Merge the figures of a round into the best so far."""
    if way not in best:
        best[way] = found
        return
    kept = best[way]
    for n, figures in found["chats"].items():
        old = kept["chats"].setdefault(n, figures)
        for name in ("rate", "whole"):
            old[name] = max(old[name], figures[name])
        old["first"] = min(old["first"], figures["first"])
    kept["read_gbs"] = max(kept["read_gbs"], found["read_gbs"])
    kept["start_s"] = min(kept["start_s"], found["start_s"])


def _shown(figures: dict[str, float] | None, name: str) -> Cell:
    if figures is None or not figures[name]:
        return "–"
    return f"{1000 * figures[name]:.0f}" if name == "first" else f"{figures[name]:.1f}"


def _roofline(best: dict[str, dict[str, Any]]) -> Table:
    """What the memory allows one chat, were nothing else to be done, and what was reached."""
    speed = max(found["read_gbs"] for found in best.values())
    rows: list[list[Cell]] = []
    for way, found in best.items():
        if found.get("weight_mb") and "1" in found["chats"]:
            limit = 1000 * speed / found["weight_mb"]
            rate = found["chats"]["1"]["rate"]
            rows.append(
                [
                    WAYS[way],
                    found["weight_mb"],
                    f"{speed:.1f}",
                    f"{limit:.0f}",
                    f"{rate:.1f}",
                    rate / limit,
                ]
            )
    columns = ["way", "MB read a token", "memory GB/s", "tokens/s it allows", "tokens/s reached", "share"]
    return Table("One chat against the speed of the memory", columns, rows)
