"""What the model may and may not say of a fact."""

import pytest

from chains.evidence import Evidence
from chains.writer import Asked, objection, tidy


def asked(value: str, question: str = "How big is it?", key: str = "capacity", language: str = "en") -> Asked:
    name = "Rowan Jug" if language == "en" else "罗恩水壶"
    said = f"{name} - {key}: {value}"
    return Asked(
        "Shop",
        question,
        Evidence("f", said, "p.csv:2", "public", "product", language, None, key, value),
        language,
    )


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("It holds 650 ml.", asked("650 ml")),
        ("The Rowan Jug has a capacity of 650 ml.", asked("650 ml")),
        ("它的容量是650毫升。", asked("650毫升", "多大？", "容量", "zh")),
        ("Yes, we have 4 in stock.", asked("4", "any left?", "in stock")),
        ("Sorry, the Rowan Jug is sold out.", asked("0", "any left?", "in stock")),
        ("有货，还有4件。", asked("4", "还有货吗？", "库存", "zh")),
        ("抱歉，罗恩水壶目前缺货。", asked("0", "还有货吗？", "库存", "zh")),
        ("The Rowan Jug is €64.90.", asked("€64.90", "what is it?", "price")),
    ],
)
def test_words_that_the_fact_bears_out_may_leave(text: str, fact: Asked) -> None:
    assert objection(text, fact) is None


@pytest.mark.parametrize(
    ("text", "why", "fact"),
    [
        ("It holds 750 ml.", "number", asked("650 ml")),
        ("It holds a lot.", "value left out", asked("650 ml")),
        ("Yes, it holds 650 ml.", "yes or no", asked("650 ml")),
        ("It does not hold 650 ml.", "polarity", asked("650 ml")),
        ("Yes, we have 14 in stock.", "number", asked("4", "any left?", "in stock")),
        ("Yes, it is in stock.", "number", asked("0", "any left?", "in stock")),
        ("It is a jug.", "polarity", asked("0", "any left?", "in stock")),
        ("有货。", "number", asked("0", "还有货吗？", "库存", "zh")),
        ("The Rowan Jug is €46.90.", "number", asked("€64.90", "what is it?", "price")),
        ("容量是650毫升。", "language", asked("650 ml")),
        ("", "length", asked("650 ml")),
        (
            "The Rowan Jug 650 ml was hand forged by monks in distant mountain villages.",
            "new words",
            asked("650 ml"),
        ),
    ],
)
def test_others_may_not(text: str, why: str, fact: Asked) -> None:
    found = objection(text, fact)
    assert found is not None
    assert found.reason == why


def test_tidy_drops_list_marks_and_cut_off_ends() -> None:
    assert tidy("- It holds 650 ml. And it also comes with a") == "It holds 650 ml."
    assert tidy("\n\n650 ml\n\nCustomer: x") == "650 ml"
