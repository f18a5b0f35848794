"""Several statements as one answer: shown in order as each is settled, and nothing that fails is ever shown."""

import asyncio
from collections.abc import Mapping, Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chains.evidence import Evidence
from chains.guard.ledger import ledger
from chains.saying import Saying, said
from chains.statement import Statement
from chains.writer import build_writer
from tests.chains.scripted_model import ByFact

VALUES = {"capacity": "650 ml", "height": "21 cm", "warranty": "24 months", "dishwasher safe": "no"}
ROWS = {key: f"Rowan Jug: {key} – {value}." for key, value in VALUES.items()}
GOOD = {
    "capacity": ("It holds 650 ml.", "The Rowan Jug has a capacity of 650 ml."),
    "height": ("It is 21 cm high.", "The height of the Rowan Jug is 21 cm."),
    "warranty": ("The warranty is 24 months.",),
    "dishwasher safe": ("The Rowan Jug is not dishwasher safe.",),
}
BAD = {
    "capacity": (
        "It holds 750 ml.",
        "It does not hold 650 ml.",
        "It holds a lot.",
        "I don't know the capacity.",
    ),
    "height": ("It is 31 cm high.", "It is 21 cm high and costs €9.", "身高21厘米。"),
    "warranty": (
        "The warranty is 24 years.",
        "The warranty is 24 months and made by monks in distant mountain villages.",
    ),
    "dishwasher safe": ("The Rowan Jug is dishwasher safe.", "Yes, it is dishwasher safe.", "Is it?"),
}


def statement(key: str) -> Statement:
    value = VALUES[key]
    fact = Evidence(
        key, f"Rowan Jug - {key}: {value}", "p.csv:2", "public", "product", "en", None, key, value
    )
    return Statement(ROWS[key], fact, "Tell me all about the jug", f"What is the {key}?")


async def grown(lines: Mapping[str, Sequence[str]]) -> tuple[list[str], Saying]:
    """Every text that was given out, and what came of it."""
    statements = [statement(key) for key in lines]
    facts = [one.fact.ref() for one in statements if one.fact is not None]
    model = ByFact(lines=lines)
    shown, saying = [], Saying()
    steps = said(
        build_writer(lambda: model), statements, "Shop", "en", lambda _: True,
        lambda text: ledger(text, facts, question="Tell me all about the jug").ok,
    )  # fmt: skip
    async for saying in steps:
        shown.append(saying.text)
    return shown, saying


@st.composite
def scripts(draw: st.DrawFn) -> dict[str, list[str]]:
    """What a model may come up with: for some facts, in any order, good words and bad ones."""
    keys = draw(st.lists(st.sampled_from(list(VALUES)), min_size=1, unique=True))
    return {
        key: draw(st.lists(st.sampled_from([*GOOD[key], *BAD[key]]), min_size=3, max_size=3)) for key in keys
    }


@settings(deadline=None, max_examples=40)
@given(scripts())
def test_whatever_a_model_says_nothing_that_fails_is_shown(lines: dict[str, list[str]]) -> None:
    shown, saying = asyncio.run(grown(lines))
    bad = [wrong for some in BAD.values() for wrong in some]
    assert not [
        text for text in shown for wrong in bad if wrong in text and wrong not in " ".join(ROWS.values())
    ]
    for earlier, later in pairwise(shown):
        assert later.startswith(earlier)
    rest = saying.text
    for key in lines:  # in their order, each the model's good words or the row's
        if rest:
            best = next(one for one in (*GOOD[key], ROWS[key]) if rest.startswith(one))
            rest = rest[len(best) :].lstrip()
    assert rest == ""


@settings(deadline=None, max_examples=40)
@given(scripts())
def test_the_verdict_tells_whose_words_leave(lines: dict[str, list[str]]) -> None:
    _, saying = asyncio.run(grown(lines))
    rows = [key for key in lines if ROWS[key] in saying.text]
    first = all(lines[key][0] in GOOD[key] for key in lines)
    if rows or not saying.text:
        assert saying.verdict == "extractive"
    else:
        assert saying.verdict == ("allow" if first else "rewrite")


async def test_the_first_sentence_is_shown_before_the_second_is_written() -> None:
    shown, saying = await grown({"capacity": ["It holds 650 ml."], "height": ["It is 31 cm high."]})
    assert shown == ["It holds 650 ml.", "It holds 650 ml. " + ROWS["height"]]
    assert saying.verdict == "extractive"
    assert saying.drafts == {"written": 2, "passed": 1, "passes": 1}


async def test_where_every_sentence_fails_the_rows_are_left_to_speak() -> None:
    shown, saying = await grown({"capacity": ["It holds a lot."], "height": ["It is 31 cm high."]})
    assert (shown, saying.verdict) == (["", ""], "extractive")


async def test_a_model_that_did_not_see_the_answer_is_asked_plainly() -> None:
    lines = {"capacity": ["I don't know the capacity.", "It holds 650 ml."]}
    _, saying = await grown(lines)
    assert (saying.text, saying.verdict, saying.objections) == ("It holds 650 ml.", "rewrite", ["doubt"])


@pytest.mark.parametrize(
    ("text", "left"), [("Yes, it holds 650 ml.", "It holds 650 ml."), ("No, it holds 750 ml.", "")]
)
async def test_an_opening_that_no_row_gives_is_taken_off_where_the_rest_holds(text: str, left: str) -> None:
    _, saying = await grown({"capacity": [text]})
    assert saying.text == left
