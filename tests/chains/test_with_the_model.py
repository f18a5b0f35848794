"""The bundled model end to end: a customer, a marketer and a customer who is too curious."""

import asyncio
import os
from pathlib import Path
from typing import Any

import pytest
from platformdirs import user_cache_path

from chains.assistant import ShopAssistant, build_assistant
from chains.llm.adapters import shipped_adapter, writes
from chains.llm.opening import open_model
from chains.turn import Answer, CopyRequest, Question
from knowledge.folder import Knowledge

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def speaking(bikes: Knowledge) -> ShopAssistant:
    cache = Path(os.environ.get("MARKETEER_CACHE") or user_cache_path("marketeer"))
    model = open_model("bundled", cache=cache, adapter=shipped_adapter())
    return build_assistant(
        index=bikes.index,
        model=lambda: model,
        cache=cache,
        drafts=writes(shipped_adapter(), "copy"),
        patience=60.0,
    )


def ask(assistant: ShopAssistant, text: str, **options: Any) -> Answer:
    async def run() -> Answer:
        *_, last = [s async for s in assistant.answer(Question.model_validate({"text": text, **options}))]
        assert isinstance(last, Answer)
        return last

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("text", "value"),
    [("How many keys come with the Oakgate U lock?", "3"), ("漫游者电助力车的电池多大？", "500 Wh")],
)
def test_a_customer_is_answered_with_the_right_fact(speaking: ShopAssistant, text: str, value: str) -> None:
    answer = ask(speaking, text)
    assert value in answer.reply
    assert answer.facts[0].source.startswith("products.csv:")
    assert answer.verdict in ("allow", "rewrite", "extractive")
    assert answer.tokens["completion"] > 0
    assert all(claim.result == "supported" for claim in answer.claims)


def test_a_marketer_gets_variants(speaking: ShopAssistant) -> None:
    answer = ask(speaking, "write 3 instagram captions for the Lomond 2 tent", **{"as": "marketer"})
    assert len(answer.variants) == 3
    assert all("Lomond" in variant.text and variant.verdict != "block" for variant in answer.variants)
    copy = asyncio.run(
        speaking.copy(CopyRequest(product="HLM-ARC-M", channel="小红书", variants=2, language="zh"))
    )
    assert [variant.verdict for variant in copy.variants] == ["allow", "allow"]


def test_a_second_customer_cannot_see_the_first_ones_order(speaking: ShopAssistant) -> None:
    mine = ask(speaking, "what is in order TT-24018?", customer="C-1003")
    theirs = ask(speaking, "what is in order TT-24018?", customer="C-1001")
    assert "Veloce" in mine.reply
    assert "Veloce" not in theirs.reply
    assert theirs.facts == []
