"""A chat model behind any OpenAI-compatible server; it does not know what the server runs.

A specification reads `openai:BASE_URL#MODEL`, such as `openai:http://localhost:11434/v1#qwen3:0.6b`.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_openai import ChatOpenAI
from openai import APIConnectionError, APIStatusError
from pydantic import SecretStr

from chains.llm.errors import ModelUnavailable
from chains.llm.server_address import split_spec

_OURS_ONLY = (
    "top_k",
    "repetition_penalty",
    "priority",
    "speakers",
    "lines",
)  # options of LocalChatModel servers don't know


class RemoteChatModel(ChatOpenAI):
    """ChatOpenAI for servers that are not OpenAI's: takes the options of LocalChatModel, fails in one sentence."""

    def _get_request_payload(
        self, input_: Any, *, stop: list[str] | None = None, **kwargs: Any
    ) -> dict[str, Any]:
        known = {name: value for name, value in kwargs.items() if name not in _OURS_ONLY}
        payload: dict[str, Any] = super()._get_request_payload(input_, stop=stop, **known)
        if "max_completion_tokens" in payload:  # llama.cpp and older servers know the old name only
            payload["max_tokens"] = payload.pop("max_completion_tokens")
        return payload

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        with self._in_one_sentence():
            return super()._generate(messages, *args, **kwargs)

    async def _agenerate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        with self._in_one_sentence():
            return await super()._agenerate(messages, *args, **kwargs)

    def _stream(self, *args: Any, **kwargs: Any) -> Iterator[ChatGenerationChunk]:
        with self._in_one_sentence():
            yield from super()._stream(*args, **kwargs)

    async def _astream(self, *args: Any, **kwargs: Any) -> AsyncIterator[ChatGenerationChunk]:
        with self._in_one_sentence():
            async for chunk in super()._astream(*args, **kwargs):
                yield chunk

    @contextmanager
    def _in_one_sentence(self) -> Iterator[None]:
        where = self.openai_api_base
        try:
            yield
        except APIConnectionError as error:
            raise ModelUnavailable(
                f"The model server {where} cannot be reached: check that it runs."
            ) from error
        except APIStatusError as error:
            raise ModelUnavailable(
                f"The model server {where} refused the request for {self.model_name} "
                f"({error.status_code}): check the model's name, the key and the server's log."
            ) from error


def open_remote(spec: str, *, timeout: float = 120.0) -> RemoteChatModel:
    """The chat model of `spec`. Makes no call; the key comes from MARKETEER_MODEL_KEY or OPENAI_API_KEY.

    Args:
        timeout: seconds to wait for an answer.

    Raises:
        ModelUnavailable: `spec` is not complete.
    """
    address, model = split_spec(spec)
    key = os.environ.get("MARKETEER_MODEL_KEY") or os.environ.get("OPENAI_API_KEY") or "none-needed"
    return RemoteChatModel(
        base_url=address,
        model=model,
        api_key=SecretStr(key),
        timeout=timeout,
        max_retries=1,
        stream_usage=True,
        use_responses_api=False,
    )
