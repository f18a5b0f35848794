"""Replies that were the rows' own words once: sums, what is sold out, returned orders."""

import pytest
from platformdirs import user_cache_path

from chains.assistant import build_assistant
from chains.turn import Answer, Question
from knowledge.folder import Knowledge
from tests.chains.scripted_model import ByFact


async def answer(
    shop: Knowledge, text: str, word: str, line: str, customer: str | None, **more: list[str]
) -> Answer:
    writing = build_assistant(
        index=shop.index,
        model=lambda: ByFact(lines={word: [line], **more}),
        cache=user_cache_path("marketeer"),
        patience=60.0,
    )
    question = Question.model_validate({"text": text, "as": "customer", "customer": customer})
    *_, last = [step async for step in writing.answer(question)]
    assert isinstance(last, Answer)
    return last


@pytest.mark.parametrize(
    ("text", "word", "line", "customer"),
    [
        (
            "Any men's Squall jackets left?",
            "out of stock",
            "No, the Squall Rain Jacket Men is out of stock.",
            None,
        ),
        (
            "How much are the Vine Folding Lock and the Arcline Urban Helmet together?",
            "without shipping",
            "The total is €149.40 without shipping.",
            None,
        ),
        (
            "2 Loop Cable Locks posted to Berlin, what's that all in?",
            "€9.90 shipping",
            "The total is €47.70 with €9.90 shipping.",
            None,
        ),
        ("Can I return order TT-24040?", "status", "The status of order TT-24040 is returned.", "C-1005"),
    ],
)
async def test_is_put_in_the_models_words(
    bikes: Knowledge, text: str, word: str, line: str, customer: str | None
) -> None:
    found = await answer(bikes, text, word, line, customer)
    assert (found.verdict, found.reply) == ("allow", line)


async def test_a_sum_that_keeps_quiet_about_shipping_is_not_said(bikes: Knowledge) -> None:
    text = "How much are the Vine Folding Lock and the Arcline Urban Helmet together?"
    found = await answer(bikes, text, "without shipping", "The total is €149.40.", None)
    assert found.verdict == "extractive"
    assert "without shipping" in found.reply


async def test_the_apology_is_the_bots_own_and_the_order_is_put_in_words(bikes: Knowledge) -> None:
    status, day = "Order TT-25138 is shipped.", "It is expected on 27 November 2026."
    text = "two weeks and STILL no parcel, this is a joke"
    found = await answer(
        bikes, text, "status", status, "C-1007", expected=[day], tracking=["Its number is JJD0300998105."]
    )
    sorry, _, rest = found.reply.partition(f"{status} {day} Its number is JJD0300998105. ")
    assert (found.verdict, found.intent) == ("allow", "complaint")
    assert "sorry" in sorry
    assert "service@torquetrail.example" in rest
    assert {claim.result for claim in found.claims} <= {"supported", "derived"}
