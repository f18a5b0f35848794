"""How long do people wait when many chat at once? 200 chats with pauses, faster and faster until it is too much.

The chats run in a process of their own (`bench/load_chats.py`) against the demo shop and the model as it is served.
MARKETEER_BENCH_SECONDS sets how long each rate lasts (60). Says nothing of what is answered.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from bench.public_data import ROOT, Skip
from bench.report import PAGE, Cell, Result, Table

CHATS = 200
RATES = (0.5, 1, 2, 3, 4, 6, 8, 12, 16)
SECONDS = 60.0
PICTURE = "load.png"


def run() -> Result:
    """Waits by rate, with what was lost and what it took; four chats at once; four posts."""
    seconds = float(os.environ.get("MARKETEER_BENCH_SECONDS") or SECONDS)
    found = _measured(seconds)
    result = Result("load", "Many chats at once")
    waits: list[list[Cell]] = []
    for one in found["rates"]:
        heard = one["heard"]
        if not heard:
            continue
        whole = [each["whole"] for each in heard if each["whole"] is not None]
        first = [each["first"] for each in heard if each["first"] is not None]
        waits.append(
            [
                f"{one['rate']:g}", len(heard), len(heard) - len(whole), *_two(first), *_two(whole),
                f"{max(whole, default=0):.1f}", _share(heard, "by_model"), _share(heard, "polite"), one["mb"],
            ]
        )  # fmt: skip
    columns = [
        "messages a second", "asked", "lost", "first words p50 s", "p95 s", "reply p50 s", "p95 s", "longest s",
        "worded by the model", "told to wait", "resident MB",
    ]  # fmt: skip
    result.tables.append(Table(f"{CHATS} chats with pauses, {seconds:g} s at each rate", columns, waits))
    together = found["together"]
    first, whole = ([each[name] for each in together] for name in ("first", "whole"))
    result.tables.append(
        Table("Four chats at once, without pauses", ["", "messages", "p50 s", "p95 s", "aim p50", "aim p95"], [
            ["first words", len(first), *_two(first), "0.7", "1.5"],
            ["reply", len(whole), *_two(whole), "2.5", "–"],
        ])
    )  # fmt: skip
    result.notes.append(
        "Four variants of a post: "
        + ", ".join(f"{seconds:.1f} s ({own} of them the model's own)" for seconds, own in found["variants"])
        + ", in English and Chinese; the aim is 6 s. The model writes them here whatever its adapter is released for."
    )
    result.notes.append(
        f"The process holds {found['rest_mb']} MB at rest. A message is lost when no answer has come 60 s after the end "
        "of its rate. Half of the chats are Chinese; a third are known customers, who also ask for their orders."
    )
    starved = [f"{_starved(one['heard'])} at {one['rate']:g} a second" for one in found["rates"]]
    result.notes.append(f"Chats that asked and were never answered: {', '.join(starved)}.")
    result.pictures.append(("Waits by load", PICTURE))
    _draw(found["rates"])
    return result


def _measured(seconds: float) -> dict[str, Any]:
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "bench.load_chats",
        str(CHATS),
        str(seconds),
        *map(str, RATES),
    ]
    from bot.cli import QUIET

    done = subprocess.run(
        command, cwd=ROOT, env=QUIET | dict(os.environ), stdout=subprocess.PIPE, text=True, check=False
    )
    lines = done.stdout.splitlines()
    if done.returncode or not lines:
        raise Skip(f"the chats ended with status {done.returncode}")
    found: dict[str, Any] = json.loads(lines[-1])
    return found


def _two(seconds: Sequence[float]) -> list[Cell]:
    """Median and 95th percentile."""
    if not seconds:
        return ["–", "–"]
    return [f"{np.percentile(seconds, share):.2f}" for share in (50, 95)]


def _starved(heard: Sequence[dict[str, Any]]) -> int:
    return len({one["chat"] for one in heard} - {one["chat"] for one in heard if one["whole"] is not None})


def _share(heard: Sequence[dict[str, Any]], name: str) -> float:
    return float(np.mean([each[name] for each in heard]))


def _draw(rates: Sequence[dict[str, Any]]) -> None:
    """Write the curve of waits against load beside the page."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    figure, axes = pyplot.subplots(figsize=(7, 4))
    for name, title in (("first", "first words"), ("whole", "reply")):
        for share, style in ((50, "-"), (95, "--")):
            points = [
                (one["rate"], np.percentile([e[name] for e in one["heard"] if e[name] is not None], share))
                for one in rates
                if any(each[name] is not None for each in one["heard"])
            ]
            axes.plot(*zip(*points, strict=True), style, marker="o", label=f"{title}, p{share}")
    axes.set(xlabel="messages a second asked for, by 200 chats", ylabel="seconds", xscale="log", yscale="log")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axis.set_minor_locator(NullLocator())
    axes.grid(visible=True, alpha=0.3)
    axes.legend()
    figure.tight_layout()
    figure.savefig(PAGE.parent / PICTURE, dpi=110)
    pyplot.close(figure)
