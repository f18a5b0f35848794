"""What has to be compared is answered as the comparison comes out."""

import pytest

from chains.tuning.clean import cleaned
from chains.tuning.compared import Compared, compared, groups
from chains.tuning.rows import Row
from chains.tuning.shops import part_of

HOLDS = Compared(fact="{thing} - holds: {n}", kind="most", scale=("1 l", "2 l", "3 l"), asks=("{x}?",), holds=("Yes, {n}.",),
                 fails=("No, {n}.",))  # fmt: skip


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return compared(600, 4)


def test_more_than_the_most_does_not_go_in_and_less_than_the_least_is_not_enough() -> None:
    assert dict(HOLDS.outcomes("2 l")) == {"1 l": True, "3 l": False}
    least = HOLDS.model_copy(update={"kind": "least"})
    assert dict(least.outcomes("2 l")) == {"1 l": False, "3 l": True}
    either = HOLDS.model_copy(update={"same": True})
    assert dict(either.outcomes("2 l"))["2 l"]


def test_what_a_set_does_not_list_is_not_there() -> None:
    colours = Compared(fact="colours: {n}", kind="sets", sets={"red": ("red",), "blue": ("blue",)}, other=("pink",),
                       asks=("in {x}?",), holds=("Yes.",), fails=("No.",))  # fmt: skip
    assert dict(colours.outcomes("red")) == {"red": True, "blue": False, "pink": False}


def test_examples_are_clean_balanced_and_of_shops_that_train(rows: list[Row]) -> None:
    lost = cleaned(rows).removed
    assert sum(count for step, count in lost.items() if step not in ("duplicate", "near")) <= 0.01 * len(rows)
    assert all(part_of(row.shop) == "train" for row in rows)
    assert 0.35 < sum(row.language == "zh" for row in rows) / len(rows) < 0.65
    assert 0.1 < sum(row.unknown for row in rows) / len(rows) < 0.45
    english = [row for row in rows if row.language == "en" and row.uses]
    denied = sum(row.reply.startswith(("No", "Sorry", "It doesn't")) for row in english)
    assert 0.3 < denied / len(english) < 0.65


def test_nothing_is_left_to_fill_in_and_seeds_differ(rows: list[Row]) -> None:
    assert all("{" not in row.reply + row.question + "".join(row.facts) for row in rows)
    assert all(len(row.facts) <= 6 for row in rows)
    assert compared(600, 4) == rows != compared(600, 5)
    assert len(groups()) >= 8
