"""The demo shop comes in whole, and goes when the owner's own files come."""

from datetime import date
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from knowledge.crm.catalogue import Product, Review
from knowledge.crm.customers import Customer, TelegramIdentity
from knowledge.crm.orders import Order
from knowledge.crm.sources import Fact, ShopProfile, Source
from knowledge.demo import generate
from tests.knowledge.room import Room, product


def load(room: Room, *, people: bool = True) -> None:
    if people:
        generate.write(room.folder / "demo", today=date(2026, 11, 20))
    with as_file(files("knowledge.demo")) as shop:
        static = [
            shop / name for name in ("shop.toml", "products.csv", "faq.csv", "reviews.csv", "documents")
        ]
        report = room.ingest.files([*static, *([room.folder / "demo"] if people else [])], demo=True)
    for file in report.files:
        assert (file.error, file.rejected) == (None, 0), file
        assert file.imported
    assert not report.demo_removed


def test_the_demo_shop_comes_in_without_a_reject(room: Room):
    load(room)
    assert len({row.sku for row in room.all(Product)}) >= 80
    assert len({row.category for row in room.all(Product) if row.language == "en"}) >= 6
    assert len([fact for fact in room.all(Fact) if fact.kind == "faq"]) >= 60
    assert len(room.all(Review)) >= 150
    assert len(room.all(Order)) >= 300
    assert all(row.known for row in room.all(Customer))
    assert {"public", "internal"} < {fact.scope for fact in room.all(Fact)}
    assert not list((room.folder / "demo").glob("*.rejects.csv"))
    room.assert_whole()


def test_other_files_remove_the_demo_and_leave_no_vector(room: Room):
    load(room, people=False)
    with room.database.session() as session:
        session.add(TelegramIdentity(user_id=1, chat_id=1, role="owner"))
    own = room.file("products.csv", [product("A", name="Samovar")])
    report = room.ingest.files([own])
    assert report.demo_removed
    assert report.to_json()["demo_removed"]
    assert [row.sku for row in room.all(Product)] == ["A"]
    assert room.all(Product)[0].currency == "EUR"
    assert [row.name for row in room.all(Source)] == ["products.csv"]
    assert room.all(ShopProfile) == []
    assert room.store.count() == 1
    assert len(room.all(TelegramIdentity)) == 1, "the owner stays the owner"
    room.assert_whole()
    assert not room.ingest.files([own]).demo_removed


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("products.csv", b"\xff\x00bad"),
        ("products.csv", b"sku,name,price\n"),
        ("products.csv", b"sku,name,price\nA,,1\n"),
        ("guide.md", b" "),
        ("shop.toml", b"name"),
    ],
)
def test_a_file_without_one_good_row_does_not_cost_the_demo(room: Room, name: str, content: bytes):
    path = room.file("reviews.csv", [{"text": "demo"}])
    room.ingest.files([path], demo=True)
    report = room.ingest.files([room.file(name, content)])
    assert not report.demo_removed
    assert not report.files[0].good
    assert [row.text for row in room.all(Review)] == ["demo"]


def test_the_generator_is_repeatable(tmp_path: Path):
    for name in ("a", "b"):
        generate.write(tmp_path / name, today=date(2026, 2, 28))
    for file in (tmp_path / "a").iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()
