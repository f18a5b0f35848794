"""Quantities, measures and words that no row explains."""

from decimal import Decimal

import pytest

from chains.budget import limit_in
from chains.products import measure
from chains.quantities import counted, quantity_in
from chains.siblings import sibling
from chains.subject import category_in, unexplained
from knowledge.crm.catalogue_view import Item
from knowledge.crm.desk import Desk, Shelf
from knowledge.folder import Knowledge
from knowledge.principal import STRANGER
from tests.chains.conftest import Ask


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("how much for 3 of them", 3),
        ("two bottles please", 2),
        ("买两条一共多少", 2),
        ("要5个", 5),
        ("二十五个多少钱", 25),
        ("十二瓶一共多少", 12),
        ("1.5个", None),
        ("how much is the Firefly 600", None),
        ("多少钱", None),
    ],
)
def test_quantity(text: str, number: int | None) -> None:
    assert quantity_in(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("25 metres of the mooring rope, what's that?", 25),
        ("系泊缆绳 来25米 光绳子多少钱", 25),
        ("三十块钱能买几米", None),
        ("二十五米多少钱", 25),
        ("1.5米宽的吗", None),
        ("is it 12mm thick", None),
    ],
)
def test_metres_of_what_is_sold_by_the_metre(text: str, number: int | None) -> None:
    rope = Item(
        "R", Decimal("2.40"), "EUR", 9, {"en": "Mooring rope, 12 mm", "zh": "系泊缆绳 12毫米"}, {},
        {"zh": "按米计价，手感柔软。"}, {"en": {"sold by": "metre", "breaking load": "2,050 kg"}}, {},
    )  # fmt: skip
    assert quantity_in(text, rope) == number
    assert counted(25, text, rope, "zh") == ("25件" if number is None or "metres" in text else "25米")


@pytest.mark.parametrize(
    ("value", "size"),
    [("1.2 kg", 1200), ("340 g", 340), ("2 公斤", 2000), ("0,5 l", 500), ("yes", None), ("3 years", 1095)],
)
def test_measure(value: str, size: int | None) -> None:
    assert measure(value) == (None if size is None else Decimal(size))


def test_a_word_that_no_row_explains(bikes: Knowledge) -> None:
    catalogue = Desk(Shelf(bikes.database), STRANGER).catalogue
    mat = next(item for item in catalogue.items.values() if "Nimbus" in item.name("en"))
    assert unexplained("Do you sell inflatable kayaks?", mat) == ["kayak"]
    assert unexplained("do you have the Nimbus inflatable mat in stock", mat) == []


def test_categories_are_found_in_both_languages(bikes: Knowledge) -> None:
    catalogue = Desk(Shelf(bikes.database), STRANGER).catalogue
    for category, items in catalogue.categories.items():
        if len(category) > 1:
            found = category_in(f"which {category} do you have", catalogue)
            assert found is not None
            assert items[0] in catalogue.categories[found]


def test_a_category_is_not_found_within_another_word(bikes: Knowledge) -> None:
    catalogue = Desk(Shelf(bikes.database), STRANGER).catalogue
    assert category_in("which bags do you have", catalogue) == "bags"
    assert category_in("do you sell sandbagsacks", catalogue) is None


@pytest.mark.parametrize(
    "text", ["Is the Dorrin helmet dial adjusted?", "how long is your Dorrin lock please"]
)
def test_a_product_by_a_name_that_none_of_ours_bears_is_not_taken_for_ours(ask: Ask, text: str) -> None:
    answer = ask(text)
    assert answer.verdict == "unknown"
    assert "Dorrin" in answer.reply


@pytest.mark.parametrize(
    "text",
    ["Is the Oakgate lock Gold rated?", "Does the Arcline helmet fit me in Berlin? It has MIPS, right?"],
)
def test_a_name_elsewhere_in_the_question_changes_nothing(ask: Ask, text: str) -> None:
    assert "don't find" not in ask(text).reply


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("whats the damage for the Vine lock", "84.50"),
        ("How much is the lock that folds to the size of a chocolate bar?", "84.50"),
        ("Any of the Vine folding locks in right now?", "in stock"),
    ],
)
def test_price_and_stock_are_said_however_they_are_asked_for(ask: Ask, text: str, said: str) -> None:
    assert said in ask(text).reply


def test_the_bigger_one_is_the_next_of_the_same_name(bikes: Knowledge) -> None:
    items = Desk(Shelf(bikes.database), STRANGER).catalogue.items
    small, big = items["LGT-FIR-600"], items["LGT-FIR-1200"]
    assert sibling(small, list(items.values()), bigger=True) is big
    assert sibling(big, list(items.values()), bigger=False) is small
    assert sibling(big, list(items.values()), bigger=True) is None
    assert sibling(items["HLM-PEB-K"], list(items.values()), bigger=True) is None


TALK = [["customer", "how much is the Firefly 600?"], ["bot", "The Firefly 600 Front Light costs €54.00."]]


def test_a_follow_on_asks_the_same_of_another_size(ask: Ask) -> None:
    assert "89.00" in ask("and the bigger one?", history=TALK).reply


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("How much are two Whiff Mini Pumps and one Oakgate U-Lock together?", "111.00"),
        ("Ember 尾灯买两个，再加一个 Whiff 迷你打气筒，一共多少钱", "70.80"),
        ("what would a Bellows floor pump plus a Meridian gel saddle be in total", "95.00"),
    ],
)
def test_several_products_are_added_up(ask: Ask, text: str, total: str) -> None:
    answer = ask(text)
    assert total in answer.reply
    assert len(answer.facts) == 2
    assert all(claim.result != "unsupported" for claim in answer.claims)


def test_one_product_is_no_basket(ask: Ask) -> None:
    assert "ogether" not in ask("How much is the Oakgate U-Lock, and is it heavy?").reply


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("anything under 20 euro", 20), ("lights below €60.50 please", Decimal("60.50")), ("一百元", None),
        ("有没有50元以内的车灯", 50), ("预算 200 块", 200), ("a lock under 2 kg", None), ("up to 120 kg", None),
    ],
)  # fmt: skip
def test_limits_of_money(text: str, limit: object) -> None:
    assert limit_in(text) == limit


def test_what_can_be_afforded(ask: Ask) -> None:
    reply = ask("which front lights do you have under 60 euros?").reply
    assert "Firefly 600" in reply
    assert "Firefly 1200" not in reply
    assert ask("do you have a toaster under 100 euros").verdict == "unknown"


def test_an_unmeasured_superlative_is_not_guessed(ask: Ask) -> None:
    assert "°" not in ask("which lamp has the least caffeine").reply


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("What was it I bought back in April?", "order_question"),
        ("what did I order in January 2026", "order_question"),
    ],
)
def test_orders_are_found_by_month(ask: Ask, text: str, wanted: str) -> None:
    answer = ask(text, customer="C-1001")
    assert answer.intent == wanted
    assert answer.verdict in ("extractive", "allow")


@pytest.mark.parametrize(
    ("said", "told", "newest", "wanted"),
    [
        ("how many keys come with the Oakgate U-Lock?", "The Oakgate U-Lock comes with 3: keys supplied – 3.",
         "and the Vine Folding Lock?", "keys supplied"),
        ("can the Larch backpack go in the washing machine?", "No, it is not machine washable.",
         "and the Acorn Kids Backpack?", "machine washable"),
    ],
)  # fmt: skip
def test_the_attribute_told_last_is_asked_of_the_next_product(
    ask: Ask, said: str, told: str, newest: str, wanted: str
) -> None:
    answer = ask(newest, history=[["customer", said], ["bot", told]])
    assert wanted in answer.facts[0].text, answer.reply


def test_a_question_that_says_nothing_itself_is_not_asked_alone(ask: Ask) -> None:
    answer = ask("do you ship to vienna and how much")
    assert all(fact.source.startswith("shop.toml") for fact in answer.facts), answer.reply


@pytest.mark.parametrize(
    ("text", "sum_", "sent"),
    [
        ("1 Oakgate U-Lock and a Loop Cable Lock posted to Ghent, what does that come to?", "87.90", "free"),
        ("2 Loop Cable Locks posted to Berlin, what's that all in?", "47.70", "9.90"),
        ("两个Loop Cable Lock加一个Oakgate U-Lock寄到荷兰，连运费一共多少钱？", "106.80", "免运费"),
    ],
)
def test_what_goods_cost_with_shipping(ask: Ask, text: str, sum_: str, sent: str) -> None:
    answer = ask(text)
    assert sum_ in answer.reply
    assert sent in answer.reply
    assert {fact.source.split(":")[0] for fact in answer.facts} == {"products.csv", "shop.toml"}
    assert {claim.result for claim in answer.claims} <= {"supported", "derived"}
