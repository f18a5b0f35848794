"""The commands end to end: files in, the bundled model's words out, nobody's rows but one's own."""

import json
from pathlib import Path

import pytest

from bot.services import _assistant
from tests.bot.command_line import CommandLine

pytestmark = pytest.mark.model

FILES = {
    "shop.toml": 'name = "Harbour Lamps"\ncurrency = "EUR"\n',
    "products.csv": (
        "sku,name,category,price,stock,description,attributes,language\n"
        "LP-9,Halyard Desk Lamp,Lamps,59.00,4,A folding desk lamp.,bulb=E14; height=41 cm; dimmable=yes,en\n"
        "LP-9,缆绳台灯,灯具,59.00,4,可折叠台灯。,灯头=E14; 高度=41 cm; 可调光=是,zh\n"
    ),
    "customers.csv": "customer_id,name,language\nH1,Mara Holt,en\nH2,周宁,zh\n",
    "orders.csv": (
        "order_id,customer_id,ordered_at,status,carrier,tracking,sku,quantity,unit_price,order_shipping\n"
        "HL-501,H1,2026-11-01T10:00:00,shipped,DHL,JD0099,LP-9,2,59.00,4.90\n"
    ),
}


@pytest.fixture
def run(tmp_path: Path, capsys, monkeypatch) -> CommandLine:
    """A small shop, with the real assistant."""
    made = CommandLine(tmp_path, capsys, monkeypatch)
    monkeypatch.setattr("bot.services._assistant", _assistant)
    files = tmp_path / "files"
    files.mkdir()
    for name, text in FILES.items():
        (files / name).write_text(text, encoding="utf-8")
    assert made("ingest", str(files)).status == 0
    return made


def test_one_load_answers_customers_and_marketers(run: CommandLine):
    """Attributes, totals, the other customer's order, and copy, in one batch; then the console."""
    lines = [
        {"id": 1, "text": "How tall is the Halyard desk lamp?"},
        {"id": 2, "text": "这款缆绳台灯多少钱？"},
        {"id": 3, "text": "What is the total of my order HL-501?", "customer": "H1"},
        {"id": 4, "text": "What is the total of my order HL-501?", "customer": "H2"},
        {"id": 5, "text": "Write 2 instagram captions for the Halyard desk lamp", "as": "marketer"},
    ]
    ran = run("ask", "--batch", "-", stdin="\n".join(json.dumps(line) for line in lines))
    height, price, mine, theirs, captions = ran.lines
    assert "41" in height["reply"]
    assert height["facts"][0]["source"].startswith("products.csv:")
    assert "59" in price["reply"]
    assert price["language"] == "zh"
    assert "122.9" in mine["reply"]
    assert "122.9" not in json.dumps(theirs)
    assert "JD0099" not in json.dumps(theirs)
    assert len(captions["variants"]) == 2
    assert all(line["timings_ms"]["total"] >= 0 for line in ran.lines)
    talk = run("chat", stdin="How tall is the Halyard desk lamp?\n/facts\n/why\n/as H1\nwhere is my order?\n")
    assert talk.status == 0
    assert "41" in talk.out
    assert "products.csv:" in talk.out
    assert "JD0099" in talk.out or "HL-501" in talk.out


def test_search_keeps_to_the_scope_and_sentiment_to_its_shape(run: CommandLine):
    """What the contract promises of both."""
    (found,) = run("search", "lamp height", "-k", "1", "--json").json["hits"]
    assert found["scope"] == "public"
    assert set(found) == {"id", "source", "text", "scope", "score"}
    feeling = run("sentiment", "太差了，灯一周就坏了", "--json").json
    assert feeling["label"] == "negative"
    assert set(feeling["scores"]) == {"negative", "neutral", "positive"}
