"""Words by jurisdiction, each with its exceptions in both directions, and spans under disguise."""

from pathlib import Path

import pytest

from chains.guard.errors import BadRules
from chains.guard.words import find, load_rules

STATUTE, LISTS, OTHER = "cn.superlative.statute", "cn.superlative.platform", "cn.superlative.other"


def rules(text: str, jurisdiction: str) -> set[str]:
    return {found.rule for found in find(text, [jurisdiction])}


@pytest.mark.parametrize(
    ("text", "found", "rule"),
    [
        ("全国最佳咖啡", "最佳", STATUTE),
        ("国家级大师作品", "国家级", STATUTE),
        ("國家級大師", "國家級", STATUTE),
        ("最高级的享受", "最高级", STATUTE),
        ("最 佳 咖啡", "最 佳", STATUTE),
        ("最\u200b佳咖啡", "最\u200b佳", STATUTE),
        ("最\u3000佳咖啡", "最\u3000佳", STATUTE),
        ("最好的杯子", "最好", STATUTE),
        ("我们的质量最好", "质量最好", STATUTE),
        ("最佳最佳冲泡时间", "最佳", STATUTE),
        ("全国第一", "第一", LISTS),
        ("行业第一个", "第一", LISTS),
        ("唯一选择", "唯一", LISTS),
        ("首个品牌", "首个", LISTS),
        ("顶级瓷器", "顶级", LISTS),
        ("独家配方", "独家", LISTS),
        ("ＮＯ．１品牌", "ＮＯ．１", LISTS),
        ("全网最低价", "全网最低", "cn.price.absolute"),
        ("最舒适的枕头", "最舒适", OTHER),
        ("本品治愈失眠", "治愈", "health.claim"),
        ("稳赚不赔", "稳赚不赔", "finance.claim"),
        ("亲测有效", "亲测有效", "testimonial"),
    ],
)
def test_china(text: str, found: str, rule: str) -> None:
    hits = [one for one in find(text, ["cn"]) if one.rule == rule]
    assert found in [text[one.start : one.end] for one in hits]
    assert {one.severity for one in hits} == {"block" if rule == STATUTE else "warn"}
    assert all(one.why and one.suggestion for one in hits)


@pytest.mark.parametrize(
    "text",
    ["最佳冲泡时间是三分钟", "最佳食用温度 60 度", "30天内食用风味最佳", "最好手洗", "这是浇水最好的时间", "第一次来店里", "第一步，温杯",
     "第一，洗净；第二，晾干", "安全第一，顾客第一", "唯一编号", "首个工作日发货", "本系列最大的一款", "追求最佳品质", "国家级非物质文化遗产",
     "治愈系插画", "最大容量650毫升", "最近到货", "最多可选三色", "无风险退货", "第十一个", "最后三天"],
)  # fmt: skip
def test_china_exceptions(text: str) -> None:
    assert find(text, ["cn"]) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Guaranteed results in a week", "promise.absolute"),
        ("GUARANTEED  RESULTS", "promise.absolute"),
        ("a risk-free choice", "promise.absolute"),
        ("FDA approved", "health.claim"),
        ("FDA-approved tea", "health.claim"),
        ("cures insomnia", "health.claim"),
        ("guaranteed returns", "finance.claim"),
        ("We are #1", "superlative.objective"),
        ("＃１ in Leeds", "superlative.objective"),
        ("the number one brand", "superlative.objective"),
        ("the world’s best mug", "superlative.objective"),
        ("the best mug", "superlative.objective"),
        ("Customers say it is lovely", "testimonial"),
        ("five-star reviews", "testimonial"),
        ("an eco-friendly mug", "green.claim"),
    ],
)
@pytest.mark.parametrize("jurisdiction", ["us", "eu", "uk"])
def test_english(text: str, rule: str, jurisdiction: str) -> None:
    assert rule in rules(text, jurisdiction)
    assert {found.severity for found in find(text, [jurisdiction])} == {"warn"}


@pytest.mark.parametrize(
    "text",
    ["Best before May 2027", "the best before date", "Best regards, Anna", "Best wishes", "best served hot", "We try our best",
     "All the best, Anna", "the best way to brew", "Your order #1 has shipped", "order #1234", "step number one", "the number one thing",
     "cured ham", "dry-cured sausage", "a Bestway pool", "procures tea", "riskier", "Hand-thrown mug, 350 ml, dishwasher safe."],
)  # fmt: skip
def test_english_exceptions(text: str) -> None:
    assert find(text, ["us", "eu", "uk"]) == []


def test_a_rule_holds_only_where_its_law_does() -> None:
    assert rules("最佳咖啡", "us") == set()
    assert rules("Made in USA", "us") == {"us.origin"}
    assert rules("Made in USA", "uk") == set()
    assert STATUTE in {found.rule for found in find("最佳咖啡")}  # none asked for: every one
    assert STATUTE in {found.rule for found in find("最佳咖啡", ["US", "CN"])}


def test_the_reason_comes_in_the_language_of_the_text_or_the_one_asked_for() -> None:
    assert "广告法" in find("最佳咖啡", ["cn"])[0].why
    assert "Advertising Law" in find("最佳咖啡", ["cn"], language="en")[0].why


def test_a_gap_of_lines_is_not_a_disguise() -> None:
    assert STATUTE not in rules("尺寸最\n佳能相机", "cn")


def test_a_shop_adds_changes_and_removes_rules(tmp_path: Path) -> None:
    mine = tmp_path / "words.yaml"
    mine.write_text(
        "rules:\n  us.origin: null\n  cn.superlative.platform: {severity: block}\n"
        "  house.cheap: {jurisdictions: [us], severity: warn, words: [cheap], why: {en: We say affordable.}}\n",
        "utf-8",
    )
    rules_ = load_rules(mine)
    assert rules_.find("cheap, made in USA", ["us"])[0].rule == "house.cheap"
    assert len(rules_.find("cheap, made in USA", ["us"])) == 1
    assert rules_.find("顶级瓷器", ["cn"])[0].severity == "block"


def test_a_bad_pattern_is_named(tmp_path: Path) -> None:
    (mine := tmp_path / "words.yaml").write_text("rules: {health.claim: {patterns: ['(']}}", "utf-8")
    with pytest.raises(BadRules, match=r"health\.claim"):
        load_rules(mine)


def test_every_rule_says_why_in_both_languages_and_where_from() -> None:
    for rule in load_rules().rules:
        assert set(rule.why) == set(rule.suggestion) == {"en", "zh"}, rule.id
        assert rule.date, rule.id
        assert " " in rule.source, rule.id
        assert set(rule.jurisdictions) <= {"cn", "us", "eu", "uk"}
