"""The gate: an adapter is served only if its figures beat the served one's. Knows figures, not how they were made."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from statistics import fmean
from typing import Any

import yaml

from chains.llm.adapters import hash_of
from chains.llm.adapters.registry import Adapters
from chains.tuning.errors import TuningError
from chains.tuning.evaluate import Evaluation
from chains.tuning.metrics import Figure

EVALUATION = "evaluation.json"


@dataclass(frozen=True)
class Compared:
    """One figure of the gate: of the candidate, of the one served; `won` and `lost` are beyond noise.

    `p` is the probability of so large a difference by chance; None where only the two intervals were there to compare.
    """

    metric: str
    candidate: Figure
    present: Figure
    won: bool
    lost: bool
    p: float | None = None


def compare(candidate: Evaluation, present: Evaluation) -> list[Compared]:
    """Every figure of the gate's list that both have, row by row where both kept their rows.

    Raises: TuningError where they were measured on different test rows, or have no figure in common.
    """
    if candidate.test != present.test:
        raise TuningError("The two adapters were measured on different test rows: evaluate both again.")
    gate: dict[str, Any] = yaml.safe_load(
        resources.files("chains.tuning.data").joinpath("gate.yaml").read_text("utf-8")
    )
    ours, theirs = candidate.systems[gate["system"]], present.systems[gate["system"]]
    found = []
    for sign, metrics in ((1, gate["higher"]), (-1, gate["lower"])):
        for metric in metrics:
            if metric in ours and metric in theirs and min(ours[metric].n, theirs[metric].n) > 0:
                found.append(_compared(metric, sign, ours[metric], theirs[metric], gate["level"]))
    if not found:
        raise TuningError("The evaluations have no figure of the gate in common: evaluate both again.")
    return found


def _compared(metric: str, sign: int, ours: Figure, theirs: Figure, level: float) -> Compared:
    gain = sign * (ours.value - theirs.value)
    if ours.each and len(ours.each) == len(theirs.each):
        p = paired(ours.each, theirs.each)
        certain = p < level
        return Compared(metric, ours, theirs, certain and gain > 0, certain and gain < 0, p)
    noise = _noise(ours, theirs)
    return Compared(metric, ours, theirs, gain > noise, gain < -noise)


def paired(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The two-sided p of a difference over the same rows: exact McNemar for yes and no, else a sign-flip permutation."""
    from scipy.stats import binomtest, permutation_test

    pairs = [(one, other) for one, other in zip(ours, theirs, strict=True) if one != other]
    if len(pairs) < 2:
        return 1.0  # one row that differs says nothing
    if {*ours, *theirs} <= {0.0, 1.0}:
        return float(binomtest(sum(one > other for one, other in pairs), len(pairs)).pvalue)
    test = permutation_test(
        tuple(zip(*pairs, strict=True)), lambda a, b: fmean(a) - fmean(b), permutation_type="samples", n_resamples=4000,
        vectorized=False, rng=0,
    )  # fmt: skip
    return float(test.pvalue)


def _noise(one: Figure, other: Figure) -> float:
    return math.hypot((one.high - one.low) / 2, (other.high - other.low) / 2)


def passes(compared: list[Compared]) -> bool:
    """Whether it wins somewhere and loses nowhere, beyond noise."""
    return any(one.won for one in compared) and not any(one.lost for one in compared)


def promote(adapters: Adapters, adapter: Path, name: str) -> list[Compared]:
    """Serve `adapter` from the next start on, if its kept evaluation beats the served one's; what was compared.

    Raises: TuningError where it does not pass, or either was not evaluated.
    """
    present = adapters.served()
    compared: list[Compared] = []
    if present is not None:
        compared = compare(_evaluation(adapter), _evaluation(present))
        if not passes(compared):
            lost = [one.metric for one in compared if one.lost]
            why = f"it is worse in {', '.join(lost)}" if lost else "it is better in nothing beyond noise"
            raise TuningError(f"{name} stays unserved: {why}. `marketeer evaluate` has the figures.")
    adapters.install(adapter, name, won=[one.metric for one in compared if one.won], sha256=hash_of(adapter))
    return compared


def _evaluation(adapter: Path) -> Evaluation:
    path = adapter / EVALUATION
    if not path.is_file():
        raise TuningError(
            f"{adapter.name} has not been evaluated: run `marketeer evaluate --adapter {adapter}` first."
        )
    return Evaluation.read(path)
