"""What a fact bears though it says it otherwise, and what it does not: scales, grades, places, ways, measures of a price."""

import pytest

from tests.chains.guard.books import book

GRILL = ["Grill - heat: 250 °C"]
ENGRAVING = ["Engraving: free, ready in 3 days", "Mug - price: 20.00 EUR"]
RUG = ["Fern rug - origin: New Zealand"]
APRON = ["禾下棉麻围裙 - 产地：福建"]
AUSTRIA = ["Shipping to Austria: 7.50 EUR, 2-3 working days"]
STATION = ["Bus stop to workshop: 5 minutes on foot"]
SHEARS = ["Varley secateurs - blade: SK5 steel"]
OIL = ["Olive oil - content: 500 ml", "Olive oil - price: 18.00 EUR"]
CHEESE = ["Marrable cheddar - milk: raw cow's milk"]
BAR = ["Bar - contains: hazelnuts, dates"]
GUITAR = ["谷雨木吉他 - 面板：云杉单板", "谷雨木吉他 - 背侧板：桃花心木合板"]
CUP = ["墨白陶瓷杯 - 2025年价格：45元", "墨白陶瓷杯 - 2026年价格：52元"]
CLOCK = ["Clock - batteries: 2 × AA, not included"]
挂钟 = ["挂钟 - 电池：2节5号电池，不附送"]
LAMP = ["Clock - batteries: 2 × AA, included"]
DUE = ["Order KL-88210: shipped 30 April 2026; expected 3-5 May 2026"]
JADE = ["岫玉镯 - 产地：辽宁岫岩"]
TABLE = ["Oak table - made in: Leeds, by hand"]
MASK = ["Quillon mask - certification: CEN level 1, 350 N"]
GLASS = ["Oriel kit - pieces of glass: 24"]
EVENING = ["Evening opening: Thu until 20:45, other weekdays until 18:15"]
COLLECT = ["Click and collect: free, ready in 2 hours"]
GRILLINO = ["Grillino barbecue - gas bottle: not included"]
ORDERS = [
    "订单 QS-0915，2026年1月20日：1 × 弦歌尤克里里；合计 399元；状态：备货中",
    "订单 QS-0951，2026年1月22日：2 × 弦歌琴弦；合计 70元；状态：已签收",
]


def of(kind: str, text: str, facts: list[str], question: str = "") -> list[str]:
    """The results of one kind, in order."""
    return [one.result for one in book(text, facts, question).entries if one.kind == kind]


@pytest.mark.parametrize(
    ("kind", "text", "facts", "results"),
    [
        ("quantity", "It heats to 482 °F.", GRILL, ["supported"]),
        ("quantity", "It heats to 250 °F.", GRILL, ["contradicted"]),
        ("price", "Engraving costs 5 EUR.", ENGRAVING, ["contradicted"]),
        ("price", "The mug is 20 EUR, engraving is free.", ENGRAVING, ["supported", "supported"]),
        ("price", "刻字要收20元。", ["刻字服务：免费，3天内完成"], ["contradicted"]),
        ("origin", "Woven in Wellington.", RUG, ["unsupported"]),
        ("origin", "Woven in New Zealand.", RUG, ["supported"]),
        ("origin", "Woven in Sydney.", RUG, ["contradicted"]),
        ("origin", "日本进口面料。", APRON, ["unsupported"]),
        ("origin", "日本进口的围裙。", APRON, ["contradicted"]),
        ("origin", "正宗岫岩玉。", JADE, ["supported"]),
        ("origin", "正宗和田玉。", JADE, ["contradicted"]),
        ("origin", "正宗好味道。", JADE, []),
        ("origin", "Made in our workshop in Leeds.", TABLE, ["supported"]),
        ("origin", "Made in our workshop in York.", TABLE, ["contradicted"]),
        ("duration", "We ship to Austria overnight.", AUSTRIA, ["contradicted"]),
        ("duration", "We ship overnight.", ["Shipping: next day"], ["supported"]),
        ("duration", "We're five minutes by car from the bus stop.", STATION, ["contradicted"]),
        ("duration", "We're five minutes on foot from the bus stop.", STATION, ["supported"]),
        ("duration", "We're five minutes from the bus stop.", STATION, ["supported"]),
        ("duration", "An hour and a half earlier on Friday.", EVENING, ["contradicted"]),
        ("duration", "Two hours and a half earlier on Friday.", EVENING, ["derived"]),
        ("duration", "A fortnight for delivery.", ["Smoker - delivery time: 14 days"], ["supported"]),
        ("duration", "A fortnight for delivery.", ["Smoker - delivery time: 12 days"], ["contradicted"]),
        ("material", "They have SK5 blades.", SHEARS, ["supported"]),
        ("material", "They have VG10 blades.", SHEARS, ["contradicted"]),
        ("material", "The blade is VG10 steel.", SHEARS, ["contradicted", "supported"]),
        ("material", "是全单吉他。", GUITAR, ["contradicted"]),
        ("material", "面板是云杉单板。", GUITAR, ["supported"]),
        ("material", "You get two dozen pieces of glass.", GLASS, []),
        ("material", "You get two dozen pieces of glass.", ["Oriel kit - pieces: 24"], ["unsupported"]),
        ("quantity", "The oil is €18 for 500 ml.", OIL, ["supported"]),
        ("quantity", "That is €3.60 for 100 ml.", OIL, []),
        ("polarity", "It isn't pasteurised.", CHEESE, ["derived"]),
        ("polarity", "It's pasteurised.", CHEESE, ["contradicted"]),
        ("polarity", "It contains nuts.", BAR, ["supported"]),
        ("polarity", "It contains no nuts.", BAR, ["contradicted"]),
        ("polarity", "涨了七块。", CUP, ["derived"]),
        ("polarity", "降了七块。", CUP, ["contradicted"]),
        ("polarity", "It runs on two AA batteries, which aren't included.", CLOCK, ["supported"]),
        ("polarity", "It runs on two AA batteries, which are included.", CLOCK, ["contradicted"]),
        ("polarity", "It runs on two AA batteries, which are included.", LAMP, ["supported"]),
        ("polarity", "用两节5号电池，不附送。", 挂钟, ["supported"]),
        ("polarity", "Yes, a gas bottle, it isn't included.", GRILLINO, ["supported", "supported"]),
        ("polarity", "Yes, a gas bottle, it is included.", GRILLINO, ["contradicted", "contradicted"]),
        (
            "polarity",
            "You need 6 AAA batteries, which are included.",
            ["Walkie - incl. battery: no, 6 AAA"],
            ["contradicted"],
        ),
        ("polarity", "A case is not included.", ["Lunaro frame - incl. case: yes"], ["contradicted"]),
        ("polarity", "A case is included.", ["Lunaro frame - incl. case: yes"], ["supported"]),
        ("range", "It carries up to 6 kg.", ["Lamp - max. load: 5 kg"], ["contradicted"]),
        ("polarity", "Swimming caps are compulsory.", ["Swimming caps: not compulsory"], ["contradicted"]),
        ("polarity", "Swimming caps aren't required.", ["Swimming caps: not compulsory"], ["supported"]),
        (
            "polarity",
            "Private patients need a referral.",
            ["Referral: not needed for private patients"],
            ["contradicted"],
        ),
        ("polarity", "All others need a referral.", ["Referral: not needed for private patients"], []),
        ("polarity", "素饺含蛋奶。", ["素饺：不含蛋奶"], ["contradicted"]),
        ("polarity", "素饺不含蛋奶。", ["素饺：不含蛋奶"], ["supported"]),
        ("polarity", "锅身是不锈钢的。", ["炒锅 - 锅身：不锈钢"], []),
        ("polarity", "不用，有押金。", ["押金：无"], ["contradicted"]),
        ("polarity", "没有押金。", ["押金：无"], ["supported"]),
        ("date", "Rabbits are seen on Tuesdays only.", ["Rabbits: Thursdays only"], ["contradicted"]),
        ("date", "Rabbits are seen on Thursdays only.", ["Rabbits: Thursdays only"], ["supported"]),
        ("date", "Rabbits aren't seen on Tuesdays.", ["Rabbits: Thursdays only"], []),
        ("polarity", "You can collect it in the shop for free.", COLLECT, ["supported"]),
        ("date", "It should arrive between 3 and 5 May.", DUE, ["supported", "supported"]),
        ("date", "It should arrive between 2 and 5 May.", DUE, ["contradicted", "supported"]),
        ("certification", "The mask is certified to 350 N only.", MASK, ["supported"]),
        ("quantity", "The mask is certified to 800 N.", MASK, ["contradicted"]),
        ("count", "两单合计469元。", ORDERS, []),
        ("count", "三单合计469元。", ORDERS, ["unsupported"]),
        ("percentage", "打八折就是减两成。", ["春季活动：全场八折"], ["supported", "supported"]),
        ("percentage", "打七折就是减三成。", ["春季活动：全场八折"], ["contradicted", "contradicted"]),
        ("count", "刷两遍。", ["墙漆 - 遍数：2遍"], ["supported"]),
        ("count", "刷三遍。", ["墙漆 - 遍数：2遍"], ["contradicted"]),
    ],
)
def test_what_a_fact_bears_otherwise_said(kind: str, text: str, facts: list[str], results: list[str]) -> None:
    assert of(kind, text, facts) == results


def test_a_yes_is_as_sure_as_what_follows_it() -> None:
    game = ["Bramble board game - players: 2-5", "Bramble board game - price: 20.00 EUR"]
    assert of("polarity", "Yes, five can play.", game, "can five of us play") == ["supported"]
    assert of("polarity", "Yes, two games are €40.", game, "do two cost less") == ["derived"]
    assert of("polarity", "Yes — five can play.", game, "can five of us play") == ["supported"]


def test_pieces_that_the_question_counts_one_by_one_are_no_claim() -> None:
    knives = ["磨刀：20 cm以内15元，超过20 cm 20元"]
    assert of("count", "三把都按尺寸算。", knives, "两把15厘米一把24厘米多少钱") == []
    assert of("count", "五把都按尺寸算。", knives, "两把15厘米一把24厘米多少钱") != ["supported"]
