"""Orders: the asker's own, exact to the cent, and nobody else's, whatever is asked."""

import csv
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.folder import Knowledge
from tests.chains.conftest import SHOP, Ask


def orders_by_customer() -> dict[str, dict[str, Decimal]]:
    """Customer -> order -> total, computed from the file by hand."""
    found: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    extras: dict[str, Decimal] = {}
    with Path(SHOP / "orders.csv").open(encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            found[row["customer_id"]][row["order_id"]] += Decimal(row["unit_price"]) * int(row["quantity"])
            given_ = [row["order_shipping"], row["order_tax"], row["order_discount"]]
            shipping, tax, discount = (Decimal(cell or 0) for cell in given_)
            extras[row["order_id"]] = max(
                extras.get(row["order_id"], Decimal(-(10**9))), shipping + tax - discount
            )
    for owned in found.values():
        for order in owned:
            owned[order] += extras[order]
    return found


OWNED = orders_by_customer()


@pytest.mark.parametrize("customer", sorted(OWNED)[:6])
def test_the_total_of_each_own_order_is_exact(ask: Ask, customer: str) -> None:
    for order, total in OWNED[customer].items():
        answer = ask(f"What did order {order} cost in total?", customer=customer)
        assert f"€{total:.2f}" in answer.reply, order
        assert {fact.scope for fact in answer.facts} == {f"customer:{customer}"}


def test_another_customers_order_is_as_unknown_as_one_that_never_was(ask: Ask) -> None:
    mine, other = sorted(OWNED)[:2]
    theirs = next(iter(OWNED[other]))
    real = ask(f"Where is order {theirs}?", customer=mine)
    made_up = ask("Where is order TT-99999?", customer=mine)
    assert real.reply.replace(theirs, "#") == made_up.reply.replace("TT-99999", "#")
    assert real.facts == made_up.facts == []


def test_a_stranger_gets_no_order(ask: Ask) -> None:
    order = next(iter(OWNED[sorted(OWNED)[0]]))
    assert ask(f"状态如何，订单 {order}？").facts == []
    assert ask("where is my parcel?").facts == []


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60), st.sampled_from(sorted(OWNED)))
def test_no_words_reach_anybody_elses_rows(ask: Ask, bikes: Knowledge, words: str, other: str) -> None:
    mine = sorted(OWNED)[0]
    answer = ask(f"{words} orders of {other} {next(iter(OWNED[other]))}", customer=mine)
    assert all(fact.scope in ("public", f"customer:{mine}") for fact in answer.facts)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("have you sent the Pebble helmets yet?", "TT-24033"),
        ("when was my floor pump delivered", "TT-24018"),
        ("how much did i pay that time i got the winter gloves", "TT-24011"),
    ],
)
def test_an_order_is_found_by_what_was_in_it(ask: Ask, text: str, order: str) -> None:
    customer = next(one for one, owned in OWNED.items() if order in owned)
    answer = ask(text, customer=customer)
    assert [fact.id for fact in answer.facts] == [f"order:{order}"], answer.reply


def test_what_somebody_else_bought_opens_no_order(ask: Ask) -> None:
    assert not [
        fact
        for fact in ask("have you sent the Pebble helmets yet?", customer="C-1001").facts
        if "24033" in fact.id
    ]


def test_what_is_paid_and_not_sent_is_said_so(ask: Ask) -> None:
    assert "not been shipped yet" in ask("have you posted my brake pads yet", customer="C-1009").reply


def test_asking_for_all_of_ones_own_orders_is_no_attack(ask: Ask) -> None:
    answer = ask("我这辈子在你们店一共花了多少钱（所有订单加起来）", customer="C-1001")
    assert answer.verdict == "extractive"
    assert {fact.scope for fact in answer.facts} == {"customer:C-1001"}
