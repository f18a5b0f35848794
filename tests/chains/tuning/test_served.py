"""What a customer would have read of a tuned model's replies."""

from collections.abc import Sequence
from typing import Any

import pytest

from chains.tuning.evaluate import Writing
from chains.tuning.rows import Row
from chains.tuning.served import as_served

ROW = Row.model_validate({
    "task": "answer", "language": "en", "shop": "a", "name": "Shop", "question": "how much fits in it", "uses": [1],
    "facts": ["Kettle - weight: 1.1 kg", "Kettle - capacity: 1.7 l"], "reply": "It holds 1.7 l.",
})  # fmt: skip


class Says:
    """A writer that has one thing to say, and remembers what it was given."""

    def __init__(self, reply: str) -> None:
        self.reply, self.facts = reply, []  # type: ignore[var-annotated]

    def write(self, rows: Sequence[Row], shots: Sequence[Row] = (), report: Any = None) -> Writing:
        self.facts = [row.facts for row in rows]
        return Writing([self.reply for _ in rows], [])


class Finds:
    """A judge that holds facts with this word for the answer."""

    def __init__(self, word: str) -> None:
        self._word = word

    def scores(self, question: str, facts: Sequence[str]) -> list[float]:
        return [0.9 if self._word in fact else 0.1 for fact in facts]


def served(reply: str, word: str) -> tuple[str, list[tuple[str, ...]]]:
    writer = Says(reply)
    writing = as_served(writer, Finds(word), [ROW])  # type: ignore[arg-type]
    return writing.replies[0], writer.facts


def test_the_model_words_the_fact_that_the_judge_picked() -> None:
    reply, facts = served("It holds 1.7 l.", "capacity")
    assert reply == "It holds 1.7 l."
    assert facts == [("Kettle - capacity: 1.7 l",)]


def test_the_row_marked_as_right_is_not_looked_at() -> None:
    assert "1.1 kg" in served("It weighs 1.1 kg.", "weight")[0]


@pytest.mark.parametrize("wrong", ["It holds 2.5 l.", "It holds", "它能装1.7升。"])
def test_what_the_rules_refuse_the_row_says_itself(wrong: str) -> None:
    assert served(wrong, "capacity")[0] == "Kettle - capacity: 1.7 l."


def test_nothing_found_is_an_honest_unknown() -> None:
    reply, _ = served("It holds 1.7 l.", "no such word")
    assert "1.7" not in reply


def test_a_row_without_facts_is_an_honest_unknown() -> None:
    bare = ROW.model_copy(update={"facts": (), "uses": ()})
    writing = as_served(Says("It holds 1.7 l."), Finds("capacity"), [bare])  # type: ignore[arg-type]
    assert "1.7" not in writing.replies[0]
