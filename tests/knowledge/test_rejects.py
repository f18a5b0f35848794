"""Bad rows and bad files: each is named with its line and reason, and none stops the rest."""

import csv
import json
import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.crm.catalogue import Product
from knowledge.crm.customers import Customer
from knowledge.crm.sources import Fact, Source
from tests.knowledge.room import Room, product


def rejects(room: Room, name: str) -> list[tuple[int, str]]:
    with (room.folder / "files" / f"{name}.rejects.csv").open(encoding="utf-8", newline="") as handle:
        header, *rows = csv.reader(handle)
    assert header[:2] == ["line", "reason"]
    return [(int(row[0]), row[1]) for row in rows]


def test_each_bad_row_has_its_line_and_its_reason(room: Room):
    rows = [
        product("A"), product(""), product("B", name=" "), product("C", price="ask us"), product("D", price="-6"),
        product("E", stock="1.5"), product("F", currency="euro"), product("G", attributes="red"),
        product("H", attributes="{oops"), product("I", price="USD 5", currency="EUR"), product("J", price="€ 5"),
        product("K", price="1,299.00"), product("L", price="12,50"), product("M", price="NaN"),
        product("N", price="1e400"), product("O", description="x" * 60_000), product("P", price="£5"),
    ]  # fmt: skip
    path = room.file("products.csv", rows)
    assert room.counts(path) == (4, 0, 0, 0, 13)
    said = dict(rejects(room, "products.csv"))
    for number, reason in {
        3: "sku is missing", 4: "name is missing", 5: "price is not a number: ask us", 6: "between 0 and", 7: "whole number",
        8: "currency is not an ISO 4217 code", 9: "key=value", 10: "not valid JSON", 11: "is not in EUR", 15: "between 0",
        16: "between 0", 17: "description is longer than", 18: "£5 is not in EUR",
    }.items():  # fmt: skip
        assert reason in said[number], said
    assert {row.sku: str(row.price) for row in room.all(Product)} == {
        "A": "12.5",
        "J": "5",
        "K": "1299",
        "L": "12.5",
    }
    room.file("products.csv", [product("A")])
    assert room.load(path).rejects is None
    assert not path.with_name("products.csv.rejects.csv").exists(), "an old rejects file misleads"


@pytest.mark.parametrize(
    ("kind", "row", "reason"),
    [
        ("customers", {"name": "Ann"}, "customer_id is missing"),
        ("customers", {"customer_id": "C", "timezone": "Europe"}, "not an IANA name"),
        ("customers", {"customer_id": "C", "timezone": "x" * 300}, "not an IANA name"),
        ("customers", {"customer_id": "C", "birthday": "31.12.1990"}, "not an ISO 8601 date"),
        ("customers", {"customer_id": "C", "marketing_consent": "maybe"}, "must be yes or no"),
        (
            "customers",
            {"customer_id": "C", "consent_at": "0001-01-01T00:00+14:00"},
            "outside of the calendar",
        ),
        ("orders", {"order_id": "O"}, "customer_id, sku, ordered_at, quantity, unit_price is missing"),
        ("events", {"at": "2026-01-01", "kind": "sneeze"}, "kind must be one of"),
        ("events", {"kind": "view"}, "at is missing"),
        ("reviews", {"text": "ok", "rating": "6"}, "from 1 to 5"),
        ("faq", {"question": "Why?"}, "answer is missing"),
        ("faq", {"question": "Why?", "answer": "So.", "audience": "vip"}, "audience must be one of"),
        ("products", {"sku": "A", "name": {"en": "Pot"}, "price": 1}, "an object stands where text"),
        ("products", {"sku": "A", "name": "Pot", "price": True}, "price is not a number"),
        ("products", ["A"], "not a JSON object"),
    ],
)
def test_wrong_types_are_refused_with_a_reason(room: Room, kind: str, row: object, reason: str):
    assert room.counts(room.file(f"{kind}.jsonl", json.dumps(row))) == (0, 0, 0, 0, 1)
    ((line, said),) = rejects(room, f"{kind}.jsonl")
    assert line == 1
    assert reason in said


def test_csv_that_breaks_in_the_middle_costs_only_the_broken_lines(room: Room):
    text = 'sku,name,price\nA,x,1\nB,"open,2\nC,y,3\nD,"a"b,4\nE,z,5\nF,x,1,9\nG,"never closed,6\nH,w,7\n'
    assert room.counts(room.file("products.csv", text)) == (4, 0, 0, 0, 4)
    assert {row.sku for row in room.all(Product)} == {"A", "C", "E", "H"}
    assert [line for line, _ in rejects(room, "products.csv")] == [3, 5, 7, 8]


def test_broken_lines_of_json(room: Room):
    text = (
        '{"sku": "A", "name": "x", "price": 1}\n{"sku": \n[['
        + "[" * 100_000
        + '\n{"sku": "B", "name": "y", "price": 2}'
    )
    assert room.counts(room.file("products.jsonl", text)) == (2, 0, 0, 0, 2)
    deep = '{"a":' * 500 + "1" + "}" * 500
    row = '{"sku": "C", "name": "x", "price": 1, "attributes": ' + deep + "}"
    report = room.load(room.file("products2.jsonl", row))
    assert report.imported + report.rejected == 1


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("products.csv", b"", "is empty"),
        ("products.csv", b"\n\n", "is empty"),
        ("products.csv", b",,\n\n", "no header row"),
        ("products.csv", b'sku,"na"me,price\nA,b,1\n', "header row is not valid CSV"),
        ("products.csv", "sku,name,price\nA,b,1\nB,Käse,2\n".encode("latin-1"), "products.csv:3 is not UTF-8"),
        ("products.json", b'[{"sku": ', "not valid JSON"),
        ("products.json", b'"hello"', "list of objects"),
        ("products.xlsx", b"PK\x03\x04 no", "not a readable .xlsx"),
        ("guide.md", b" \n", "holds no text"),
        ("guide.md", b"---\naudience: internal\n# Secret\nmargin 40%\n", "no closing"),
        ("guide.md", b"---\naudience: [x]\n---\nhi", "audience should be"),
        ("shop.toml", b"name = ", "does not parse"),
        ("shop.toml", b'currency = "EUR"', "needs a name"),
        ("shop.toml", b'name = "K"\ntimezone = "Europe"', "IANA"),
        ("shop.yaml", b"- a", "should hold settings"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_one_sentence_and_leaves_nothing(
    room: Room, name: str, content: bytes, said: str
):
    good = room.file("faq.csv", [{"question": "Q", "answer": "A"}])
    files = room.ingest.files([room.file(name, content), good]).files
    bad, fine = sorted(files, key=lambda file: file.path == str(good))
    assert said in (bad.error or "")
    assert not bad.good
    assert fine.imported == 1, "the other file still came in"
    assert [source.name for source in room.all(Source)] == ["faq.csv"]


def test_header_only_brings_nothing_and_is_no_error(room: Room):
    path = room.file("products.csv", "sku,name,price\n")
    assert room.counts(path) == (0, 0, 0, 0, 0)
    assert "holds no rows" in (room.ingest.files([path]).files[0].note or "")
    assert room.all(Source) == []


def test_nul_control_characters_and_lone_surrogates_are_dropped(room: Room):
    row = json.dumps(
        product("A\0", name="Pot\ud800\x07", **{"bra\udfffnd": "Ki\ud83dln"}, attributes={"\ud800k": "v"})
    )
    assert room.counts(room.file("products.jsonl", row)) == (1, 0, 0, 0, 0)
    (pot,) = room.all(Product)
    assert (pot.sku, pot.name, pot.attributes) == ("A", "Pot", {"brand": "Kiln", "k": "v"})
    bad = json.dumps({"sku": "B\ud800", "na\ud800me": "x", "price": "\ud800?"})
    assert room.load(room.file("products2.jsonl", bad)).rejected == 1
    assert room.counts(room.file("products3.csv", b"sku,name,price\nC\0,x\0,1\n"))[0] == 1
    room.assert_whole()


def test_rejects_that_cannot_be_written_are_said_and_stop_nothing(room: Room):
    path = room.file("products.csv", [product("A"), product("")])
    path.with_name("products.csv.rejects.csv").mkdir()
    report = room.load(path)
    assert (report.imported, report.rejected, report.rejects) == (1, 1, None)
    assert "cannot be written" in (report.error or "")


JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20),
    st.lists(st.text(max_size=3), max_size=3), st.dictionaries(st.text(max_size=4), st.integers(), max_size=3),
    st.sampled_from(["2026-01-01", "9999-12-31T23:59-14:00", "0001-01-01", "yes", "1e5", "Europe", "\ud800", "{", "="]),
)  # fmt: skip


@pytest.mark.parametrize("kind", ["products", "faq", "customers", "orders", "events", "reviews"])
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_row_however_odd_stops_an_import(room: Room, kind: str, data: st.DataObject):
    columns = ["sku", "name", "price", "attributes", "currency", "question", "answer", "customer_id", "timezone", "consent_at",
               "marketing_consent", "order_id", "ordered_at", "quantity", "unit_price", "at", "kind", "value", "text", "odd",
               "telegram_id", "birthday", "tags", "campaign", "variant", "\ud800"]  # fmt: skip
    row = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(columns, JUNK)))
    good = {"sku": "A", "name": "x", "price": 1, "question": "q", "answer": "a", "customer_id": "C", "order_id": "O",
            "ordered_at": "2026-01-01", "quantity": 1, "unit_price": 1, "at": "2026-01-01", "kind": "view", "text": "t"}  # fmt: skip
    path = room.file(f"{kind}.jsonl", "\n".join(json.dumps(item) for item in (good | row, good)))
    report = room.load(path)
    assert report.error is None
    assert report.imported + report.updated + report.unchanged + report.rejected == 2
    again = room.load(path)
    assert (again.imported, again.updated, again.rejected) == (0, 0, report.rejected)


def test_a_file_name_that_is_not_utf8(room: Room):
    path = os.fsencode(room.folder) + b"/guide-\xff.md"
    with open(path, "wb") as handle:
        handle.write(b"# Care\nRinse.")
    assert room.load(room.folder / os.fsdecode(b"guide-\xff.md")).imported == 1
    assert room.all(Fact)
    assert room.all(Customer) == []
