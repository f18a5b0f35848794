"""The answers as a whole, without a model: a shop and questions by people who did not build them."""

import json
from collections import Counter

import pytest

from bench.acceptance import faults
from chains.certainty import by_unit
from chains.evidence import Evidence
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


def test_who_wants_a_person_gets_one_however_angry(ask: Ask) -> None:
    answer = ask("third time I'm writing, the scratches are a disgrace. get me a real person NOW")
    assert answer.verdict == "handoff"
    assert ask("叫你们经理来，不跟机器人说了").verdict == "handoff"
    assert ask("is that real leather on the saddle or fake?").verdict != "handoff"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("smashed to bits when I opened it, absolute joke, glass everywhere", "within 48 hours"),
        ("气死了，打开全是碎的，你们什么包装", "48 小时"),
    ],
)
def test_anger_gets_the_policy_it_is_about(ask: Ask, text: str, says: str) -> None:
    answer = ask(text)
    assert answer.intent == "complaint"
    assert says in answer.reply


@pytest.mark.parametrize(
    "text", ["when will the Squall men's rain jacket be back in stock?", "Squall 男款雨衣夹克什么时候补货？"]
)
def test_when_there_will_be_more_is_not_known(ask: Ask, text: str) -> None:
    answer = ask(text)
    assert answer.verdict == "unknown"
    assert ("out of stock" in answer.reply) or ("缺货" in answer.reply) or ("没有库存" in answer.reply)


@pytest.mark.parametrize(
    "text", ["how much is a replacement shackle for the Oakgate lock", "Oakgate U 型锁的锁梁单买多少钱"]
)
def test_a_part_does_not_cost_what_the_whole_does(ask: Ask, text: str) -> None:
    assert "69" not in ask(text).reply


@pytest.mark.parametrize(
    ("text", "statement", "left"),
    [
        ("is the bowl alright in the dishwasher", ("bowl", "6.2 L stainless steel"), False),
        ("is the bowl alright in the dishwasher", ("care", "hand wash only"), True),
        ("能放洗碗机吗", ("清洁", "仅手洗"), True),
        ("how loud is it", ("burrs", "40 mm steel"), False),
        ("how loud is it", ("noise", "62 dB"), True),
        ("纯素吗", ("净重", "300 克"), False),
        ("does it come with a ball head or just legs", ("leg sections", "5"), False),
        ("does it come with a ball head", ("ball head", "no"), True),
        ("does it come with a bag", ("description", "Folds into a cloth bag."), True),
        ("does it come with a ball head", ("in the box", "tripod, bag"), True),
        ("how heavy is it", ("care", "hand wash only"), True),
        ("does the lantern come in white", ("glass", "frosted"), False),
        ("does the lantern come in white", ("finish", "black or cream"), True),
        ("how many mg of caffeine in a cup", ("volume", "350 ml"), False),
        ("一杯多少毫克咖啡因", ("咖啡因", "80 毫克"), True),
    ],
)
def test_what_says_nothing_of_the_matter_asked_for_is_no_answer(
    text: str, statement: tuple[str, str], left: bool
) -> None:
    key, value = statement
    one = Evidence(
        "p:1", f"X - {key}: {value}", "p.csv:2", "public", "product", "en", None, key, value, p=0.9
    )
    assert (by_unit(text, one).p == 0.9) == left
