"""What the model may and may not say of a fact."""

from dataclasses import replace
from decimal import Decimal

import pytest

from chains.evidence import Evidence
from chains.writer import Asked, objection, tidy, without_lead
from knowledge.crm.catalogue_view import Item


def asked(value: str, question: str = "How big is it?", key: str = "capacity", language: str = "en") -> Asked:
    name = "Rowan Jug" if language == "en" else "罗恩水壶"
    said = f"{name} - {key}: {value}"
    return Asked(
        "Shop",
        question,
        Evidence("f", said, "p.csv:2", "public", "product", language, None, key, value),
        language,
    )


def item(value: str) -> Asked:
    """A fact of a product."""
    product = Item("J-1", Decimal(9), "EUR", 4, {"en": "Rowan Jug"}, {}, {}, {}, {"en": "p.csv:2"})
    one = asked(value)
    return replace(one, evidence=replace(one.evidence, item=product))


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("It holds 650 ml.", asked("650 ml")),
        ("The Rowan Jug has a capacity of 650 ml.", asked("650 ml")),
        ("它的容量是650毫升。", asked("650毫升", "多大？", "容量", "zh")),
        ("Yes, we have 4 in stock.", asked("4", "any left?", "in stock")),
        ("Sorry, the Rowan Jug is sold out.", asked("0", "any left?", "in stock")),
        ("库存是8。", asked("8", "剩几把", "库存", "zh")),
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
        ("The capacity is given: 650.", "listed", item("650")),
        ("没有库存8件。", "number", asked("8", "剩几把", "库存", "zh")),
        ("有，库存是0。", "polarity", asked("0", "还有货吗？", "库存", "zh")),
        ("库存是9。", "number", asked("8", "剩几把", "库存", "zh")),
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


def entry(value: str) -> Asked:
    question = "Should I replace a helmet after a crash?"
    fact = Evidence("f", f"{question} {value}", "faq.csv:2", "public", "faq", "en", None, question, value)
    return Asked("Shop", question, fact, "en")


ORDER = Asked(
    "Shop", "When will order TT-25163 arrive?",
    Evidence(
        "o", "Order TT-25163 - expected delivery: 25 November 2026", "o.csv:2", "customer:C-1", "order", "en", None,
        "expected delivery", "25 November 2026",
    ),
    "en", must=("25 November 2026",),
)  # fmt: skip
ONE_OF_TWO = replace(
    asked("650 ml"), apart=frozenset({"rowan"}), others=frozenset({"alder"})
)  # of several products, each is to be named


@pytest.mark.parametrize(
    ("text", "why", "fact"),
    [
        ("Yes, always, even if you see no damage.", None, entry("Yes, always, even if you see no damage.")),
        (
            "No, not always, even if you see damage.",
            "polarity",
            entry("Yes, always, even if you see damage."),
        ),
        ("Yes, bring the old one.", "yes or no", entry("Bring the old one.")),
        ("Order TT-25163 is expected on 25 November 2026.", None, ORDER),
        ("Order TT-25163 is expected on 26 November 2026.", "number", ORDER),
        ("Order TT-25163 is expected soon.", "value left out", ORDER),
        ("The Rowan Jug holds 650 ml.", None, ONE_OF_TWO),
        ("It holds 650 ml.", "value left out", ONE_OF_TWO),
        ("The Alder Jug holds 650 ml.", "another product", ONE_OF_TWO),
    ],
)
def test_what_a_sentence_of_several_has_to_hold(text: str, why: str | None, fact: Asked) -> None:
    found = objection(text, fact)
    assert (found.reason if found else None) == why


@pytest.mark.parametrize(
    ("text", "language", "rest"),
    [
        ("No, the battery is 500 Wh.", "en", "The battery is 500 Wh."),
        ("Sorry, no, it is 3.", "en", "It is 3."),
        ("Nothing else is needed.", "en", ""),
        ("Yes.", "en", ""),
        ("有的，电池是500瓦时。", "zh", "电池是500瓦时。"),
        ("有货，还有4件。", "zh", ""),
    ],
)
def test_an_opening_is_taken_off_only_where_it_is_one(text: str, language: str, rest: str) -> None:
    assert without_lead(text, language) == rest


def test_tidy_drops_list_marks_and_cut_off_ends() -> None:
    assert tidy("- It holds 650 ml. And it also comes with a") == "It holds 650 ml."
    assert tidy("\n\n650 ml\n\nCustomer: x") == "650 ml"
