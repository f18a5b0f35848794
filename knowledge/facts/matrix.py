"""One shelf's vectors in memory, searched by matrix products. Knows no text and no principal.

Rows of one scope lie side by side, so that a search of some scopes is a search of those rows and of no others. Many rows
are looked through along the shelf's main axes first, and the best of them compared in full: see docs/decisions/0014.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from knowledge.facts.embeddings import Vectors

MANY = 4096  # rows from which on a first look pays
AXES = 96
LOOKED_AT = 800  # rows compared in full


class Matrix:
    """Unit vectors (n, dimensions), float32, by scope."""

    def __init__(self, ids: Sequence[str], scopes: Sequence[str], vectors: Vectors) -> None:
        order = np.argsort(np.asarray(scopes, dtype=object), kind="stable") if len(set(scopes)) > 1 else None
        places = range(len(ids)) if order is None else order.tolist()
        self.ids = [ids[n] for n in places]
        self.position = {name: n for n, name in enumerate(self.ids)}
        self.vectors: Vectors = vectors if order is None else vectors[order]
        self.reach: dict[str, tuple[int, int]] = {}
        for row, n in enumerate(places):
            first, _ = self.reach.get(scopes[n], (row, row))
            self.reach[scopes[n]] = first, row + 1
        self._axes = self._short = np.zeros((0, 0), dtype=np.float32)
        if len(self.ids) > MANY and vectors.shape[1] > AXES:
            _, axes = np.linalg.eigh(self.vectors.T @ self.vectors)
            self._axes = np.ascontiguousarray(axes[:, -AXES:], dtype=np.float32)
            self._short = self.vectors @ self._axes

    def nearest(self, vector: Vectors, k: int, scope: str | None = None) -> list[tuple[str, float]]:
        """The k nearest rows, of one scope where one is given: (id, cosine), in no order."""
        first, end = (0, len(self.ids)) if scope is None else self.reach.get(scope, (0, 0))
        if first == end or k < 1:
            return []
        vector = vector.astype(np.float32)
        rows = np.arange(first, end)
        looked_at = max(LOOKED_AT, 8 * k)
        if len(self._short) and len(rows) > MANY and len(rows) > looked_at:
            rows = first + _best(self._short[first:end] @ (vector @ self._axes), looked_at)
            cosines = self.vectors[rows] @ vector
        else:
            cosines = self.vectors[first:end] @ vector
        chosen = _best(cosines, k)
        return [(self.ids[rows[n]], float(cosines[n])) for n in chosen]

    def vectors_of(self, ids: Sequence[str], scope: str | None = None) -> dict[str, Vectors]:
        """The vectors of those of these ids that stand here, and in one scope where one is given."""
        first, end = (0, len(self.ids)) if scope is None else self.reach.get(scope, (0, 0))
        places = ((name, self.position.get(name, -1)) for name in ids)
        return {name: self.vectors[place] for name, place in places if first <= place < end}


def _best(values: Vectors, count: int) -> npt.NDArray[np.intp]:
    """Where the `count` highest values stand, in no order."""
    if len(values) <= count:
        return np.arange(len(values))
    return np.argpartition(values, len(values) - count)[-count:]
