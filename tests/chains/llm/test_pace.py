"""How long the engine thinks that something takes: from its steps, its queue and who is as urgent."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest
import torch

from chains.llm.attention import Span
from chains.llm.engine import BACKGROUND, CUSTOMER, Engine
from chains.llm.gemma3 import Gemma3
from chains.llm.pace import Pace


def test_it_learns_what_a_step_and_a_token_cost() -> None:
    pace = Pace()
    for _ in range(200):
        pace.learn(0.05, 0)
        pace.learn(0.05 + 128 * 0.002, 128)
        pace.learn(3.0, 5)  # too few tokens to tell reading from chance
    assert pace.step == pytest.approx(0.05, rel=0.01)
    assert pace.token == pytest.approx(0.002, rel=0.01)
    assert pace.seconds(1000, 20) == pytest.approx(3.0, rel=0.02)


class Held:
    """A runner that makes no step until it is let go."""

    def __init__(self, runner: Gemma3) -> None:
        self.device, self.why, self.window = runner.device, runner.why, runner.window
        self.token_bytes, self.strip = runner.token_bytes, runner.strip
        self.go = threading.Event()
        self._runner = runner

    def step(self, spans: Sequence[Span]) -> torch.Tensor:
        self.go.wait()
        return self._runner.step(spans)


def test_a_longer_queue_of_the_as_urgent_takes_longer(engine: Engine) -> None:
    assert isinstance(engine.runner, Gemma3)
    held = Held(engine.runner)
    with Engine(held, engine.tokenizer) as slow:
        alone = slow.expected_seconds()
        jobs = [slow.submit("the kettle " * 60, max_new_tokens=8, priority=BACKGROUND)]
        assert slow.expected_seconds(CUSTOMER) == alone, "what can wait delays nobody"
        waits = []
        for _ in range(3):
            jobs += [slow.submit("the kettle " * 60, max_new_tokens=8) for _ in range(10)]
            waits.append(slow.expected_seconds())
        assert alone < waits[0] < waits[1] < waits[2]
        assert slow.expected_seconds(BACKGROUND) > waits[2]
        held.go.set()
        for job in jobs:
            job.result(timeout=60)
        assert slow.expected_seconds() < waits[0]
