"""What rules leave out, whose value it is, what a list of allergens tells, what several boxes and measures come to."""

import pytest

from tests.chains.guard.books import book

SHOES = ["Returns: return window: within 14 days; exceptions: shoes worn outdoors"]
RINGS = ["Returns: return window: within 30 days; exceptions: engraved pieces"]
FISH = ["退货：器材 7 天内可退；活体不支持退货"]
CREAM = ["拆封的护肤品不支持退货"]
BREAD = ["Oat loaf - allergens: oats", "Rye loaf - allergens: rye, wheat"]
TEAS = ["白毫银针 - 产地：福鼎", "滇红 - 产地：凤庆"]
FRAMES = ["Juno frame - colour: tortoise", "Otto frame - colour: midnight blue"]
MUG = ["Sage mug - dishwasher safe: no"]
YARN = ["Tuva yarn - care: hand wash only"]
HONG_KONG = [
    "寄往澳门：38元，满600元免运费",
    "寄往香港：35元，满500元免运费",
    "购物车：1 × 冲锋衣；合计 520 元",
]
FLASK = ["雪线保温壶 - 保温：12 小时", "雪线保温壶 - 保冷：24 小时"]
TENTS = ["Fell 2 tent - weight: 1.9 kg", "Fell 3 tent - weight: 2.6 kg", "Spark stove - weight: 83 g"]
ORDER = ["订单 6042（2026 年 11 月 6 日）：2 × 《云上的邮局》，1 × 《听雨》；合计 117 元；状态：已发货"]


@pytest.mark.parametrize(
    ("facts", "question", "right", "wrong"),
    [
        (SHOES, "can I return them once worn?", "Worn shoes can't be returned.", "You can return them even after wearing them."),
        (SHOES, "", "Unworn shoes can be returned within 14 days.", "You can return worn shoes within 14 days."),
        (SHOES, "can I return shoes?", "You can return them, unless worn outdoors.", "You can return them after wearing them outdoors."),
        (RINGS, "can I return it engraved?", "Engraved pieces can't be returned.", "Yes, you can return it within 30 days."),
        (FISH, "鱼不喜欢可以退吗", "鱼是活体，不能退的。", "鱼七天之内可以退。"),
        (CREAM, "面霜拆开了能退吗", "拆封的不支持退货。", "拆封了也可以退。"),
        (BREAD, "is the rye loaf gluten free?", "The rye loaf isn't gluten-free.", "The rye loaf is gluten-free."),
        (TEAS, "", "白毫银针产自福鼎。", "白毫银针是凤庆的。"),
        (FRAMES, "", "The Otto comes in midnight blue.", "The Otto comes in tortoise."),
        (MUG, "", "It's handwash only.", "You can put it in with the dishes."),
        (["青瓷杯 - 洗碗机：不可"], "", "只能手洗。", "可以机器洗。"),
        (YARN, "", "It's hand wash only.", "It can go in the washing machine."),
        (["问：百合对猫安全吗？ 答：不安全，百合对猫有毒。"], "", "百合对猫有毒。", "百合对猫没有毒。"),
        (HONG_KONG, "寄香港运费多少", "寄香港不要钱。", "没到免运费的线，运费35元。"),
        (FLASK, "热水能保多久", "热水能保12小时。", "热水能保24小时。"),
        (["Manchego - milk: sheep"], "", "Manchego is a sheep's cheese.", "Manchego is a goat's cheese."),
        (["Peony bunch - stock: 0", "Rose bunch - stock: 4"], "", "We've still got roses.", "We've still got peonies."),
    ],
)  # fmt: skip
def test_a_rule_holds_for_what_it_does_not_leave_out(
    facts: list[str], question: str, right: str, wrong: str
) -> None:
    assert book(right, facts, question).ok, book(right, facts, question).loose
    assert not book(wrong, facts, question).ok


@pytest.mark.parametrize(
    ("facts", "question", "right", "wrong"),
    [
        (["Oolong - price: 9.50 EUR per 100 g"], "what do 300 g cost?", "That's €28.50.", "That's €26.50."),
        (["银针 - 价格：90 元/100 克"], "半斤多少钱", "半斤225元。", "半斤325元。"),
        (["Cello - price: 28.00 EUR a month", "Cello - minimum: 6 months"], "", "Half a year is €168.", "Half a year is €186."),
        (["Screws - box: 200"], "how many in 3 boxes?", "Three boxes give you 600 screws.", "Three boxes give you 800 screws."),
        (["A4 纸 - 每包：500 张", "A4 纸 - 每箱：5 包"], "一箱多少张", "一箱共2500张。", "一箱共3000张。"),
        (ORDER, "6042几本书", "6042一共三本书。", "6042一共五本书。"),
        (["洗面奶 - 价格：66 元，买二送一"], "拿三支多少钱", "三支132元，合44元一支。", "三支132元，合54元一支。"),
        (["登山杖 - 长度：65-135 厘米可调"], "", "最短65厘米。", "最短75厘米。"),
        (TENTS, "how much lighter is the Fell 2?", "The Fell 2 is 700 g lighter.", "The Fell 3 is 700 g lighter."),
        (["Bike - frame sizes: S, M, L"], "is there an XL?", "The biggest is the L, so there's no XL.", "The biggest is the M."),
        (["车厘子 - 价格：89 元，上周 99 元"], "今天啥价", "今天89元，上周还是99元。", "今天99元。"),
    ],
)  # fmt: skip
def test_what_is_reckoned_from_measures_boxes_and_ranges(
    facts: list[str], question: str, right: str, wrong: str
) -> None:
    assert book(right, facts, question).ok, book(right, facts, question).loose
    assert not book(wrong, facts, question).ok


def test_an_allergy_is_no_content() -> None:
    facts = ["坚果酥 - 配料：小麦粉、核桃、黄油"]
    assert book("配料里有核桃，坚果过敏请不要食用。", facts, "我对坚果过敏，能吃吗").ok
