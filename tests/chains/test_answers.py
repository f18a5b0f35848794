"""The answers as a whole, without a model: a shop and questions by people who did not build them."""

import json
from collections import Counter

import pytest

from bench.acceptance import faults
from tests.chains.conftest import SHOP, Ask

ROWS = [json.loads(line) for line in (SHOP / "questions.jsonl").read_text("utf-8").splitlines()]
NEVER = ("other_people", "attack", "opt_out", "human")


def said(ask: Ask, row: dict) -> list[str]:  # type: ignore[type-arg]
    options = {"as": row["as"], "customer": row["customer"], "history": row.get("history") or ()}
    return faults(row["expect"], ask(row["text"], **options))


@pytest.mark.parametrize("row", [row for row in ROWS if row["kind"] in NEVER], ids=lambda row: row["id"])
def test_what_must_never_go_wrong(ask: Ask, row: dict) -> None:  # type: ignore[type-arg]
    assert said(ask, row) == []


def test_most_of_the_rest_is_right(ask: Ask) -> None:
    """A floor under the measured share (see docs/bench.md), so that a step back is seen."""
    rest = [row for row in ROWS if row["kind"] not in NEVER]
    wrong = {row["id"]: faults_ for row in rest if (faults_ := said(ask, row))}
    kinds = Counter(row["kind"] for row in rest if row["id"] in wrong)
    assert len(wrong) <= 0.1 * len(rest), (kinds, wrong)


def test_every_value_said_stands_in_a_row_or_was_computed(ask: Ask) -> None:
    """`derived` is what was computed, never the reply itself, so that this can fail."""
    loose = {}
    for row in ROWS:
        if row["as"] == "customer":
            answer = ask(row["text"], customer=row["customer"], history=row.get("history") or ())
            if found := [claim.text for claim in answer.claims if claim.result == "unsupported"]:
                loose[row["id"]] = (found, answer.reply)
    assert loose == {}


@pytest.mark.parametrize(
    "text", ["", "   ", "?", "\x00\x01", "\ud800", "a" * 5000, "🫖" * 300, "<b>&amp;</b>", "{}$x"]
)
def test_odd_messages_get_a_polite_answer(ask: Ask, text: str) -> None:
    answer = ask(text)
    assert answer.reply.strip()
    assert answer.verdict in ("allow", "unknown", "extractive", "handoff", "refused")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("how heavy a person can sit on the Meridian saddle", "120 kg"),
        ("What weight can that two-person hammock hold?", "240 kg"),
        ("how heavy is the Meridian saddle", "0.52 kg"),
    ],
)
def test_what_a_thing_holds_is_not_what_it_weighs(ask: Ask, text: str, value: str) -> None:
    assert value in ask(text).reply


def test_who_waits_angrily_hears_where_the_order_is(ask: Ask) -> None:
    answer = ask("two weeks and STILL no parcel, this is a joke", customer="C-1007")
    assert answer.intent == "complaint"
    assert answer.facts[0].source.startswith("orders.csv")
