"""Tries a small grid with short runs, to choose rank and learning rate before a long one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from chains.tuning.rows import Row
from chains.tuning.settings import TrainSettings
from chains.tuning.train import Report, Trained, train

RANKS = (8, 16, 32)
RATES = (2e-4, 5e-4, 1e-3)
STEPS = 24


@dataclass(frozen=True)
class Tried:
    """One corner of the grid."""

    rank: int
    learning_rate: float
    result: Trained


def sweep(
    train_rows: Sequence[Row], validation_rows: Sequence[Row], folder: Path, settings: TrainSettings, cache: Path,
    report: Callable[[int, int], Report | None] = lambda done, total: None, *, ranks: Sequence[int] = RANKS,
    rates: Sequence[float] = RATES,
) -> list[Tried]:  # fmt: skip
    """Every rank with every learning rate, `settings.steps` (or 24) steps each, best validation loss first.

    `report(done, total)` gives the report of the next run. An interrupted sweep goes on where it was.
    """
    grid = list(product(ranks, rates))
    found = []
    for number, (rank, rate) in enumerate(grid):
        changes = {
            "rank": rank,
            "alpha": 2 * rank,
            "learning_rate": rate,
            "steps": settings.steps or STEPS,
            "evaluations": 1,
        }
        one = settings.model_copy(update=changes)
        where = folder / f"rank{rank}-rate{rate:g}"
        found.append(
            Tried(
                rank, rate, train(train_rows, validation_rows, where, one, cache, report(number, len(grid)))
            )
        )
    return sorted(found, key=lambda tried: tried.result.validation)
