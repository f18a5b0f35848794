"""The composition root: the one place that wires knowledge, chains and the doors together."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from bot.settings import Settings
from chains.turn import Answer, CopyAnswer, CopyRequest, Question, Shown
from knowledge.crm.database import Database


class Assistant(Protocol):
    """What the doors need of the chains."""

    def answer(self, question: Question) -> AsyncIterator[Shown | Answer]:
        """Words as they become safe to show, then exactly one Answer. Closing it cancels the model."""

    async def copy(self, request: CopyRequest) -> CopyAnswer:
        """Variants of copy. Raises LookupError with a sentence for an unknown product or channel."""

    async def follow_up(self, customer_id: str) -> Answer:
        """A first draft to one customer. Raises LookupError with a sentence for an unknown customer."""


@dataclass(frozen=True)
class Services:
    """All that a handler may use."""

    settings: Settings
    database: Database
    assistant: Assistant
