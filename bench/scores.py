"""Formulas shared by the benches: hit@k, MRR, accuracy, macro-F1, expected calibration error."""

from collections.abc import Sequence

import numpy as np


def hit_at(k: int, ranks: Sequence[int | None]) -> float:
    """The share of questions whose answer stands among the first k; None means not found."""
    return float(np.mean([rank is not None and rank <= k for rank in ranks]))


def mean_reciprocal_rank(ranks: Sequence[int | None]) -> float:
    """The mean of 1/rank, 0 where nothing was found."""
    return float(np.mean([1 / rank if rank else 0.0 for rank in ranks]))


def accuracy(said: Sequence[str], true: Sequence[str]) -> float:
    """The share that is right."""
    return float(np.mean([a == b for a, b in zip(said, true, strict=True)]))


def precision_recall(label: str, said: Sequence[str], true: Sequence[str]) -> tuple[float, float]:
    """Of those called `label`, the share that is; of those that are, the share called so."""
    right = sum(a == b == label for a, b in zip(said, true, strict=True))
    return right / max(list(said).count(label), 1), right / max(list(true).count(label), 1)


def macro_f1(said: Sequence[str], true: Sequence[str]) -> float:
    """The unweighted mean over the true labels of each label's F1."""
    found = []
    for label in sorted(set(true)):
        precision, recall = precision_recall(label, said, true)
        found.append(2 * precision * recall / (precision + recall) if precision + recall else 0.0)
    return float(np.mean(found))


def calibration_error(confidences: Sequence[float], right: Sequence[bool], bins: int = 10) -> float:
    """Expected calibration error over equal-width bins of confidence (Guo et al. 2017)."""
    sure, correct = np.asarray(confidences), np.asarray(right, dtype=float)
    which = np.minimum((sure * bins).astype(int), bins - 1)
    gaps = [
        abs(sure[which == n].mean() - correct[which == n].mean()) * (which == n).sum()
        for n in range(bins)
        if (which == n).any()
    ]
    return float(sum(gaps) / len(sure))
