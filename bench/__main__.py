"""`python -m bench [names...]`: run benches, store their results, render docs/bench.md.

Without names all of them run; `python -m bench render` only writes the page again. A bench whose data are
absent says so and leaves its last result as it is. Quietest numbers come from an idle machine.
"""

import argparse
import os
import sys
import time
from importlib import import_module

from bench.public_data import Skip
from bench.report import Result, render, shown, store

NAMES = (
    "acceptance",
    "attacks",
    "guard",
    "retrieval",
    "routing",
    "sentiment",
    "tuning",
    "latency",
    "large",
    "ingest",
    "engine",
    "load",
    "copy",
)


def main() -> int:
    """Run the named benches; 0 also where some were skipped."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"{', '.join(NAMES)}, or render")
    names = parser.parse_args().names or list(NAMES)
    if wrong := sorted(set(names) - {*NAMES, "render"}):
        parser.error(f"no bench is called {wrong[0]}")
    for name in names:
        if name != "render":
            _run(name)
    render(NAMES)
    return 0


def _run(name: str) -> None:
    print(f"{name} ...", file=sys.stderr, flush=True)
    load, started = os.getloadavg()[0], time.perf_counter()
    try:
        result: Result = import_module(f"bench.{name}").run()
    except Skip as reason:
        print(f"{name}: skipped, {reason}", flush=True)
        return
    path = store(result, time.perf_counter() - started, load)
    for table in result.tables:
        print(f"\n{table.title}\n  {'  '.join(table.columns)}")
        for row in table.rows:
            print(f"  {'  '.join(shown(cell) for cell in row)}")
    for note in result.notes:
        print(f"- {note}")
    print(f"{name}: stored in {path}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
