"""Multiplies by weights kept in their smallest form; does not know which layer of which model they belong to.

`Int8Linear` keeps a weight in 8 bits, a scale for each of its rows. A processor with VNNI multiplies 8 bit
numbers by 8 bit numbers only, and activations rounded to 8 bits are what costs quality: the values of one token
lie between a few outliers and much that is small. So an activation is written in two digits of base 254,
x = largest / 127 * (coarse + fine / 254), and both digits are multiplied in one call: the weights, which bound the
speed, are read once. The result is that of a float activation to about 1 part in 30,000 of the largest value.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    import torch

Form = Literal["int8", "bfloat16", "float32"]

_ROWS_AT_ONCE = 1024  # what is rounded at once stays in the cache of a core
_COARSE = 127  # steps from zero to the largest activation of a token
_FINE = 254  # steps of the fine digit in one of the coarse
_MIDDLE = 128  # what stands for zero in an unsigned byte
_PART = 1 << 15  # rows of a weight that are multiplied at once: what comes of them stays in the cache


class Linear(Protocol):
    """Multiplication by a weight, (out, in)."""

    def __call__(self, x: torch.Tensor, out: torch.Tensor | None = None) -> torch.Tensor:
        """The product, float32 like `x`: (tokens, in) to (tokens, out); it goes into `out` where that is given."""


def smallest_form() -> tuple[Form, str]:
    """The smallest form that this processor multiplies fast, and why."""
    import torch

    can = torch.cpu.get_capabilities()
    if can.get("avx512_vnni"):
        return "int8", "this processor multiplies 8 bit numbers (VNNI)"
    if any(can.get(name) for name in ("avx512_bf16", "amx_bf16", "bf16")):
        return "bfloat16", "this processor has bf16 instructions, and no VNNI for int8"
    return "float32", "this processor has neither VNNI nor bf16 instructions"


def linear(weight: torch.Tensor, form: Form) -> Linear:
    """Multiplication by `weight`, (out, in), kept in `form`."""
    import torch

    if form == "int8":
        return Int8Linear(*rounded(weight))
    return FloatLinear(weight.to(getattr(torch, form)))


class FloatLinear:
    """Multiplies by a weight of any float type; activations are brought to it and back."""

    def __init__(self, weight: torch.Tensor) -> None:
        self._weight = weight.contiguous()

    def __call__(self, x: torch.Tensor, out: torch.Tensor | None = None) -> torch.Tensor:
        import torch

        x, turned = x.to(self._weight.dtype), self._weight.t()
        if out is None:
            return torch.mm(x, turned).float()
        if out.dtype == x.dtype:
            return torch.mm(x, turned, out=out)
        return out.copy_(torch.mm(x, turned))


class Int8Linear:
    """Multiplies by a weight of 8 bits: `weight` (out, in) int8 and `scale` (out,), as `rounded` gives them."""

    def __init__(self, weight: torch.Tensor, scale: torch.Tensor) -> None:
        import torch

        self._rows = len(scale)
        self._parts = []
        for start in range(0, self._rows, _PART):
            some = slice(start, start + _PART)
            packed = torch.ops.onednn.qlinear_prepack(weight[some], None)
            zero = torch.zeros(len(scale[some]), dtype=torch.long)
            self._parts.append((some, packed, scale[some] / _COARSE, zero))
        self._middle = torch.tensor(_MIDDLE + 0.5)  # a half, because the conversion to bytes cuts off
        self._low = torch.tensor(_MIDDLE + 0.5 - _FINE / 2)

    def __call__(self, x: torch.Tensor, out: torch.Tensor | None = None) -> torch.Tensor:
        import torch

        rows, width = x.shape
        largest = x.abs().amax(dim=1, keepdim=True).clamp_min_(1e-30)
        digits = torch.empty(2 * rows, width, dtype=torch.uint8)
        steps = torch.add(self._middle, x / largest, alpha=_COARSE)  # 1.5 to 255.5
        digits[:rows] = steps
        digits[rows:] = torch.add(self._low, steps.frac_(), alpha=_FINE)
        out = torch.empty(rows, self._rows) if out is None else out
        for some, packed, scale, zero in self._parts:
            y = torch.ops.onednn.qlinear_pointwise(
                digits, 1.0, _MIDDLE, packed, scale, zero,
                None, 1.0, 0, torch.float32, "none", [], "",
            )  # fmt: skip
            torch.add(y[:rows], y[rows:], alpha=1 / _FINE, out=out[:, some]).mul_(largest)
        return out


def rounded(weight: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """`weight`, (out, in), in 8 bits, and what a step is worth in each of its rows: (out,) float32."""
    import torch

    small = torch.empty(weight.shape, dtype=torch.int8)
    scale = torch.empty(len(weight))
    for start in range(0, len(weight), _ROWS_AT_ONCE):
        some = slice(start, start + _ROWS_AT_ONCE)
        part = weight[some].float()
        scale[some] = part.abs().amax(dim=1).div_(127).clamp_min_(1e-30)
        small[some] = (part / scale[some, None]).round_()
    return small, scale


def together(weights: Iterable[torch.Tensor]) -> torch.Tensor:
    """Weights of the same input under each other, so that one multiplication serves them all."""
    import torch

    return torch.cat(list(weights))
