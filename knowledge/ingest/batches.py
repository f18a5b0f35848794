"""Cuts what is imported into batches: as many rows as are embedded, written and reported at a time."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

BATCH = 200
T = TypeVar("T")


def batches(items: Iterable[T]) -> Iterator[list[T]]:
    """Lists of BATCH items, the last one shorter; nothing is read ahead."""
    iterator = iter(items)
    while batch := list(islice(iterator, BATCH)):
        yield batch
