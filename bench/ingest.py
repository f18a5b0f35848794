"""How fast and how large is an import? Generated products, in a process of their own, 10,000 of them.

The measuring is `bench/ingest_speed.py`; this runs it and keeps what it says. With the bundled embedder it takes about a
quarter of an hour on two cores; `python -m bench.ingest_speed --rows 300` is the same in small, and keeps nothing.
"""

import json
import subprocess
import sys

from bench.public_data import ROOT
from bench.report import Cell, Result, Table

FEW, ALL = 1_000, 10_000  # rows


def run() -> Result:
    """Rows a second with the bundled embedder and without one, and the most memory held."""
    rows: list[list[Cell]] = []
    for title, count, words in (
        ("bundled embedder", ALL, []), ("random vectors", FEW, ["--no-model"]),
        ("random vectors", ALL, ["--no-model"]),
    ):  # fmt: skip
        print(f"  {count} rows, {title}", file=sys.stderr, flush=True)
        command = [sys.executable, "-m", "bench.ingest_speed", "--rows", str(count), *words]
        found = json.loads(subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout)
        rows.append(
            [title, found["rows"], round(found["rows_per_second"]), round(found["unchanged_rows_per_second"]),
             found["peak_rss_mb"]]
        )  # fmt: skip
    columns = ["vectors", "rows", "rows/s", "rows/s, unchanged", "most memory, MB"]
    return Result("ingest", "Import", [Table("A products file, imported and imported again", columns, rows)])
