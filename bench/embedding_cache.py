"""Remembers embeddings between runs of the benches, outside the project. Never used where time is measured."""

import hashlib
import os
import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from knowledge.facts.embeddings import E5_COSINES, Embedder, Vectors, open_embedder

PART = 200  # texts embedded between two writes, so that an interrupted run loses little


class CachedEmbedder:
    """Another embedder whose vectors are kept in a file under MARKETEER_BENCH_CACHE (default: the temporary folder)."""

    def __init__(self, spec: str = "bundled") -> None:
        self._inner: Embedder = open_embedder(spec)
        self.name = self._inner.name
        self.cosines: tuple[float, float] = getattr(self._inner, "cosines", E5_COSINES)
        self.shift: Vectors | None = getattr(self._inner, "shift", None)
        folder = Path(os.environ.get("MARKETEER_BENCH_CACHE") or tempfile.gettempdir())
        self._file = folder / "marketeer-bench-embeddings.sqlite3"
        with self._open() as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS vector (key TEXT PRIMARY KEY, value BLOB)")

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self._recall("query", texts, self._inner.queries)

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self._recall("passage", texts, self._inner.passages)

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._file, timeout=60)

    def _recall(self, form: str, texts: Sequence[str], embed: Callable[[Sequence[str]], Vectors]) -> Vectors:
        keys = [hashlib.sha256(f"{self.name}\0{form}\0{text}".encode()).hexdigest() for text in texts]
        connection = self._open()
        try:
            known: dict[str, Vectors] = {}
            for key in dict.fromkeys(keys):
                row = connection.execute("SELECT value FROM vector WHERE key = ?", (key,)).fetchone()
                if row:
                    known[key] = np.frombuffer(row[0], dtype=np.float32)
            new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
            with ThreadPoolExecutor(2) as pool:
                for start in range(0, len(new), PART):
                    part = dict(list(new.items())[start : start + PART])
                    made = dict(
                        zip(part, pool.map(lambda text: embed([text])[0], part.values()), strict=True)
                    )
                    known |= made
                    connection.executemany(
                        "INSERT OR REPLACE INTO vector VALUES (?, ?)",
                        [(key, vector.astype(np.float32).tobytes()) for key, vector in made.items()],
                    )
                    connection.commit()
        finally:
            connection.close()
        return np.stack([known[key] for key in keys])
