"""Classes of wording that the replies of the training rows brought up, in both directions, and replies made wrong by machine."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.guard_rows import CHANGES, Reply, perturbed, replies
from chains.guard.ledger import MOST_READ, Ledger
from tests.chains.guard.books import book

HARNESS = ["Mole Harness - handle on back: yes"]
PAUSE = ["Q: Can I pause my membership? A: Yes, for up to 3 months a year."]
LAMP = ["Rook Lamp - price: €85", "Rook Lamp - dimmable: yes", "Rook Lamp - bulb: not included"]
HOURS = ["开放日 - 时间：18:00-21:30"]
NIGHT = ["云间客栈 - 价格：每晚380元"]
POST = ["Shipping to Austria: €4.50, free from €45", "Wild honey - price: €9.80"]
COURSE = ["Maths group - age: 10 to 14", "Maths group - lessons: Mon-Fri 9-18"]
OPENED = ["Not returnable: opened games", "Returns: 30"]
PAINT = ["Fen paint - coverage: 12 m² per litre", "Fen paint - tin: 2.5 l"]
CLASS = ["Yoga - start: 18:30", "Yoga - duration: 75 min"]
RUGS = ["黄麻地毯 - 价格：148 英镑"]
SPEAKERS = ["Corbel speaker M - battery: 20 h", "Corbel speaker S - battery: 12 h"]
DUE = ["旗袍 - 定金: 100 元", "旗袍 - 总价: 680 元"]


@pytest.mark.parametrize(
    ("text", "facts", "question", "ok"),
    [
        ("There is a handle on the back.", HARNESS, "", True),
        ("There is not a handle on the back.", HARNESS, "", False),
        ("You can pause your membership.", PAUSE, "", True),
        ("You can not pause your membership.", PAUSE, "", False),
        ("It can be dimmed.", LAMP, "", True),
        ("It cannot be dimmed.", LAMP, "", False),
        ("A bulb is needed.", LAMP, "", True),
        ("A bulb is included.", LAMP, "", False),
        ("18:00-21:30开门。", HOURS, "", True),
        ("18:00-22:30开门。", HOURS, "", False),
        ("三晚一共1140元。", NIGHT, "住三晚多少", True),
        ("三晚一共1240元。", NIGHT, "住三晚多少", False),
        ("Shipping is €4.50, free from €45.", POST, "", True),
        ("Your basket ships free.", [*POST, "Basket: 20.00 EUR"], "", False),
        ("It is for 10 to 14.", COURSE, "", True),
        ("It is for 10 to 15.", COURSE, "", False),
        ("We are open Monday to Friday.", COURSE, "", True),
        ("We are open Monday to Tuesday.", COURSE, "", False),
        ("Sorry, opened games can't be returned.", OPENED, "can I bring a game back", True),
        ("Opened games can be returned.", OPENED, "can I bring a game back", False),
        ("You have 30 days for returns.", OPENED, "", True),
        ("You have 40 days for returns.", OPENED, "", False),
        ("One tin covers 30 m².", PAINT, "", True),
        ("One tin covers 40 m².", PAINT, "", False),
        ("You are out by 7:45 pm.", CLASS, "", True),
        ("You are out by 7:15 pm.", CLASS, "", False),
        ("No, the jute rug is £148.", RUGS, "is the rug dear?", True),
        ("The Corbel speaker M runs 20 h.", SPEAKERS, "", True),
        ("The Corbel speaker S runs 20 h.", SPEAKERS, "", False),
        ("尾款还有580元。", DUE, "尾款多少", True),
        ("尾款还有680元。", DUE, "尾款多少", False),
        ("Four hours of work gone would make anyone shout.", ["Backups: every 6 hours"], "four hours of work. gone.", True),
        ("Two fingers are enough to type.", ["Typing course - price: £39"], "", True),
        ("It has two pockets.", ["Fenn jumper - price: £39"], "", False),
        ("One day we may stock it.", ["Jug - delivery: 3 days"], "", True),
        ("Palm oil isn't in my notes.", ["Bar - vegan: yes"], "palm oil?", True),
        ("防不防水没有说明。", ["头灯 - 价格：89元"], "防水吗", True),
        ("早一点来就行。", ["洗护 - 接单：20:00停止"], "", True),
        ("Yes, you can't freeze it.", ["Loaf - price: €3"], "can I freeze it?", False),
        ("最好手洗。", ["毛衣 - 洗涤：手洗"], "", True),
        ("这是全店最好的毛衣。", ["毛衣 - 洗涤：手洗"], "", False),
        ("It comes out on Thursday, 16 October.", ["Reissue - release: 16 October 2026"], "", False),
        ("It comes out on Friday, 16 October.", ["Reissue - release: 16 October 2026"], "", True),
        ("吃不完就冷冻。", ["贝果 - 保存：冷冻21天"], "", True),
    ],
)  # fmt: skip
def test_it_holds_and_is_held_back(text: str, facts: list[str], question: str, ok: bool) -> None:
    found = book(text, facts, question)
    assert found.ok == ok, found.entries


def test_a_yes_that_no_rule_connects_is_told_and_does_not_block() -> None:
    found = book(
        "Yes, the legs slope outwards.", ["Table - legs: slope outwards"], "can you get it up the stairs?"
    )
    assert [entry.rule for entry in found.entries] == ["polarity.opens_unknown"]
    assert found.ok
    assert found.worst == "unsupported"


def test_what_is_too_long_to_be_read_is_not_let_through() -> None:
    text = "It costs 58 EUR. Have a look around, there is more to see here. " * (MOST_READ // 60)
    found = book(text, ["Jug - price: 58 EUR"])
    assert [entry.rule for entry in found.loose] == ["unread"]
    assert all(entry.text == text[entry.start : entry.end] for entry in found.entries)


ROWS = replies()
SURE = {"unit", "date", "value of another", "product"}


def judged(row: Reply) -> Ledger:
    return book(row.text, row.facts, row.question)


@given(st.integers(0, 10**6))
@settings(max_examples=3, deadline=None)
def test_replies_made_wrong_are_held_back(seed: int) -> None:
    """Of seventy replies and every sure kind of change at most one in twelve passes; the bench counts all."""
    some = [row for row in ROWS[seed % 60 :: 60] if judged(row).ok]
    wrong = [row for kind, row in perturbed(some, seed) if kind in SURE]
    passed = [row for row in wrong if judged(row).ok]
    assert wrong
    assert len(passed) <= max(1, len(wrong) // 12)


def test_each_change_changes_one_thing_and_finds_places() -> None:
    made = perturbed(ROWS[::10])
    assert {kind for kind, _ in made} == set(CHANGES)
    before = {row.id: row.text for row in ROWS}
    assert all(row.text != before[row.id] for _, row in made)
