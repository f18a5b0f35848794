"""The labelled sentences that the claim ledger is measured on are whole."""

import json
from pathlib import Path

import pytest

DATA = Path(__file__).parents[2] / "data"


@pytest.mark.parametrize("name", ["guard_open", "guard_blind"])
def test_every_span_stands_in_its_text(name: str) -> None:
    rows = [json.loads(line) for line in (DATA / f"{name}.jsonl").read_text("utf-8").splitlines()]
    assert len({row["id"] for row in rows}) == len(rows) == 320
    assert sum(row["language"] == "zh" for row in rows) == 160
    for row in rows:
        assert all(claim["span"] in row["text"] for claim in row["claims"])
        wrong = any(claim["result"] in ("contradicted", "unsupported") for claim in row["claims"])
        assert row["verdict"] == ("wrong" if wrong else "fine"), row["id"]
