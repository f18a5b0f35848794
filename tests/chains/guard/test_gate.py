"""The gate on the whole path: what is planted in a shop's texts does not come out in replies, copy or drafts."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from platformdirs import user_cache_path
from sqlmodel import Session, col, select

from chains.assistant import ShopAssistant, build_assistant
from chains.guard.gate import MASK, Gate
from chains.turn import Answer, CopyRequest, Question
from knowledge.crm.desk import Shelf
from knowledge.crm.sources import Fact
from knowledge.folder import Knowledge, open_knowledge
from tests.chains.conftest import SHOP

PRODUCT = "sku,name,price,stock,description,attributes,language\n"


@pytest.fixture(scope="module")
def careless(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Knowledge]:
    """A shop whose public texts hold what they should not."""
    folder = tmp_path_factory.mktemp("careless")
    (folder / "shop.toml").write_text(
        'name = "Careless"\nlanguages = ["en"]\n[contact]\nphone = "+49 30 23125014"\n', "utf-8"
    )
    (folder / "customers.csv").write_text(
        "customer_id,name,email,phone,language,street\n"
        "C-1,Wilma Osterhaus,wilma@post.example,+49 170 5551234,en,Mondweg 7\nC-2,Bo Adams,bo@post.example,,en,\n",
        "utf-8",
    )
    (folder / "orders.csv").write_text(
        "order_id,customer_id,ordered_at,status,sku,quantity,unit_price\n"
        "CO-881,C-1,2026-01-02,delivered,MUG-1,1,9.00\nCO-882,C-2,2026-01-02,delivered,MUG-1,1,9.00\n",
        "utf-8",
    )
    (folder / "products.csv").write_text(
        PRODUCT
        + "MUG-1,Harbour mug,9.00,5,The picture was taken by Wilma Osterhaus. It holds 350 ml.,capacity=350 ml,en\n",
        "utf-8",
    )
    (folder / "faq.csv").write_text(
        "question,answer,language\n"
        "Who can lend me a spare lid for the harbour mug?,Ask Wilma on 0170 555 1234 or at Mondweg 7.,en\n"
        "How do I reach the workshop?,Call us on +49 30 23125014.,en\n",
        "utf-8",
    )
    with open_knowledge(folder / "data", purpose="test") as known:
        known.ingest.files([path for path in folder.iterdir() if path.is_file()])
        yield known


@pytest.fixture(scope="module")
def assistant_(careless: Knowledge) -> ShopAssistant:
    return build_assistant(index=careless.index, model=None, cache=user_cache_path("marketeer"))


def asked(assistant: ShopAssistant, text: str, customer: str | None) -> Answer:
    async def run() -> Answer:
        question = Question.model_validate({"text": text, "customer": customer})
        return [step async for step in assistant.answer(question) if isinstance(step, Answer)][-1]

    return asyncio.run(run())


def test_a_reply_that_would_give_somebody_away_is_refused(assistant_: ShopAssistant) -> None:
    text = "Who can lend me a spare lid for the harbour mug?"
    theirs = asked(assistant_, text, "C-2")
    assert (theirs.verdict, theirs.facts, theirs.claims) == ("refused", [], [])
    assert "555" not in theirs.reply
    assert "Mondweg" not in theirs.reply
    assert "0170 555 1234" in asked(assistant_, text, "C-1").reply  # her own
    assert "555" not in asked(assistant_, text, None).reply


def test_the_shops_own_number_leaves(assistant_: ShopAssistant) -> None:
    assert "+49 30 23125014" in asked(assistant_, "How do I reach the workshop?", "C-2").reply


def test_copy_is_for_everybody(assistant_: ShopAssistant) -> None:
    made = asyncio.run(assistant_.copy(CopyRequest(product="MUG-1", channel="facebook", language="en")))
    named = [one for one in made.variants if MASK in one.text]
    assert named
    assert {one.verdict for one in named} == {"block"}
    assert not [one for one in made.variants if "Osterhaus" in one.model_dump_json()]


def test_a_follow_up_names_its_reader(assistant_: ShopAssistant) -> None:
    draft = asyncio.run(assistant_.follow_up("C-1"))
    assert "Wilma" in draft.reply
    assert draft.verdict == "extractive"


def test_no_log_holds_what_was_found(assistant_: ShopAssistant, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    asked(assistant_, "Who can lend me a spare lid for the harbour mug?", "C-2")
    assert not [
        record for record in caplog.records if "555" in record.getMessage() or "Wilma" in record.getMessage()
    ]


def test_the_gate_lets_a_whole_shop_speak(bikes: Knowledge) -> None:
    gate = Gate(Shelf(bikes.database))
    with Session(bikes.database.engine) as session:
        texts = session.exec(select(Fact.text).where(col(Fact.scope) == "public")).all()
    assert len(texts) > 100
    assert [text for text in texts if gate.leaks(text, None, [text])] == []


def test_an_import_makes_the_index_anew(tmp_path: Path) -> None:
    with open_knowledge(tmp_path / "data", purpose="test") as known:
        gate = Gate(Shelf(known.database))
        assert gate.leaks("Anneke Vermeulen", None) == []
        known.ingest.files([SHOP / "customers.csv"])
        assert gate.leaks("Anneke Vermeulen", None) != []
        assert gate.leaks("Anneke Vermeulen", "C-1001") == []
