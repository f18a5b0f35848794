"""Sentences written after the rules, in the way shops talk: what went wrong with them was mended by class, and stays mended."""

import json
from pathlib import Path

from bench.guard import score

MORE = Path(__file__).parents[2] / "data" / "guard_more.jsonl"


def test_they_are_held_back_where_they_should_be() -> None:
    scored = [score(json.loads(line)) for line in MORE.read_text("utf-8").splitlines()]
    assert all(label.end <= len(one.row["text"]) for one in scored for label in one.labels)
    wrong = [one.row["id"] for one in scored if one.blocked != (one.row["verdict"] == "wrong")]
    assert len(wrong) <= 0.02 * len(scored), wrong
