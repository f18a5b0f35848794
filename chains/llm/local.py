"""A LangChain chat model over the engine; it does not know where the model came from or what it is asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import ConfigDict

from chains.llm.chat_format import ChatFormat, Speakers
from chains.llm.engine import CUSTOMER, Engine
from chains.llm.job import Job, Piece, Result


class LocalChatModel(BaseChatModel):
    """Chats with the model of an engine.

    Each field is a default that a call may override by keyword, as in `model.bind(n=4, seed=7)`;
    `n` > 1 gives that many generations from `generate` and `agenerate`, written as one batch. `lines`, a sequence
    of `Line`, is an option of a call alone: the form that its text is held to.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    engine: Engine
    chat_format: ChatFormat
    model_name: str = "local"
    max_tokens: int = 256
    temperature: float = 0.7
    top_p: float = 0.95
    top_k: int = 64
    repetition_penalty: float = 1.0
    seed: int | None = None
    n: int = 1
    priority: int = CUSTOMER
    speakers: Speakers | None = None

    @property
    def _llm_type(self) -> str:
        return "marketeer-local"

    @property
    def _identifying_params(self) -> dict[str, Any]:
        return {"model_name": self.model_name, "temperature": self.temperature, "max_tokens": self.max_tokens}

    def get_num_tokens(self, text: str) -> int:
        """How many tokens the model reads for `text`."""
        return self.engine.count_tokens(text)

    def _submit(self, messages: list[BaseMessage], stop: list[str] | None, options: dict[str, Any]) -> Job:
        def option(name: str) -> Any:
            value = options.get(name)
            return getattr(self, name) if value is None else value

        prompt = self.chat_format.render(messages, speakers=option("speakers"))
        return self.engine.submit(
            prompt.text,
            special_tokens=prompt.special_tokens,
            n=option("n"),
            max_new_tokens=option("max_tokens"),
            temperature=option("temperature"),
            top_p=option("top_p"),
            top_k=option("top_k"),
            repetition_penalty=option("repetition_penalty"),
            seed=option("seed"),
            stop=(*prompt.stop, *(stop or ())),
            priority=option("priority"),
            lines=options.get("lines") or (),
        )

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        job = self._submit(messages, stop, kwargs)
        try:
            return self._chat_result(job, job.result())
        finally:
            job.cancel()

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        job = await asyncio.to_thread(self._submit, messages, stop, kwargs)
        try:
            return self._chat_result(job, await job.wait())
        finally:
            job.cancel()

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        job = self._submit(messages, stop, {**kwargs, "n": 1})
        try:
            for piece in job:
                if chunk := _chunk(piece):
                    if run_manager:
                        run_manager.on_llm_new_token(piece.text, chunk=chunk)
                    yield chunk
            yield self._last_chunk(job, job.result())
        finally:
            job.cancel()

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        job = await asyncio.to_thread(self._submit, messages, stop, {**kwargs, "n": 1})
        try:
            async for piece in job:
                if chunk := _chunk(piece):
                    if run_manager:
                        await run_manager.on_llm_new_token(piece.text, chunk=chunk)
                    yield chunk
            yield self._last_chunk(job, await job.wait())
        finally:
            job.cancel()

    def _facts(self, job: Job, result: Result, variant: int) -> dict[str, Any]:
        """What goes into `response_metadata`."""
        return {
            "finish_reason": result.finish_reasons[variant],
            "model_name": self.model_name,
            "seed": job.request.seed + variant,
            "first_token_seconds": result.first_token_seconds,
            "seconds": result.seconds,
        }

    def _chat_result(self, job: Job, result: Result) -> ChatResult:
        generations = []
        for variant, text in enumerate(result.texts):
            # A prompt is read once for all variants, so only the first one counts it.
            usage = _usage(0 if variant else result.prompt_tokens, result.completion_tokens[variant])
            facts = self._facts(job, result, variant)
            message = AIMessage(text, response_metadata=facts, usage_metadata=usage)
            generations.append(
                ChatGeneration(message=message, generation_info={"finish_reason": facts["finish_reason"]})
            )
        total = _usage(result.prompt_tokens, sum(result.completion_tokens))
        return ChatResult(
            generations=generations, llm_output={"model_name": self.model_name, "token_usage": total}
        )

    def _last_chunk(self, job: Job, result: Result) -> ChatGenerationChunk:
        """No words, but the counts and the reason for the end; chunks are added up, so it comes once."""
        message = AIMessageChunk(
            content="",
            response_metadata=self._facts(job, result, 0),
            usage_metadata=_usage(result.prompt_tokens, result.completion_tokens[0]),
            chunk_position="last",
        )
        return ChatGenerationChunk(message=message)


def _chunk(piece: Piece) -> ChatGenerationChunk | None:
    return ChatGenerationChunk(message=AIMessageChunk(content=piece.text)) if piece.text else None


def _usage(prompt: int, completion: int) -> UsageMetadata:
    return UsageMetadata(input_tokens=prompt, output_tokens=completion, total_tokens=prompt + completion)
