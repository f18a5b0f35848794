"""The loop around the model: what fails goes back with its violations named, at most twice; then the row speaks."""

import asyncio
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatResult
from langchain_core.runnables import RunnableLambda
from platformdirs import user_cache_path

from chains.assistant import build_assistant
from chains.evidence import Evidence
from chains.turn import Answer, CopyRequest, Question
from chains.wording import REWRITES, Wording, worded
from chains.writer import Asked, Written, build_writer
from knowledge.crm.catalogue_view import Item
from knowledge.folder import Knowledge


class Scripted(GenericFakeChatModel):
    """Says its lines in order and keeps what it was asked."""

    heard: list[str]

    def _generate(self, messages: list[Any], *args: Any, **kwargs: Any) -> ChatResult:
        self.heard.append("\n".join(str(message.content) for message in messages))
        return super()._generate(messages, *args, **kwargs)


def asked(language: str = "en") -> Asked:
    name, key, value = (
        ("罗恩水壶", "容量", "650毫升") if language == "zh" else ("Rowan Jug", "capacity", "650 ml")
    )
    fact = Evidence(
        "f", f"{name} - {key}: {value}", "p.csv:2", "public", "product", language, None, key, value
    )
    return Asked("Shop", "多大？" if language == "zh" else "How big is it?", fact, language)


def _never(_: Asked) -> Written:
    raise NotImplementedError


async def words(*lines: str, question: Asked | None = None) -> tuple[Wording, list[str]]:
    model = Scripted(messages=iter(AIMessage(line) for line in lines), heard=[])
    found = await worded(build_writer(lambda: model), question or asked(), lambda text: "Rowan" not in text)
    return found, model.heard


async def test_words_that_hold_leave_as_they_are() -> None:
    found, heard = await words("It holds 650 ml.")
    assert (found.text, found.objections, len(heard)) == ("It holds 650 ml.", [], 1)
    assert found.drafts == {"written": 1, "passed": 1, "passes": 1}


async def test_words_that_come_too_late_do_not_leave() -> None:
    async def write(_: Asked) -> Written:
        await asyncio.sleep(30)
        return Written("It holds 650 ml.", 1, 1, None)

    found = await worded(RunnableLambda(_never, afunc=write), asked(), lambda _: True, 0.01)
    assert (found.text, found.written) == (None, 0)


async def test_no_second_try_that_would_take_too_long() -> None:
    tries = []

    async def write(_: Asked) -> Written:
        tries.append(1)
        await asyncio.sleep(0.3)
        return Written("It holds 750 ml.", 1, 1, None)

    found = await worded(RunnableLambda(_never, afunc=write), asked(), lambda _: True, 0.5)
    assert (found.text, len(tries)) == (None, 1)


@pytest.mark.parametrize(
    ("question", "wrong", "right", "told"),
    [
        (asked(), "It holds 750 ml.", "It holds 650 ml.", "the text says 750 ml, the facts say 650 ml"),
        (asked(), "It holds 650 ml and costs €9.", "It holds 650 ml.", "number not in the facts: €9"),
        (asked("zh"), "容量是750毫升。", "容量是650毫升。", "资料写650毫升，文中写750毫升"),
    ],
)
async def test_what_is_wrong_is_named(question: Asked, wrong: str, right: str, told: str) -> None:
    found, heard = await words(wrong, right, question=question)
    assert found.text == right
    assert told in found.objections[0]
    assert told in heard[1]
    assert wrong in heard[1]
    assert found.drafts == {"written": 1, "passed": 0, "passes": 1}


async def test_after_two_rewritings_the_row_speaks() -> None:
    found, heard = await words(
        *["It holds 750 ml.", "It holds 850 ml.", "It holds 950 ml.", "never asked for"]
    )
    assert found.text is None
    assert len(heard) == len(found.objections) == 1 + REWRITES
    assert found.drafts == {"written": 1, "passed": 0, "passes": 0}


async def test_what_may_not_be_heard_is_not_kept_either() -> None:
    found, _ = await words("The Rowan Jug holds 650 ml.", "It holds 650 ml.")
    assert (found.text, found.objections) == ("It holds 650 ml.", ["person"])


async def test_a_sentence_that_leaves_out_its_product_gets_the_name() -> None:
    jug = Item("J-1", Decimal(9), "EUR", 4, {"en": "Alder Jug"}, {}, {}, {}, {"en": "p.csv:2"})
    fact = replace(asked().evidence, item=jug, text="Alder Jug - capacity: 650 ml")
    one = replace(asked(), evidence=fact, apart=frozenset({"alder"}))
    found, heard = await words("It holds 650 ml.", question=one)
    assert (found.text, len(heard)) == ("The Alder Jug holds 650 ml.", 1)
    assert found.drafts == {"written": 1, "passed": 0, "passes": 1}


async def test_copy_is_repaired_before_a_frame_takes_its_place(bikes: Knowledge) -> None:
    model = Scripted(
        messages=iter([
            AIMessage("body: Arcline Urban Helmet: a removable visor, 999 g, €64.90."),
            AIMessage("Arcline Urban Helmet: a removable visor, €64.90."),
        ]),
        heard=[],
    )  # fmt: skip
    writing = build_assistant(index=bikes.index, model=lambda: model, cache=user_cache_path("marketeer"))
    made = await writing.copy(CopyRequest(product="HLM-ARC-M", channel="sms", variants=1, language="en"))
    assert made.drafts["written"] == 1
    assert made.drafts["passed"] == 0
    assert "999 g" in made.objections[0]
    assert made.objections[0] in model.heard[1]
    assert made.drafts["passes"] == 1
    assert made.variants[0].text.startswith("Arcline Urban Helmet: a removable visor, €64.90.")


@pytest.mark.parametrize(("words", "verdict"), [(True, "allow"), (False, "extractive")])
async def test_a_shop_may_have_its_rows_speak_at_once(bikes: Knowledge, words: bool, verdict: str) -> None:
    model = Scripted(messages=iter([AIMessage("The Arcline Urban Helmet costs €64.90.")]), heard=[])
    writing = build_assistant(
        index=bikes.index, model=lambda: model, cache=user_cache_path("marketeer"), words=words, patience=60.0
    )
    question = Question(text="How much is the Arcline Urban Helmet?")
    *_, answer = [step async for step in writing.answer(question)]
    assert isinstance(answer, Answer)
    assert answer.verdict == verdict
    assert "€64.90" in answer.reply
    assert len(model.heard) == int(words)
