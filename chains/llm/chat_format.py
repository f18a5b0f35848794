"""Turns messages into the text the model reads and back; the one place that does, for serving and training.

It does not know prompts, facts or the model, only whether its tokenizer brings a chat template. One
that does gets its own format, special tokens and all. One that does not, such as the bundled base
model, gets a transcript it can continue, headed by the system message, in the language of the turn:

    You answer for a shop, in one short sentence, only from the facts.

    Facts:
    - Shipping costs 4.50 USD and is free for orders over 60 USD.

    Customer: How much does shipping cost?
    Shop:
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage


@dataclass(frozen=True)
class Speakers:
    """What the two sides of a transcript are called, with the colon."""

    human: str
    ai: str


ENGLISH = Speakers("Customer:", "Shop:")
CHINESE = Speakers("顾客：", "客服：")
_TOKEN_LIKE = re.compile(r"<[^<>\s]+>|\[[^\[\]\s]+\]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True)
class Prompt:
    """The text for the model, the strings that end its answer, and whether the tokenizer is to put its
    special tokens around the text (a template has written them already)."""

    text: str
    stop: tuple[str, ...]
    special_tokens: bool


class Tokenizer(Protocol):
    """What is needed of a tokenizer here."""

    chat_template: Any
    added_tokens_decoder: Any

    def apply_chat_template(self, conversation: list[dict[str, str]], /, **options: Any) -> Any: ...


class ChatFormat:
    """Renders conversations for one tokenizer (None: always a transcript)."""

    def __init__(self, tokenizer: Tokenizer | None = None) -> None:
        self._templated = tokenizer if tokenizer is not None and tokenizer.chat_template else None
        added = tokenizer.added_tokens_decoder.values() if tokenizer is not None else ()
        self._special = frozenset(str(token) for token in added if token.special)

    @property
    def kind(self) -> str:
        """`template` or `transcript`."""
        return "template" if self._templated else "transcript"

    def render(
        self, messages: Sequence[BaseMessage], *, speakers: Speakers | None = None, open_turn: bool = True
    ) -> Prompt:
        """The prompt for the answer that follows `messages`.

        Args:
            messages: system messages (joined into one head), few-shot examples and history as pairs of
                human and AI messages, then the turn. If the last one is an AI message, the answer
                continues it: a way to set its first words.
            speakers: names for a transcript; by default the language of the last human message chooses.
            open_turn: False ends after the last message, for training.

        Raises:
            ValueError: there is no message, or one of a kind that has no place in a conversation.
        """
        head, turns = _split(messages)
        turns = [(who, self._without_special(words)) for who, words in turns]
        if self._templated is not None:
            return _template(self._templated, head, turns, open_turn)
        return _transcript(head, turns, speakers or _speakers_for(turns, head), open_turn)

    def pair(
        self, messages: Sequence[BaseMessage], reply: str, *, speakers: Speakers | None = None
    ) -> tuple[Prompt, str]:
        """The prompt as in serving, and the text that the model is to write after it, for training."""
        from langchain_core.messages import AIMessage

        prompt = self.render(messages, speakers=speakers)
        whole = self.render([*messages, AIMessage(reply)], speakers=speakers, open_turn=False)
        if not whole.text.startswith(prompt.text):
            raise ValueError("the chat template does not continue its own prompt: it cannot be trained with")
        return prompt, whole.text[len(prompt.text) :]

    def _without_special(self, words: str) -> str:
        """The words with special tokens typed by a customer broken up, so that they end no turn."""
        return _TOKEN_LIKE.sub(
            lambda found: found[0][0] + " " + found[0][1:] if found[0] in self._special else found[0], words
        )


def _template(tokenizer: Tokenizer, head: str, turns: list[tuple[str, str]], open_turn: bool) -> Prompt:
    roles = {"human": "user", "ai": "assistant"}
    conversation = [{"role": roles[who], "content": words} for who, words in turns]
    continues = open_turn and turns[-1][0] == "ai"
    if head:
        conversation.insert(0, {"role": "system", "content": head})
    text = tokenizer.apply_chat_template(
        conversation,
        tokenize=False,
        add_generation_prompt=open_turn and not continues,
        continue_final_message=continues,
    )
    return Prompt(str(text), (), special_tokens=False)


def _split(messages: Sequence[BaseMessage]) -> tuple[str, list[tuple[str, str]]]:
    """The joined system messages, and the turns as (`human` or `ai`, words)."""
    from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

    head: list[str] = []
    turns: list[tuple[str, str]] = []
    for message in messages:
        words = str(message.text).strip()
        if isinstance(message, SystemMessage):
            head.append(words)
        elif isinstance(message, HumanMessage | AIMessage):
            turns.append(("human" if isinstance(message, HumanMessage) else "ai", words))
        else:
            raise ValueError(f"a message of type {message.type} has no place in a conversation")
    if not turns:
        raise ValueError("a conversation needs at least one human message")
    return "\n\n".join(part for part in head if part), turns


def is_chinese(text: str) -> bool:
    """Whether to answer `text` in Chinese: one character in five, spaces not counted, is a Han character."""
    letters = re.sub(r"\s", "", text)
    return len(_HAN.findall(text)) * 5 >= max(len(letters), 1)


def _speakers_for(turns: list[tuple[str, str]], head: str) -> Speakers:
    last = next((words for who, words in reversed(turns) if who == "human"), head)
    return CHINESE if is_chinese(last) else ENGLISH


def _transcript(head: str, turns: list[tuple[str, str]], speakers: Speakers, open_turn: bool) -> Prompt:
    tags = {"human": speakers.human, "ai": speakers.ai}
    blocks: list[str] = [head] if head else []
    for who, words in turns:
        words = _defused(words, speakers)
        line = f"{tags[who]}{_gap(tags[who])}{words}"
        if who == "ai" and blocks and blocks[-1].startswith(speakers.human):
            blocks[-1] += "\n" + line
        else:
            blocks.append(line)
    text = "\n\n".join(blocks)
    if open_turn and turns[-1][0] == "human":
        text += "\n" + speakers.ai
    return Prompt(text, (f"\n{speakers.human}", f"\n{speakers.ai}", "\n\n"), special_tokens=True)


def _gap(tag: str) -> str:
    return "" if tag.endswith("：") else " "


def _defused(words: str, speakers: Speakers) -> str:
    """The words on lines none of which can pass for the other side's turn."""
    for tag in (speakers.human, speakers.ai):
        words = re.sub(rf"(?m)^(\s*){re.escape(tag)}", rf"\1- {tag}", words)
    return re.sub(r"\n\s*\n+", "\n", words)
