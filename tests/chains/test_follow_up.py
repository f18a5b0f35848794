"""Follow-ups: in the customer's language, about their own last order, silent about the team's notes."""

import asyncio

import pytest

from chains.assistant import ShopAssistant
from knowledge.crm.desk import Desk, Shelf
from knowledge.folder import Knowledge
from knowledge.principal import MARKETER


def test_every_customer_gets_a_draft_of_their_own(assistant: ShopAssistant, bikes: Knowledge) -> None:
    desk = Desk(Shelf(bikes.database), MARKETER)
    for number in range(1001, 1013):
        card = desk.customer(f"C-{number}")
        assert card is not None
        answer = asyncio.run(assistant.follow_up(card.id))
        assert {fact.scope for fact in answer.facts} == {f"customer:{card.id}"}
        if card.name:
            assert card.name.split()[0] in answer.reply
        if card.notes:
            assert card.notes not in answer.reply
        live = [order for order in card.orders if order.status not in ("cancelled", "returned")]
        if live and live[0].status in ("placed", "paid", "shipped"):
            assert live[0].id in answer.reply


def test_an_unknown_customer_is_one_sentence(assistant: ShopAssistant) -> None:
    with pytest.raises(LookupError, match=r"nobody"):
        asyncio.run(assistant.follow_up("nobody"))
