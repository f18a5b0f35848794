"""Copy: for every channel and language, within limits, about the product, from its row."""

import asyncio
from typing import Any

import pytest
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatResult
from platformdirs import user_cache_path

from chains.assistant import ShopAssistant, build_assistant
from chains.copy_wish import wanted_number
from chains.guard.limits import load_channels
from chains.turn import CopyRequest
from knowledge.folder import Knowledge

CHANNELS = load_channels().names


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_channel_gets_sendable_variants(assistant: ShopAssistant, channel: str, language: str) -> None:
    request = CopyRequest(product="HLM-ARC-M", channel=channel, variants=4, language=language)
    answer = asyncio.run(assistant.copy(request))
    assert len(answer.variants) == 4
    assert answer.language == language
    assert len({variant.text for variant in answer.variants}) >= 3
    for variant in answer.variants:
        assert variant.verdict != "block", (channel, variant.reasons, variant.text)
        assert "Arcline" in variant.text


def test_unknown_product_and_channel_are_one_sentence(assistant: ShopAssistant) -> None:
    for request in (
        CopyRequest(product="nothing of ours", channel="instagram"),
        CopyRequest(product="HLM-ARC-M", channel="papyrus"),
    ):
        with pytest.raises(LookupError, match=r"^[^\n]+\.$"):
            asyncio.run(assistant.copy(request))


async def test_the_tone_asked_for_reaches_the_model(bikes: Knowledge) -> None:
    heard: list[str] = []

    class Listening(GenericFakeChatModel):
        def _generate(self, messages: list[Any], *args: Any, **kwargs: Any) -> ChatResult:
            heard.append(" ".join(str(message.content) for message in messages))
            return super()._generate(messages, *args, **kwargs)

    model = Listening(messages=iter([AIMessage("nothing of use")]))
    writing = build_assistant(index=bikes.index, model=lambda: model, cache=user_cache_path("marketeer"))
    await writing.copy(
        CopyRequest(product="HLM-ARC-M", channel="instagram", variants=1, tone="dry and short")
    )
    assert "dry and short" in heard[0]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("write 4 instagram posts", 4),
        ("two short email subject lines", 2),
        ("给我写两条小红书文案", 2),
        ("write an SMS for the lock", 1),
        ("some copy please", 3),
        ("99 posts", 8),
    ],
)
def test_how_many_are_wanted(text: str, number: int) -> None:
    assert wanted_number(text) == number
