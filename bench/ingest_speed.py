"""Measures the import of generated products: rows a second, and the most memory the process held.

    python -m bench.ingest_speed [--rows 10000] [--no-model]

`--no-model` replaces the embedder by random vectors, to see what everything else costs. Prints one JSON object;
on standard error it says every SAID rows how far it is.
"""

import argparse
import csv
import json
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random

import numpy as np

from knowledge.facts.embeddings import Embedder, Vectors, open_embedder

TEXT = """clay glass iron bamboo teapot cup kettle tray whisk oolong green black white daily brewing hand made
potter small batch keeps heat lid handle dishwasher safe 陶壶 玻璃杯 铁壶 竹盘 乌龙 绿茶 手工 日常 耐热 保温"""
WORDS = TEXT.split()
SAID = 1_000  # rows


class RandomVectors:
    """Vectors of the right shape, at no cost."""

    name = "random"

    def passages(self, texts: Sequence[str]) -> Vectors:
        drawn = np.random.default_rng(len(texts)).normal(size=(len(texts), 384)).astype(np.float32)
        unit: Vectors = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
        return unit

    queries = passages


def write_products(path: Path, rows: int) -> None:
    """Products with a description of some twenty words and three attributes each."""
    rng = Random(7)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(("sku", "name", "category", "price", "stock", "description", "attributes"))
        for number in range(rows):
            name, said = (" ".join(rng.choices(WORDS, k=count)) for count in (3, 20))
            writer.writerow(
                (
                    f"SKU-{number}",
                    name,
                    rng.choice(WORDS),
                    f"{rng.uniform(1, 200):.2f}",
                    rng.randrange(50),
                    said,
                    f"colour={rng.choice(WORDS)}; weight={rng.randrange(900)} g; set of={rng.randrange(1, 9)}",
                )
            )


class Said:
    """Progress as lines on standard error: rows done, rows in all, rows a second so far."""

    def __init__(self, every: int) -> None:
        self._every, self._next, self._began = every, every, time.perf_counter()

    def __call__(self, name: str, done: int, total: int | None) -> None:
        if done >= self._next or done == total:
            self._next += self._every
            pace = done / (time.perf_counter() - self._began)
            print(f"    {done:,} of {total or 0:,} rows, {pace:.0f} rows/s", file=sys.stderr, flush=True)


def measure(rows: int, embedder: Embedder) -> dict[str, object]:
    """Import, and import the same again."""
    from bench.shop_folder import imported
    from knowledge.ingest.run import Ingest

    with tempfile.TemporaryDirectory(prefix="marketeer-bench-") as folder:
        path = Path(folder) / "products.csv"
        write_products(path, rows)
        began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
        with imported([path], embedder, Said(SAID)) as index:
            first = time.perf_counter() - began
            used = resource.getrusage(resource.RUSAGE_SELF)
            began = time.perf_counter()
            Ingest(index.database, index).files([path])
            again = time.perf_counter() - began
            kept = index.store.count()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "rows": rows,
        "embedder": embedder.name,
        "rows_per_second": round(rows / first, 1),
        "cpu_seconds": round(used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime, 1),
        "unchanged_rows_per_second": round(rows / again, 1),
        "vectors": kept,
        "peak_rss_mb": round(peak / 1024),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--no-model", action="store_true")
    options = parser.parse_args()
    embedder = RandomVectors() if options.no_model else open_embedder("bundled")
    print(json.dumps(measure(options.rows, embedder)))


if __name__ == "__main__":
    main()
