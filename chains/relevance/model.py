"""The cross-encoder: a question and a fact read together give one number; it does not know thresholds or shops.

Untrained, the parts hardly see each other and the logit is the similarity of e5, so training starts from that; a gate
for each head lets the other part in.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from chains.encoder.e5 import E5File
from chains.encoder.layers import RANK, Rows, Upper, mean_of, table_of

_HEAD = 128


class CrossEncoder(Upper):
    """The upper layers and the head: how surely each fact answers its question, as a logit."""

    def __init__(self, file: E5File, rank: int = RANK) -> None:
        super().__init__(file, rank)
        hidden = file.sizes.hidden
        self.similar = nn.Linear(3, 1)
        self.dense = nn.Linear(3 * hidden, _HEAD)
        self.score = nn.Linear(_HEAD, 1)
        with torch.no_grad():
            self.similar.weight.copy_(torch.tensor([[1.0, 0.7, 0.0]]))
            self.similar.bias.fill_(-1.5)
            self.score.weight.zero_()
            self.score.bias.zero_()

    def forward(self, pairs: Sequence[tuple[Tensor, Tensor]]) -> Tensor:
        """What the reader made of the question and of the fact, for B pairs, -> logits (B,), float32."""
        tokens = torch.cat([text for pair in pairs for text in pair])
        lengths = [len(question) + len(fact) for question, fact in pairs]
        table, filled = table_of(lengths)
        asked = torch.arange(table.shape[1])[None] < torch.tensor([[len(question)] for question, _ in pairs])
        other = (asked[:, :, None] != asked[:, None, :])[:, None]
        rows = Rows(tokens, table, filled, other)
        vectors = self.read(rows)
        question = mean_of(vectors, asked)
        fact = mean_of(vectors, filled & ~asked)
        directions = F.normalize(vectors, dim=-1)
        near = directions @ directions.transpose(1, 2)  # (B, L, L)
        near = near.masked_fill(~(other[:, 0] & filled[:, None]), -1.0).amax(-1, keepdim=True)
        features = torch.cat(
            [
                (F.cosine_similarity(question, fact)[:, None] - 0.84) / 0.04,
                (mean_of(near, asked) - 0.80) / 0.05,
                (mean_of(near, filled & ~asked) - 0.80) / 0.05,
            ],
            -1,
        )
        pooled = [question, fact, question * fact]
        normal = F.dropout(
            torch.cat([F.layer_norm(p, p.shape[-1:]) for p in pooled], -1), 0.1, training=self.training
        )
        logits: Tensor = self.similar(features) + self.score(F.gelu(self.dense(normal)))
        return logits.squeeze(-1)
