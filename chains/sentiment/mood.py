"""Says how a message feels: three honest probabilities, of a classifier over the bundled encoder and a linear head.

The head reads the embedding that the route has made already; where it doubts, the classifier is asked too, which shares
what the lower layers make of the message with the embedding and the judge. What each is worth: docs/training-log.md.
Reads one message and no history, and knows neither who wrote it nor what will be done about it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from chains.encoder.backbone import Backbone
from chains.heads import head_key, read_examples, shipped_head
from knowledge.facts.embeddings import Embedder, Vectors

if TYPE_CHECKING:
    from chains.encoder.texts import Texts
    from chains.sentiment.model import Classifier

_FOLDER = Path(__file__).parent / "weights"
_BATCH = 32
HEAD, STRENGTH = "sentiment", 10.0  # the shipped head, and its inverse regularisation
SURE = 0.9  # neutral or positive from here on, the head is left alone: of 1,075 texts no label changed by it
"""A negative one is always looked at twice: what is done about it hangs on how negative it is, and alone the head would
call half as many again furious."""
Mood = dict[str, float]
NOTHING: Mood = {"negative": 0.0, "neutral": 1.0, "positive": 0.0}
"""What a text without words feels."""


class MoodClassifier:
    """The classifier, loaded at the first message; one may be shared by threads."""

    def __init__(self, backbone: Backbone | None = None, folder: Path = _FOLDER) -> None:
        self._backbone = backbone or Backbone()
        self._folder = folder
        self._loaded: tuple[Texts, Classifier, float] | None = None

    def warm_up(self) -> None:
        """Load what the first text that is doubted would wait for."""
        self._backbone.alone(self._ready)

    def all(self, texts: Sequence[str]) -> list[Mood]:
        """The classifier's probability of each label for each text, in [0, 1] and together 1. Of a text the first 200
        characters count; one without words is neutral."""
        found = [dict(NOTHING) for _ in texts]
        said = [i for i, text in enumerate(texts) if text.strip()]
        if said:
            rows = self._backbone.alone(lambda: self._probabilities([texts[i].strip() for i in said]))
            for i, row in zip(said, rows, strict=True):
                found[i] = row
        return found

    def _probabilities(self, texts: list[str]) -> list[Mood]:
        import torch

        from chains.sentiment.model import LABELS

        readings, model, temperature = self._ready()
        found: list[Mood] = []
        with torch.inference_mode():
            for start in range(0, len(texts), _BATCH):
                read, _ = readings.read(texts[start : start + _BATCH], [])
                rows = (model(read) / temperature).softmax(-1).tolist()
                found += [dict(zip(LABELS, row, strict=True)) for row in rows]
        return found

    def _ready(self) -> tuple[Texts, Classifier, float]:
        if self._loaded is None:
            from safetensors.torch import load_file

            from chains.sentiment.model import Classifier

            opened = self._backbone.open()
            model = Classifier(opened.file)
            model.load(load_file(self._folder / "weights.safetensors"))
            opened.ready(model)
            written = json.loads((self._folder / "calibration.json").read_text("utf-8"))
            self._loaded = opened.texts, model, float(written["temperature"])
        return self._loaded


def plain_examples() -> list[tuple[str, str]]:
    """What the head learns from: plain texts alone. Idioms and irony, which the classifier learns, make it worse."""
    return read_examples(f"{HEAD}.jsonl", "label")


class Moods:
    """The head where it fits the embedder, and the classifier where it doubts; one may be shared by threads."""

    def __init__(self, embedder: Embedder, backbone: Backbone | None = None) -> None:
        self._embedder = embedder
        self.classifier = MoodClassifier(backbone)
        self._head = shipped_head(HEAD, head_key(plain_examples(), embedder, STRENGTH))

    def of(self, text: str, vector: Vectors | None = None) -> Mood:
        """The probability of each label; `vector` is the text's query embedding where it is known already."""
        return self.all([text], None if vector is None else vector[np.newaxis])[0]

    def all(self, texts: Sequence[str], vectors: Vectors | None = None) -> list[Mood]:
        """The probabilities of many texts, in their order."""
        if self._head is None or not texts:
            return self.classifier.all(texts)
        rows = self._head.probabilities(
            self._embedder.queries(list(texts)) if vectors is None else vectors
        ).tolist()
        found = [
            dict(zip(self._head.labels, row, strict=True)) if text.strip() else dict(NOTHING)
            for text, row in zip(texts, rows, strict=True)
        ]
        doubted = [n for n, mood in enumerate(found) if max(mood["neutral"], mood["positive"]) < SURE]
        for n, other in zip(doubted, self.classifier.all([texts[n] for n in doubted]), strict=True):
            found[n] = _mixed(found[n], other)
        return found


def _mixed(one: Mood, other: Mood) -> Mood:
    """The geometric mean of two opinions, as probabilities."""
    raised = {label: math.sqrt(max(p, 1e-9) * max(other[label], 1e-9)) for label, p in one.items()}
    whole = sum(raised.values())
    return {label: p / whole for label, p in raised.items()}
