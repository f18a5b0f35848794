"""What the engine does at its limits: full memory, a full queue, a failing step, thousands of requests."""

from __future__ import annotations

import gc
import random
import weakref
from collections.abc import Sequence

import pytest
import torch

from chains.llm.attention import Span
from chains.llm.engine import BACKGROUND, CUSTOMER, Engine, Limits
from chains.llm.errors import Busy
from chains.llm.gemma3 import Gemma3
from chains.llm.job import Job

PROMPT = "the shop is open\nCustomer: the kettle?\nShop:"


def endless(engine: Engine, priority: int = BACKGROUND, prompt: str = PROMPT) -> Job:
    """A job that goes on until it is cancelled, and has begun to."""
    job = engine.submit(prompt, max_new_tokens=700, temperature=1.5, top_p=1.0, seed=1, priority=priority)
    next(iter(job))
    return job


def test_a_cancelled_job_frees_its_strips(engine: Engine) -> None:
    job = engine.submit(PROMPT, n=3, max_new_tokens=700, temperature=1.5, top_p=1.0, seed=1)
    next(iter(job))
    assert engine.load().strip_bytes > 0
    job.cancel()
    job.result(timeout=30)
    assert engine.submit(PROMPT, max_new_tokens=1).result(timeout=30).tokens
    assert engine.load().strip_bytes == 0
    assert engine.load().in_work == 0


def test_a_customer_takes_the_memory_of_background_work_which_goes_on_later(engine: Engine) -> None:
    size = engine.runner.token_bytes
    prompt_tokens = engine.count_tokens(PROMPT)
    alone = engine.submit(PROMPT, max_new_tokens=150, temperature=1.5, seed=3).result(timeout=60)
    with Engine(engine.runner, engine.tokenizer, limits=Limits((prompt_tokens + 160) * size)) as small:
        slow = small.submit(PROMPT, max_new_tokens=150, temperature=1.5, seed=3, priority=BACKGROUND)
        next(iter(slow))
        small.submit(PROMPT, max_new_tokens=20, priority=CUSTOMER).result(timeout=60)
        assert slow.result(timeout=60).texts == alone.texts, "it lost its strips, not its words or its dice"


def test_more_than_the_queue_holds_is_refused_in_one_sentence(engine: Engine) -> None:
    with Engine(engine.runner, engine.tokenizer, limits=Limits(strips=1, waiting=2)) as small:
        jobs = [endless(small), *(small.submit(PROMPT, priority=BACKGROUND) for _ in range(2))]
        with pytest.raises(Busy, match=r"^2 requests wait for the language model: try again later\.$"):
            small.submit(PROMPT)
        for job in jobs:
            job.cancel()


def test_where_memory_is_always_full_who_waits_longest_is_let_in_at_last(engine: Engine) -> None:
    with Engine(engine.runner, engine.tokenizer, limits=Limits(strips=1)) as small:
        first = endless(small, CUSTOMER)
        patient = small.submit(PROMPT, max_new_tokens=2, priority=BACKGROUND)
        customers = [small.submit(PROMPT, max_new_tokens=2, seed=seed) for seed in range(20)]
        first.cancel()
        ends = [job.submitted + job.result(timeout=60).seconds for job in [patient, *customers]]
        assert sorted(ends)[5] < ends[0] < sorted(ends)[10]


class Brittle:
    """A runner that fails on a step that holds a certain token."""

    def __init__(self, runner: Gemma3, token: int) -> None:
        self.device, self.why = runner.device, runner.why
        self.window, self.token_bytes = runner.window, runner.token_bytes
        self.strip = runner.strip
        self._runner, self._token = runner, token

    def step(self, spans: Sequence[Span]) -> torch.Tensor:
        if any(self._token in span.tokens for span in spans):
            raise RuntimeError("broken")
        return self._runner.step(spans)


def test_a_failing_step_fails_its_job_and_no_other(engine: Engine) -> None:
    assert isinstance(engine.runner, Gemma3)
    broken = engine.tokenizer("?")["input_ids"][-1]
    prompts = ("the shop", "the kettle is open", "24 months")
    alone = [
        engine.submit(text, max_new_tokens=30, temperature=0).result(timeout=30).tokens for text in prompts
    ]
    with Engine(Brittle(engine.runner, broken), engine.tokenizer) as brittle:
        others = [brittle.submit(text, max_new_tokens=30, temperature=0) for text in prompts]
        job = brittle.submit("the kettle?")
        with pytest.raises(RuntimeError, match="broken"):
            job.result(timeout=30)
        with pytest.raises(RuntimeError, match="broken"):
            list(job)
        assert [other.result(timeout=30).tokens for other in others] == alone
        assert brittle.load().in_work == 0


def test_thousands_of_requests_leave_nothing_behind(engine: Engine) -> None:
    dice = random.Random(5)
    limits = Limits(strips=1 << 22, prefixes=200_000)
    jobs = []
    with Engine(engine.runner, engine.tokenizer, limits=limits) as small:
        for number in range(2000):
            prompt = f"{'the kettle is open ' * dice.randrange(9)}{number}"
            job = small.submit(prompt, max_new_tokens=dice.randint(1, 3), seed=1, n=dice.randint(1, 2))
            jobs.append(job)
            if dice.random() < 0.3:
                job.cancel()
            if number % 20 == 19:
                job.result(timeout=60)
        for job in jobs:
            job.result(timeout=60)
        load = small.load()
        assert (load.in_work, load.waiting, load.strip_bytes) == (0, 0, 0)
        assert load.prefix_bytes <= limits.prefixes
        assert load.tokens_known > 0
        small.submit(PROMPT, max_new_tokens=1).result(timeout=60)  # the thread has forgotten the last of them
        left = [weakref.ref(job) for job in jobs]
        del job, jobs
        gc.collect()
        assert sum(one() is not None for one in left) == 0
