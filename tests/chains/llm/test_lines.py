"""Texts held to a form, from a model of random numbers, which without one writes anything but that."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chains.guard.counting import How, count
from chains.llm.engine import Engine
from chains.llm.lines import LEAST, Line
from chains.tasks import fields_in

PROMPT = "the shop is open\nCustomer: the kettle?\nShop:"
QUICK = settings(
    max_examples=30, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)


def line(name: str, most: int, how: How = "characters") -> Line:
    def fits(words: str) -> bool:
        return count(words, how) <= most

    def shortened(words: str) -> str:
        while not fits(words):
            words = words[:-1]
        return words

    return Line(f"{name}:", fits, shortened)


fields = st.lists(
    st.tuples(
        st.sampled_from(["headline", "body", "hashtags"]),
        st.integers(2, 60),
        st.sampled_from(["characters", "double_width", "weighted", "utf16", "sms"]),
    ),
    min_size=1,
    max_size=5,
)


@QUICK
@given(
    wanted=fields, room=st.integers(0, 120), n=st.integers(1, 3), seed=st.integers(0, 999),
    temperature=st.sampled_from([0, 0.7, 1.5]), penalty=st.sampled_from([1.0, 1.3]),
)  # fmt: skip
def test_every_field_is_there_in_order_and_within_its_limit(
    engine: Engine, wanted: list[Any], room: int, n: int, seed: int, temperature: float, penalty: float
) -> None:
    needed = sum(LEAST + engine.count_tokens(f"\n{name}:") for name, _, _ in wanted)
    plain = {
        "max_new_tokens": 20,
        "temperature": 0,
    }
    alone = engine.submit(PROMPT, **plain).result().tokens
    job = engine.submit(
        PROMPT, n=n, seed=seed, temperature=temperature, repetition_penalty=penalty,
        max_new_tokens=needed + room, lines=[line(*one) for one in wanted],
    )  # fmt: skip
    beside = engine.submit(PROMPT, **plain)
    result = job.result(timeout=60)
    assert result.finish_reasons == ["stop"] * n
    for variant, text in enumerate(result.texts):
        lines = text.splitlines()
        assert [one.partition(":")[0] for one in lines] == [name for name, _, _ in wanted]
        for one, (_, most, how) in zip(lines, wanted, strict=True):
            words = one.partition(":")[2].strip()
            assert words
            assert count(words, how) <= most
        assert list(fields_in(text)) == list(dict.fromkeys(name for name, _, _ in wanted))
        assert sum(map(len, fields_in(text).values())) == len(wanted)
        assert "".join(piece.text for piece in job if piece.variant == variant) == text
        assert result.completion_tokens[variant] <= needed + room
    assert beside.result(timeout=60).tokens == alone, "a text without a form is what it is alone"


@QUICK
@given(wanted=fields, seed=st.integers(0, 99))
def test_guessing_ahead_and_company_change_nothing(engine: Engine, wanted: list[Any], seed: int) -> None:
    lines = [line(*one) for one in wanted]
    asked = {"lines": lines, "max_new_tokens": 150, "temperature": 0 if seed % 2 else 1.0, "seed": seed}
    with Engine(engine.runner, engine.tokenizer, guess=False) as plain:
        alone = plain.submit(PROMPT, **asked).result().tokens
    with Engine(engine.runner, engine.tokenizer, guess=True) as guessing:
        assert guessing.submit(PROMPT, **asked).result().tokens == alone
        jobs = [guessing.submit(PROMPT, **asked), *(guessing.submit(PROMPT, seed=n) for n in range(3))]
        assert jobs[0].result().tokens == alone


def test_words_that_are_cut_are_what_the_next_line_follows(engine: Engine) -> None:
    """What was drawn beyond the cut is gone from the model's memory as well: it reads on as if it had never been."""
    form = [line("headline", 5), line("body", 30)]
    asked = {"temperature": 0, "max_new_tokens": 100}
    text = engine.submit(PROMPT, lines=form, **asked).result().texts[0]
    first, body = text.splitlines()
    again = engine.submit(
        f"{PROMPT}{first}\nbody:", lines=[Line("", form[1].fits, form[1].shortened)], **asked
    )
    assert again.result().texts[0] == body.removeprefix("body:").strip()


def test_a_form_that_cannot_be_filled_is_refused(engine: Engine) -> None:
    with pytest.raises(ValueError, match="too few"):
        engine.submit(PROMPT, lines=[line("headline", 5), line("body", 30)], max_new_tokens=10)
    with pytest.raises(ValueError, match="opening"):
        engine.submit(PROMPT, lines=[line("headline", 5), Line("", bool, str)])


def test_a_cancelled_form_ends_and_frees_its_memory(engine: Engine) -> None:
    with Engine(engine.runner, engine.tokenizer) as small:
        job = small.submit(PROMPT, lines=[line("headline", 20), line("body", 500)], max_new_tokens=600)
        next(iter(job))
        job.cancel()
        result = job.result(timeout=60)
        assert result.finish_reasons == ["cancelled"]
        assert result.texts[0].startswith("headline:")
        assert small.load().strip_bytes == 0
