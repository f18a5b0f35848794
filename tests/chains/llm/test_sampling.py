"""Drawing a token: the cuts, the penalty and the seed."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from chains.llm.sampling import Sampler, Sampling


def draws(scores: torch.Tensor, sampling: Sampling, seed: int = 1, times: int = 200) -> list[int]:
    sampler = Sampler(sampling, seed, "cpu")
    return [sampler.pick(scores, []) for _ in range(times)]


@given(seed=st.integers(0, 1000), size=st.sampled_from([40, 256 * 8, 256 * 200, 1000]), k=st.integers(1, 64))
def test_only_the_k_likeliest_are_drawn_whatever_the_size_of_the_vocabulary(
    seed: int, size: int, k: int
) -> None:
    scores = torch.randn(size, generator=torch.Generator().manual_seed(seed))
    likeliest = set(scores.topk(min(k, size)).indices.tolist())
    found = set(draws(scores, Sampling(temperature=5.0, top_p=1.0, top_k=k), seed, 100))
    assert found <= likeliest
    assert k > 1 or found == {int(scores.argmax())}


def test_top_p_keeps_the_fewest_tokens_that_hold_so_much() -> None:
    scores = torch.log(torch.tensor([0.5, 0.3, 0.15, 0.05]))
    assert set(draws(scores, Sampling(1.0, 0.6, 4))) == {0, 1}
    assert set(draws(scores, Sampling(1.0, 0.01, 4))) == {0}


def test_the_shares_are_those_of_the_scores() -> None:
    scores = torch.log(torch.tensor([0.7, 0.3]))
    share = draws(scores, Sampling(1.0, 1.0, 2), times=2000).count(0) / 2000
    assert share == pytest.approx(0.7, abs=0.05)


def test_what_was_written_is_less_likely_and_the_scores_stay() -> None:
    scores = torch.tensor([2.0, 1.9, -1.0])
    sampler = Sampler(Sampling(temperature=0, repetition_penalty=1.5), 1, "cpu")
    assert sampler.pick(scores, []) == 0
    assert sampler.pick(scores, [0, 0]) == 1
    assert scores.tolist() == pytest.approx([2.0, 1.9, -1.0])


def test_the_seed_decides() -> None:
    scores = torch.zeros(50)
    assert (
        draws(scores, Sampling(1.0), 4) == draws(scores, Sampling(1.0), 4) != draws(scores, Sampling(1.0), 5)
    )
