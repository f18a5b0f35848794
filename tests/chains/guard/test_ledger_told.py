"""The ledger in words: whatever rule decided, people can read it in both languages."""

import json
from pathlib import Path

import pytest

from chains.guard.ledger.telling import told_kind, told_result, told_rule
from tests.chains.guard.books import book

OPEN = Path(__file__).parents[2] / "data" / "guard_open.jsonl"


def test_every_rule_that_the_open_set_calls_for_is_told_in_both_languages() -> None:
    untold = set()
    for row in map(json.loads, OPEN.read_text("utf-8").splitlines()):
        for one in book(row["text"], row["facts"], row.get("question", "")).entries:
            untold |= {one.rule for language in ("en", "zh") if told_rule(one.rule, language) == one.rule}
            assert all(told_kind(one.kind, code) and told_result(one.result, code) for code in ("en", "zh"))
            assert told_kind(one.kind, "zh") != one.kind
    assert untold == set()


@pytest.mark.parametrize(
    ("rule", "english"),
    [("price.sum", "sum of the facts"), ("quantity.sum", "sum of the facts"), ("polarity.dishwasher", "yes or no by the fact")],
)  # fmt: skip
def test_a_rule_is_told_by_its_last_part_or_its_first(rule: str, english: str) -> None:
    assert told_rule(rule, "en") == english
