"""The claim ledger: what holds, what does not, and why, through its one function."""

from datetime import date

import pytest

from tests.chains.guard.books import book

JUGS = ["Rowan Jug - capacity: 650 ml", "Rowan Jug - price: 58.00 EUR", "Alder Jug - capacity: 900 ml", "Alder Jug - price: 72.00 EUR"]  # fmt: skip
POTS = [
    "云台茶壶 - 容量：650毫升",
    "云台茶壶 - 价格：58元",
    "雁荡茶壶 - 容量：900毫升",
    "雁荡茶壶 - 价格：72元",
]
SHIPPING = ["Shipping to Spain: 6.90 EUR, free from 60 EUR, 3-5 days", "Rowan Jug - price: 24.00 EUR"]
ORDER = [
    "Order TT-24018 of 3 March 2026: 2 × Rowan Jug; total 116.00 EUR; status: shipped; tracking RR20447719"
]
HOURS = ["Opening hours: Mon-Fri 9-18, Sat 10-14, closed on Sunday"]
PRICES = [
    "Rowan Jug - price from 1 January 2025: 52.00 EUR",
    "Rowan Jug - price from 1 January 2026: 58.00 EUR",
]


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("It is 58 EUR.", JUGS[:2]),
        ("That is €58.00, please.", JUGS[:2]),
        ("Fifty-eight euros.", JUGS[:2]),
        ("It holds 0.65 l.", JUGS[:2]),
        ("容量0.65升，五十八元。", POTS[:2]),
        ("容量是６５０毫升，58块。", POTS[:2]),
        ("容量六百五十毫升。", POTS[:2]),
        ("Two years' warranty.", ["Lamp - warranty: 24 months"]),
        ("质保两年。", ["台灯 - 质保：24个月"]),
        ("It costs 1.234,50 EUR.", ["Desk - price: 1234.50 EUR"]),
        ("Delivered on 24 November.", ["Order AB-1001: delivered 2026-11-24"]),
        ("On Saturdays we close at 2 pm.", HOURS),
        ("It has 1️⃣0️⃣ drawers.", ["Chest - drawers: 10"]),
        ("打八折。", ["全场8折"]),
    ],
)
def test_what_a_fact_says_in_other_words_is_supported(text: str, facts: list[str]) -> None:
    found = book(text, facts)
    assert found.entries
    assert {entry.result for entry in found.entries} == {"supported"}


@pytest.mark.parametrize(
    ("text", "facts", "question", "rule"),
    [
        ("Two of them come to €116.", JUGS[:2], "two Rowan jugs?", "price.times"),
        ("Together they are €130.", JUGS, "a Rowan and an Alder jug, how much together?", "price.sum"),
        ("两把一共130元。", POTS, "云台和雁荡各一把多少钱", "price.sum"),
        ("The Alder is €14 more than the Rowan.", JUGS, "", "price.difference"),
        ("That's €29 with the discount.", ["Sale: 50 % off", "Rowan Jug - price: 58.00 EUR"], "", "price.discount"),
        ("到手43.5元。", ["全场七五折", "云台茶壶 - 价格：58元"], "折后多少", "price.discount"),
        ("It is €9.60 per 100 ml.", ["Oil - content: 250 ml", "Oil - price: 24.00 EUR"], "", "price.unit"),
        ("The jugs run from €58 to €72.", JUGS, "", "price.of_listed"),
        ("The Alder Jug is the most expensive.", JUGS, "which costs most?", "superlative.max"),
        ("Three jugs are €72, so shipping to Spain is free.", SHIPPING, "three jugs to Spain", "price.free"),
        ("You have until 1 April 2026.", ["Returns: 30 days from delivery", "Order AB-1001: delivered 2 March 2026"],
         "", "date.reckoned"),
    ],
)  # fmt: skip
def test_what_follows_from_facts_is_reckoned(text: str, facts: list[str], question: str, rule: str) -> None:
    found = book(text, facts, question)
    assert found.ok, found.loose
    assert rule in {entry.rule for entry in found.entries if entry.result == "derived"}


@pytest.mark.parametrize(
    ("text", "facts", "question"),
    [
        ("The Rowan Jug is €72.", JUGS, ""),
        ("云台茶壶72元。", POTS, ""),
        ("It holds 650 l.", JUGS[:2], ""),
        ("The Rowan Jug is €52 today.", PRICES, ""),
        ("Together they are €131.", JUGS, "a Rowan and an Alder jug, how much together?"),
        ("Two jugs are €48, so shipping to Spain is free.", SHIPPING, "two jugs to Spain"),
        ("Shipping to Spain takes 3-6 days.", SHIPPING, ""),
        ("The Rowan Jug is the most expensive.", JUGS, ""),
        ("Your order TT-24081 is on its way.", ORDER, ""),
        ("Order TT-24018 is still being packed.", ORDER, ""),
        ("Order TT-24018 holds three jugs.", ORDER, ""),
        ("On Saturdays we close at six.", HOURS, ""),
        ("We're open on Sundays.", HOURS, ""),
        ("It comes with a lifetime warranty.", ["Rowan Jug - warranty: 2 years"], ""),
        ("It is made of steel.", ["Rowan Jug - material: glass"], ""),
        ("Made in Spain.", ["Rowan Jug - origin: Portugal"], ""),
    ],
)
def test_what_a_fact_denies_is_contradicted_and_the_fact_is_named(
    text: str, facts: list[str], question: str
) -> None:
    found = book(text, facts, question)
    wrong = [entry for entry in found.entries if entry.result == "contradicted"]
    assert wrong
    assert all(entry.fact is not None for entry in wrong)
    assert found.worst == "contradicted"


CARRIER = ["Cub Child Carrier - child weight up to: 18 kg", "Cub Child Carrier - weight: 2.9 kg"]
TENT = ["Lomond 2 Tent - seasons: 3", "Lomond 2 Tent - doors: 2", "Lomond 2 Tent - price: €289.00"]
HELMET = ["头盔 - 通风孔：12", "头盔 - 重量：0.34 kg", "头盔 - 头围：55-59 cm"]
WEEK = ["营业时间：周二至周五 10:00-18:30, 周六 9:30-17:00, 休息日： 周日、周一"]
NORWAY = [
    "Shipping to Germany: 5.90 EUR, 2-4 working days",
    "Shipping to Norway: 14.00 EUR, 5-8 working days",
]
TENTS = [
    "Loch tent - weight: 3.2 kg", "Loch tent - sleeps: 4 people", "Glen tent - weight: 3.6 kg", "Glen tent - sleeps: 6 people",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "facts", "question", "ok"),
    [
        ("周日、周一休息。", WEEK, "周一开吗", True),
        ("休息日是周日、周六。", WEEK, "周一开吗", False),
        ("Closed on Sunday and Monday.", ["Hours: Tue-Sat 10-18, closed: Sunday, Monday"], "", True),
        ("Shipping to Norway costs €14.00.", NORWAY, "", True),
        ("Shipping to Norway costs €5.90.", NORWAY, "", False),
        ("We're open from ten to six.", ["Opening hours: Mon-Fri 10:00-18:00"], "", True),
        ("We're open until ten to six.", ["Opening hours: Mon-Fri 10:00-18:00"], "", False),
        ("The Loch tent weighs 3.2 kg, 400 g less than the Glen.", TENTS, "which is lighter?", True),
        ("The Loch tent weighs 3.2 kg and sleeps four.", TENTS, "", True),
        ("The Loch tent sleeps six people.", TENTS, "the Loch tent for six?", False),
        ("For your six people I'd take the Glen.", TENTS, "a tent for six people?", True),
        ("It comes in three colours.", ["Glen tent - colours: red, blue, green"], "", True),
        ("It comes in four colours.", ["Glen tent - colours: red, blue, green"], "", False),
        ("It is certified to OEKO-TEX Standard 100.", ["Blanket - certification: OEKO-TEX Standard 100"], "", True),
        ("The oil is €18 for a litre.", ["Oil - content: 500 ml", "Oil - price: 18.00 EUR"], "", False),
        ("您这单116元。", ["云台茶壶 - 价格：58元"], "买两把多少钱", True),
        ("杯盖是PP塑料。", ["云台茶壶 - 杯盖：PP"], "", True),
        ("The weight of the Cub Child Carrier is 2.9 kg.", CARRIER, "", True),
        ("The weight of the Cub Child Carrier is 18 kg.", CARRIER, "", False),
        ("Clear Tablets, 50: shelf life – 5 years.", ["Clear Tablets, 50 - shelf life: 5 years"], "", True),
        ("夜鹭羽绒睡袋 +5，填充物：鸭绒。", ["夜鹭羽绒睡袋 +5 - 填充物：鸭绒"], "", True),
        ("No. Pacifier: microwave sterilising – no.", ["Pacifier - microwave sterilising: no"], "microwave?", True),
        ("Yes. Pacifier: microwave sterilising – yes.", ["Pacifier - microwave sterilising: no"], "microwave?", False),
        ("No. Shampoo: silicone – no.", ["Shampoo - silicone: no"], "does it have silicone?", True),
        ("有的，我们有：洁面泡沫（适合肤质：油皮）。", ["洁面泡沫 - 适合肤质：油皮"], "油皮该买哪个", True),
        ("We open at 9.30.", ["Evening opening: Thu until 20:45, other weekdays until 18:15"], "", False),
        ("It's €89.", ["Mixer - price: 79.00 EUR (previously 89.00 EUR)"], "", False),
        ("It was €89, now it's €79.", ["Mixer - price: 79.00 EUR (previously 89.00 EUR)"], "", True),
        ("现在599元。", ["料理机 - 价格：499元，原价599元"], "", False),
        ("原价599，现在499。", ["料理机 - 价格：499元，原价599元"], "", True),
        ("It's €89.", ["Mixer - price from 1 May 2026: 79 EUR", "Mixer - price until 30 April 2026: 89 EUR", "Today: 12 May 2026"], "", False),
        ("Two lamps are €96 plus €8 delivery, €104.", ["Delivery: 8.00 EUR, free over 90 EUR", "Lamp - price: 48.00 EUR"], "two lamps", False),
        ("可以刻字，免费。", ["刻字服务：免费，3天内完成"], "能刻字吗", True),
        ("There's room for 12, so 4 more could come.", ["Hall - capacity: 12 people"], "we are 8 people", True),
        ("It'll be with you on Thursday.", ["Order MM-104: expected Friday 27 November 2026"], "when?", False),
        ("It'll be with you on Friday.", ["Order MM-104: expected Friday 27 November 2026"], "when?", True),
        ("预计周四到。", ["订单 MM-104：预计2026年11月27日（周五）送达"], "什么时候到", False),
        ("M is sold out.", ["Tee - stock: S 4, M 0, L 2"], "size M?", True),
        ("M is in stock.", ["Tee - stock: S 4, M 0, L 2"], "size M?", False),
        ("M码没货，L码还有2件。", ["T恤 - 库存：S码4件，M码0件，L码2件"], "M码有吗", True),
        ("100%有机棉。", ["T恤 - 面料：100%有机棉"], "", True),
        ("It is rated IPX5.", ["Dry bag - protection: IPX7"], "", False),
        ("一升刷12平米。", ["墙漆 - 涂布率：12平方米/升"], "", True),
        ("A tent for 3 seasons with 2 doors, €289.00.", TENT, "", True),
        ("The Lomond 2 Tent is for 3 persons.", TENT, "", False),
        ("Pitched in 2 minutes.", TENT, "", False),
        ("通风孔12个，重0.34 kg，头围55-59 cm。", HELMET, "", True),
        ("12轮的头盔。", HELMET, "", False),
        ("Returns are free.", ["Returns: 30 days, return label 3.50 GBP, exchanges free"], "", False),
        ("Exchanges are free.", ["Returns: 30 days, return label 3.50 GBP, exchanges free"], "", True),
        ("Batteries are included.", ["Clock - batteries: 2 × AA, not included"], "", False),
        ("Batteries are not included.", ["Clock - batteries: 2 × AA, not included"], "", True),
        ("电池附送。", ["挂钟 - 电池：2节5号电池，不附送"], "", False),
        ("不包邮。", ["运费：全国包邮"], "", False),
        ("Three candles are €36.", ["Offer: buy 2, get 1 free", "Sea candle - price: 12.00 EUR"], "three candles?", False),
        ("Three candles are €24.", ["Offer: buy 2, get 1 free", "Sea candle - price: 12.00 EUR"], "three candles?", True),
        ("There are eight places.", ["Course: 5 June 2026, 10:00-16:00, 95 USD a person, 8 places"], "", True),
        ("It comes from Porto in Portugal.", ["Jug - origin: Porto, Portugal"], "", True),
        ("毛衣是百分百羊毛。", ["山间毛衣 - 成分：羊毛60%，棉40%"], "", False),
        ("We deliver overnight.", ["Delivery: 2-3 working days"], "", False),
        ("适合1岁以上。", ["积木 - 适用年龄：3岁以上"], "", False),
        ("外壳是不锈钢。", ["云台茶壶 - 外壳：不锈钢"], "", True),
        ("TT-1002 is still valid.", ["Order TT-1001: 1 × jug; status: cancelled", "Order TT-1002: 1 × jug; status: paid"], "", True),
        ("TT-1001 is still valid.", ["Order TT-1001: 1 × jug; status: cancelled", "Order TT-1002: 1 × jug; status: paid"], "", False),
        ("It is extendable to five years.", ["Lamp - warranty: 2 years"], "", False),
        ("The Rowan is our heaviest jug.", ["The Rowan jug is our heaviest jug.", "Rowan jug - weight: 2 kg", "Alder jug - weight: 1 kg"], "", True),
        ("The Alder is our heaviest jug.", ["The Rowan jug is our heaviest jug.", "Rowan jug - weight: 2 kg", "Alder jug - weight: 1 kg"], "", False),
    ],
)  # fmt: skip
def test_what_went_wrong_once(text: str, facts: list[str], question: str, ok: bool) -> None:
    found = book(text, facts, question)
    assert found.entries
    assert found.ok == ok, found.entries


@pytest.mark.parametrize(
    "text",
    [
        "It is GOTS certified.", "It draws 60 W.", "有FSC认证。", "It is the best jug in the world.", "It's vegan.",
        "There are three places free.", "Next-day delivery!", "质保三年。", "下周起打七折。", "ref. AB-778812",
    ],
)  # fmt: skip
def test_what_no_fact_bears_is_unsupported(text: str) -> None:
    assert book(text, ["Rowan Jug - capacity: 650 ml"]).worst == "unsupported"


@pytest.mark.parametrize(
    ("text", "facts", "ok"),
    [
        ("It can go in the dishwasher.", ["Rowan Jug - dishwasher safe: no"], False),
        ("Please keep it out of the dishwasher.", ["Rowan Jug - dishwasher safe: no"], True),
        ("It isn't dishwasher safe.", ["Rowan Jug - dishwasher safe: yes"], False),
        ("定制商品不能退。", ["定制商品可以退"], False),
        ("定制商品不能退。", ["定制商品不退不换"], True),
        ("不是不能退。", ["定制商品不退不换"], False),
        ("It is BPA-free.", ["Rowan Jug - BPA-free: yes"], True),
        ("It contains BPA.", ["Rowan Jug - BPA-free: yes"], False),
        ("Rowan Jug: BPA-free – yes.", ["Rowan Jug - BPA-free: yes"], True),
        ("Rowan Jug: BPA-free – no.", ["Rowan Jug - BPA-free: yes"], False),
        ("不含酒精。", ["护手霜 - 酒精：无"], True),
        ("It is waterproof.", ["Q: Is the coat waterproof? A: No, only water-repellent."], False),
    ],
)
def test_polarity_is_decided_by_rule(text: str, facts: list[str], ok: bool) -> None:
    found = book(text, facts)
    assert [entry.kind for entry in found.entries] == ["polarity"]
    assert found.ok == ok


def test_a_day_decides_which_price_holds() -> None:
    fact = ["Rowan Jug - price: 52.00 EUR until 30 April 2026, then 58.00 EUR"]
    assert book("It is €52.", fact, today=date(2026, 4, 2)).ok
    assert not book("It is €52.", fact, today=date(2026, 5, 2)).ok
    assert book("It is €58, the €52 price ended in April.", fact, today=date(2026, 5, 2)).ok


def test_what_the_caller_computed_is_derived() -> None:
    found = book("Revenue was 430.50 EUR.", [], derived=["430.50 EUR"])
    assert [entry.result for entry in found.entries] == ["derived"]


def test_saying_that_something_is_not_known_is_no_claim() -> None:
    assert book("鱼油在售，不过资料里没有库存数量。", ["鱼油"], "还剩几盒").ok


def test_a_text_without_claims_has_no_worst_result() -> None:
    found = book("How lovely, a birthday! What does she like?", JUGS)
    assert found.entries == ()
    assert found.worst is None
    assert found.ok


def test_what_the_customer_said_is_no_claim() -> None:
    assert book("For your 5 guests I'd look at the Rowan Jug.", JUGS, "we are 5 guests").ok


def test_a_hashtag_of_a_products_name_is_no_number_of_an_order() -> None:
    facts = ["Lomond 2 Tent - persons: 2", "Lomond 2 Tent - price: 289.00 EUR"]
    assert book("The Lomond 2 Tent sleeps 2. #Lomond2Tent", facts).ok
    assert not book("The Lomond 2 Tent sleeps 2. #Lomond3Tent", facts).ok
