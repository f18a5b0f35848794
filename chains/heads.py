"""Small linear classifiers over sentence embeddings: trained from an examples file, kept as .npz.

Knows vectors and labels, not what they mean. Training needs scikit-learn; serving is one matrix product.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge.facts.embeddings import Embedder, Vectors

DATA = resources.files("chains.data")


@dataclass(frozen=True)
class Head:
    """Softmax of `weights @ v + bias`; weights (labels, dimensions), bias (labels,)."""

    labels: tuple[str, ...]
    weights: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]

    def probabilities(self, vectors: Vectors) -> npt.NDArray[np.float32]:
        """Shape (n, labels) for vectors of shape (n, dimensions)."""
        logits = vectors @ self.weights.T + self.bias
        raised = np.exp(logits - logits.max(axis=1, keepdims=True))
        found: npt.NDArray[np.float32] = raised / raised.sum(axis=1, keepdims=True)
        return found

    def of(self, vector: Vectors) -> dict[str, float]:
        """The probability of each label for one vector of shape (dimensions,)."""
        return dict(zip(self.labels, self.probabilities(vector[np.newaxis])[0].tolist(), strict=True))


def read_examples(name: str, label: str, more: Path | None = None) -> list[tuple[str, str]]:
    """(text, label) of a packaged JSON Lines file, and of a shop's own file of the same shape."""
    lines = DATA.joinpath(name).read_text("utf-8").splitlines()
    if more is not None and more.exists():
        lines += more.read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    return [(row["text"], row[label]) for row in rows]


def train(vectors: Vectors, labels: Sequence[str], *, strength: float) -> Head:
    """Multinomial logistic regression, inverse regularisation `strength`, on unit vectors."""
    from sklearn.linear_model import LogisticRegression

    centre = vectors.mean(axis=0)
    model = LogisticRegression(C=strength, max_iter=3000, class_weight="balanced").fit(
        vectors - centre, labels
    )
    weights, bias = model.coef_.astype(np.float32), model.intercept_
    if len(model.classes_) == 2:  # given as the second against the first
        weights, bias = np.concatenate([0 * weights, weights]), np.concatenate([0 * bias, bias])
    return Head(tuple(model.classes_), weights, (bias - weights @ centre).astype(np.float32))


def head_key(made_of: list[tuple[str, str]] | str, embedder: Embedder, strength: float) -> str:
    """Identifies a head by all that makes it: its examples, or a stamp of the files they stand in."""
    said = json.dumps([made_of, embedder.name, strength], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def train_on(examples: list[tuple[str, str]], embedder: Embedder, *, strength: float) -> Head:
    """Embed the examples as queries and train on them."""
    vectors = embedder.queries([text for text, _ in examples])
    return train(vectors, [label for _, label in examples], strength=strength)


def head_for(
    name: str,
    examples: list[tuple[str, str]] | Callable[[], list[tuple[str, str]]],
    embedder: Embedder,
    cache: Path,
    *,
    strength: float,
    stamp: str = "",
) -> Head:
    """The head of these examples and this embedder: the shipped one, a cached one, or trained now and cached.

    Of a `stamp` the examples may be a function, which is called where they have to be learnt from.
    """
    key = head_key(stamp or _read(examples), embedder, strength)
    kept = cache / f"{name}-{key}.npz"
    head = shipped_head(name, key) or (_load(kept, key) if kept.is_file() else None)
    if head is not None:
        return head
    head = train_on(_read(examples), embedder, strength=strength)
    save(head, kept, key)
    return head


def _read(examples: list[tuple[str, str]] | Callable[[], list[tuple[str, str]]]) -> list[tuple[str, str]]:
    return examples() if callable(examples) else examples


def shipped_head(name: str, key: str) -> Head | None:
    """The head that ships, if it is the one of this key."""
    place = resources.files("chains").joinpath(f"trained/{name}.npz")
    return _load(place, key) if place.is_file() else None


def _load(place: Any, key: str) -> Head | None:
    with place.open("rb") as handle, np.load(handle, allow_pickle=False) as found:
        if str(found["key"]) != key:
            return None
        return Head(tuple(str(label) for label in found["labels"]), found["weights"], found["bias"])


def save(head: Head, path: Path, key: str) -> None:
    """Write a head, under a temporary name first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp.npz")
    np.savez(temporary, labels=np.array(head.labels), weights=head.weights, bias=head.bias, key=np.array(key))
    temporary.replace(path)
