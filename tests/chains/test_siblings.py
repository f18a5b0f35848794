"""The next size of a product, by its name's words."""

from decimal import Decimal

import pytest

from chains.siblings import of_size, sibling
from knowledge.crm.catalogue_view import Item


def named(sku: str, name: str, language: str) -> Item:
    nothing: dict[str, str] = {}
    return Item(sku, Decimal(1), "EUR", 1, {language: name}, nothing, nothing, {language: nothing}, nothing)


@pytest.mark.parametrize(
    ("language", "small", "big", "other"),
    [
        ("en", "Rainbow Stacker, small", "Rainbow Stacker, large", "Rainbow Kite, large"),
        ("en", "Cloud Pillow", "Cloud Pillow XL", "Cloud Duvet XL"),
        ("zh", "彩虹叠叠乐 小号", "彩虹叠叠乐 大号", "小熊毯子 大号"),
    ],
)
def test_words_of_size_make_siblings(language: str, small: str, big: str, other: str) -> None:
    items = [named(str(number), name, language) for number, name in enumerate((small, big, other))]
    if small == "Cloud Pillow":  # a name without a size has none that is bigger
        assert sibling(items[0], items, bigger=True) is None
        return
    assert sibling(items[0], items, bigger=True) is items[1]
    assert sibling(items[1], items, bigger=False) is items[0]
    assert sibling(items[1], items, bigger=True) is None


def test_the_nearest_size_is_the_next_one() -> None:
    sizes = [named(size, f"Bento Box, {size}", "en") for size in ("small", "medium", "large")]
    assert sibling(sizes[0], sizes, bigger=True) is sizes[1]
    assert sibling(sizes[2], sizes, bigger=False) is sizes[1]


def test_a_character_of_size_inside_a_name_says_no_size() -> None:
    bear, other = named("1", "小熊毯子", "zh"), named("2", "大熊毯子", "zh")
    assert sibling(bear, [bear, other], bigger=True) is None


POTS = [
    named("small", "Mapo Rice Cooker 1.0 L", "en"),
    named("big", "Mapo Rice Cooker 1.8 L", "en"),
    named("other", "Mapo Pressure Cooker", "en"),
]


@pytest.mark.parametrize(
    ("text", "skus"),
    [
        ("the 1 litre rice cooker", ["small"]),
        ("小的那款电饭煲 1升的", ["small"]),
        ("1800 ml rice cooker please", ["big"]),
        ("is the 1.8 any good", ["big"]),
        ("the 1 litre mapo or the pressure one", ["small", "other"]),
        ("2 of the mapo cookers", ["small", "big", "other"]),
        ("the 3 litre one", ["small", "big", "other"]),
    ],
)
def test_a_measure_names_one_of_several(text: str, skus: list[str]) -> None:
    assert [item.sku for item in of_size(text, POTS)] == skus
