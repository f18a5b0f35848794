"""`marketeer chat` through a pipe: who one is, what is streamed, and what the commands show."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlmodel import select

from bot.console_words import VERDICTS, WORDS
from chains.turn import Answer, Claim, FactRef, Question, Shown, Waiting
from knowledge.crm.catalogue import Product
from knowledge.crm.conversations import Conversation, Message
from knowledge.crm.customers import Customer
from knowledge.crm.database import Database
from knowledge.crm.sources import Marker
from knowledge.facts.embeddings import BundledE5, Vectors
from tests.bot.command_line import CommandAssistant, CommandLine
from tests.bot.scripted import answer


@pytest.fixture
def run(tmp_path: Path, capsys, monkeypatch) -> CommandLine:
    made = CommandLine(tmp_path, capsys, monkeypatch)
    monkeypatch.setattr("bot.console.model_card", lambda settings: type("Card", (), {"ready": True}))
    return made


@pytest.fixture
def shop(run: CommandLine, tmp_path: Path) -> CommandLine:
    """A shop of two customers and no demo."""
    (tmp_path / "customers.csv").write_text("customer_id,name\nC1,Ann\nC12,林悦\n", encoding="utf-8")
    assert run("ingest", str(tmp_path / "customers.csv")).status == 0
    return run


def test_an_empty_folder_gets_the_demo_shop_once(run: CommandLine, monkeypatch):
    """It says so in both languages, with people and products that are there; the next start loads nothing.

    What the vectors are does not matter here, so they are drawn, which saves a minute.
    """

    def drawn(self: BundledE5, texts: list[str], form: Any) -> Vectors:
        vectors = np.random.default_rng(len(texts)).normal(size=(len(texts), 384)).astype(np.float32)
        unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit

    monkeypatch.setattr(BundledE5, "_embed", drawn)
    ran = run("chat", stdin="hello\n")
    assert ran.status == 0
    assert "the demo shop is loaded" in ran.out
    assert "演示店铺" in ran.out
    assert "You said: hello" in ran.out
    database = Database.in_folder(run.data)
    with database.session() as session:
        for person in ("C1001", "C1002"):
            assert session.get(Customer, person)
            assert person in ran.out
        for sku in ("TE-08", "TP-07"):
            assert session.exec(select(Product).where(Product.sku == sku)).first()
            assert sku in ran.out
        assert session.get_one(Marker, "demo").value == "done"
    database.close()
    again = run("chat").out
    assert "the demo shop is loaded" not in again
    assert "梅与壶" in again


def test_own_files_keep_the_demo_out(shop: CommandLine):
    """It is for empty folders only."""
    ran = shop("chat", stdin="/quit\nnever read\n")
    assert "demo" not in ran.out
    assert "Bye!" in ran.out
    assert not shop.assistant.questions


def test_each_identity_has_a_history_of_its_own(shop: CommandLine):
    """`/as` changes who asks; nothing said by one is told to another."""
    ran = shop("chat", stdin="one\n/as c12\ntwo\n/as C99\n/as customer\nthree\n/as marketer\n四\n")
    first, second, third, fourth = shop.assistant.questions
    assert (second.customer_id, second.history) == ("C12", ())
    assert third.history == (("customer", "one"), ("bot", "You said: one"))
    assert (third.customer_id, fourth.role, fourth.history) == (None, "marketer", ())
    assert first.role == "customer"
    assert "C12 林悦> two" in ran.out
    assert "There is no customer C99." in ran.out
    with Database.in_folder(shop.data).session() as session:
        talks = session.exec(select(Conversation)).all()
    assert {(talk.place, talk.role, talk.customer_id) for talk in talks} == {
        ("console", "customer", None), ("console", "customer", "C12"), ("console", "marketer", None),
    }  # fmt: skip


def test_words_are_shown_as_they_grow_and_never_twice(shop: CommandLine):
    """What was streamed is not printed again; other final words are printed whole."""

    async def script(question: Question) -> AsyncGenerator[Shown | Answer, None]:
        yield Shown(text="It holds ")
        yield Shown(text="It holds [650] ml")
        yield answer("It holds [650] ml." if question.text == "a" else "Row: 650 ml")

    shop.assistant = CommandAssistant(script)
    out = shop("chat", stdin="a\nb\n").out
    assert out.count("It holds [650] ml.\n") == 1
    assert "It holds [650] ml\nRow: 650 ml\n" in out


def test_a_polite_word_comes_first_on_a_line_of_its_own(shop: CommandLine):
    async def script(_: Question) -> AsyncGenerator[Shown | Answer, None]:
        yield Waiting(text="One moment [please].")
        yield Shown(text="It holds 650 ml.")
        yield answer("It holds 650 ml.")

    shop.assistant = CommandAssistant(script)
    out = shop("chat", stdin="a\n").out
    assert "One moment [please].\nIt holds 650 ml.\n" in out
    assert "One moment" not in shop("ask", "a").out


def test_facts_and_why_explain_the_last_answer(shop: CommandLine):
    """Source and line, the verdict in words, what was checked, how long it took; in the question's language."""

    async def script(_: Question) -> AsyncGenerator[Shown | Answer, None]:
        yield answer(
            "89", verdict="extractive", timings_ms={"total": 12}, tokens={"prompt": 3, "completion": 4},
            facts=[FactRef(id="f", source="products.csv:12", text="Blue [pot] 89", scope="public")],
            claims=[Claim(text="89", start=0, end=2, kind="price", result="supported", fact="f", rule="price.same")],
            objections=["left out: 89"],
        )  # fmt: skip

    shop.assistant = CommandAssistant(script)
    out = shop("chat", stdin="/facts\nhow much?\n/facts\n/why\n多少钱？\n/why\n").out
    assert "There is no answer yet." in out
    assert "products.csv:12 (public)" in out
    assert "Blue [pot] 89" in out
    assert VERDICTS["extractive"]["en"] in out
    assert VERDICTS["extractive"]["zh"] in out
    english, chinese = (line.split() for line in out.splitlines() if "0-2" in line)
    assert english == [
        "89",
        "0-2",
        "price",
        "supported",
        "the",
        "fact",
        "says",
        "the",
        "same",
        "products.csv:12",
    ]
    assert chinese == ["89", "0-2", "价格", "有依据", "与资料一致", "products.csv:12"]
    assert "did not leave:\n  left out: 89" in out
    assert "total 12" in out


def test_the_ledger_is_kept_with_the_turn(shop: CommandLine):
    """What `/why` showed can be read from the database afterwards: claim, place, fact, rule, result, verdict."""
    claim = Claim(
        text="89", start=0, end=2, kind="price", result="contradicted", fact="f", rule="price.differs"
    )

    async def script(_: Question) -> AsyncGenerator[Shown | Answer, None]:
        yield answer("89", verdict="extractive", claims=[claim])

    shop.assistant = CommandAssistant(script)
    shop("chat", stdin="how much?\n")
    with Database.in_folder(shop.data).session() as session:
        kept = session.exec(select(Message).where(Message.sender == "bot")).one()
    assert kept.verdict == kept.turn["verdict"] == "extractive"
    assert Claim.model_validate(kept.turn["claims"][0]) == claim


def test_copy_and_follow_up_are_for_marketers(shop: CommandLine):
    """Variants in frames, a draft with a note; a wrong id or product is a sentence."""
    script = "/copy TP-1 instagram\n/as marketer\n/copy TP-1 instagram 2\n/copy NOPE sms\n/followup C12\n/followup C9\n/followup\n/dance\n"
    ran = shop("chat", stdin=script)
    for words in (
        "say /as marketer first", "Steep <slowly> with TP-1", "国家级 is banned", "There is no product NOPE.",
        "Dear Lin, your teapot is on its way.", "nothing was sent", "There is no customer C9.", "/followup C12",
        "There is no command /dance",
    ):  # fmt: skip
        assert words in ran.out
    assert ran.status == 0


def test_an_error_is_a_sentence_and_the_talk_goes_on(shop: CommandLine):
    """One bad turn ends nothing; words in odd bytes or of control characters neither."""

    async def script(question: Question) -> AsyncGenerator[Shown | Answer, None]:
        if question.text == "bad":
            raise ValueError("secret")
        yield answer("fine")

    shop.assistant = CommandAssistant(script)
    ran = shop("chat", stdin=b"bad\n\xff\xfe\x00\ngood\n")
    assert "(ValueError)" in ran.out
    assert "secret" not in ran.out
    assert ran.out.count("fine") == 2


def test_a_model_that_does_not_load_ends_it_in_one_sentence(shop: CommandLine, monkeypatch):
    """Exit 1, no traceback: nothing would work."""
    from chains.llm.errors import ModelUnavailable

    def fail(ready: object) -> None:
        raise ModelUnavailable("The model x cannot be loaded: try y.")

    monkeypatch.setattr(shop.assistant, "warm_up", fail)
    ran = shop("chat", stdin="hello\n")
    assert ran.status == 1
    assert ran.err.endswith("The model x cannot be loaded: try y.\n")
    assert "Traceback" not in ran.err


def test_every_word_is_there_in_both_languages():
    """English and Chinese are equals, with the same variables."""
    import re

    for both in (*WORDS.values(), *VERDICTS.values()):
        assert set(both) == {"en", "zh"}
        assert set(re.findall(r"\$\w+", both["en"])) == set(re.findall(r"\$\w+", both["zh"]))
