"""One shelf's vectors, searched by matrix products. Knows no text and no principal.

Rows of one scope lie side by side, so that a search of some scopes is a search of those rows and of no others. Many rows
are looked through along the shelf's main axes first, and the best of them compared in full: see docs/decisions/0014.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from knowledge.facts.embeddings import Vectors
from knowledge.facts.kept import Arrays
from knowledge.facts.names import Names, Texts, names_of, texts_of

MANY = 4096  # rows from which on a first look pays
AXES = 96
LOOKED_AT = 800  # rows compared in full


def table(ids: Sequence[str], scopes: Sequence[str], vectors: Vectors) -> Arrays:
    """The arrays of a `Matrix` of unit vectors (n, dimensions), float32."""
    order = np.argsort(np.asarray(scopes, dtype=object), kind="stable") if len(set(scopes)) > 1 else None
    places = range(len(ids)) if order is None else order.tolist()
    lying = vectors if order is None else vectors[order]
    reach: dict[str, tuple[int, int]] = {}
    for row, n in enumerate(places):
        first, _ = reach.get(scopes[n], (row, row))
        reach[scopes[n]] = first, row + 1
    axes = short = np.zeros((0, 0), dtype=np.float32)
    if len(ids) > MANY and vectors.shape[1] > AXES:
        _, every = np.linalg.eigh(lying.T @ lying)
        axes = np.ascontiguousarray(every[:, -AXES:], dtype=np.float32)
        short = lying @ axes
    spans = np.array(list(reach.values()), dtype=np.int64).reshape(-1, 2)
    arrays: Arrays = {"vectors": lying, "axes": axes, "short": short, "spans": spans}
    return arrays | names_of([ids[n] for n in places], "ids") | texts_of(list(reach), "scopes")


class Matrix:
    """Unit vectors by scope."""

    def __init__(self, arrays: Arrays) -> None:
        """`arrays` as `table` made them."""
        self.ids = Names(arrays, "ids")
        self.vectors: Vectors = arrays["vectors"]
        self.reach: dict[str, tuple[int, int]] = dict(
            zip(Texts(arrays, "scopes"), map(tuple, arrays["spans"].tolist()), strict=True)
        )
        self._axes, self._short = arrays["axes"], arrays["short"]

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
        return [(self.ids[int(rows[n])], float(cosines[n])) for n in chosen]

    def vectors_of(self, ids: Sequence[str], scope: str | None = None) -> dict[str, Vectors]:
        """The vectors of those of these ids that stand here, and in one scope where one is given."""
        first, end = (0, len(self.ids)) if scope is None else self.reach.get(scope, (0, 0))
        places = zip(ids, self.ids.places(ids), strict=True)
        return {name: self.vectors[place] for name, place in places if first <= place < end}


def _best(values: Vectors, count: int) -> npt.NDArray[np.intp]:
    """Where the `count` highest values stand, in no order."""
    if len(values) <= count:
        return np.arange(len(values))
    return np.argpartition(values, len(values) - count)[-count:]
