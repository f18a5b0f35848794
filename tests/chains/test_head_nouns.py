"""Of products that bear a word, those that are what it says; the rest is named after it."""

from decimal import Decimal

import pytest

from chains.head_nouns import is_one, of_the_word
from knowledge.crm.catalogue_view import Catalogue, Item
from knowledge.facts.lexicon import tokens
from tests.chains.conftest import Ask


@pytest.mark.parametrize(
    ("word", "ones", "others"),
    [
        ("guitar", ["Wren Parlor Guitar", "Electric Guitar Comet", "Guitar Barge, black"],
         ["Guitar Strap, leather", "Wren Guitar Stand", "Strings for Guitar"]),
        ("tent", ["Lomond 2 Tent", "Tent Lomond"], ["Tent Pegs, set of 8", "Bag for a Tent"]),
        ("相机", ["防水相机", "相机 Aqua 4"], ["单肩相机包 6升", "相机清洁套装"]),
        ("帐篷", ["洛蒙德双人帐篷"], ["帐篷灯", "帐篷收纳袋 大号"]),
    ],
)  # fmt: skip
def test_a_thing_and_what_is_named_after_it(word: str, ones: list[str], others: list[str]) -> None:
    asked = frozenset(tokens(word))
    assert [name for name in [*ones, *others] if is_one(name, asked)] == ones


def item(sku: str, price: str, category: str, name: str) -> Item:
    language = "en" if name.isascii() else "zh"
    return Item(
        sku, Decimal(price), "EUR", None, {language: name}, {language: category}, {}, {}, {language: "f:1"}
    )


SHOP = Catalogue(
    [
        item("G1", "249", "Strings and more", "Wren Parlor Guitar"),
        item("G2", "479", "Strings and more", "Comet Electric Guitar"),
        item("G3", "19", "Strings and more", "Guitar Strap"),
        item("G4", "29", "Strings and more", "Guitar Stand"),
        item("U1", "45", "Ukuleles", "Pip Soprano Ukulele"),
        item("U2", "89", "Ukuleles", "Lumi Tenor Ukulele"),
        item("U3", "39", "Ukuleles", "Sopranino Flea"),
        item("U4", "9", "Accessories", "Ukulele Strap"),
        *(item(f"M{n}", "5", "Merchandise", f"Mug number {n} of {n}") for n in range(8)),
    ]
)


def chosen(text: str, skus: list[str]) -> set[str]:
    return {one.sku for one in of_the_word(text, [SHOP.items[sku] for sku in skus], SHOP)}


def test_those_whose_head_noun_it_is_come_before_those_that_bear_the_word() -> None:
    assert chosen("the cheapest guitar?", ["G2", "G3", "G4"]) == {"G1", "G2"}
    assert chosen("the cheapest guitar?", ["G1", "G2", "G3", "G4"]) == {"G1", "G2"}


def test_a_category_of_that_name_is_taken_whole() -> None:
    assert chosen("what is your cheapest ukulele", ["U1", "U2", "U4"]) == {"U1", "U2", "U3"}


def test_products_that_were_named_themselves_stay() -> None:
    assert chosen("which is cheaper, the Comet or the Flea?", ["G2", "U3"]) == {"G2", "U3"}
    assert chosen("the cheapest guitar strap", ["G3"]) == {"G3"}


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        ("how much is the cheapest lock?", "18.90", "84.50"),
        ("what does your most expensive helmet cost?", "189.00", "129.00"),
        ("最便宜的车锁多少钱？", "18.90", "84.50"),
    ],
)
def test_the_price_of_the_cheapest_is_one_price(ask: Ask, text: str, right: str, wrong: str) -> None:
    reply = ask(text).reply
    assert right in reply
    assert wrong not in reply
