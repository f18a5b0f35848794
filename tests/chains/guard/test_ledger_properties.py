"""The claim ledger on any text: spans, widths, number words, units, size."""

import statistics
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chains.guard.ledger import warm_up
from tests.chains.guard.books import book

SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ["-", "-", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
HAN = "零一二三四五六七八九"
PIECES = st.sampled_from(
    [
        "58 EUR", "€", "5", "三", "点", "半", "%", "折", "两米", "-", " to ", "月", "号", "31", "周", "not ",
        "free", "×", ":", "no", "1️⃣", "９", "９9年", "不", "退", ".", ",", "，", "Jug", "茶壶", " - ", "：",
        "half", "a ", "dozen", "quarter past ", "2026-02-31", "ABC-12", "Order ", "订单", "oak ",
        "laminated ", "棉麻", "304不锈钢", "pure ", "GOTS ", "EN 892", "made in ", "Spain", "产自", "浙江产",
        "cheapest", "最轻", "in stock", "还剩", "sold out", "warranty ", "lifetime ", "质保", "buy 3, pay for 2",
        "买二送一", "dishwasher ", "洗碗机", "Yes, ", "是的，", "closed ", "Monday ", "周六", "9-18", "8×32", "2 × ",
        "shipped", "已发货", "next day", "当天", "within ", "以内", "up to ", "last ", "十二月", "0000年",
        "9999-12-31", "\n", "?", "？"
    ]
)  # fmt: skip


def english(number: int) -> str:
    if number < 20:
        return SMALL[number]
    if number < 100:
        return TENS[number // 10] + (f"-{SMALL[number % 10]}" if number % 10 else "")
    if number < 1000:
        rest = f" and {english(number % 100)}" if number % 100 else ""
        return f"{SMALL[number // 100]} hundred{rest}"
    rest = number % 1000
    joint = " and " if 0 < rest < 100 else " "
    return f"{SMALL[number // 1000]} thousand" + (joint + english(rest) if rest else "")


def chinese(number: int) -> str:
    if number < 10:
        return HAN[number]
    said, gap = "", False
    for size, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = number // size, number % size
        if digit:
            said += ("零" if gap and said else "") + HAN[digit] + name
            gap = False
        else:
            gap = True
    return said.removeprefix("一") if said.startswith("一十") else said


def results(text: str, known: str) -> list[str]:
    return [entry.result for entry in book(text, [known]).entries]


@given(st.text(max_size=120) | st.lists(PIECES, max_size=14).map("".join), st.text(max_size=60) | st.lists(PIECES, max_size=8).map("".join))  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_any_text_is_judged_and_its_spans_index_it(text: str, known: str) -> None:
    for entry in book(text, [known, f"Jug - price: {known}"], known).entries:
        assert 0 <= entry.start < entry.end <= len(text)
        assert text[entry.start : entry.end] == entry.text


@given(st.lists(PIECES, max_size=10).map("".join))
@settings(max_examples=60, deadline=None)
def test_full_width_is_half_width(text: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" and c not in ",.;:" else c for c in text)
    known = ["Jug - price: 58 EUR", "茶壶 - 可以退"]
    kinds = [(entry.kind, entry.result) for entry in book(text, known).entries]
    assert [(entry.kind, entry.result) for entry in book(wide, known).entries] == kinds


@given(st.integers(2, 9999))
@settings(max_examples=120, deadline=None)
def test_numbers_in_words_are_numbers_in_digits(number: int) -> None:
    assert results(f"It costs {english(number)} euros.", f"Jug - price: {number} EUR") == ["supported"]
    assert results(f"售价{chinese(number)}元。", f"茶壶 - 价格：{number}元") == ["supported"]
    assert results(f"It costs {english(number)} euros.", f"Jug - price: {number + 1} EUR") == ["contradicted"]
    assert results(f"售价{chinese(number)}元。", f"茶壶 - 价格：{number + 1}元") == ["contradicted"]


@pytest.mark.parametrize("number", [0, 1, 10, 19, 20, 100, 101, 110, 999, 1000, 1001, 1010, 1100, 9009, 9999])
def test_numbers_at_the_joints(number: int) -> None:
    assert results(f"It weighs {english(number)} grams.", f"Jug - weight: {number} g") == ["supported"]
    assert results(f"重{chinese(number)}克。", f"茶壶 - 重量：{number}克") == ["supported"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("650 ml", "0.65 l"), ("650毫升", "0.65升"), ("1.5 kg", "三斤"), ("45 cm", "450 mm"), ("2 kW", "2000 W"), ("48 hours", "2 days"),
     ("24 months", "two years"), ("72小时", "三天"), ("10 inches", "25.4 cm"), ("1 kg", "1000克"), ("90分钟", "一个半小时")],
)  # fmt: skip
def test_units_convert_both_ways(one: str, other: str) -> None:
    assert results(f"It is {one}.", f"Jug - measure: {other}") == ["supported"]
    assert results(f"It is {other}.", f"Jug - measure: {one}") == ["supported"]


@pytest.mark.parametrize(
    "piece",
    ["It costs 58 EUR. ", "1 ", "a", " ", "不能退", "9-", "1.", "one hundred and ", "容量六百五十毫升，"],
)
def test_time_does_not_run_away(piece: str) -> None:
    """20,000 characters of what patterns stumble over: quadratic time would be felt here."""
    text = (piece * 20_000)[:20_000]
    assert all(entry.end <= len(text) for entry in book(text, ["Jug - price: 58 EUR"]).entries)


def test_a_reply_is_judged_in_milliseconds() -> None:
    """Processor time of replies of a few sentences, each with facts not read before; lists are read beforehand."""
    warm_up()
    times = []
    for n in range(2, 42):
        facts = [
            f"Jug {n} - price: {n} EUR",
            f"Jug {n} - capacity: {n * 10} ml",
            f"配送{n}：满{n}元包邮",
        ]
        started = time.process_time()
        book(f"Jug {n} holds {n * 10} ml and costs €{n}. 两把一共{2 * n}元，包邮。", facts, "two?")
        times.append(time.process_time() - started)
    assert statistics.median(times) < 0.010


def test_a_million_characters_come_to_an_end() -> None:
    text = "(" * 999_980 + " It costs 58 EUR."
    found = book(text, ["Jug - price: 58 EUR"]).entries
    assert [entry.text for entry in found] == ["58 EUR"]
