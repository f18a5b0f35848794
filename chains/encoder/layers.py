"""The layers of multilingual-e5-small, 12 of 384, some of them with low-rank changes; knows no task.

The lower ones stay as they are and read each text alone, as e5 does ("query: ...", "passage: ..."), so what they say
of a text can be kept and shared by every task. The upper ones belong to a task and learn.
Tokens of a batch lie in one long row, so the matrices never work on padding; only attention sees a padded table.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from chains.encoder.e5 import BadWeights, E5File, Ints

ALONE = 6
"""The layers, of 12, that read a text alone."""
RANK = 32
_SHUT = -3.0  # added to what a token thinks of the other part's tokens, before training


@dataclass
class Rows:
    """Texts of T tokens in a row, in groups of up to L tokens that see each other."""

    tokens: Tensor
    """The tokens' vectors (T, 384)."""
    table: Tensor
    """Where each token of each of B groups lies in the row, int64 (B, L); 0 where there is none."""
    filled: Tensor
    """Whether the table has a token there, bool (B, L)."""
    other: Tensor | None = None
    """Whether two tokens are of different parts, bool (B, 1, L, L); None when every group is one text."""


def table_of(lengths: Sequence[int]) -> tuple[Tensor, Tensor]:
    """The table and the mask, both (B, L), of groups that lie in a row with these B lengths."""
    count = np.array(lengths)
    starts = np.cumsum(count) - count
    column = np.arange(count.max())
    filled = column[None] < count[:, None]
    return torch.from_numpy(np.where(filled, starts[:, None] + column[None], 0)), torch.from_numpy(filled)


class LowRank(nn.Module):
    """A frozen matrix (outputs, inputs) plus a change of low rank, and a bias; of rank 0, or merged, one matrix."""

    def __init__(self, weight: Tensor, bias: Tensor, rank: int) -> None:
        super().__init__()
        outputs, inputs = weight.shape
        self.register_buffer("weight", weight, persistent=False)
        self.weight: Tensor
        self.bias = nn.Parameter(bias, requires_grad=rank > 0)
        self.rank = rank
        if rank:
            self.down = nn.Parameter(torch.randn(rank, inputs) / math.sqrt(inputs))
            self.up = nn.Parameter(torch.zeros(outputs, rank))

    def forward(self, x: Tensor) -> Tensor:
        """(T, inputs) -> (T, outputs)."""
        y = F.linear(x, self.weight, self.bias.to(x.dtype))
        if self.rank:
            y = y + F.linear(F.linear(x, self.down.to(x.dtype)), self.up.to(x.dtype))
        return y

    def merge(self) -> None:
        """Adds the change to the matrix, for good."""
        if self.rank:
            with torch.no_grad():
                self.weight = self.weight.float() + self.up @ self.down
            self.rank = 0
            del self.down, self.up


class Norm(nn.Module):
    """A layer norm whose two vectors (384,) are cast to what it is given."""

    def __init__(self, file: E5File, name: str, learns: bool) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.from_numpy(file.vector(f"{name}.w")), requires_grad=learns)
        self.bias = nn.Parameter(torch.from_numpy(file.vector(f"{name}.b")), requires_grad=learns)
        self.epsilon = file.sizes.epsilon

    def forward(self, x: Tensor) -> Tensor:
        """(T, 384) -> (T, 384)."""
        return F.layer_norm(x, x.shape[-1:], self.weight.to(x.dtype), self.bias.to(x.dtype), self.epsilon)


class Layer(nn.Module):
    """One post-norm BERT layer."""

    def __init__(self, file: E5File, number: int, rank: int) -> None:
        super().__init__()
        size, name = file.sizes, f"l{number}."

        def linear(part: str, inputs: int) -> LowRank:
            weight = torch.from_numpy(file.matrix(f"{name}{part}.w", inputs))
            return LowRank(weight, torch.from_numpy(file.vector(f"{name}{part}.b")), rank)

        self.heads = size.heads
        self.query, self.key, self.value, self.out = (
            linear(part, size.hidden) for part in ("q", "k", "v", "ao")
        )
        self.wide = linear("fi", size.hidden)
        self.narrow = linear("fo", size.inner)
        self.norm_a = Norm(file, name + "aln", rank > 0)
        self.norm_b = Norm(file, name + "oln", rank > 0)
        self.gate = nn.Parameter(torch.full((size.heads, 1, 1), _SHUT), requires_grad=rank > 0)

    def forward(self, rows: Rows) -> Rows:
        """Rows of T tokens -> the same rows with new vectors."""
        x = rows.tokens
        groups, longest = rows.table.shape

        def split(y: Tensor) -> Tensor:
            return y[rows.table].view(groups, longest, self.heads, -1).transpose(1, 2)

        # by hand: the fused attention of CPUs takes half of a training step for its backward pass
        query, key, value = split(self.query(x)), split(self.key(x)), split(self.value(x))
        weights = query @ key.transpose(2, 3) / math.sqrt(query.shape[-1])
        if rows.other is not None:
            weights = weights + rows.other * self.gate.to(weights.dtype)
        weights = weights.masked_fill(~rows.filled[:, None, None, :], -1e4).softmax(-1)
        seen = weights @ value
        seen = seen.transpose(1, 2).reshape(groups, longest, -1)[rows.filled]
        x = self.norm_a(x + self.out(seen))
        x = self.norm_b(x + self.narrow(F.gelu(self.wide(x))))
        return Rows(x, rows.table, rows.filled, rows.other)


class Reader(nn.Module):
    """The lower layers of e5, frozen: what they make of texts read alone."""

    def __init__(self, file: E5File, layers: int = ALONE) -> None:
        super().__init__()
        hidden = file.sizes.hidden
        self.file = file
        places = file.vector("emb.pos").reshape(-1, hidden) + file.vector("emb.type").reshape(-1, hidden)[0]
        self.register_buffer("places", torch.from_numpy(places), persistent=False)
        self.places: Tensor
        self.norm = Norm(file, "emb.ln", False)
        self.layers = nn.ModuleList(Layer(file, number, 0) for number in range(layers))

    @torch.no_grad()
    def forward(self, texts: Sequence[Sequence[int]]) -> list[Tensor]:
        """Piece ids of N texts, specials included, -> N tensors (tokens of the text, 384)."""
        ids: Ints = np.array([i for text in texts for i in text], np.int64)
        unique, inverse = np.unique(ids, return_inverse=True)
        lengths = [len(text) for text in texts]
        positions = torch.cat([torch.arange(length) for length in lengths])
        words = torch.from_numpy(self.file.words(unique)).to(self.places.dtype)[torch.from_numpy(inverse)]
        rows = Rows(self.norm(words + self.places[positions]), *table_of(lengths))
        for layer in self.layers:
            rows = layer(rows)
        return list(torch.split(rows.tokens, lengths))


class Upper(nn.Module):
    """The upper layers of a task, with what it learnt of them."""

    def __init__(self, file: E5File, rank: int = RANK) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Layer(file, number, rank) for number in range(ALONE, file.sizes.layers))

    def read(self, rows: Rows) -> Tensor:
        """What the lower layers made of T tokens -> the tokens of each group (B, L, 384), float32."""
        for layer in self.layers:
            rows = layer(rows)
        return rows.tokens.float()[rows.table]

    def cast(self, kind: torch.dtype) -> None:
        """Makes the layers' frozen matrices of this kind; what learns stays float32."""
        for module in self.modules():
            if isinstance(module, LowRank):
                module.weight = module.weight.to(kind)

    def merge(self) -> None:
        """Merges every low-rank change; the model can no longer be trained."""
        for module in self.modules():
            if isinstance(module, LowRank):
                module.merge()

    def learnt(self) -> dict[str, Tensor]:
        """What a training changed, in half precision."""
        some = ((name, one) for name, one in self.named_parameters() if one.requires_grad)
        return {name: one.detach().half().contiguous() for name, one in some}

    def load(self, learnt: dict[str, Tensor]) -> None:
        """Takes what a training saved; BadWeights where something of it is missing or is not of this model."""
        wanted = {name for name, one in self.named_parameters() if one.requires_grad}
        if wanted != learnt.keys():
            raise BadWeights(f"these weights do not belong here: {sorted(wanted ^ learnt.keys())[:3]}")
        self.load_state_dict({name: tensor.float() for name, tensor in learnt.items()}, strict=False)


def mean_of(vectors: Tensor, chosen: Tensor) -> Tensor:
    """The mean (B, D) of the chosen (B, L) among vectors (B, L, D)."""
    weight = chosen[:, :, None].to(vectors.dtype)
    return (vectors * weight).sum(1) / weight.sum(1).clamp(min=1)
