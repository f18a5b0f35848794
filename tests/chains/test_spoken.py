"""Messages as they are typed on a phone: what they stand for, and that nothing else is touched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chains.spoken import plainly
from knowledge.languages import detect


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("wats the damage on the small tent", "what's the damage on the small tent"),
        ("do u post to ye olde town", "do you post to ye olde town"),
        ("how many ppl fit in n is it heavy", "how many people fit in and is it heavy"),
        ("r they in, i dont need it b4 xmas", "are they in, i don't need it before Christmas"),
        ("这锅好多钱", "这锅多少钱"),
        ("那天来了好多人", "那天来了好多人"),
        ("蓝色的还有没得", "蓝色的还有没有"),
        ("好久没来你们店了", "好久没来你们店了"),
        ("礼拜天开到几点", "周日开到几点"),
        ("冇货咩嘢时候返", "没有货什么时候返"),
        ("师傅上嚟量窗几多钱", "师傅上来量窗多少钱"),
        ("do you take amex", "do you take American Express"),
    ],
)
def test_is_put_in_plain_words(typed: str, meant: str) -> None:
    assert plainly(typed) == meant


@pytest.mark.parametrize(
    "name", ["Angkor Wat print", "U-lock 12 mm", "R8 frame", "Type U socket", "Q&A card N 4", "不得行"]
)
def test_names_stay(name: str) -> None:
    assert plainly(name) == name


@given(st.text(max_size=80))
def test_what_is_plain_stays_so(text: str) -> None:
    once = plainly(text)
    if detect(once) == detect(text):
        assert plainly(once) == once
