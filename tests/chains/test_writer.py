"""What the model may and may not say of a fact."""

from dataclasses import replace
from decimal import Decimal

import pytest

from chains.evidence import Evidence
from chains.stance import without_lead
from chains.statement import in_its_terms, told_of
from chains.writer import Asked, named, objection, tidy, unasked
from knowledge.crm.catalogue_view import Item


def asked(value: str, question: str = "How big is it?", key: str = "capacity", language: str = "en") -> Asked:
    name = "Rowan Jug" if language == "en" else "罗恩水壶"
    said = f"{name} - {key}: {value}"
    return Asked(
        "Shop",
        question,
        Evidence("f", said, "p.csv:2", "public", "product", language, None, key, value),
        language,
    )


def item(value: str) -> Asked:
    """A fact of a product."""
    product = Item("J-1", Decimal(9), "EUR", 4, {"en": "Rowan Jug"}, {}, {}, {}, {"en": "p.csv:2"})
    one = asked(value)
    return replace(one, evidence=replace(one.evidence, item=product))


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("It holds 650 ml.", asked("650 ml")),
        ("The Rowan Jug has a capacity of 650 ml.", asked("650 ml")),
        ("它的容量是650毫升。", asked("650毫升", "多大？", "容量", "zh")),
        ("Yes, we have 4 in stock.", asked("4", "any left?", "in stock")),
        ("Sorry, the Rowan Jug is sold out.", asked("0", "any left?", "in stock")),
        ("库存是8。", asked("8", "剩几把", "库存", "zh")),
        ("有货，还有4件。", asked("4", "还有货吗？", "库存", "zh")),
        ("抱歉，罗恩水壶目前缺货。", asked("0", "还有货吗？", "库存", "zh")),
        ("The Rowan Jug is €64.90.", asked("€64.90", "what is it?", "price")),
    ],
)
def test_words_that_the_fact_bears_out_may_leave(text: str, fact: Asked) -> None:
    assert objection(text, fact) is None


@pytest.mark.parametrize(
    ("text", "why", "fact"),
    [
        ("It holds 750 ml.", "number", asked("650 ml")),
        ("It holds a lot.", "value left out", asked("650 ml")),
        ("The capacity is given: 650.", "listed", item("650")),
        ("没有库存8件。", "number", asked("8", "剩几把", "库存", "zh")),
        ("有，库存是0。", "polarity", asked("0", "还有货吗？", "库存", "zh")),
        ("库存是9。", "number", asked("8", "剩几把", "库存", "zh")),
        ("Yes, it holds 650 ml.", "yes or no", asked("650 ml")),
        ("It does not hold 650 ml.", "polarity", asked("650 ml")),
        ("Yes, we have 14 in stock.", "number", asked("4", "any left?", "in stock")),
        ("Yes, it is in stock.", "number", asked("0", "any left?", "in stock")),
        ("It is a jug.", "polarity", asked("0", "any left?", "in stock")),
        ("有货。", "number", asked("0", "还有货吗？", "库存", "zh")),
        ("The Rowan Jug is €46.90.", "number", asked("€64.90", "what is it?", "price")),
        ("容量是650毫升。", "language", asked("650 ml")),
        ("", "length", asked("650 ml")),
        (
            "The Rowan Jug 650 ml was hand forged by monks in distant mountain villages.",
            "new words",
            asked("650 ml"),
        ),
    ],
)
def test_others_may_not(text: str, why: str, fact: Asked) -> None:
    found = objection(text, fact)
    assert found is not None
    assert found.reason == why


def entry(value: str) -> Asked:
    question = "Should I replace a helmet after a crash?"
    fact = Evidence("f", f"{question} {value}", "faq.csv:2", "public", "faq", "en", None, question, value)
    return Asked("Shop", question, fact, "en")


ORDER = Asked(
    "Shop", "When will order TT-25163 arrive?",
    Evidence(
        "o", "Order TT-25163 - expected delivery: 25 November 2026", "o.csv:2", "customer:C-1", "order", "en", None,
        "expected delivery", "25 November 2026",
    ),
    "en", must=("25 November 2026",),
)  # fmt: skip
ONE_OF_TWO = replace(
    asked("650 ml"), apart=frozenset({"rowan"}), others=frozenset({"alder"})
)  # of several products, each is to be named


@pytest.mark.parametrize(
    ("text", "why", "fact"),
    [
        ("Yes, always, even if you see no damage.", None, entry("Yes, always, even if you see no damage.")),
        (
            "No, not always, even if you see damage.",
            "polarity",
            entry("Yes, always, even if you see damage."),
        ),
        ("Yes, bring the old one.", "yes or no", entry("Bring the old one.")),
        ("Order TT-25163 is expected on 25 November 2026.", None, ORDER),
        ("Order TT-25163 is expected on 26 November 2026.", "number", ORDER),
        ("Order TT-25163 is expected soon.", "value left out", ORDER),
        ("The Rowan Jug holds 650 ml.", None, ONE_OF_TWO),
        ("It holds 650 ml.", "unnamed", ONE_OF_TWO),
        ("The Alder Jug holds 650 ml.", "another product", ONE_OF_TWO),
    ],
)
def test_what_a_sentence_of_several_has_to_hold(text: str, why: str | None, fact: Asked) -> None:
    found = objection(text, fact)
    assert (found.reason if found else None) == why


@pytest.mark.parametrize(
    ("text", "language", "rest"),
    [
        ("No, the battery is 500 Wh.", "en", "The battery is 500 Wh."),
        ("Sorry, no, it is 3.", "en", "It is 3."),
        ("Nothing else is needed.", "en", ""),
        ("Yes.", "en", ""),
        ("有的，电池是500瓦时。", "zh", "电池是500瓦时。"),
        ("有货，还有4件。", "zh", ""),
    ],
)
def test_an_opening_is_taken_off_only_where_it_is_one(text: str, language: str, rest: str) -> None:
    assert without_lead(text, language) == rest


def test_tidy_drops_list_marks_and_cut_off_ends() -> None:
    assert tidy("- It holds 650 ml. And it also comes with a") == "It holds 650 ml."
    assert tidy("\n\n650 ml\n\nCustomer: x") == "650 ml"


def of(name: str, key: str, value: str, language: str = "en", question: str = "Tell me") -> Asked:
    """A fact of a named product, as the model is given it."""
    product = Item("P-1", Decimal(9), "EUR", 0, {language: name}, {}, {}, {}, {language: "p.csv:2"})
    said = f"{name} - {key}: {value}"
    row = Evidence("f", said, "p.csv:2", "public", "product", language, product, key, value)
    (told,) = told_of(row, said)
    assert told.fact is not None
    return Asked("Shop", question, told.fact, language)


@pytest.mark.parametrize(
    ("text", "why", "fact"),
    [
        ("No, the Rowan Jug is out of stock.", None, of("Rowan Jug", "in stock", "0")),
        ("No, the Rowan Jug is not in stock.", None, of("Rowan Jug", "in stock", "0")),
        ("Yes, in stock are 0.", "number", of("Rowan Jug", "in stock", "0")),
        ("No, it's in stock in 0.", "number", of("Rowan Jug", "in stock", "0")),
        ("Yes, it is out of stock.", "polarity", of("Rowan Jug", "in stock", "0")),
        ("没有，这款罗恩水壶没有货。", None, of("罗恩水壶", "库存", "0", "zh")),
        ("没有，罗恩水壶缺货。", None, of("罗恩水壶", "库存", "0", "zh")),
        ("有，缺货。", "polarity", of("罗恩水壶", "库存", "0", "zh")),
        ("没有，库存是0。", "polarity", of("罗恩水壶", "库存", "0", "zh")),
    ],
)
def test_what_is_sold_out_is_said_in_words(text: str, why: str | None, fact: Asked) -> None:
    found = objection(text, fact)
    assert (found.reason if found else None) == why


def test_a_bare_nought_of_a_row_is_not_said() -> None:
    found = objection("Yes, in stock are 0.", asked("0", "any left?", "in stock"))
    assert found is not None
    assert found.reason == "polarity"


@pytest.mark.parametrize(
    ("text", "why", "fact"),
    [
        ("No, the Carver V1 comes without a cable.", None, of("Carver V1", "cable included", "no")),
        ("No, the Carver V1 comes with a cable.", "polarity", of("Carver V1", "cable included", "no")),
        ("No, the map and compass day is included.", "polarity", of("Map Day", "lunch included", "no")),
        ("No lunch, no map and no compass.", "value left out", of("Map Day", "lunch included", "no")),
        ("这款调音器可以充电。", None, of("调音器", "可充电", "是", "zh")),
        ("这款浴巾不能烘干机。", "value left out", of("浴巾", "可烘干", "否", "zh")),
        ("不是，橡胶甲板靴没有半码。", None, of("橡胶甲板靴", "半码", "无", "zh")),
        ("橡胶甲板靴的半码是无码。", "polarity", of("橡胶甲板靴", "半码", "无", "zh")),
        ("It isn't laptop size.", "polarity", of("Wren sling bag", "laptop", "no")),
        ("Yes, the treat ball is dishwasher.", "polarity", of("Treat ball", "dishwasher", "yes")),
        ("Yes, the treat ball can go in the dishwasher.", None, of("Treat ball", "dishwasher", "yes")),
        ("The mini pump has no pressure gauge.", None, of("Mini pump", "pressure gauge", "no")),
        ("The mini pump has a pressure gauge.", "polarity", of("Mini pump", "pressure gauge", "no")),
        ("It isn't allowed in cabin baggage.", None, of("Power Station", "allowed in cabin baggage", "no")),
    ],
)
def test_a_yes_or_no_in_other_words(text: str, why: str | None, fact: Asked) -> None:
    found = objection(text, fact)
    assert (found.reason if found else None) == why


LATE = of("Weekend lens hire", "late return", "20 per day")


@pytest.mark.parametrize(
    ("text", "why", "fact"),
    [
        ("Late return is possible on 20 per day.", "permission", LATE),
        ("Late return can be 20 per day.", "permission", LATE),
        ("Late return is 20 per day.", None, LATE),
        ("可以，晚还每天20元。", "yes or no", of("镜头租赁", "晚还", "每天20元", "zh")),
        ("带的，两个抽屉，静音滑轨。", "yes or no", of("床头柜", "抽屉", "两个，静音滑轨", "zh")),
        ("两个抽屉，静音滑轨。", None, of("床头柜", "抽屉", "两个，静音滑轨", "zh")),
        ("可以晚还，每天20元。", "permission", of("镜头租赁", "晚还", "每天20元", "zh")),
        ("镜头租赁晚还可以每天20元。", "permission", of("镜头租赁", "晚还", "每天20元", "zh")),
        ("It can carry 22 kg.", None, of("Ridge 65", "max load: carry", "22 kg")),
        ("The jug can go in the dishwasher at 30 °C.", None, of("Jug", "dishwasher", "yes, 30 °C")),
        ("Can be returned within 30 days.", None, of("Lens hire", "can be returned", "within 30 days")),
    ],
)
def test_what_the_row_does_not_allow_is_not_allowed(text: str, why: str | None, fact: Asked) -> None:
    found = objection(text, fact)
    assert (found.reason if found else None) == why


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("鸭肉无谷成犬粮559.00元。", of("鸭肉无谷成犬粮 10kg", "价格", "559.00 元", "zh")),
        ("米娅和没有钟的塔的价格是9.50欧元。", of("米娅和没有钟的塔", "价格", "9.50 欧元", "zh")),
    ],
)
def test_a_no_within_a_name_denies_nothing(text: str, fact: Asked) -> None:
    assert objection(text, fact) is None


def test_names_of_the_other_script_are_no_other_language() -> None:
    goods = "1 × Ember Busker 25、1 × Carver V1 Dynamic Vocal Microphone"
    fact = Evidence(
        "o", f"订单 HB-1 - 商品：{goods}", "o.csv:2", "customer:C-1", "order", "zh", None, "商品", goods
    )
    one = Asked("Shop", "订单里有什么？", fact, "zh")
    assert objection(f"订单 HB-1 里有{goods}。", one) is None
    found = objection("The order has 1 × Ember Busker 25 and 1 × Carver V1 Dynamic Vocal Microphone.", one)
    assert found is not None
    assert found.reason == "language"


@pytest.mark.parametrize(
    ("text", "name", "language", "whole"),
    [
        ("It's dishwasher safe.", "Silicone Bib", "en", "The Silicone Bib is dishwasher safe."),
        ("Yes, it's dishwasher safe.", "Silicone Bib", "en", "The Silicone Bib is dishwasher safe."),
        ("It doesn't need water.", "Silicone Bib", "en", "The Silicone Bib doesn't need water."),
        ("It is soft.", "Nappies", "en", "Nappies: it is soft."),
        ("€9.00.", "Silicone Bib", "en", "Silicone Bib: €9.00."),
        ("Harvest time: 75 days.", "Seeds", "en", ""),
        ("The germinates in 7 days.", "Seeds", "en", ""),
        ("是的，附地布。", "三人帐篷", "zh", "三人帐篷：附地布。"),
        ("它附地布。", "三人帐篷", "zh", "三人帐篷附地布。"),
    ],
)
def test_a_name_is_put_in_front(text: str, name: str, language: str, whole: str) -> None:
    assert named(text, name, language) == whole


def test_an_entry_for_another_question_has_to_name_its_matter() -> None:
    entry = Evidence("faq:1", "Q: Do you ship abroad? A: No, mainland China only.", "faq.csv:3", "public", "faq", "en",
                     None, "Do you ship abroad?", "No, mainland China only.")  # fmt: skip
    first, *_ = in_its_terms(
        told_of(entry, entry.value), "On “Do you ship abroad?”: ", "can my gran in HK get it"
    )
    assert first.text == "On “Do you ship abroad?”: No, mainland China only."
    assert (first.question, first.topic) == ("Do you ship abroad?", frozenset({"ship", "abroad"}))
    asked = Asked("the shop", first.question, entry, "en", first.plainly, topic=first.topic)
    assert objection("No, we ship to mainland China only.", asked) is None
    assert objection("No, mainland China only.", asked).reason == "topic"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "key", "rest"),
    [
        ("Do you ship abroad? We ship to the EU.", "Do you ship abroad?", "We ship to the EU."),
        ("学生有折扣吗，木柴不参加。", "学生有折扣吗？", "木柴不参加。"),
        ("We ship to the EU.", "Do you ship abroad?", "We ship to the EU."),
        ("Do you ship abroad?", "Do you ship abroad?", "Do you ship abroad?"),
    ],
)
def test_the_entrys_question_is_not_said_again(text: str, key: str, rest: str) -> None:
    entry = Evidence("faq:1", f"{key} {rest}", "faq.csv:3", "public", "faq", "en", None, key, rest)
    assert unasked(text, entry) == rest
