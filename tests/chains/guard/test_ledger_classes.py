"""Classes of statements that a set by somebody else brought up: each holds in one direction and is held back in the other."""

import pytest

from tests.chains.guard.books import book

LOAD = ["Alder Stool - max load: 90 kg"]
TILES = ["Fen Tile - coverage: 2 m² per box"]
CUTS = ["全场满 200 减 30", "购物车合计: 260 元"]
POST = ["Shipping to Portugal: 8.00 EUR, free from 50 EUR"]
JAM = ["Sedge Jam 200 g - price: 4.00 EUR", "Sedge Jam 1 kg - price: 15.00 EUR"]
GRAIN = ["青禾饼干 - 无糖: 是", "麦香饼干 - 无糖: 否"]
SPEAKERS = ["鸣沙音箱 - 库存: 9", "鸣沙音箱 Max - 库存: 0"]
OFFER = ["Pensioners get 10% off on Tuesdays"]
MOVED = ["Loom Lamp - price on 2 May 2025: 40.00 EUR", "Loom Lamp - price on 2 May 2026: 46.00 EUR"]
PARTS = ["Corrie Spade - blade: carbon steel", "Corrie Spade - shaft: hornbeam"]
HOLIDAY = ["店休：2026年5月1日至5月3日"]


@pytest.mark.parametrize(
    ("text", "facts", "question"),
    [
        ("It carries up to 90 kg.", LOAD, ""),
        ("The set of four is €20, so five euros a bowl.", ["Tarn Bowls - set: 4 bowls", "Tarn Bowls - price: 20.00 EUR"], ""),
        ("You need seven skeins.", ["Moss Wool - length: 150 m"], "how many for 1000 m"),
        ("满两百减三十，您付230元。", CUTS, "多少钱"),
        ("You are eight euros short of free shipping.", [*POST, "Basket: 42.00 EUR"], ""),
        ("The one-kilo jar is fifteen euros.", JAM, ""),
        ("青禾饼干是无糖的。", GRAIN, ""),
        ("标准款有现货，Max没货了。", SPEAKERS, ""),
        ("On Tuesdays pensioners pay 10% less.", OFFER, ""),
        ("It went up by six euros.", MOVED, "has the price changed?"),
        ("The blade is carbon steel.", PARTS, ""),
        ("五一我们休息三天。", HOLIDAY, ""),
        ("We are closed on Sundays, otherwise open from ten to six.", ["Opening hours: Mon-Sat 10-18; Sunday closed"], "open sundays?"),
        ("Delivery to Portugal is 8 EUR.", POST, ""),
    ],
)  # fmt: skip
def test_it_may_leave(text: str, facts: list[str], question: str) -> None:
    assert book(text, facts, question).ok, book(text, facts, question).loose


@pytest.mark.parametrize(
    ("text", "facts", "question"),
    [
        ("It is for people from 90 kg.", LOAD, ""),
        ("满两百减三十，您付220元。", CUTS, "多少钱"),
        ("满两百减五十。", CUTS, ""),
        ("Your basket ships for free.", [*POST, "Basket: 42.00 EUR"], ""),
        ("The 1 kg jar is four euros.", JAM, ""),
        ("麦香饼干也是无糖的。", GRAIN, ""),
        ("标准款没货了。", SPEAKERS, ""),
        ("On Mondays pensioners pay 10% less.", OFFER, ""),
        ("The price fell by six euros.", MOVED, "has the price changed?"),
        ("It has a carbon steel shaft.", PARTS, ""),
        ("5月2日照常营业。", HOLIDAY, "5月2日开吗"),
        ("Delivery to Norway is 8 EUR.", POST, "do you ship to Norway?"),
        ("Collect it before 5 pm.", ["Repairs are ready after 17:00."], ""),
        ("全国最耐磨的鞋底。", ["步远鞋 - 鞋底: 橡胶"], ""),
        ("这单已付款。", ["订单 KP-4410，2026年2月1日：1 × 布伞；总额 40 元；状态：待付款"], ""),
    ],
)
def test_it_is_held_back(text: str, facts: list[str], question: str) -> None:
    assert not book(text, facts, question).ok


PICKS = ["Halden Cup - price: 12.00 EUR", "Halden Bowl - price: 18.00 EUR"]


@pytest.mark.parametrize(
    ("text", "facts", "question", "fine"),
    [
        ("That's the Halden Bowl.", PICKS, "which one is 18 euros?", True),
        ("That's the Halden Cup.", PICKS, "which one is 18 euros?", False),
        ("是麦香饼干。", GRAIN, "哪个无糖", False),
        ("是青禾饼干。", GRAIN, "哪个无糖", True),
        ("Have a look at the Halden Jug.", PICKS, "anything else?", False),
        ("Have a look at the Halden Bowls.", PICKS, "anything else?", True),
        ("它通过了蓝旗认证。", ["归燕伞 - 认证: 蓝旗认证"], "", True),
        ("它通过了金盾认证。", ["归燕伞 - 认证: 蓝旗认证"], "", False),
        ("Buy five loaves, the sixth is free.", ["Bread card: every sixth loaf is free"], "", True),
    ],
)
def test_names_and_certificates(text: str, facts: list[str], question: str, fine: bool) -> None:
    assert book(text, facts, question).ok == fine, book(text, facts, question).entries


SENT = ["Shipping to Belgium: 6.00 EUR, free from 80 EUR, 2-4 days"]
SOAP = ["Soap Rill - price: 6.00 EUR", "Offer: buy 4 soaps, pay for 3"]
SCARF = ["格子围巾 - 价格：120元"]


@pytest.mark.parametrize(
    ("text", "facts", "question", "fine"),
    [
        ("An order of 95 euros ships to Belgium for free.", SENT, "I order for 95 euros to Belgium", True),
        ("It costs 95 euros to ship.", SENT, "I order for 95 euros to Belgium", False),
        ("It's there in 2-4 days, so within ten days.", SENT, "how long?", True),
        ("It's there within three days.", SENT, "how long?", False),
        ("I can't find anything on shipping to Iceland.", SENT, "iceland?", True),
        ("You are short of free shipping by 10 euros.", SENT, "my order is 70 euros to Belgium", True),
        ("七折不行，现在120元。", SCARF, "能七折吗", True),
        ("可以七折。", SCARF, "能七折吗", False),
        ("三条360元。", SCARF, "", True),
        ("The larger one is 6 euros.", SOAP[:1], "and the large one?", True),
        ("Take four soaps and the fourth is free.", SOAP, "any offers?", True),
        ("Take three soaps and the third is free.", SOAP, "any offers?", False),
        ("Four soaps are 24 euros.", SOAP, "price of four", False),
    ],
)
def test_what_the_customer_said_is_no_claim(text: str, facts: list[str], question: str, fine: bool) -> None:
    assert book(text, facts, question).ok == fine, book(text, facts, question).entries


COURSE = ["课程：拉坯入门，2026年12月6日 14:00-16:00，限8人，已报名5人"]
SACHETS = ["Lime Tea 40 sachets - price: 9.50 EUR"]
VOUCHER = ["Vouchers: 20, 40 or 80 EUR, valid 2 years"]


@pytest.mark.parametrize(
    ("text", "facts", "question", "fine"),
    [
        ("还剩三个名额。", COURSE, "还有位子吗", True),
        ("还剩五个名额。", COURSE, "还有位子吗", False),
        ("That is about 24 cents a sachet.", SACHETS, "", True),
        ("That is about 34 cents a sachet.", SACHETS, "", False),
        ("There is one for 40 euros.", VOUCHER, "", True),
        ("There is one for 60 euros.", VOUCHER, "", False),
    ],
)
def test_shares_of_one_fact(text: str, facts: list[str], question: str, fine: bool) -> None:
    assert book(text, facts, question).ok == fine, book(text, facts, question).entries
