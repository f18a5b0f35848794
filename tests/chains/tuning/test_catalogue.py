"""What is drawn from the catalogue stands in its facts, in both languages, and never crosses parts."""

from pathlib import Path

import pytest

from chains.tuning.catalogue import MOST_FACTS, Entry, Policy, by_parts, drawn, read_catalogue
from chains.tuning.clean import cleaned
from chains.tuning.errors import BadRow
from chains.tuning.rows import Row


@pytest.fixture(scope="module")
def lines() -> list[Entry]:
    return read_catalogue()


@pytest.fixture(scope="module")
def rows(lines: list[Entry]) -> list[Row]:
    return drawn(1500, 5, lines)


def test_the_catalogue_is_broad(lines: list[Entry]) -> None:
    assert len(lines) >= 800
    assert len({line.sector for line in lines}) >= 40
    assert sum(isinstance(line, Policy) for line in lines) >= 150


def test_few_examples_fail_the_cleaning(rows: list[Row]) -> None:
    kept = cleaned(rows)
    lost = {step: count for step, count in kept.removed.items() if step not in ("duplicate", "near")}
    assert sum(lost.values()) <= 0.01 * len(rows), lost


def test_examples_are_balanced(rows: list[Row]) -> None:
    chinese = sum(row.language == "zh" for row in rows) / len(rows)
    unknown = sum(row.unknown for row in rows) / len(rows)
    assert 0.45 < chinese < 0.55
    assert 0.2 < unknown < 0.45
    assert all(1 <= len(row.facts) <= MOST_FACTS for row in rows)
    assert all("{" not in row.reply + row.question + "".join(row.facts) for row in rows)


def test_a_sheet_asks_several_times_about_the_same_facts(rows: list[Row]) -> None:
    assert len({(row.name, row.facts) for row in rows}) < 0.4 * len(rows)


def test_the_same_seed_draws_the_same(lines: list[Entry], rows: list[Row]) -> None:
    assert drawn(1500, 5, lines) == rows
    assert drawn(1500, 6, lines) != rows


def test_yes_and_no_replies_go_with_their_fact(rows: list[Row]) -> None:
    """The same question gets another reply where the row says the opposite."""
    said: dict[str, dict[bool, set[str]]] = {}
    for row in rows:
        for i in row.uses or ():
            value = row.facts[i].replace("：", ":").rpartition(":")[2].strip().lower()
            if value in ("yes", "true", "no", "false"):
                said.setdefault(row.question, {}).setdefault(value in ("yes", "true"), set()).add(row.reply)
    both = [replies for replies in said.values() if len(replies) == 2]
    assert both
    assert all(not replies[True] & replies[False] for replies in both)


def test_a_trade_is_in_one_part(lines: list[Entry]) -> None:
    parts = by_parts(lines)
    assert sum(map(len, parts.values())) == len(lines)
    trades = [{line.sector for line in some if line.sector != "general"} for some in parts.values()]
    assert not trades[0] & trades[1]
    assert not trades[0] & trades[2]
    assert all(trades)


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine.jsonl").write_text('{"kind": "value"}\n', "utf-8")
    with pytest.raises(BadRow, match=r"mine\.jsonl, line 1"):
        read_catalogue(tmp_path)
