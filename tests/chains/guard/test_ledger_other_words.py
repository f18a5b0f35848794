"""What is said in other words than the fact's: matters, openers, lists, order numbers, verdicts on the customer's measure."""

import pytest

from tests.chains.guard.books import book

LAMP = ["Lamp - dimmable: no", "Lamp - battery included: yes"]
ORDERS = ["订单51207：书柜，已付款，2026-04-03下单", "Order 611: 1 x Skerry wool, shipped 2026-04-02"]
DRESS = ["Dress - in the box: belt, hat", "Dress - sizes: M, L, XL", "Dress - price: 30.00 EUR"]


@pytest.mark.parametrize(
    ("facts", "question", "right", "wrong"),
    [
        (["Camera - weather sealed: no"], "", "Don't take it out in the rain.", "It's fine in the rain."),
        (["相机 - 防水：是"], "", "淋雨没问题。", "不能淋雨。"),
        (LAMP, "", "You can't turn the brightness down.", "You can turn the brightness down."),
        (["Check-up: free, no appointment needed"], "", "You can just walk in.", "You need to book."),
        (["常见问题：能货到付款吗？暂不支持。"], "", "不能收到货再付。", "收到货再付也行。"),
        (["棋 - 扩展：需另购"], "", "扩展不在盒子里。", "扩展在盒子里。"),
        (["Filter - tank: 100-250 l"], "I have 180 litres", "That falls within its range.", "That is not enough."),
        (["三脚架 - 承重：8kg"], "镜头3公斤架得住吗", "架得住。", "架不住。"),
        (["鱼竿 - 收缩长度：62厘米"], "包长65厘米，装得下吗", "装得下。", "装不下。"),
        (["Loaf - nuts: none, but baked where nuts are used"], "", "It's baked where nuts are used.", "There are nuts in it, plenty of nuts."),
        (DRESS, "is a belt in the box?", "Belt and hat come with it.", "No belt."),
        (DRESS, "sizes?", "It comes in M to XL.", "It comes in S to XL."),
    ],
)  # fmt: skip
def test_other_words_are_held_to_the_fact(facts: list[str], question: str, right: str, wrong: str) -> None:
    assert book(right, facts, question).ok, book(right, facts, question).loose
    assert not book(wrong, facts, question).ok


@pytest.mark.parametrize(
    ("text", "number"), [("51207是4月3号下的单。", "51207"), ("611 went out on 2 April.", "611")]
)
def test_the_number_of_an_order_stands_for_it_without_the_word(text: str, number: str) -> None:
    ids = [(one.text, one.result) for one in book(text, ORDERS).entries if one.kind == "order_id"]
    assert ids == [(number, "supported")]


@pytest.mark.parametrize("text", ["No strap.", "Strap没有。"])
def test_what_a_list_lacks_follows_from_it(text: str) -> None:
    found = book(text, DRESS, "is there a strap?")
    assert found.ok


@pytest.mark.parametrize(
    ("text", "facts", "question"),
    [
        ("No, under the 2026 house rules photos are fine.", ["Photography (house rules 2026): allowed"], "is it forbidden?"),
        ("Below €49 delivery is €4.90.", ["Delivery: free from €49, otherwise €4.90"], ""),
        ("预计8月20日到货。", ["灯 - 预计到货: 8 月 20 日"], ""),
        ("不送充电头。", ["音箱 - 电源：附一根线"], ""),
        ("The walnut crackers are 140 g.", ["核桃饼干 - 净含量：140 克"], "how heavy are the walnut crackers"),
        ("两小时还没装上，真抱歉。", ["上门安装：¥80"], "装了俩小时装不上"),
    ],
)  # fmt: skip
def test_what_was_held_back_wrongly(text: str, facts: list[str], question: str) -> None:
    found = book(text, facts, question)
    assert found.ok, found.loose
