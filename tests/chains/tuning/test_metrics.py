"""What counts as a right answer, and what does not."""

import pytest

from chains.tuning.metrics import is_right, of_copy, says_yes
from chains.tuning.rows import Row

FACTS = (
    "Pell stove - log length: up to 33 cm", "Pell stove - warranty: 5 years", "Sound bar - shipped rolled: yes",
    "烘干机 - 高度：85厘米", "存包：不超过A4大小，每件10元", "烘干机 - 卷装发货：是",
)  # fmt: skip


def row(question: str, uses: tuple[int, ...], reply: str) -> Row:
    language = "zh" if any("\u4e00" <= c <= "\u9fff" for c in question) else "en"
    return Row(task="answer", language=language, shop="a", name="A", facts=FACTS, uses=uses, question=question,
               reply=reply)  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "uses", "expected", "said", "right"),
    [
        ("will half metre logs go in", (0,), "No, logs may be up to 33 cm.", "No, up to 33 cm.", True),
        ("will half metre logs go in", (0,), "No, logs may be up to 33 cm.", "Yes, up to 33 cm.", False),
        ("how long may a log be", (0,), "Up to 33 cm.", "Up to 5 years.", False),
        ("any age limit for logs", (0,), "There's none beyond 33 cm.", "33 cm, with 5 years.", False),
        ("how long may a log be", (0,), "Up to 33 cm.", "I don't know, sorry.", False),
        ("是不是卷着发", (5,), "没错，这款是卷装发货。", "是的，卷装发货。", True),
        ("是不是卷着发", (5,), "没错，这款是卷装发货。", "不是，不卷装发货。", False),
        ("包能存吗，多少钱", (4,), "可以存，每件10元。", "不超过A4大小的能存，每件10元。", True),
        ("包能存吗，多少钱", (4,), "可以存，每件10元。", "不能存。", False),
        ("一米的柜子下面放得下吗", (3,), "放得下，高度85厘米。", "放不下，高度85厘米。", False),
    ],
)
def test_an_answer_is_right_for_what_it_says(
    asked: str, uses: tuple[int, ...], expected: str, said: str, right: bool
) -> None:
    assert is_right(row(asked, uses, expected), said) is right


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("Yes, but it isn't for outdoors.", True), ("No problem, bring it in.", True), ("Sorry, only on Fridays.", False),
        ("It takes no more than 3 days.", True), ("It isn't sold singly.", False), ("没问题，随时来。", True),
        ("抱歉，周一不开门。", False), ("装不下，只有12升。", False), ("可以，不过不能机洗。", True), ("无押金。", False),
    ],
)  # fmt: skip
def test_a_yes_is_told_from_a_no(text: str, yes: bool) -> None:
    assert says_yes(text) is yes


def test_copy_of_which_one_variant_is_left_has_no_likeness() -> None:
    copy = Row(task="copy", language="en", shop="a", name="A", facts=("Pell stove - price: €240",), channel="sms", product="Pell stove",
               reply="Pell stove, €240.")  # fmt: skip
    measured = of_copy([copy, copy], [["Pell stove, €240."], ["Warm for €240.", "Pell: warm rooms, €240."]])
    assert measured["self_bleu"].n == 1
    assert of_copy([copy], [["Pell stove, €240."]])["self_bleu"].n == 0
