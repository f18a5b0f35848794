"""The two labelled sets that the rules may be made beside: what went wrong with them was mended by class, and stays mended."""

import json
from pathlib import Path

import pytest

from bench.guard import labelled, score

DATA = Path(__file__).parents[2] / "data"


@pytest.mark.parametrize("name", ["open", "more"])
def test_claims_are_found_and_judged_as_people_did(name: str) -> None:
    rows = (DATA / f"guard_{name}.jsonl").read_text("utf-8").splitlines()
    scored = [score(json.loads(row)) for row in rows]
    assert all(label.end <= len(one.row["text"]) for one in scored for label in one.labels)
    wrong = [one.row["id"] for one in scored if one.blocked != (one.row["verdict"] == "wrong")]
    assert len(wrong) <= 0.01 * len(scored), wrong
    matched = sum(len(one.pairs) for one in scored)
    assert matched >= 0.97 * sum(len(one.entries) for one in scored)
    assert matched >= 0.95 * sum(len(one.labels) for one in scored)


def test_a_span_of_digits_is_no_part_of_a_longer_number() -> None:
    claim = {"kind": "percentage", "result": "contradicted"}
    row = {"id": "x", "text": "95% cotton, 5% elastane", "claims": [{"span": "5%", **claim}]}
    assert [(one.start, one.end) for one in labelled(row)] == [(12, 14)]
    with pytest.raises(ValueError, match="does not stand in the text"):
        labelled({**row, "claims": [{"span": "7%", **claim}]})
