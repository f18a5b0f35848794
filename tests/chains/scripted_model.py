"""A chat model that says what a test wrote for the fact in its prompt, in order; its last line again when they run out."""

from collections.abc import Mapping, Sequence
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from pydantic import Field


class ByFact(BaseChatModel):
    """`lines` by a word of the fact; `heard` keeps the prompts."""

    lines: Mapping[str, Sequence[str]]
    heard: list[str] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "by-fact"

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        prompt = "\n".join(str(message.content) for message in messages)
        word = next(word for word in self.lines if word in prompt)
        tried = sum(word in one for one in self.heard)
        self.heard.append(prompt)
        said = self.lines[word][min(tried, len(self.lines[word]) - 1)]
        return ChatResult(generations=[ChatGeneration(message=AIMessage(said))])
