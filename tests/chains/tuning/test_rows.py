"""Examples: read, refused with their line, cleaned, widened and split by shop."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from chains.guard.claims import values_in
from chains.tuning.clean import cleaned, unfounded
from chains.tuning.dataset import Parts, part_of, parts, shipped_rows
from chains.tuning.errors import BadRow
from chains.tuning.rows import Row, read_rows
from chains.tuning.widen import renamed, renumbered, widened

ANSWER: dict[str, Any] = {
    "task": "answer", "language": "en", "shop": "s", "name": "Shop", "question": "how long does it run?",
    "facts": ["Rowan Lamp - battery life: 12 h", "Rowan Lamp - colour: red"], "uses": [0],
    "reply": "The Rowan Lamp runs for 12 h.",
}  # fmt: skip


def row(**changes: Any) -> Row:
    return Row.model_validate(ANSWER | changes)


@pytest.fixture(scope="module")
def shipped() -> list[Row]:
    return shipped_rows()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "2: this is not JSON"),
        (json.dumps(ANSWER | {"task": "sing"}), "task"),
        (json.dumps(ANSWER | {"facts": []}), "needs facts"),
        (json.dumps(ANSWER | {"uses": [7]}), "a fact that is not there"),
        (json.dumps(ANSWER | {"reply": " "}), "reply is empty"),
        (json.dumps(ANSWER | {"replies": "x"}), "replies"),
        (json.dumps(ANSWER | {"task": "copy", "product": "p", "channel": "papyrus"}), "papyrus"),
    ],
)
def test_a_bad_row_is_named_with_its_line(tmp_path: Path, line: str, why: str) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text(json.dumps(ANSWER) + "\n" + line + "\n", "utf-8")
    with pytest.raises(BadRow, match=r"mine\.jsonl:2") as raised:
        list(read_rows(path))
    assert why in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("step", "changes"),
    [
        ("language", {"reply": "罗恩台灯可以用12 h，电池续航很好。"}),
        ("personal", {"reply": "Write to jo@lamp.example, it runs for 12 h."}),
        ("number", {"reply": "The Rowan Lamp runs for 15 h."}),
        ("limits", {"task": "copy", "product": "Rowan Lamp", "channel": "x", "reply": "body: " + "a lamp " * 60}),
        ("banned", {"task": "copy", "language": "zh", "product": "灯", "channel": "weibo", "reply": "body: 国家级最好的台灯"}),
        ("overlap", {"question": "so how long does the little lamp on my desk run then"}),
    ],
)  # fmt: skip
def test_cleaning_takes_out_and_counts(step: str, changes: dict[str, Any]) -> None:
    measured = ["Tell me, how long does the little lamp on my desk run?"]
    found = cleaned([row(), row(**changes)], measured)
    assert [one.reply for one in found.rows] == [row().reply]
    assert found.report()[step] == 1


def test_cleaning_keeps_one_of_the_same_and_of_nearly_the_same() -> None:
    wordy = {
        "question": "how long does the lamp run before I have to charge it again, roughly speaking, in the evening?"
    }
    found = cleaned(
        [row(), row(), row(**wordy), row(question=wordy["question"].replace("evening?", "evenings?"))]
    )
    assert found.report()["duplicate"] == 1
    assert found.report()["near"] == 1
    assert len(found.rows) == 2


def test_text_is_kept_in_one_spelling() -> None:
    found = cleaned(
        [row(language="zh", question="多大", facts=["台灯 - 高：１２ｃｍ"], reply="高１２ cm。", uses=[0])]
    )
    assert found.rows[0].facts == ("台灯 - 高：12cm",)
    assert found.rows[0].reply == "高12 cm。"


def test_every_shipped_example_stands_in_its_inputs(shipped: list[Row]) -> None:
    report = cleaned(shipped).report()
    assert report["kept"] >= 3000
    assert sum(count for step, count in report.items() if step != "kept") < 0.02 * len(shipped)


def test_shipped_examples_are_balanced_and_broad(shipped: list[Row]) -> None:
    english = sum(one.language == "en" for one in shipped) / len(shipped)
    assert 0.45 <= english <= 0.55
    assert len({one.sector for one in shipped}) >= 12
    assert {one.task for one in shipped} == {
        "answer", "calm", "chat", "comment", "copy", "description", "follow_up", "handover", "reviews", "rewrite",
    }  # fmt: skip
    assert not any(
        "Plum & Kettle" in text or "梅与壶" in text for one in shipped for text in (*one.given, one.reply)
    )


@pytest.fixture(scope="module")
def data() -> Parts:
    return parts(most_widened=60)


def test_a_shop_is_in_one_part_only(data: Parts) -> None:
    shops = [{one.shop for one in part} for part in (data.train, data.validation, data.test)]
    assert not (shops[0] & shops[1])
    assert not (shops[0] & shops[2])
    assert not (shops[1] & shops[2])
    assert all(part_of(shop) == "test" for shop in shops[2])
    assert min(len(data.validation), len(data.test)) > 150
    asked = [one.question for one in data.test]
    assert not cleaned(data.train, asked).removed["overlap"], "no long run of a test question is trained on"


def test_an_owners_rows_are_trained_on_and_validated_with(data: Parts) -> None:
    own = [
        row(shop="mine", question=f"how long does lamp number {n} of the {n * 7} lamps run?")
        for n in range(60)
    ]
    with_own = parts(own, most_widened=0, most_drawn=100, most_compared=0, seed=2)
    mine = [sum(one.shop == "mine" for one in part) for part in (with_own.train, with_own.validation)]
    assert mine[0] > mine[1] > 0
    assert with_own.test == data.test, "what is measured does not depend on what is trained on"


def test_what_is_widened_still_stands_in_its_facts(shipped: list[Row]) -> None:
    made = widened([one for one in shipped if not unfounded(one)], 400, seed=3)
    assert len(made) == 400
    for one in made:
        assert one.uses is not None
        assert len(one.facts) <= 6
        assert not unfounded(one), one
        assert all(0 <= place < len(one.facts) for place in one.uses)


def test_numbers_and_names_change_everywhere_at_once() -> None:
    chance = random.Random(5)
    changed = [renamed(renumbered(row(), chance), chance) for _ in range(20)]
    assert len({one.reply for one in changed}) > 5
    for one in changed:
        assert values_in(one.reply) == values_in(one.facts[0])
        name = one.facts[0].split(" ")[0]
        assert name in one.reply
        assert one.facts[1].startswith(name)


def test_a_row_that_reckons_keeps_its_numbers() -> None:
    reckoning = row(question="is it 12 hours or 20?", reply="Yes, 12 h.")
    assert renumbered(reckoning, random.Random(1)) == reckoning
