"""What the model can be asked to do, as messages: one prompt file a task, the same for serving and for training.

Knows how a task is put to the model, not which model, where its facts come from, or whether the words that come
back may be sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chains.guard.channels import Channel, ChannelField
from chains.guard.counting import count
from chains.llm.chat_format import CHINESE, ENGLISH, Speakers
from chains.prompts import render

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

DIALOGUE = frozenset({"answer", "calm", "chat"})
_DESK = {"en": Speakers("Request:", "Text:"), "zh": Speakers("要求：", "文字：")}
_TURN = "\n---\n"
_PARAGRAPH = " / "
UNASKED = ("path", "caption")  # fields that nobody asks the model for
NO_MATTER = 1000  # characters of room beyond which a limit is not worth a word in a prompt


@dataclass(frozen=True)
class Task:
    """One piece of writing. `said` is the customer's own words; `values` are the prompt's other variables."""

    name: str
    language: str
    shop: str
    facts: Sequence[str] = ()
    said: str = ""
    history: Sequence[tuple[str, str]] = ()
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def speakers(self) -> Speakers:
        """Who talks in a transcript: a customer and a shop, or somebody who asks for a text and the text."""
        if self.name in DIALOGUE:
            return CHINESE if self.language == "zh" else ENGLISH
        return _DESK["zh" if self.language == "zh" else "en"]

    def messages(self) -> list[BaseMessage]:
        """The head with its facts, the talk so far, and the turn to answer.

        Raises: MissingVariable when `values` lacks a variable of the prompt.
        """
        from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

        values = {"shop": self.shop, "facts": listed(self.facts), "said": self.said, **self.values}
        head, turn = render(self.name, self.language, **values).split(_TURN)
        earlier = [
            HumanMessage(text) if who == "customer" else AIMessage(text)
            for who, text in _alternating(self.history)
        ]
        return [SystemMessage(head.strip()), *earlier, HumanMessage(turn.strip())]


def listed(facts: Sequence[str]) -> str:
    """The facts as a list."""
    return "\n".join(f"- {' '.join(fact.split())}" for fact in facts)


def told(history: Sequence[tuple[str, str]], language: str) -> str:
    """A conversation as lines, for somebody who reads it afterwards."""
    names = CHINESE if language == "zh" else ENGLISH
    return "\n".join(f"- {names.human if who == 'customer' else names.ai} {text}" for who, text in history)


def _alternating(history: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The talk with what one side said in a row as one turn, opening with the customer."""
    turns: list[tuple[str, str]] = []
    for who, text in history:
        if turns and turns[-1][0] == who:
            turns[-1] = (who, f"{turns[-1][1]}\n{text}")
        elif turns or who == "customer":
            turns.append((who, text))
    return turns


def fields_wanted(channel: Channel, language: str, opt_out: str = "") -> str:
    """The fields of a channel with their room in characters of the language, less the opt-out line that code adds to
    the main one: `headline 30 x3, description 90 x2`."""
    wanted = []
    for one, least in asked_of(channel):
        room = _room(one, language)
        if room is not None and one.name == channel.primary and channel.style.opt_out:
            room -= len(opt_out)
        size = f" {room}" if room is not None and room < NO_MATTER else ""
        wanted.append(f"{one.name}{size}{f' x{least}' if least > 1 else ''}")
    return ", ".join(wanted)


def asked_of(channel: Channel) -> list[tuple[ChannelField, int]]:
    """The fields that the model is asked for, in order, and how often each."""
    found = (one for name in channel.style.order if name not in UNASKED and (one := channel.field(name)))
    return [(one, one.min_count.value if one.min_count is not None else 1) for one in found]


def _room(one: ChannelField, language: str) -> int | None:
    letter = "字" if language == "zh" else "a"
    rooms = [one.limit_for(letter), one.recommended.value if one.recommended is not None else None]
    most = min((room for room in rooms if room is not None), default=None)
    return most if most is None or one.counts == "sms" else most // count(letter, one.counts)


def copy_wish(audience: str | None, tone: str | None, language: str) -> str:
    """The audience and the tone as the end of a request; empty where none is asked for."""
    zh = language == "zh"
    parts = [
        (f"写给{audience}。" if zh else f" For {audience}.") if audience else "",
        (f"语气{tone}。" if zh else f" Tone: {tone}.") if tone else "",
    ]
    return "".join(parts)


def fields_in(text: str) -> dict[str, list[str]]:
    """The fields of a written variant, `name: words` a line; ` / ` parts paragraphs, a bare line goes on."""
    found: dict[str, list[str]] = {}
    last = ""
    for line in text.splitlines():
        name, colon, words = line.partition(":")
        if colon and name.strip().isidentifier() and name.strip().islower():
            last = name.strip()
            found.setdefault(last, []).append(words.strip())
        elif last and line.strip():
            found[last][-1] += "\n" + line.strip()
    return {name: [words.replace(_PARAGRAPH, "\n") for words in all_] for name, all_ in found.items()}
