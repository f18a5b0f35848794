"""What a second import of a changed file does: to rows, to facts, and to vectors."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.crm.catalogue import Product, Review
from knowledge.crm.consent import latest_consent
from knowledge.crm.customers import Customer
from knowledge.crm.orders import Order, OrderLine
from knowledge.crm.sources import Fact
from tests.knowledge.room import Room, product


def line(order: str, sku: str, **cells: object) -> dict[str, object]:
    return {"order_id": order, "customer_id": "C1", "ordered_at": "2026-01-05", "sku": sku, "quantity": "1",
            "unit_price": "3"} | cells  # fmt: skip


def test_a_changed_price_is_another_fact_and_leaves_no_ghost(room: Room):
    path = room.file("products.csv", [product("A"), product("B")])
    room.load(path)
    before = {fact.entity: fact.id for fact in room.all(Fact)}
    room.file("products.csv", [product("A", price="13"), product("B", stock="7")])
    assert room.counts(path) == (0, 2, 0, 0, 0)
    after = {fact.entity: fact.id for fact in room.all(Fact)}
    assert after["product:A:en"] != before["product:A:en"]
    assert after["product:B:en"] == before["product:B:en"]
    room.assert_whole()


def test_rows_that_only_moved_are_unchanged_and_know_their_new_line(room: Room):
    path = room.file("products.csv", [product("A"), product("B")])
    room.load(path)
    room.file("products.csv", [product("B"), product("A")])
    assert room.counts(path) == (0, 0, 2, 0, 0)
    assert {row.sku: row.source_line for row in room.all(Product)} == {"B": 2, "A": 3}
    assert room.search("A")[0].source == "products.csv:3"


def test_sync_removes_what_this_file_brought_and_nothing_else(room: Room):
    one = room.file("products-1.csv", [product("A"), product("B"), product("C")])
    two = room.file("products-2.csv", [product("D"), product("C")])
    room.ingest.files([one, two])
    room.file("products-1.csv", [product("A")])
    assert room.counts(one) == (0, 0, 1, 0, 0)
    assert room.counts(one, sync=True) == (0, 0, 1, 1, 0)  # B; the second file brought C too, and later
    assert {row.sku for row in room.all(Product)} == {"A", "C", "D"}
    room.assert_whole()
    room.file("products-2.csv", "sku,name,price\n")
    assert room.counts(two, sync=True) == (0, 0, 0, 2, 0)
    assert {row.sku for row in room.all(Product)} == {"A"}
    room.assert_whole()


def test_sync_leaves_the_old_row_of_a_line_that_became_bad(room: Room):
    path = room.file("products.csv", [product("A"), product("B")])
    faq = room.file("faq.csv", [{"question": "Why?", "answer": "So."}])
    room.ingest.files([path, faq])
    room.file("products.csv", [product("A", price="ask us"), product("A", language="zh", price="")])
    room.file("faq.csv", [{"question": "Why?", "answer": ""}])
    assert room.counts(path, sync=True) == (0, 0, 0, 1, 2)
    assert room.counts(faq, sync=True) == (0, 0, 0, 0, 1)
    assert [row.sku for row in room.all(Product)] == ["A"]


def test_sync_of_every_kind(room: Room):
    customers = room.file("customers.csv", [{"customer_id": "C1", "notes": "tall"}, {"customer_id": "C2"}])
    orders = room.file("orders.csv", [line("O1", "A"), line("O1", "B"), line("O2", "A")])
    events = room.file("events.csv", [{"at": "2026-01-01", "kind": "unsubscribe", "customer_id": "C1"},
                                      {"at": "2026-01-02", "kind": "view", "customer_id": "C1"}])  # fmt: skip
    reviews = room.file("reviews.csv", [{"text": "good"}, {"text": "bad"}])
    faq = room.file("faq.csv", [{"question": "Q1", "answer": "x"}, {"question": "Q2", "answer": "y"}])
    guide = room.file("guide.md", "# One\nx\n# Two\ny")
    room.ingest.files([customers, orders, events, reviews, faq, guide])
    room.file("customers.csv", [{"customer_id": "C2", "notes": ""}])
    room.file("orders.csv", [line("O1", "A")])
    room.file("events.csv", "at,kind,customer_id\n2026-01-02,view,C1\n")
    room.file("reviews.csv", "text\ngood\n")
    room.file("faq.csv", "question,answer\nQ2,y\n")
    room.file("guide.md", "# One\nx")
    report = room.ingest.files([customers, orders, events, reviews, faq, guide], sync=True)
    assert {file.kind: file.removed for file in report.files} == {
        "customers": 1, "orders": 2, "events": 1, "reviews": 1, "faq": 1, "documents": 1
    }  # fmt: skip
    assert [row.id for row in room.all(Order)] == ["O1"]
    assert [row.sku for row in room.all(OrderLine)] == ["A"]
    assert [row.text for row in room.all(Review)] == ["good"]
    assert {row.id: row.known for row in room.all(Customer)} == {"C1": False, "C2": True}
    assert {fact.kind for fact in room.all(Fact)} == {"faq", "document"}
    room.assert_whole()
    with room.database.session() as session:
        held = latest_consent(session, "C1")
        assert held is not None
        assert not held.granted, "an unsubscription outlives the line that told of it"


def test_order_amounts_stand_on_the_first_line_or_on_each(room: Room):
    path = room.file("orders.csv", [line("O1", "A", order_shipping="4"), line("O1", "B")])
    room.load(path)
    room.file("orders.csv", [line("O1", "A", order_shipping="4"), line("O1", "B", quantity="2")])
    assert room.counts(path) == (0, 1, 1, 0, 0)
    with room.database.session() as session:
        order = session.get(Order, "O1")
        assert order is not None
        assert order.total == 13


def test_an_order_cannot_change_hands(room: Room):
    path = room.file("orders.csv", [line("O1", "A"), line("O1", "B", customer_id="C2")])
    assert room.counts(path) == (1, 0, 0, 0, 1)
    assert "belongs to another customer" in (path.parent / "orders.csv.rejects.csv").read_text()


def test_same_key_twice_in_a_file(room: Room):
    path = room.file("products.csv", [product("A"), product("A"), product("A", price="1")])
    assert room.counts(path) == (1, 0, 1, 0, 1)
    assert "stands on line 2" in (path.parent / "products.csv.rejects.csv").read_text()


def test_a_telegram_id_belongs_to_one_customer(room: Room):
    path = room.file("customers.csv", [{"customer_id": "C1", "telegram_id": 5}, {"customer_id": "C2", "telegram_id": 5}])  # fmt: skip
    assert room.counts(path) == (1, 0, 0, 0, 1)
    assert room.counts(path) == (0, 0, 1, 0, 1)


def test_a_changed_document_replaces_its_sections(room: Room):
    path = room.file(
        "guide.md", "---\naudience: internal\n---\n# Care\nRinse.\n\n## Deep\nDescale monthly.\n"
    )
    assert room.counts(path) == (2, 0, 0, 0, 0)
    assert {(fact.scope, fact.source_line) for fact in room.all(Fact)} == {("internal", 4), ("internal", 7)}
    room.file("guide.md", "# Care\nRinse.\n\n## Deep\nDescale weekly.\n")
    assert room.counts(path) == (0, 2, 0, 0, 0)
    assert {fact.scope for fact in room.all(Fact)} == {"public"}
    room.assert_whole()


def test_removing_hundreds_of_rows_goes_in_batches(room: Room):
    path = room.file("faq.csv", [{"question": f"Q{n}", "answer": "x"} for n in range(450)])
    room.load(path)
    room.file("faq.csv", "question,answer\n")
    assert room.counts(path, sync=True) == (0, 0, 0, 450, 0)
    room.assert_whole()


SHELF = st.dictionaries(
    st.sampled_from("ABCDEF"),
    st.tuples(st.sampled_from(["1.00", "2.50"]), st.sampled_from(["Pot", "Cup", "壶"])),
    max_size=6,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shelf=SHELF)
def test_whatever_was_there_sync_leaves_what_the_file_says_and_again_changes_nothing(
    room: Room, shelf: dict[str, tuple[str, str]]
):
    """The room is the same for all examples, so that each file meets what the ones before it left."""
    rows = [product(sku, price=price, name=name) for sku, (price, name) in shelf.items()]
    before = {row.sku for row in room.all(Product)}
    path = room.file("products.csv", rows or "sku,name,price\n")
    imported, updated, unchanged, removed, rejected = room.counts(path, sync=True)
    assert (imported, removed, rejected) == (len(set(shelf) - before), len(before - set(shelf)), 0)
    assert updated + unchanged == len(before & set(shelf))
    assert {row.sku: (f"{row.price:.2f}", row.name) for row in room.all(Product)} == shelf
    facts = {fact.details["sku"]: (fact.details["price"], fact.text) for fact in room.all(Fact)}
    assert facts == shelf
    room.assert_whole()
    assert room.counts(path, sync=True) == (0, 0, len(shelf), 0, 0)
    room.assert_whole()
