"""Whatever else goes on in the engine, a greedy text is that of plain generate over the same weights, token by token.

Sums are made in another order, so where two tokens score the same but for the last digits, either is right.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chains.llm.any_model import AnyModel
from chains.llm.device import choose_device
from chains.llm.engine import BACKGROUND, CUSTOMER, Engine, Limits
from chains.llm.gemma3 import open_gemma3
from chains.llm.job import Job
from chains.llm.linear import rounded, smallest_form
from chains.llm.runner import Runner

BEGINNINGS = ("the kettle is open " * 12, "the shop is 24 months " * 20, "")


@dataclass(frozen=True)
class Pair:
    """A runner, and the model of transformers with the same weights."""

    runner: Runner
    plain: Any
    tied: float
    known: dict[tuple[int, ...], list[int]] = field(default_factory=dict, repr=False)

    def hold(self, prompt: list[int], most: int, tokens: list[int]) -> None:
        """Plain generate would write `tokens`, as far as they go, or another token that scores as high."""
        expected = self.generated(prompt, most)
        for place, (ours, theirs) in enumerate(zip(tokens, expected, strict=False)):
            if ours != theirs:
                scores = self.scores([*prompt, *expected[:place]])
                assert scores[theirs] - scores[ours] < self.tied, f"token {place}"
                return

    def generated(self, prompt: list[int], most: int) -> list[int]:
        import torch

        key = (most, *prompt)
        if key not in self.known:
            with torch.inference_mode():
                out = self.plain.generate(torch.tensor([prompt]), max_new_tokens=most, do_sample=False)
            self.known[key] = [int(token) for token in out[0, len(prompt) :]]
        return self.known[key]

    def scores(self, tokens: list[int]) -> Any:
        import torch

        with torch.inference_mode():
            return self.plain(torch.tensor([tokens])).logits[0, -1]


def small_pair(folder: Path) -> Pair:
    """In 8 bits, beside the same weights written out as floats again."""
    import torch

    plain = model_in(folder)
    plain.config.tie_word_embeddings = False
    for module in plain.modules():
        if isinstance(module, torch.nn.Linear):
            weight, scale = rounded(module.weight.data)
            module.weight = torch.nn.Parameter(weight * scale[:, None])
    return Pair(open_gemma3(folder, "int8"), plain, 0.01)


def model_in(folder: Path) -> Any:
    import torch
    from transformers import AutoModelForCausalLM

    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()


@pytest.fixture(scope="module", params=["gemma3", "gemma3 in 8 bits", "any model"])
def pair(request: pytest.FixtureRequest, tiny_folder: Path) -> Pair:
    if request.param == "gemma3":
        return Pair(open_gemma3(tiny_folder, "float32"), model_in(tiny_folder), 1e-4)
    if request.param == "any model":
        return Pair(AnyModel(model_in(tiny_folder), choose_device("cpu")), model_in(tiny_folder), 1e-4)
    if smallest_form()[0] != "int8":
        pytest.skip("this processor does not multiply 8 bit numbers")
    return small_pair(tiny_folder)


requests = st.tuples(
    st.sampled_from(BEGINNINGS),
    st.lists(st.sampled_from(["kettle ", "open", "shop\n", "24 "]), min_size=1, max_size=6).map("".join),
    st.integers(1, 30),  # tokens to write
    st.sampled_from([CUSTOMER, BACKGROUND]),
    st.integers(1, 3),  # variants
    st.booleans(),  # wait for its first words before the next request
    st.one_of(st.none(), st.integers(1, 5)),  # pieces after which it is cancelled
)


@settings(
    max_examples=25, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(
    asked=st.lists(requests, min_size=1, max_size=10), room=st.sampled_from([200, 2000]), guess=st.booleans()
)
def test_joining_leaving_cancelling_and_known_beginnings_change_no_word(
    pair: Pair, engine: Engine, asked: list[Any], room: int, guess: bool
) -> None:
    size = pair.runner.token_bytes
    limits = Limits(strips=room * size, prefixes=100 * size)
    with Engine(pair.runner, engine.tokenizer, limits=limits, guess=guess) as small:
        jobs = [submitted(small, *one) for one in asked]
        for job in jobs:
            result = job.result(timeout=60)
            prompt = engine.tokenizer(job.request.prompt)["input_ids"]
            for tokens, reason in zip(result.tokens, result.finish_reasons, strict=True):
                ended = [engine.tokenizer.eos_token_id] if reason == "stop" else []
                pair.hold(prompt, job.request.max_new_tokens, tokens + ended)
        assert small.load().strip_bytes == 0


def submitted(
    engine: Engine,
    beginning: str,
    tail: str,
    most: int,
    priority: int,
    n: int,
    wait: bool,
    cancel: int | None,
) -> Job:
    """A job, left alone, waited for or cancelled."""
    job = engine.submit(beginning + tail, max_new_tokens=most, temperature=0, priority=priority, n=n)
    if wait:
        next(iter(job), None)
    if cancel is not None:
        list(islice(job, cancel))
        job.cancel()
    return job
