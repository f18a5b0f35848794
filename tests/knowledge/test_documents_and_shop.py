"""How documents are cut, and what owners may write in a shop file."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.crm.sources import Fact
from knowledge.errors import BadFile
from knowledge.ingest.documents import LONGEST, cut, document_facts
from knowledge.ingest.shop_file import read_shop
from tests.knowledge.room import Room


@given(
    st.lists(
        st.sampled_from(["word ", "Sentence one. ", "价3.5元。", "\n", "\n\n", "x" * 400, "茶" * 900]),
        max_size=25,
    )
)
def test_cutting_loses_nothing_and_keeps_the_order(parts: list[str]):
    text = "".join(parts).strip()
    pieces = cut(text)
    assert "".join("".join(piece.split()) for _, piece in pieces) == "".join(text.split())
    assert all(0 < len(piece) <= LONGEST for _, piece in pieces)
    lines = text.split("\n")
    for shift, piece in pieces:
        assert piece.split("\n")[0].strip() in lines[shift], "each piece knows the line it begins on"


def test_sections_know_their_lines(tmp_path: Path):
    path = tmp_path / "guide.md"
    long = "A sentence of some length that says little.\n" * 30
    path.write_text(
        f"\n\nIntro.\n\n# Care\n\n\n{long}\n## Deep\n```\n# not a heading\n```\n# Care\nAgain.\n#no heading\n"
    )
    facts = document_facts(path)
    assert [(fact.details["heading"], fact.part) for fact in facts][:2] == [("guide", 0), ("Care", 0)]
    lines = path.read_text().split("\n")
    for fact in facts:
        assert fact.line is not None
        first = fact.details["body"].split("\n")[0]
        assert first in lines[fact.line - 1] or (
            fact.part == 0 and fact.details["heading"] in lines[fact.line - 1]
        )
    assert len({fact.id for fact in facts}) == len(facts)
    assert "# not a heading" in facts[-2].text
    assert "#no heading" in facts[-1].text


@pytest.mark.parametrize(
    ("front", "scope", "language"),
    [
        ("", "public", "en"),
        ("\n---\nAudience: Internal\nlanguage: zh-CN\n---\n", "internal", "zh"),
        ("\ufeff---\r\naudience: internal\r\n---\r\n", "internal", "en"),
        ("---\nlanguage: 中文\n...\n", "public", "zh"),
        ("---\n\n", "public", "en"),
    ],
)
def test_front_matter(tmp_path: Path, front: str, scope: str, language: str):
    path = tmp_path / "guide.md"
    path.write_text(f"{front}# Care\nRinse it well.", newline="")
    fact = document_facts(path)[-1]
    assert (fact.scope, fact.language) == (scope, language)


def test_yaml_values_stay_as_they_are_written(tmp_path: Path):
    path = tmp_path / "shop.yaml"
    path.write_text(
        "name: K\ntimezone:\ncurrency:\nphone: +493012345\nother: 0123\nreturns: 30\n"
        "opening_hours: {open: 9:30, close: 18:00}\nshipping: [{country: NO, price: 4.90, express: no}]\n"
    )
    shop = read_shop(path)
    assert shop["opening_hours"] == {"open": "9:30", "close": "18:00"}
    assert (shop["phone"], shop["other"], shop["returns"]) == ("+493012345", "0123", 30)
    assert shop["shipping"] == [{"country": "NO", "price": "4.90", "express": False}]
    assert (shop["timezone"], shop["currency"]) == ("UTC", "EUR")
    path.write_text("name: K\nmon: " + "[" * 5000)
    with pytest.raises(BadFile):
        read_shop(path)


def test_both_languages_and_internal_keys(room: Room):
    room.load(
        room.file(
            "shop.toml", 'name = "K"\nbrand_voice = "calm"\nreturn_window_days = 14\n[contact]\nname = "Mira"'
        )
    )
    facts = room.all(Fact)
    assert {(fact.language, fact.scope) for fact in facts if "calm" in fact.text} == {
        ("en", "internal"),
        ("zh", "internal"),
    }
    assert {fact.language for fact in facts if "14" in fact.text and fact.scope == "public"} == {"en", "zh"}


def test_a_contact_is_said_as_one_would_say_it(room: Room):
    room.load(
        room.file(
            "shop.toml",
            'name = "K"\nlanguages = ["en", "zh"]\n[contact]\nname = "Mira"\nemail = "m@k.example"\n'
            'wechat = "mira-tea"\nhours = "Mon-Fri 9-17"\n',
        )
    )
    said = {fact.language: fact.text for fact in room.all(Fact) if "m@k.example" in fact.text}
    assert said["en"] == "Contact: Mira, m@k.example, WeChat mira-tea (Mon-Fri 9-17)"
    assert said["zh"] == "联系方式：Mira，m@k.example，微信 mira-tea（周一至周五 9-17）"


def test_a_shipping_rows_currency_is_said_with_its_amounts(room: Room):
    row = '[[shipping]]\nregion = "Japan"\nprice = 25\ncurrency = "CNY"\nfree_over = 599\ndays = "5-8"\n'
    room.load(room.file("shop.toml", f'name = "K"\nlanguages = ["en", "zh"]\ncurrency = "EUR"\n{row}'))
    said = {fact.language: fact.text for fact in room.all(Fact) if "599" in fact.text}
    assert said["en"] == "Shipping to Japan: 25 CNY, free from 599 CNY, 5-8 days"
    assert said["zh"].endswith("：运费 25 CNY，满 599 CNY 包邮，5-8 天")
