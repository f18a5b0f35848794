"""Each claim stands in the ledger once: what is said in one breath is one entry, what is said apart is two."""

import pytest

from tests.chains.guard.books import book

WOOL = ["Fell jumper - material: 60% wool, 40% cotton"]
TEE = ["Tee - material: 100% organic cotton"]
SPAIN = ["Delivery to Spain: 8.00 EUR, free over 90 EUR"]
POT = ["Casserole - oven safe: yes, up to 220 °C"]
HONEY = ["乌山蜂蜜 - 库存：0"]
DUE = ["订单 MM-104：预计2026年11月27日（周五）送达"]
CLASS = [
    "问：版画课能退吗？答：开课7天前免费退，之后退50%。",
    "订单 BH-0440：1 × 版画课，2026年6月20日；合计 300元；状态：已确认",
]


def said(text: str, facts: list[str], question: str = "") -> list[tuple[str, str, str]]:
    """(kind, result, words) of every entry."""
    return [(one.kind, one.result, one.text) for one in book(text, facts, question).entries]


def kinds(text: str, facts: list[str], kind: str) -> list[str]:
    """The results of one kind, in order."""
    return [one.result for one in book(text, facts).entries if one.kind == kind]


@pytest.mark.parametrize(
    ("text", "facts", "kind", "results"),
    [
        ("It's 60% cotton and 40% wool.", WOOL, "material", []),
        ("It's 60% wool and 40% cotton.", WOOL, "material", ["supported", "supported"]),
        ("It's 95% cotton, 5% elastane.", TEE, "material", ["contradicted"]),
        ("The tee is organic cotton.", TEE, "certification", []),
        ("The tee is organic cotton.", ["Tee - material: cotton"], "certification", ["unsupported"]),
        ("We deliver to Spain for free over €80.", SPAIN, "price", []),
        ("We deliver to Spain for free over €90.", SPAIN, "price", ["supported"]),
        ("It handles the oven from 220 °C on.", POT, "polarity", []),
        ("It's happy in the oven up to 220 °C.", POT, "polarity", ["supported"]),
        ("蜂蜜有现货，马上可以发。", HONEY, "stock", ["contradicted"]),
        ("蜂蜜缺货，有现货的是蜂王浆。", [*HONEY, "乌山蜂王浆 - 库存：12"], "stock", ["supported", "supported"]),
        ("预计周五，也就是11月27日送到。", DUE, "date", ["supported"]),
        ("预计周四，也就是11月27日送到。", DUE, "date", ["contradicted", "supported"]),
        ("荣获年度最佳桌游大奖。", ["翎鸟桌游 - 人数：3-6人"], "certification", ["unsupported"]),
        ("获奖产品，通过CE认证。", ["翎鸟桌游 - 人数：3-6人"], "certification", ["unsupported", "unsupported"]),
        ("Hand-forged in Italy.", ["Varley secateurs - warranty: 24 months"], "origin", ["unsupported"]),
        ("It's linen, and linen wears well.", ["Apron - material: linen"], "material", ["supported"]),
        ("A linen front, a cotton back.", ["Apron - material: linen, cotton"], "material", ["supported", "supported"]),
    ],
)  # fmt: skip
def test_what_is_one_claim_is_entered_once(
    text: str, facts: list[str], kind: str, results: list[str]
) -> None:
    assert kinds(text, facts, kind) == results


def test_the_whole_of_a_merged_claim_is_shown() -> None:
    assert ("origin", "unsupported", "Hand-forged in Italy") in said(
        "Hand-forged in Italy.", ["Saw - price: 9 EUR"]
    )


def test_a_sum_that_is_not_given_back_in_full_is_wrong_with_it() -> None:
    late = said("六月十八日可全额退款三百元。", CLASS, "我6月18日退能退多少")
    assert ("price", "contradicted", "三百元") in late
    assert ("price", "supported", "三百元") in said("这节课三百元。", CLASS)


def test_nothing_against_a_text_is_lost_with_its_double() -> None:
    assert not book("It's 60% cotton and 40% wool.", WOOL).ok
    assert not book("蜂蜜有现货，马上可以发。", HONEY).ok
    assert not book("We deliver to Spain for free over €80.", SPAIN).ok
