"""A model with too much to do: rows and frames serve at once, and where they cannot, a polite sentence does."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from platformdirs import user_cache_path

from chains.assistant import ShopAssistant, build_assistant
from chains.llm.chat_format import ChatFormat
from chains.llm.engine import Engine, Limits
from chains.llm.errors import Busy
from chains.llm.local import LocalChatModel
from chains.phrases import say
from chains.turn import Answer, CopyRequest, Question, Shown, Waiting
from knowledge.folder import Knowledge, open_knowledge

BOASTS = """sku,name,language,price,description
MAX-1,全国第一最佳茶壶,zh,99,国家级品质，全网最低价。
"""


@pytest.fixture(scope="module")
def full(tiny_folder: Path) -> Iterator[LocalChatModel]:
    """A model at which nobody may wait: it refuses as one does where all places are taken, and never by luck."""
    from chains.llm.opening import open_engine

    with (
        open_engine(str(tiny_folder), cache=tiny_folder.parent, device="cpu", form="float32") as opened,
        Engine(opened.runner, opened.tokenizer, limits=Limits(waiting=0)) as engine,
    ):
        yield LocalChatModel(engine=engine, chat_format=ChatFormat(engine.tokenizer), model_name="tiny")


def wired(known: Knowledge, model: LocalChatModel, **options: Any) -> ShopAssistant:
    cache = user_cache_path("marketeer")
    return build_assistant(index=known.index, model=lambda: model, cache=cache, **options)


def told(assistant: ShopAssistant, text: str, **options: Any) -> Answer:
    async def run() -> Answer:
        *_, last = [s async for s in assistant.answer(Question.model_validate({"text": text, **options}))]
        assert isinstance(last, Answer)
        return last

    return asyncio.run(run())


def test_the_model_is_busy(full: LocalChatModel) -> None:
    """What the other tests stand on."""
    with pytest.raises(Busy):
        full.invoke("hello")


@pytest.mark.parametrize(
    ("text", "value"),
    [("How many keys come with the Oakgate U lock?", "3"), ("漫游者电助力车的电池多大？", "500 Wh")],
)
def test_the_rows_own_words_leave(bikes: Knowledge, full: LocalChatModel, text: str, value: str) -> None:
    plain = told(build_assistant(index=bikes.index, model=None, cache=user_cache_path("marketeer")), text)
    answer = told(wired(bikes, full), text)
    assert value in answer.reply
    assert (answer.reply, answer.verdict, answer.facts) == (plain.reply, plain.verdict, plain.facts)
    assert (answer.drafts, answer.objections, answer.tokens["completion"]) == ({}, [], 0)
    assert "first_token" not in answer.timings_ms, "the model wrote none"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_frames_serve_where_copy_is_asked(bikes: Knowledge, full: LocalChatModel, language: str) -> None:
    request = CopyRequest(product="HLM-ARC-M", channel="instagram", variants=3, language=language)
    made = asyncio.run(wired(bikes, full).copy(request))
    assert [variant.verdict != "block" for variant in made.variants] == [True] * 3
    assert made.drafts == {}
    answer = told(
        wired(bikes, full), "write 2 instagram captions for the Lomond 2 tent", **{"as": "marketer"}
    )
    assert len(answer.variants) == 2


def test_rows_speak_until_the_model_is_there(bikes: Knowledge, full: LocalChatModel) -> None:
    asked, there = threading.Event(), threading.Event()

    def opened() -> LocalChatModel:
        asked.set()
        assert there.wait(60)
        return full

    assistant = build_assistant(index=bikes.index, model=opened, cache=user_cache_path("marketeer"))
    warming = threading.Thread(target=assistant.warm_up)
    warming.start()
    assert asked.wait(60)
    assert told(assistant, "How many keys come with the Oakgate U lock?").verdict == "extractive"
    assert warming.is_alive(), "it did not wait for the model"
    there.set()
    warming.join(60)


def test_where_nothing_may_be_sent_it_says_that_it_is_busy(tmp_path: Path, full: LocalChatModel) -> None:
    """The product's own name breaks the law of advertising, so every frame with it does."""
    (tmp_path / "products.csv").write_text(BOASTS, encoding="utf-8")
    (tmp_path / "shop.toml").write_text(
        'name = "壶"\ncurrency = "CNY"\nlanguages = ["zh"]\njurisdictions = ["cn"]\n', encoding="utf-8"
    )
    with open_knowledge(tmp_path / "data", purpose="test") as known:
        known.ingest.files([tmp_path / "products.csv", tmp_path / "shop.toml"])
        assistant = wired(known, full)
        request = CopyRequest(product="MAX-1", channel="xiaohongshu", variants=2, language="zh")
        with pytest.raises(Busy, match=say("busy", "zh")):
            asyncio.run(assistant.copy(request))
        answer = told(assistant, "给全国第一最佳茶壶写两条小红书文案", **{"as": "marketer"})
        assert (answer.reply, answer.verdict, answer.variants) == (say("busy", "zh"), "unknown", [])


@pytest.mark.parametrize(
    ("text", "language"),
    [("How many keys come with the Oakgate U lock?", "en"), ("漫游者电助力车的电池多大？", "zh")],
)
def test_where_many_wait_a_row_speaks_at_once_or_a_polite_word_does(
    bikes: Knowledge, tiny_folder: Path, text: str, language: str
) -> None:
    """Thirty long prompts are before it. A shop that would rather wait for the model says so to who waits."""
    from chains.llm.gemma3 import open_gemma3
    from chains.llm.tokens import open_tokenizer
    from tests.chains.llm.test_pace import Held

    held = Held(open_gemma3(tiny_folder, "float32"))
    with Engine(held, open_tokenizer(str(tiny_folder), local=True)) as engine:
        model = LocalChatModel(engine=engine, chat_format=ChatFormat(engine.tokenizer), model_name="tiny")
        hurried, assistant = wired(bikes, model), wired(bikes, model, patience=60.0)
        jobs = [engine.submit("the kettle " * 150, max_new_tokens=8) for _ in range(30)]

        async def run() -> list[Shown | Answer]:
            found = []
            async for step in assistant.answer(Question(text=text)):
                held.go.set()
                found.append(step)
            return found

        answer = told(hurried, text)
        assert not held.go.is_set()
        assert (answer.verdict, answer.tokens["completion"]) == ("extractive", 0)
        first, *others = asyncio.run(run())
        assert first == Waiting(text=say("wait", language))
        assert [type(step) for step in others] == [Shown, Answer]
        for job in jobs:
            job.result(timeout=60)
        rest = asyncio.run(run())
        assert [type(step) for step in rest] == [Shown, Answer], "nobody waits: nothing is said of it"
