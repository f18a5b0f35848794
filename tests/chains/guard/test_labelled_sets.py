"""The labelled sentences that the claim ledger is measured on are whole."""

import json
from pathlib import Path

import pytest

DATA = Path(__file__).parents[2] / "data"


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("guard_open", 320),
        ("guard_blind", 320),
        ("guard_blind2", 200),
        ("guard_blind3", 240),
        ("guard_blind4", 160),
    ],
)
def test_every_span_stands_in_its_text(name: str, size: int) -> None:
    rows = [json.loads(line) for line in (DATA / f"{name}.jsonl").read_text("utf-8").splitlines()]
    assert len({row["id"] for row in rows}) == len(rows) == size
    assert sum(row["language"] == "zh" for row in rows) == size // 2
    for row in rows:
        assert all(claim["span"] in row["text"] for claim in row["claims"])
        wrong = any(claim["result"] in ("contradicted", "unsupported") for claim in row["claims"])
        assert row["verdict"] == ("wrong" if wrong else "fine"), row["id"]
