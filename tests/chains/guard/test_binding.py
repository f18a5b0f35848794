"""A number is held to what it counts."""

import pytest

from chains.guard.binding import unbound
from chains.writer import function_words

TENT = ["Lomond 2 Tent - seasons: 3", "Lomond 2 Tent - doors: 2", "Lomond 2 Tent - price: €289.00"]
HELMET = ["头盔 - 通风孔：12", "头盔 - 重量：0.34 kg", "头盔 - 头围：55-59 cm"]


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("A tent for 3 seasons with 2 doors, €289.00.", TENT),
        ("The Lomond 2 Tent has 2 doors and is made for 3 seasons.", TENT),
        ("通风孔12个，重0.34 kg，头围55-59 cm。", HELMET),
    ],
)
def test_what_the_facts_count_is_free(text: str, facts: list[str]) -> None:
    assert unbound(text, facts, function_words("zh" if facts is HELMET else "en")) == []


@pytest.mark.parametrize(
    ("text", "facts", "found"),
    [
        ("The Lomond 2 Tent is for 3 persons.", TENT, "3 persons"),
        ("Pitched in 2 minutes.", TENT, "2 minutes"),
        ("12轮的头盔", HELMET, "12轮的头"),
    ],
)
def test_what_they_do_not_count_is_found(text: str, facts: list[str], found: str) -> None:
    assert unbound(text, facts, function_words("zh" if facts is HELMET else "en")) == [found]
