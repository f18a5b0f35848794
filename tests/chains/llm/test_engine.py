"""The engine on a tiny model: the same words as transformers, streams, variants, seeds, cancelling, order."""

from __future__ import annotations

import time
from typing import Any

import pytest

from chains.llm.engine import BACKGROUND, CUSTOMER, Engine
from chains.llm.errors import LlmError, PromptTooLong
from chains.llm.job import Job

PROMPT = "the shop is open\nCustomer: the kettle?\nShop:"


def test_the_stream_is_the_text_and_the_counts_are_right(engine: Engine) -> None:
    job = engine.submit(PROMPT, max_new_tokens=20, seed=1)
    pieces = list(job)
    result = job.result()
    assert "".join(piece.text for piece in pieces) == result.texts[0]
    assert pieces[-1].finish_reason == result.finish_reasons[0]
    assert result.prompt_tokens == engine.count_tokens(PROMPT)
    assert 1 <= result.completion_tokens[0] <= 20
    assert result.first_token_seconds is not None
    assert 0 < result.first_token_seconds <= result.seconds
    assert list(job) == pieces, "a second reader sees the same"


def test_a_stop_string_ends_the_text_and_is_not_in_it(engine: Engine) -> None:
    full = engine.submit(PROMPT, max_new_tokens=24, seed=3).result().texts[0]
    stop = full[len(full) // 2 :][:2]
    result = engine.submit(PROMPT, max_new_tokens=24, seed=3, stop=[stop]).result()
    assert result.finish_reasons == ["stop"]
    assert result.texts[0] == full[: full.index(stop)].rstrip()


def test_seeds_repeat_and_leave_the_global_generator_alone(engine: Engine) -> None:
    import torch

    before = torch.random.get_rng_state()
    first, again, other = (
        engine.submit(PROMPT, max_new_tokens=16, seed=seed).result().texts for seed in (5, 5, 6)
    )
    assert first == again != other
    assert torch.equal(before, torch.random.get_rng_state())
    assert (
        engine.submit(PROMPT, max_new_tokens=1).request.seed
        != engine.submit(PROMPT, max_new_tokens=1).request.seed
    )


def test_variants_are_one_batch_and_each_has_its_own_seed(engine: Engine) -> None:
    job = engine.submit(PROMPT, n=4, max_new_tokens=12, seed=10, temperature=1.0)
    result = job.result()
    assert len(set(result.texts)) > 1
    for variant, text in enumerate(result.texts):
        assert "".join(piece.text for piece in job if piece.variant == variant) == text
    alone = engine.submit(PROMPT, max_new_tokens=12, seed=12, temperature=1.0).result()
    assert alone.texts[0] == result.texts[2], "variant 2 draws with seed 12"


def test_variants_that_end_leave_the_others_running(engine: Engine) -> None:
    lengths = engine.submit(PROMPT, n=6, max_new_tokens=60, seed=1, temperature=1.0, stop=["a", "e"]).result()
    assert len(set(lengths.completion_tokens)) > 1


def wait_for_words(job: Job) -> None:
    next(iter(job))


def test_cancelling_keeps_what_is_written(engine: Engine) -> None:
    job = engine.submit(PROMPT, max_new_tokens=440, seed=2, top_p=1.0, temperature=1.5)
    wait_for_words(job)
    job.cancel()
    result = job.result(timeout=30)
    assert result.finish_reasons == ["cancelled"]
    assert result.completion_tokens[0] < 440
    assert "".join(piece.text for piece in job) == result.texts[0]
    assert engine.submit(PROMPT, max_new_tokens=2).result(timeout=30).completion_tokens[0] >= 1


def test_a_job_cancelled_before_it_begins_costs_nothing(engine: Engine) -> None:
    long = engine.submit(PROMPT, max_new_tokens=100)
    job = engine.submit(PROMPT, max_new_tokens=400, priority=BACKGROUND)
    job.cancel()
    assert job.result(timeout=60).texts == [""]
    long.cancel()


def test_a_customer_goes_before_background_work(engine: Engine) -> None:
    slow = [
        engine.submit(PROMPT, max_new_tokens=400, priority=BACKGROUND, temperature=1.5) for _ in range(10)
    ]
    wait_for_words(slow[0])
    engine.submit(PROMPT, max_new_tokens=3, priority=CUSTOMER).result(timeout=60)
    assert not all(job.done for job in slow)
    for job in slow:
        job.cancel()


def test_too_long_a_prompt_is_refused_in_one_sentence(engine: Engine) -> None:
    with pytest.raises(PromptTooLong, match=r"^The prompt has \d+ tokens .*: shorten the text\.$"):
        engine.submit(PROMPT, max_new_tokens=100_000).result()


@pytest.mark.parametrize("wrong", [{"n": 0}, {"max_new_tokens": 0}, {"temperature": -1.0}, {"top_p": 0.0}])
def test_arguments_out_of_range_are_refused_at_once(engine: Engine, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"must be|out of range"):
        engine.submit(PROMPT, **wrong)


def test_closing_ends_every_job(engine: Engine) -> None:
    other = Engine(engine.runner, engine.tokenizer)
    jobs = [other.submit(PROMPT, max_new_tokens=440, temperature=1.5, top_p=1.0) for _ in range(10)]
    wait_for_words(jobs[0])
    other.close()
    assert {job.result(timeout=30).finish_reasons[0] for job in jobs} <= {"cancelled", "stop"}
    with pytest.raises(LlmError, match="closed"):
        other.submit(PROMPT)
    started = time.monotonic()
    other.close()
    assert time.monotonic() - started < 5
