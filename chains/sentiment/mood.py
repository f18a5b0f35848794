"""Says how a message feels: three honest probabilities from a classifier over the bundled encoder.

It reads one message and no history, and knows neither who wrote it nor what will be done about it. It shares what the
lower layers make of the message with the judge. Trained by `chains.sentiment.train`; its figures are in docs/bench.md.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from chains.encoder.backbone import Backbone

if TYPE_CHECKING:
    from chains.encoder.texts import Texts
    from chains.sentiment.model import Classifier

_FOLDER = Path(__file__).parent / "weights"
_BATCH = 32
NOTHING = {"negative": 0.0, "neutral": 1.0, "positive": 0.0}
"""What a text without words feels."""


class Moods:
    """The classifier, loaded at the first message; one may be shared by threads."""

    def __init__(self, backbone: Backbone | None = None, folder: Path = _FOLDER) -> None:
        self._backbone = backbone or Backbone()
        self._folder = folder
        self._loaded: tuple[Texts, Classifier, float] | None = None

    def load(self) -> None:
        """Loads now what the first message would load: about a second."""
        with self._backbone.lock:
            self._ready()

    def probabilities(self, text: str) -> dict[str, float]:
        """The probability of each label, in [0, 1] and together 1. Of a text the first 200 characters count."""
        return self.all([text])[0]

    def all(self, texts: Sequence[str]) -> list[dict[str, float]]:
        """The probabilities of many texts, in their order."""
        found = [dict(NOTHING) for _ in texts]
        said = [i for i, text in enumerate(texts) if text.strip()]
        if not said:
            return found
        with self._backbone.lock:
            import torch

            from chains.sentiment.model import LABELS

            readings, model, temperature = self._ready()
            with torch.inference_mode():
                for start in range(0, len(said), _BATCH):
                    some = said[start : start + _BATCH]
                    read, _ = readings.read([texts[i].strip() for i in some], [])
                    rows = (model(read) / temperature).softmax(-1).tolist()
                    found_of = (dict(zip(LABELS, row, strict=True)) for row in rows)
                    for i, probabilities in zip(some, found_of, strict=True):
                        found[i] = probabilities
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
