"""Two adapters are compared row by row, and only a difference beyond chance counts."""

import json
import random
from pathlib import Path

import pytest

from chains.tuning.evaluate import Evaluation
from chains.tuning.metrics import Figure, by_rows, mean, share
from chains.tuning.promotion import compare, paired, passes


def evaluation(right: list[bool], coverage: list[float]) -> Evaluation:
    return Evaluation(
        "t", len(right), {"tuned": {"answer_accuracy": share(right), "copy_coverage": mean(coverage)}}
    )


def test_equals_do_not_pass_and_a_clear_gain_does() -> None:
    before = evaluation([True] * 40 + [False] * 60, [0.5, 0.6, 0.7] * 6)
    assert not passes(compare(before, before))
    better = evaluation([True] * 60 + [False] * 40, [0.5, 0.6, 0.7] * 6)
    assert passes(compare(better, before))
    assert not passes(compare(before, better))


def test_a_gain_does_not_buy_a_loss() -> None:
    before = evaluation([True] * 40 + [False] * 60, [0.8, 0.9, 0.7] * 6)
    mixed = evaluation([True] * 70 + [False] * 30, [0.3, 0.4, 0.2] * 6)
    found = {one.metric: one for one in compare(mixed, before)}
    assert found["answer_accuracy"].won
    assert found["copy_coverage"].lost
    assert not passes(list(found.values()))


def test_the_same_gain_counts_by_how_many_rows_changed_sides() -> None:
    ours = [1.0] * 10 + [0.0] * 10
    steady = [1.0] * 4 + [0.0] * 16
    chance = random.Random(3)
    shuffled = chance.sample(steady, len(steady))
    assert paired(ours, steady) < paired(ours, shuffled)
    assert paired(ours, ours) == 1.0
    assert paired([0.5, *ours], [0.4, *ours]) == 1.0, (
        "one row that differs, whatever its figure is, decides nothing"
    )


def test_a_figure_keeps_its_rows_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "evaluation.json"
    kept = evaluation([True, False, True], [0.25, 0.5, 1.0])
    path.write_text(json.dumps(kept.to_json()))
    read = Evaluation.read(path).systems["tuned"]
    assert read["answer_accuracy"].each == (1.0, 0.0, 1.0)
    assert read["copy_coverage"].each == (0.25, 0.5, 1.0)


def test_variants_count_together_with_their_row() -> None:
    assert by_rows(share([True, False, True, True]), [2, 2]).each == (0.5, 1.0)


def test_evaluations_without_rows_are_compared_by_intervals() -> None:
    def one(value: float) -> Evaluation:
        return Evaluation(
            "t", 9, {"tuned": {"answer_accuracy": Figure(value, value - 0.02, value + 0.02, 9)}}
        )

    assert passes(compare(one(0.6), one(0.5)))
    (found,) = compare(one(0.51), one(0.5))
    assert (found.won, found.p) == (False, None)


@pytest.mark.parametrize("seed", range(3))
def test_chance_alone_seldom_passes(seed: int) -> None:
    chance = random.Random(seed)
    rounds = 60
    won = sum(
        paired(
            [float(chance.random() < 0.5) for _ in range(50)],
            [float(chance.random() < 0.5) for _ in range(50)],
        )
        < 0.05
        for _ in range(rounds)
    )
    assert won / rounds < 0.12
