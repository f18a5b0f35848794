"""Weights in 8 bits: how near the product is, and that a row does not depend on its neighbours."""

from __future__ import annotations

import pytest
import torch

from chains.llm.linear import Form, Int8Linear, linear, rounded, smallest_form


def need_int8() -> None:
    if smallest_form()[0] != "int8":
        pytest.skip("this processor does not multiply 8 bit numbers")


def example(rows: int = 5, width: int = 96, out: int = 64) -> tuple[torch.Tensor, torch.Tensor]:
    """Activations with an outlier, as language models have them, and a weight."""
    generator = torch.Generator().manual_seed(3)
    x = torch.randn(rows, width, generator=generator)
    x[:, 7] *= 40
    return x, torch.randn(out, width, generator=generator)


def test_the_only_loss_is_that_of_the_weights() -> None:
    need_int8()
    x, weight = example()
    small, scale = rounded(weight)
    exact = x @ (small * scale[:, None]).T
    error = Int8Linear(small, scale)(x) - exact
    assert error.norm() < 2e-4 * exact.norm()


def test_a_row_is_the_same_alone_and_in_a_batch() -> None:
    need_int8()
    x, weight = example(17)
    multiply = linear(weight, "int8")
    together = multiply(x)
    assert all(torch.equal(multiply(row[None])[0], want) for row, want in zip(x, together, strict=True))


def test_nothing_times_anything_is_nothing() -> None:
    need_int8()
    _, weight = example()
    assert torch.equal(linear(weight, "int8")(torch.zeros(2, 96)), torch.zeros(2, 64))


def test_rounding_leaves_the_weight_alone_and_is_within_half_a_step() -> None:
    _, weight = example()
    before = weight.clone()
    small, scale = rounded(weight)
    assert torch.equal(weight, before)
    assert ((small * scale[:, None] - weight).abs() <= scale[:, None] * 0.501).all()


@pytest.mark.parametrize(("form", "error"), [("float32", 1e-6), ("bfloat16", 2e-2)])
def test_float_forms(form: Form, error: float) -> None:
    x, weight = example()
    exact = x @ weight.T
    assert (linear(weight, form)(x) - exact).norm() <= error * exact.norm()
