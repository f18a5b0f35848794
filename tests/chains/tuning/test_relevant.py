"""Rows of lines judged beside a question: of the training shops alone, what answers marked, the same for a seed."""

from chains.relevance.examples import load, load_pools
from chains.tuning.relevant import FACTS, judged
from chains.tuning.shops import part_of

YES = {"en": "yes", "zh": "是"}


def test_they_are_of_the_training_shops_and_hold_both_outcomes() -> None:
    rows = judged(400, seed=5)
    assert {part_of(row.shop) for row in rows} == {"train"}
    assert {row.reply for row in rows} == {"yes", "no", "是", "否"}
    assert all((row.reply in ("是", "否")) == (row.language == "zh") for row in rows)
    assert all(len(row.facts) == 1 for row in rows)
    right = sum(row.reply == YES[row.language] for row in rows)
    assert 0.05 < right / len(rows) < 0.5


def test_what_they_say_is_what_the_labels_say() -> None:
    answers = {
        (line.question, line.facts[place]) for line in [*load_pools(), *load()] for place in line.answers
    }
    facts = {(line.question, fact) for line in [*load_pools(), *load()] for fact in line.facts}
    known = [row for row in judged(300, seed=6) if (row.question, row.facts[0]) in facts]
    assert len(known) > 300, "those whose names and words were not varied"
    assert all((row.reply == YES[row.language]) == ((row.question, row.facts[0]) in answers) for row in known)


def test_a_seed_repeats_and_another_differs() -> None:
    assert judged(40, seed=1) == judged(40, seed=1) != judged(40, seed=2)
    assert len(judged(40, seed=1)) <= 40 * (FACTS + 1)
