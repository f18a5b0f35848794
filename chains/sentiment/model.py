"""The classifier: what the upper layers of the encoder make of one text gives three numbers; knows no thresholds."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from chains.encoder.e5 import E5File
from chains.encoder.layers import RANK, Rows, Upper, mean_of, table_of

LABELS = ("negative", "neutral", "positive")


class Classifier(Upper):
    """The upper layers and a linear head over the mean of a text's tokens."""

    def __init__(self, file: E5File, rank: int = RANK) -> None:
        super().__init__(file, rank)
        self.head = nn.Linear(file.sizes.hidden, len(LABELS))
        for layer in self.layers:  # one text alone has no other part to let in
            layer.gate.requires_grad_(False)

    def forward(self, texts: Sequence[Tensor]) -> Tensor:
        """What the reader made of B texts, tensors (tokens, 384), -> logits (B, 3) in the order of LABELS, float32."""
        table, filled = table_of([len(text) for text in texts])
        vectors = self.read(Rows(torch.cat(list(texts)), table, filled))
        pooled = F.layer_norm(mean_of(vectors, filled), vectors.shape[-1:])
        logits: Tensor = self.head(F.dropout(pooled, 0.1, training=self.training))
        return logits
