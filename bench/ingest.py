"""How fast and how large is an import? 10,000 generated products, in a process of its own.

The measuring is `bench/ingest_speed.py`; this runs it and keeps what it says.
"""

import json
import subprocess
import sys

from bench.public_data import ROOT
from bench.report import Cell, Result, Table

ROWS = 10_000


def run() -> Result:
    """Rows a second with the bundled embedder and without one, and the most memory held."""
    rows: list[list[Cell]] = []
    for title, words in (("bundled embedder", []), ("random vectors", ["--no-model"])):
        print(f"  {ROWS} rows, {title}", file=sys.stderr, flush=True)
        command = [sys.executable, "-m", "bench.ingest_speed", "--rows", str(ROWS), *words]
        found = json.loads(subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout)
        rows.append(
            [title, found["rows"], round(found["rows_per_second"]), round(found["unchanged_rows_per_second"]),
             found["peak_rss_mb"]]
        )  # fmt: skip
    columns = ["vectors", "rows", "rows/s", "rows/s, unchanged", "most memory, MB"]
    return Result("ingest", "Import", [Table("A products file, imported and imported again", columns, rows)])
