"""The first guard: what a reply claims, and whether its facts say so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chains.guard.ledger import ledger
from chains.turn import FactRef


def fact(text: str) -> FactRef:
    return FactRef(id="f", source="products.csv:2", text=text, scope="public")


def results(reply: str, said: str) -> list[str]:
    return [claim.result for claim in ledger(reply, [fact(said)]).claims()]


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ("It holds 650 ml.", "Kettle - capacity: 650 ml"),
        ("容量是６５０毫升。", "水壶 - 容量: 650毫升"),
        ("It costs €84.50.", "Lock - price: 84.50 EUR"),
        ("售价84.5欧元", "锁 - 价格: 84.50 欧元"),
        ("Delivered on 11 February 2025.", "delivered_at 2025-02-11"),
        ("于2025年2月11日签收", "delivered_at 2025-02-11"),
        ("You have two of them.", "quantity: 2"),
        ("Order TT-24018 is on its way.", "Order TT-24018: shipped"),
        ("1,299.00 EUR", "price: 1299 EUR"),
    ],
)
def test_what_the_fact_says_is_supported(reply: str, said: str) -> None:
    assert set(results(reply, said)) <= {"supported"}


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ("保修2年", "保修：2年"),
        ("周六13:30-16:30，260元", "时间：周六13:30-16:30；费用：260元"),
        ("入住14:00以后", "入住时间为14:00以后"),
        ("a 5-year guarantee", "guarantee: 5 years"),
    ],
)
def test_a_number_is_seen_wherever_it_stands(reply: str, said: str) -> None:
    assert results(reply, said)
    assert set(results(reply, said)) == {"supported"}
    assert "unsupported" in results(reply, "nothing of the kind")


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ("It holds 750 ml.", "Kettle - capacity: 650 ml"),
        ("It costs €8.45.", "Lock - price: 84.50 EUR"),
        ("Order TT-24019 is on its way.", "Order TT-24018: shipped"),
        ("Open until 18:00.", "Opening hours: 9:00-17:00"),
    ],
)
def test_what_the_fact_does_not_say_is_not(reply: str, said: str) -> None:
    assert {"unsupported", "contradicted"} & set(results(reply, said))


@given(st.text(max_size=200), st.text(max_size=100))
def test_spans_index_the_reply(reply: str, said: str) -> None:
    for claim in ledger(reply, [fact(said)]).claims():
        assert reply[claim.start : claim.end] == claim.text


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_number_is_supported_exactly_when_the_fact_holds_it(said: int, known: int) -> None:
    assert (results(f"There are {said} left.", f"stock: {known}") == ["supported"]) == (said == known)
