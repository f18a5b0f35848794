"""A product that the message neither names nor points at is named in the answer; a bare price question is about it."""

from decimal import Decimal
from typing import Any

import pytest

from chains.evidence import Evidence
from chains.statement import Statement, introduced
from knowledge.crm.catalogue_view import Item
from tests.chains.conftest import Ask

JUG = Item("J-1", Decimal(9), "EUR", 4, {"en": "Rowan Jug"}, {}, {}, {}, {"en": "p.csv:2"})
WEIGHT = Evidence(
    "f", "Rowan Jug - weight: 2 kg", "p.csv:2", "public", "product", "en", JUG, "weight", "2 kg"
)


@pytest.mark.parametrize(
    ("message", "named"),
    [("how heavy?", True), ("any left", True), ("is the jug heavy", False)],
)
def test_is_named_where_the_message_does_not(message: str, named: bool) -> None:
    statements = introduced([Statement("x", WEIGHT), Statement("y", WEIGHT)], message)
    assert bool(statements[0].apart) is named
    assert not statements[1].apart


@pytest.mark.parametrize(
    ("history", "text", "price"),
    [
        (
            [
                ["customer", "is the vine folding lock any good"],
                ["bot", "The Vine Folding Lock is rated 4.5."],
            ],
            "how much is it?",
            "84.50",
        ),
        ([], "Is the vine folding lock heavy, and how much is it?", "84.50"),
    ],
)
def test_what_it_costs_is_its_own_price(ask: Ask, history: Any, text: str, price: str) -> None:
    assert price in ask(text, history=history).reply
