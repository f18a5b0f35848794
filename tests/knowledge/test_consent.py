"""An import never restores a withdrawn consent unless its own date is later, and never brings back the erased."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.crm.columns import now
from knowledge.crm.consent import ConsentEvent, latest_consent, record_consent
from knowledge.crm.customers import Customer, ErasedCustomer
from knowledge.crm.orders import Order
from knowledge.crm.sources import Fact
from knowledge.ingest.people_rows import id_digest
from tests.knowledge.room import Room


def holds(room: Room, customer: str = "C1") -> bool | None:
    with room.database.session() as session:
        event = latest_consent(session, customer)
        return None if event is None else event.granted


def say(room: Room, granted: bool, at: datetime | None, origin: str = "chat") -> bool:
    with room.database.session() as session:
        return record_consent(session, "C1", granted, at=at, origin=origin)


def customers(room: Room, consent: str, at: str = "", **cells: str) -> None:
    row = {"customer_id": "C1", "marketing_consent": consent, "consent_at": at} | cells
    assert room.load(room.file("customers.csv", [row])).good


def unsubscribe(room: Room, at: str, name: str = "events.csv") -> None:
    assert room.load(room.file(name, [{"at": at, "kind": "unsubscribe", "customer_id": "C1"}])).good


def test_a_withdrawal_in_the_chat_outlasts_the_file(room: Room):
    customers(room, "yes", "2026-01-01")
    assert holds(room)
    say(room, False, now())
    for phone in "123":
        customers(room, "yes", "2026-01-01", phone=phone)
    customers(room, "yes", phone="4")
    assert not holds(room)
    customers(room, "yes", (now() + timedelta(seconds=1)).isoformat())
    assert not holds(room), "a date in the future is not later than the withdrawal"


def test_a_later_consent_restores(room: Room):
    unsubscribe(room, "2026-03-01")
    customers(room, "yes", "2026-02-28")
    assert not holds(room)
    customers(room, "yes", "2026-03-01T00:00:00+00:00")
    assert not holds(room), "the same moment is not later"
    customers(room, "yes", "2026-03-02")
    assert holds(room)


def test_an_undated_yes_gives_way_to_any_unsubscription_in_either_order(room: Room):
    customers(room, "yes")
    assert holds(room)
    unsubscribe(room, "2020-01-01")
    assert not holds(room)
    customers(room, "yes", phone="1")
    assert not holds(room)


def test_the_latest_withdrawal_counts(room: Room):
    unsubscribe(room, "2026-03-01", "events-1.csv")
    unsubscribe(room, "2026-05-01", "events-2.csv")
    customers(room, "yes", "2026-04-01")
    assert not holds(room)


def test_a_mistyped_future_consent_cannot_outlast_a_stop(room: Room):
    customers(room, "yes", "2099-01-01")
    say(room, False, None)
    assert not holds(room)
    customers(room, "yes", "2099-01-01", phone="1")
    assert not holds(room)


def test_a_no_in_the_file_is_a_withdrawal(room: Room):
    customers(room, "yes", "2026-01-01")
    customers(room, "no")
    assert not holds(room)
    customers(room, "no", phone="1")
    assert len(room.all(ConsentEvent)) == 2


SAID = st.tuples(st.booleans(), st.one_of(st.none(), st.integers(0, 4).map(lambda d: datetime(2026, 1, 1 + d, tzinfo=UTC))))  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.lists(SAID.filter(lambda item: item[0] or item[1] is not None), min_size=1, max_size=4))
def test_the_order_of_hearing_does_not_matter(room: Room, said: list[tuple[bool, datetime | None]]):
    """What holds is the latest dated word; a withdrawal wins a tie, and any withdrawal an undated grant."""
    latest = max((at for _, at in said if at), default=None)
    expected = all(granted for granted, at in said if at == latest) if latest else True
    for number, order in enumerate(itertools.permutations(said)):
        with room.database.session() as session:
            name = f"C{number}"
            session.add(Customer(id=name))
            session.flush()
            for granted, at in order:
                record_consent(session, name, granted, at=at, origin="import")
            held = latest_consent(session, name)
            assert held is not None
            assert held.granted == expected, (order, held)
            session.rollback()


@pytest.mark.parametrize("kind", ["customers", "orders", "events", "reviews"])
def test_an_erased_customer_stays_away(room: Room, kind: str):
    with room.database.session() as session:
        session.add(ErasedCustomer(id_digest=id_digest("C1")))
    row = {"customer_id": "C1", "name": "Ann", "notes": "tall", "order_id": "O1", "ordered_at": "2026-01-01", "sku": "A",
           "quantity": "1", "unit_price": "1", "at": "2026-01-01", "kind": "view", "text": "good"}  # fmt: skip
    path = room.file(f"{kind}.csv", [row, row | {"customer_id": "C2", "order_id": "O2"}])
    assert room.counts(path) == (1, 0, 0, 0, 1)
    assert "erased" in path.with_name(f"{kind}.csv.rejects.csv").read_text()
    assert [person.id for person in room.all(Customer)] == ["C2"]
    assert all(order.customer_id == "C2" for order in room.all(Order))
    assert all(fact.scope == "customer:C2" for fact in room.all(Fact))
    room.assert_whole()
