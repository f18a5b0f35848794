"""Every kind in every format comes in, and says the same afterwards."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from knowledge.crm.campaigns import Campaign, Outcome, Variant
from knowledge.crm.catalogue import Product, Review
from knowledge.crm.customers import Customer
from knowledge.crm.orders import Order
from knowledge.crm.sources import Fact, ShopProfile
from knowledge.errors import BadFile
from tests.knowledge.room import Room, product

ROWS = {
    "products": [product("TP-1", attributes="colour=red; size=1 l"), product("TP-2", stock="3")],
    "faq": [{"question": "Do you ship?", "answer": "Yes."}, {"question": "能退货吗？", "answer": "能。"}],
    "customers": [{"customer_id": "C1", "name": "Ann", "tags": "vip;tea", "notes": "Likes oolong."}],
    "orders": [
        {"order_id": "O1", "customer_id": "C1", "ordered_at": "2026-01-05", "sku": "TP-1", "quantity": "2",
         "unit_price": "10", "order_shipping": "5", "order_discount": "1.50", "order_tax": "0.25"},
        {"order_id": "O1", "customer_id": "C1", "ordered_at": "2026-01-05", "sku": "TP-2", "quantity": "1",
         "unit_price": "3.10"},
    ],
    "events": [
        {"at": "2026-01-05T10:00", "kind": "click", "customer_id": "C1", "campaign": "Spring", "variant": "A"},
        {"at": "2026-01-06T10:00", "kind": "search", "value": "头盔"},
    ],
    "reviews": [{"text": "Lovely.", "sku": "TP-1", "rating": "5", "source": "site"}],
}  # fmt: skip


def write(room: Room, kind: str, suffix: str) -> Path:
    rows = ROWS[kind]
    if suffix == "csv":
        return room.file(f"{kind}.csv", rows)
    if suffix == "jsonl":
        return room.file(f"{kind}.jsonl", "\n".join(json.dumps(row, ensure_ascii=False) for row in rows))
    if suffix == "json":
        return room.file(f"{kind}.json", json.dumps({kind: rows}, indent=1))
    path = room.file(f"{kind}.xlsx", b"")
    book = openpyxl.Workbook()
    header = list(dict.fromkeys(key for row in rows for key in row))
    book.active.append(header)
    for row in rows:
        book.active.append([row.get(name) for name in header])
    book.save(path)
    return path


@pytest.mark.parametrize("suffix", ["csv", "json", "jsonl", "xlsx"])
def test_every_kind_comes_in_and_a_second_time_changes_nothing(room: Room, suffix: str):
    for kind, rows in ROWS.items():
        path = write(room, kind, suffix)
        assert room.counts(path) == (len(rows), 0, 0, 0, 0), kind
        assert room.counts(path) == (0, 0, len(rows), 0, 0), kind
        assert room.counts(path, sync=True) == (0, 0, len(rows), 0, 0), kind
        assert not list(path.parent.glob("*.rejects.csv"))
    room.assert_whole()
    one, two = sorted(room.all(Product), key=lambda row: row.sku)
    assert (one.price, one.currency, one.stock, one.attributes) == (
        Decimal("12.5"), "EUR", None, {"colour": "red", "size": "1 l"},
    )  # fmt: skip
    assert two.stock == 3
    with room.database.session() as session:
        order = session.get(Order, "O1")
        assert order is not None
        assert order.total == Decimal("26.85")
        assert order.ordered_at == datetime(2026, 1, 5, tzinfo=UTC)
    assert room.all(Customer)[0].tags == ["vip", "tea"]
    assert [row.name for row in room.all(Campaign)] == ["Spring"]
    assert [row.name for row in room.all(Variant)] == ["A"]
    assert {row.kind: row.attributes for row in room.all(Outcome)} == {
        "click": {},
        "search": {"value": "头盔"},
    }
    assert room.all(Review)[0].origin == "site"
    assert {fact.scope for fact in room.all(Fact) if fact.kind == "note"} == {"customer:C1"}
    assert {fact.language for fact in room.all(Fact) if fact.kind == "faq"} == {"en", "zh"}


def test_csv_with_bom_crlf_quoted_newlines_and_blank_lines(room: Room):
    text = '\ufeffsku,name,price,description\r\n\r\nA,"Pot, big",1,"two\r\nlines"\r\n,,,\r\nB,"say ""hi""",2,\r\n'
    assert room.counts(room.file("products.csv", text)) == (2, 0, 0, 0, 0)
    rows = {row.sku: row for row in room.all(Product)}
    assert rows["A"].name == "Pot, big"
    assert rows["A"].description == "two\r\nlines"
    assert rows["B"].name == 'say "hi"'
    assert [rows["A"].source_line, rows["B"].source_line] == [3, 6]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_byte_order_mark_is_understood(room: Room, encoding: str):
    text = "sku,name,price\nA,茶壶,1\n".encode(encoding)
    assert room.counts(room.file("products.csv", text))[0] == 1
    assert room.all(Product)[0].name == "茶壶"


def test_json_rows_know_their_lines(room: Room):
    wrapped = (
        '{"made": "x", "tags": ["a"],\n"items": [\n{"sku": "A",\n"name": "[", "price": 1},\n\n{"sku": "B"}]}'
    )
    path = room.file("products.json", wrapped)
    assert room.counts(path) == (1, 0, 0, 0, 1)
    assert room.all(Product)[0].source_line == 3
    assert "\n6,name, price is missing" in (path.parent / "products.json.rejects.csv").read_text().replace(
        '"', ""
    )
    alone = room.file("customers.json", '{"customer_id": "C1", "tags": ["a", "b"]}')
    assert room.counts(alone) == (1, 0, 0, 0, 0)
    room.load(room.file("products.json", "[]"), sync=True)
    path = room.file("faq.json", '[{"question": "a",\n"answer": "]"}, {"question": "b"},\n {"question": "c", "answer": "x"}]')  # fmt: skip
    assert room.counts(path) == (2, 0, 0, 0, 1)
    assert sorted(fact.source_line for fact in room.all(Fact)) == [1, 3]
    assert "\n2,answer is missing" in (path.parent / "faq.json.rejects.csv").read_text()


def test_minified_json_holds_many_rows_on_one_line(room: Room):
    rows = [product("A"), product("B"), product("A", price="9")]
    assert room.counts(room.file("products.json", json.dumps(rows))) == (2, 0, 0, 0, 1)


def test_types_of_a_spreadsheet(room: Room):
    path = room.file("customers.xlsx", b"")
    book = openpyxl.Workbook()
    book.active.append(["Customer ID", "telegram id", "marketing_consent", "consent_at", "birthday"])
    book.active.append([1001, 880013.0, True, datetime(2026, 1, 2, 3), datetime(1990, 5, 6)])
    book.save(path)
    assert room.counts(path) == (1, 0, 0, 0, 0)
    (row,) = room.all(Customer)
    assert (row.id, row.telegram_id, str(row.birthday)) == ("1001", 880013, "1990-05-06")


def test_unknown_columns_are_kept_as_attributes(room: Room):
    room.load(room.file("products.csv", [product("A", Brand="Kiln", **{"weight kg": "0.3"})]))
    room.load(room.file("customers.jsonl", '{"customer_id": "C1", "shoe": {"size": 42}}'))
    room.load(room.file("events.csv", [{"at": "2026-01-01", "kind": "view", "page": "home"}]))
    room.load(room.file("reviews.csv", [{"text": "ok", "helpful": "3"}]))
    (pot,) = room.all(Product)
    assert pot.attributes == {"brand": "Kiln", "weight": "0.3 kg"}
    assert "brand: Kiln" in room.search("Kiln")[0].text
    assert room.all(Customer)[0].attributes == {"shoe.size": "42"}
    assert room.all(Outcome)[0].attributes == {"page": "home"}
    assert room.all(Review)[0].attributes == {"helpful": "3"}


def test_a_folder_stands_for_its_known_files(room: Room):
    room.file("in/a/products.csv", [product("A")])
    room.file("in/faq-2026.csv", ROWS["faq"])
    room.file("in/guide.md", "# Care\nRinse.")
    room.file("in/shop.yml", "name: Kiln")
    for ignored in ("README.md", "photo.png", "faq.csv.rejects.csv", ".git/notes.txt", "~$faq.xlsx"):
        room.file(f"in/{ignored}", "x")
    files = room.ingest.files([room.folder / "files" / "in", room.folder / "files" / "in" / "shop.yml"]).files
    assert [file.kind for file in files] == ["shop", "products", "faq", "documents"]
    assert all(file.good for file in files)


def test_kind_by_wish_and_files_that_say_nothing(room: Room):
    odd = room.file("list.csv", [product("A")])
    assert room.counts(odd, kind="products") == (1, 0, 0, 0, 0)
    assert "does not say what it holds" in str(room.load(odd).error)
    assert "There is no kind hats" in str(room.load(odd, kind="hats").error)
    with pytest.raises(BadFile, match="does not exist"):
        room.ingest.files([odd, room.folder / "none.csv"])


def test_defaults_come_from_the_shop_file(room: Room):
    """Also when it is named last: the shop goes first."""
    rows = [{"order_id": "O", "customer_id": "C", "ordered_at": "2026-07-01T12:00", "sku": "A", "quantity": 1,
             "unit_price": 1, "expected_at": "2026-01-02T00:00+00:00"}]  # fmt: skip
    files = [
        room.file("products.csv", [product("A"), product("B", currency="eur")]),
        room.file("orders.csv", rows),
    ]
    shop = room.file("shop.toml", 'name = "K"\ncurrency = "usd"\ntimezone = "America/New_York"')
    assert all(file.good for file in room.ingest.files([*files, shop]).files)
    assert {row.sku: row.currency for row in room.all(Product)} == {"A": "USD", "B": "EUR"}
    (order,) = room.all(Order)
    assert order.ordered_at == datetime(2026, 7, 1, 16, tzinfo=UTC)
    assert order.expected_at == datetime(2026, 1, 2, tzinfo=UTC)


def test_a_time_zone_that_becomes_known_later_does_not_double_events(room: Room):
    events, reviews = room.file("events.csv", ROWS["events"]), room.file("reviews.csv", [{"at": "2026-01-01", "text": "ok"}])  # fmt: skip
    room.ingest.files([events, reviews])
    room.load(room.file("shop.yaml", "name: K\ntimezone: Asia/Shanghai"))
    assert room.counts(events) == (0, 2, 0, 0, 0)
    assert room.counts(reviews) == (0, 1, 0, 0, 0)
    assert {row.at.hour for row in room.all(Outcome)} == {2}


def test_orders_and_events_may_come_before_their_customers(room: Room):
    room.load(room.file("orders.csv", ROWS["orders"]))
    room.load(room.file("events.csv", ROWS["events"]))
    assert [(row.id, row.known) for row in room.all(Customer)] == [("C1", False)]
    assert room.counts(room.file("customers.csv", ROWS["customers"])) == (1, 0, 0, 0, 0)
    assert [(row.name, row.known) for row in room.all(Customer)] == [("Ann", True)]


def test_the_shop_file_is_one_row_and_whole(room: Room):
    path = room.file("shop.yaml", "name: K\nreturns: 30\nparking: behind the house\n")
    assert room.counts(path) == (1, 0, 0, 0, 0)
    assert room.counts(path) == (0, 0, 1, 0, 0)
    assert any("behind the house" in hit.text for hit in room.search("parking"))
    assert room.counts(room.file("shop.yaml", "name: K\nreturns: 14\n")) == (0, 1, 0, 0, 0)
    assert not any("behind" in fact.text for fact in room.all(Fact))
    assert room.all(ShopProfile)[0].settings["returns"] == 14
    room.assert_whole()
    minimal = room.file("shop.toml", 'name = "K"')
    assert room.load(minimal).good
