"""How amounts and dates are read where words or characters around them mislead: one or two sentences a class."""

import pytest

from tests.chains.guard.books import book


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("负重不超过六十公斤。", ["松岭背架 - 最大负重: 60 千克"]),  # the 千 of 千克 is no number of its own
        ("It is guaranteed for three full years.", ["Lark Kettle - warranty: 36 months"]),
        ("辣酱十二块六一罐。", ["阿婆辣酱 - 价格: 12.6 元"]),  # one jar, not sixty-one
        ("教师周五打七五折。", ["教师周五享 75 折"]),  # 五打 is no sixty
        ("Postage is 45 kronor.", ["Postage: 45 SEK"]),
        ("可可含量不低于百分之七十。", ["黑石巧克力 - 可可含量: ≥ 70%"]),
        ("本店一九八七年开张。", ["拾遗书店 - 创办: 1987 年"]),
        ("三个一共九十元。", ["订单 QW-1187，2026年1月9日：3 × 竹杯；总额 90 元；状态：已发货"]),
    ],
)
def test_it_is_read_as_people_mean_it(text: str, facts: list[str]) -> None:
    assert book(text, facts).ok, book(text, facts).loose


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("负重不超过六十一公斤。", ["松岭背架 - 最大负重: 60 千克"]),
        ("It is guaranteed for three full years.", ["Lark Kettle - warranty: 24 months"]),
        ("辣酱十二块八一罐。", ["阿婆辣酱 - 价格: 12.6 元"]),
        ("本店一九七八年开张。", ["拾遗书店 - 创办: 1987 年"]),
    ],
)
def test_another_value_is_still_held_back(text: str, facts: list[str]) -> None:
    assert not book(text, facts).ok
