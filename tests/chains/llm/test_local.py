"""LocalChatModel as LangChain uses it."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Any

import pytest
from langchain_core.messages import AIMessageChunk, HumanMessage
from langchain_core.prompts import ChatPromptTemplate

from chains.llm.job import Job
from chains.llm.local import LocalChatModel

TURN = [HumanMessage("the kettle is open?")]
LONG: dict[str, Any] = {
    "max_tokens": 400,
    "temperature": 1.5,
    "seed": 1,
}  # a text that does not end by itself


@pytest.fixture
def jobs(model: LocalChatModel, monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    """Every job submitted during the test."""
    seen: list[Job] = []
    submit = model.engine.submit

    def recorded(*args: Any, **options: Any) -> Job:
        seen.append(submit(*args, **options))
        return seen[-1]

    monkeypatch.setattr(model.engine, "submit", recorded)
    return seen


async def test_all_four_ways_give_the_same_words(model: LocalChatModel) -> None:
    bound = model.bind(seed=4)
    text = bound.invoke(TURN).text
    assert text
    assert (await bound.ainvoke(TURN)).text == text
    assert "".join(chunk.text for chunk in bound.stream(TURN)) == text
    assert "".join([chunk.text async for chunk in bound.astream(TURN)]) == text


def test_a_message_says_what_it_cost_and_why_it_ended(model: LocalChatModel) -> None:
    message = model.invoke(TURN, max_tokens=3, seed=1)
    assert message.usage_metadata is not None
    assert message.usage_metadata["output_tokens"] <= 3
    assert message.usage_metadata["input_tokens"] > 0
    assert message.response_metadata["finish_reason"] in {"length", "stop"}
    assert message.response_metadata["seed"] == 1


def test_chunks_add_up_to_the_message(model: LocalChatModel) -> None:
    chunks = list(model.stream(TURN, seed=1))
    total = chunks[0]
    for chunk in chunks[1:]:
        total = total + chunk
    message = model.invoke(TURN, seed=1)
    assert isinstance(total, AIMessageChunk)
    assert total.usage_metadata == message.usage_metadata
    assert total.response_metadata["finish_reason"] == message.response_metadata["finish_reason"]
    assert all(chunk.text for chunk in chunks[:-1])


def test_variants_come_as_generations(model: LocalChatModel) -> None:
    result = model.generate([TURN], n=3, seed=1, temperature=1.0)
    assert len(result.generations[0]) == 3
    assert len({generation.text for generation in result.generations[0]}) > 1


def test_stop_is_honoured(model: LocalChatModel) -> None:
    text = model.invoke(TURN, seed=9).text
    cut = model.invoke(TURN, seed=9, stop=[text[3:5]])
    assert cut.text == text[: text.index(text[3:5])].rstrip()
    assert cut.response_metadata["finish_reason"] == "stop"


async def test_the_loop_turns_while_the_model_writes(model: LocalChatModel) -> None:
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counter = asyncio.create_task(count())
    first_word = 0
    async for _ in model.astream(TURN, **LONG):
        first_word = first_word or turns
    counter.cancel()
    assert first_word > 0
    assert turns > first_word + 10


async def test_closing_the_stream_cancels_the_job(model: LocalChatModel, jobs: list[Job]) -> None:
    async with aclosing(model.astream(TURN, **LONG)) as stream:  # type: ignore[type-var]
        async for _ in stream:
            break
    await asyncio.wait_for(jobs[0].wait(), 30)
    assert jobs[0].result().finish_reasons == ["cancelled"]


@pytest.mark.parametrize("streaming", [True, False])
async def test_cancelling_the_task_cancels_the_job(
    model: LocalChatModel, jobs: list[Job], streaming: bool
) -> None:
    async def read() -> None:
        if streaming:
            async for _ in model.astream(TURN, **LONG):
                pass
        else:
            await model.ainvoke(TURN, **LONG)

    task = asyncio.create_task(read())
    for _ in range(1000):
        if jobs:
            break
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.wait_for(jobs[0].wait(), 30)
    assert jobs[0].result().finish_reasons == ["cancelled"]


def test_leaving_a_plain_stream_cancels_the_job(model: LocalChatModel, jobs: list[Job]) -> None:
    stream = model.stream(TURN, **LONG)
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert jobs[0].result(timeout=30).finish_reasons == ["cancelled"]


async def test_many_chats_share_the_model_in_a_chain(model: LocalChatModel) -> None:
    chain = ChatPromptTemplate.from_messages([("system", "{facts}"), ("human", "{question}")]) | model
    inputs = [{"facts": "the shop is open", "question": f"kettle {number}?"} for number in range(12)]
    messages = await chain.abatch(inputs)
    assert len(messages) == 12
    assert all(message.response_metadata["finish_reason"] for message in messages)
