"""Judges how surely each fact answers a customer's question; it does not fetch facts or word an answer.

The probabilities are honest on products the model never saw (see weights/metrics.json). It has not learnt from
anything but shop questions in English and Chinese, and it does not tell a `yes` from a `no`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from chains.encoder.backbone import Backbone

if TYPE_CHECKING:
    from chains.encoder.texts import Texts
    from chains.relevance.model import CrossEncoder

_FOLDER = Path(__file__).parent / "weights"
_BATCH = 64

_CALIBRATION: dict[str, float] = json.loads((_FOLDER / "calibration.json").read_text("utf-8"))
THRESHOLD: float = _CALIBRATION["threshold"]
"""From this probability on, the best fact is an answer."""


class Judge:
    """The cross-encoder, loaded at the first question; one may be shared by threads."""

    def __init__(self, backbone: Backbone | None = None) -> None:
        self._backbone = backbone or Backbone()
        self._loaded: tuple[Texts, CrossEncoder] | None = None

    def scores(self, question: str, facts: Sequence[str]) -> list[float]:
        """How probably each of N facts answers the question: N numbers in [0, 1], in the order of the facts.

        Of a question the first 200 characters count, of a fact the first 400. Blank text answers nothing: 0.
        """
        asked = question.strip()
        wanted = [i for i, fact in enumerate(facts) if fact.strip()] if asked else []
        found = [0.0] * len(facts)
        if not wanted:
            return found
        logits = self._backbone.alone(lambda: self._logits(asked, [facts[i].strip() for i in wanted]))
        for i, logit in zip(wanted, logits, strict=True):
            found[i] = logit
        return found

    def _ready(self) -> tuple[Texts, CrossEncoder]:
        if self._loaded is None:
            from safetensors.torch import load_file

            from chains.relevance.model import CrossEncoder

            opened = self._backbone.open()
            model = CrossEncoder(opened.file)
            model.load(load_file(_FOLDER / "weights.safetensors"))
            opened.ready(model, opened.many)
            self._loaded = opened.texts, model
        return self._loaded

    def _logits(self, question: str, facts: list[str]) -> list[float]:
        import torch

        texts, model = self._ready()
        found: list[float] = []
        with torch.inference_mode():
            for start in range(0, len(facts), _BATCH):
                questions, read = texts.read([question], facts[start : start + _BATCH])
                logits = model([(questions[0], fact) for fact in read])
                honest = torch.sigmoid(logits * _CALIBRATION["scale"] + _CALIBRATION["shift"])
                found += honest.tolist()
        return found
