"""What follows from a day of purchase, an hour of a rule, an age, a size that is there, and who bears postage."""

import pytest

from tests.chains.guard.books import book

SEWING = ["Alder sewing machine - warranty: 3 years"]
缝纫机 = ["巧线缝纫机 - 质保：3年"]
RULE = ["Dispatch: orders before 16:00 leave the same day, later ones the next working day"]
LATE = [*RULE, "Order K-1: placed Friday 8 May 2026 at 16:10"]
EARLY = [*RULE, "Order K-1: placed Friday 8 May 2026 at 15:10"]
当天 = ["发货：工作日16:00前下单当天发，之后次日发", "订单 MN-082：2026年5月12日（周二）15:40下单"]
WALK = ["Foraging walk - price: 22.00 GBP, children under 12 half price"]
门票 = ["门票：45元，12岁以下半价"]
SUIT = ["Bee suit - sizes: S, M, XL in stock; L sold out"]
防蜂服 = ["防蜂服 - 尺码：S、M、XL有货，L断货"]
MUG = ["Mug - colours: in stock: red, blue; sold out: dark green"]
BUYER = ["Returns: 30 days, return postage paid by the customer"]
SHOP = ["Returns: 30 days, we cover the return postage"]
顾客 = ["退货：7天无理由退货，退货运费由顾客承担"]
HALL = ["Hall - capacity: 12 people"]
GROUP = ["Walk - group size: 6 to 12", "Walk - registered for 9 May: 8"]


def of(kind: str, text: str, facts: list[str], question: str = "") -> list[str]:
    """The results of one kind, in order."""
    return [one.result for one in book(text, facts, question).entries if one.kind == kind]


@pytest.mark.parametrize(
    ("text", "facts", "question", "results"),
    [
        ("In May 2027 you'd still be within the three-year warranty.", SEWING, "bought on 15 June 2024", ["derived"]),
        ("In July 2027 you'd still be within the three-year warranty.", SEWING, "bought on 15 June 2024", ["contradicted"]),
        ("In May 2027 you'd still be within the five-year warranty.", SEWING, "bought on 15 June 2024", ["derived", "contradicted"]),
        ("It's out of warranty by July 2027.", SEWING, "bought on 15 June 2024", ["derived"]),
        ("It's out of warranty in May 2026.", SEWING, "bought on 15 June 2024", ["contradicted"]),
        ("8月已过保。", 缝纫机, "我2023年4月买的，2026年8月还保吗", ["derived"]),
        ("8月还在保。", 缝纫机, "我2023年4月买的，2026年8月还保吗", ["contradicted"]),
        ("8月没过保。", 缝纫机, "我2024年4月买的，2026年8月还保吗", ["derived"]),
        ("过保后维修收费。", 缝纫机, "我2024年4月买的，2026年8月还保吗", []),
        ("If it is out of warranty, repairs are charged.", SEWING, "bought in June 2024, it is May 2026", []),
        ("It's still under warranty.", SEWING, "", []),
    ],
)  # fmt: skip
def test_a_warranty_is_reckoned_from_the_day_of_purchase(
    text: str, facts: list[str], question: str, results: list[str]
) -> None:
    assert of("warranty", text, facts, question) == results


@pytest.mark.parametrize(
    ("text", "facts", "results"),
    [
        ("K-1 leaves on Monday 11 May.", LATE, ["derived"]),
        ("Order K-1 leaves today, Friday 8 May, at 4 p.m.", LATE, ["contradicted"]),
        ("K-1 leaves on Friday 8 May.", EARLY, ["derived"]),
        ("K-1 was placed on Friday 8 May and leaves on 11 May.", LATE, ["supported", "derived"]),
        ("Your order of 8 May will leave on Monday 11 May.", LATE, ["supported", "derived"]),
        ("当天12号就发。", 当天, ["derived"]),
        ("要到13号才能发。", 当天, ["contradicted"]),
        ("您12号的订单当天就发。", 当天, ["supported"]),
    ],
)
def test_an_order_leaves_by_the_hour_of_the_rule(text: str, facts: list[str], results: list[str]) -> None:
    assert of("date", text, facts) == results


@pytest.mark.parametrize(
    ("text", "facts", "results"),
    [
        ("You missed the cut-off.", LATE, ["derived"]),
        ("You missed the cut-off.", EARLY, ["contradicted"]),
        ("It was placed in time for the cut-off.", EARLY, ["derived"]),
        ("It was placed before the cut-off.", LATE, ["contradicted"]),
        ("过了截单时间。", 当天, ["contradicted"]),
        ("没过截单时间。", 当天, ["derived"]),
    ],
)
def test_before_or_after_the_hour_of_the_rule(text: str, facts: list[str], results: list[str]) -> None:
    assert of("polarity", text, facts) == results


@pytest.mark.parametrize(
    ("text", "facts", "question", "ok"),
    [
        ("He goes for half price, £11.", WALK, "my son is 11, what would he pay?", True),
        ("At twelve he goes for half price, £11.", WALK, "my son is 12, what would he pay?", False),
        ("At twelve he pays the full £22.", WALK, "my son is 12, what would he pay?", True),
        ("Children under 12 pay half price.", WALK, "my son is 12, what would he pay?", True),
        ("Half price for children, £11.", WALK, "what do children pay?", True),
        ("孩子半价，22.5元。", 门票, "我家孩子十岁", True),
        ("孩子半价，22.5元。", 门票, "我家孩子15岁", False),
    ],
)
def test_a_price_for_the_young_is_for_the_young(text: str, facts: list[str], question: str, ok: bool) -> None:
    assert book(text, facts, question).ok is ok


@pytest.mark.parametrize(
    ("text", "facts", "results"),
    [
        ("No L at the moment, but M and XL are both there to go.", SUIT, ["supported", "supported"]),
        ("L is in stock.", SUIT, ["contradicted"]),
        ("M is sold out.", SUIT, ["contradicted"]),
        ("We have M and XL in stock.", SUIT, ["supported"]),
        ("We have no M.", SUIT, ["contradicted"]),
        ("S and L are available.", SUIT, ["contradicted"]),
        ("It is in stock.", SUIT, ["supported"]),
        ("L will be back in stock in May.", SUIT, []),
        ("It will be back in stock on 8 June.", ["Kite - stock: 0, expected 8 June"], []),
        ("It's back in stock.", ["Kite - stock: 0, expected 8 June"], ["contradicted"]),
        ("6月8日会有货。", ["风筝 - 库存：0，预计6月8日到货"], []),
        ("等有货了通知您。", ["风筝 - 库存：0"], []),
        ("现在就有货。", ["风筝 - 库存：0"], ["contradicted"]),
        ("Sky blue is sold out.", MUG, ["contradicted"]),
        ("Dark green is sold out.", MUG, ["supported"]),
        ("38有货，39断码。", ["布鞋 - 尺码：37、38有货；39断码"], ["supported", "supported"]),
        ("39有货。", ["布鞋 - 尺码：37、38有货；39断码"], ["contradicted"]),
        ("L码没有了，M和XL都有。", 防蜂服, ["supported", "supported"]),
        ("M断货了。", 防蜂服, ["contradicted"]),
        ("The red one is in stock.", MUG, ["supported"]),
        ("Dark green is available.", MUG, ["contradicted"]),
    ],
)
def test_a_size_or_colour_is_there_or_not(text: str, facts: list[str], results: list[str]) -> None:
    assert of("stock", text, facts) == results


@pytest.mark.parametrize(
    ("text", "facts", "results"),
    [
        ("We pay the return postage.", BUYER, ["contradicted"]),
        ("You pay the return postage.", BUYER, ["supported"]),
        ("Return shipping is at your own expense.", BUYER, ["supported"]),
        ("Return shipping is at our expense.", BUYER, ["contradicted"]),
        ("We don't cover the return postage.", BUYER, ["supported"]),
        ("You pay the return postage.", SHOP, ["contradicted"]),
        ("We cover the return postage.", SHOP, ["supported"]),
        ("退货运费我们承担。", 顾客, ["contradicted"]),
        ("退货运费自理。", 顾客, ["supported"]),
        ("我们不承担退货运费。", 顾客, ["supported"]),
        ("您承担运费。", ["运费：12元"], []),
    ],
)  # fmt: skip
def test_who_bears_postage(text: str, facts: list[str], results: list[str]) -> None:
    assert of("polarity", text, facts) == results


def test_room_is_a_number_where_nobody_is_counted_and_stock_where_some_are() -> None:
    assert of("count", "There's room for 12 people.", HALL) == ["supported"]
    assert of("count", "There's room for 14 people.", HALL) == ["contradicted"]
    assert of("stock", "There's room for four more.", GROUP) == ["derived"]
    assert of("range", "We have room for up to ten people.", GROUP) == ["contradicted"]
