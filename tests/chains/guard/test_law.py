"""Advertising law by sentences: what is a claim is found, under disguise too, and what only looks like one is not."""

from pathlib import Path

import pytest
import yaml

from chains.guard.words import Sector, find, load_rules, packaged_rules

ROWS = yaml.safe_load((Path(__file__).parents[2] / "data" / "law.yaml").read_text("utf-8"))
DEMO = Path(__file__).parents[3] / "knowledge" / "demo"


@pytest.mark.parametrize(("jurisdiction", "rule", "text"), [row for rows in ROWS.values() for row in rows])
def test_sentence(jurisdiction: str, rule: str, text: str) -> None:
    found = find(text, [jurisdiction])
    if not rule:
        assert [(one.rule, text[one.start : one.end]) for one in found] == []
    else:
        assert [one for one in found if one.rule.startswith(rule)], [one.rule for one in found]


def test_there_are_sentences_for_both_languages_and_both_directions() -> None:
    for rows in ROWS.values():
        assert len(rows) >= 60
        assert sum(not rule for _, rule, _ in rows) >= len(rows) // 3


@pytest.mark.parametrize(
    ("plain", "rule"),
    [("最佳咖啡", "cn.superlative.statute"), ("国家级品质", "cn.superlative.statute"), ("顶级羊绒", "cn.superlative.platform")],
)  # fmt: skip
@pytest.mark.parametrize(
    "mark", [" ", "\u200b", "\u2060", "\u3000", "*", "·", "_", "-", "~", "\u0336", "\ufe0f"]
)
def test_a_mark_between_two_characters_hides_nothing(plain: str, rule: str, mark: str) -> None:
    text = mark.join(plain[:3]) + plain[3:]
    (found,) = find(text, ["cn"])
    assert found.rule == rule
    assert text[found.start : found.end].replace(mark, "") == plain[: 3 if "国" in plain else 2]


@pytest.mark.parametrize(
    "text",
    [
        "FDA аpproved",
        "F.D.A. approved",
        "ＦＤＡ approved",
        "FDA appr0ved",
        "FDA\u200b approved",
        "fda  approved",
    ],
)
def test_letters_in_disguise(text: str) -> None:
    assert [one.rule for one in find(text, ["us"])] == ["health.claim"]


def test_a_sector_asks_for_its_own_rules_and_the_general_ones() -> None:
    text = "包过，解乏又消愁，最佳"
    everything = {one.rule for one in packaged_rules().find(text, ["cn"])}
    assert everything == {"education.promise", "alcohol.claim", "cn.superlative.statute"}
    school = {one.rule for one in packaged_rules().find(text, ["cn"], sectors=["education"])}
    assert school == {"education.promise", "cn.superlative.statute"}


def test_every_sector_of_the_issue_has_rules_in_every_jurisdiction() -> None:
    wanted: tuple[Sector, ...] = ("general", "health", "finance", "education", "alcohol")
    for name in ("cn", "us", "eu", "uk"):
        assert {rule.sector for rule in load_rules().rules if name in rule.jurisdictions} == set(wanted)


def test_what_a_machine_wrote_may_hold_no_testimonial() -> None:
    """People may quote a real one; a generated one is banned."""
    text = "“Changed my life!” - Sarah"
    assert {one.severity for one in packaged_rules().find(text, ["us"])} == {"warn"}
    assert {one.severity for one in packaged_rules().find(text, ["us"], generated=True)} == {"block"}


def test_first_in_the_demo_shop_is_no_superlative() -> None:
    """第一 and 第一次 of its own Chinese texts: the first cup, the first lighting, the first Saturday."""
    texts = [path.read_text("utf-8") for path in DEMO.rglob("*") if path.suffix in (".csv", ".md")]
    lines = [line for text in texts for line in text.splitlines() if "第一" in line]
    assert len(lines) >= 6
    assert [
        (line, one.rule) for line in lines for one in find(line, ["cn"]) if "superlative" in one.rule
    ] == []
