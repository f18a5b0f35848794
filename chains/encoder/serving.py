"""The encoder's layers as they serve: weights in the smallest form the processor multiplies fast, three in one; nothing learns."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from chains.encoder.layers import Layer, LowRank, Norm, Reader, Rows, Upper
from chains.llm.linear import Form, linear, together


class ServingLinear:
    """A matrix and its bias, or several of the same input as one."""

    def __init__(self, form: Form, *parts: LowRank) -> None:
        """The parts' low-rank changes are merged by now."""
        self._times = linear(together([part.weight.detach() for part in parts]), form)
        self._bias = together([part.bias.detach().float() for part in parts])

    def __call__(self, x: Tensor) -> Tensor:
        """(T, inputs) float32 -> (T, outputs) float32."""
        return self._times(x).add_(self._bias)


class ServingLayer(nn.Module):
    """What a `Layer` does, in float32 between the products."""

    def __init__(self, layer: Layer, form: Form) -> None:
        super().__init__()
        self._heads, self._gate = layer.heads, layer.gate.detach()
        self._seen = ServingLinear(form, layer.query, layer.key, layer.value)
        self._out = ServingLinear(form, layer.out)
        self._wide, self._narrow = ServingLinear(form, layer.wide), ServingLinear(form, layer.narrow)
        self._norm_a, self._norm_b = _still(layer.norm_a), _still(layer.norm_b)

    def forward(self, rows: Rows) -> Rows:
        """Rows of T tokens -> the same rows with new vectors."""
        x = rows.tokens
        groups, longest = rows.table.shape
        seen = self._seen(x)
        if groups == 1:  # its tokens lie as they are
            both = seen.view(1, longest, 3, self._heads, -1)
        else:
            both = seen[rows.table].view(groups, longest, 3, self._heads, -1)
        query, key, value = both.permute(2, 0, 3, 1, 4).unbind(0)
        mask = None if groups == 1 and rows.other is None else self._mask(rows)
        mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        mixed = mixed.transpose(1, 2).reshape(groups, longest, -1)
        x = self._norm_a(x + self._out(mixed[0] if groups == 1 else mixed[rows.filled]))
        x = self._norm_b(x + self._narrow(F.gelu(self._wide(x))))
        return Rows(x, rows.table, rows.filled, rows.other)

    def _mask(self, rows: Rows) -> Tensor:
        """What is added to each weight: (B, heads or 1, 1 or L, L)."""
        mask = torch.where(rows.filled, 0.0, -1e4)[:, None, None, :]
        return mask if rows.other is None else mask + rows.other * self._gate


def serve(model: Reader | Upper, form: Form) -> None:
    """Makes a model's layers fit to serve, for good: merged, in this form, not learning."""
    if isinstance(model, Upper):
        model.merge()
    model.layers = nn.ModuleList(ServingLayer(layer, form) for layer in model.layers)  # type: ignore[arg-type]
    model.eval()


def _still(norm: Norm) -> Norm:
    return norm.requires_grad_(False)
