"""Many texts as a few arrays, and where each of them stands: a list and a dictionary that need no memory of their own."""

import hashlib
from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from knowledge.facts.kept import Arrays

Places = npt.NDArray[np.int64]


class Texts:
    """Texts one after the other in a run of bytes."""

    def __init__(self, arrays: Arrays, name: str) -> None:
        """`arrays` as `texts_of` made them, and other arrays beside them."""
        self._run, self._ends = arrays[f"{name}_run"], arrays[f"{name}_ends"]

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, place: int) -> str:
        return self._run[self._ends[place] : self._ends[place + 1]].tobytes().decode("utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[str]:
        return (self[place] for place in range(len(self)))


class Names(Texts):
    """Texts, each of them once, found by a digest of eight bytes and then compared in full."""

    def __init__(self, arrays: Arrays, name: str) -> None:
        """`arrays` as `names_of` made them, and other arrays beside them."""
        super().__init__(arrays, name)
        self._digests, self._order = arrays[f"{name}_digests"], arrays[f"{name}_order"]

    def places(self, names: Sequence[str]) -> list[int]:
        """Where each of these stands; -1 for what is not here."""
        found = [-1] * len(names)
        if not len(self) or not names:
            return found
        wanted = np.array([_digest(name) for name in names], dtype=np.uint64)
        starts = np.searchsorted(self._digests, wanted)
        near = self._digests[np.minimum(starts, len(self) - 1)] == wanted
        for n in np.flatnonzero(near).tolist():
            found[n] = self._among(int(starts[n]), wanted[n], names[n])
        return found

    def _among(self, at: int, digest: np.uint64, name: str) -> int:
        while at < len(self._digests) and self._digests[at] == digest:
            place = int(self._order[at])
            if self[place] == name:
                return place
            at += 1
        return -1


def texts_of(texts: Sequence[str], name: str) -> Arrays:
    """The arrays of `Texts`."""
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    ends = np.zeros(len(encoded) + 1, dtype=np.int64)
    np.cumsum([len(each) for each in encoded], out=ends[1:])
    return {f"{name}_run": np.frombuffer(b"".join(encoded), dtype=np.uint8), f"{name}_ends": ends}


def names_of(names: Sequence[str], name: str) -> Arrays:
    """The arrays of `Names`."""
    digests = np.array([_digest(each) for each in names], dtype=np.uint64)
    order: Places = np.argsort(digests, kind="stable")
    return texts_of(names, name) | {f"{name}_digests": digests[order], f"{name}_order": order}


@lru_cache(maxsize=10_000)  # one search looks for the same names on every shelf
def _digest(name: str) -> int:
    return int.from_bytes(
        hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little"
    )
