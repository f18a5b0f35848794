"""The composition root: the one place that wires knowledge, chains and the doors together."""

import os
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from bot.settings import Settings
from chains.turn import Answer, CopyAnswer, CopyRequest, Question, Shown
from knowledge.crm.database import Database
from knowledge.principal import Principal

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from knowledge.facts.retriever import FactIndex, Hit
    from knowledge.folder import Knowledge

Report = Callable[[str, int, int], None]  # (step, done, total)


class Assistant(Protocol):
    """What the doors need of the chains."""

    def answer(self, question: Question) -> AsyncIterator[Shown | Answer]:
        """Words as they become safe to show, then exactly one Answer. Closing it cancels the model."""

    async def copy(self, request: CopyRequest) -> CopyAnswer:
        """Variants of copy. Raises LookupError with a sentence for an unknown product or channel."""

    async def follow_up(self, customer_id: str) -> Answer:
        """A first draft to one customer. Raises LookupError with a sentence for an unknown customer."""

    def search(self, text: str, principal: Principal, k: int) -> "list[Hit]":
        """The k best facts that this principal may read. Blocks."""

    def sentiment(self, text: str) -> dict[str, Any]:
        """The contract's JSON, without the id. Blocks."""

    def warm_up(self, ready: Callable[[], None] | None = None) -> None:
        """Load what the first answer would wait for, the model last. Blocks for seconds.

        `ready` is called before the model: what follows reads nothing of the data folder.
        """


@dataclass(frozen=True)
class Services:
    """All that a handler may use."""

    settings: Settings
    database: Database
    assistant: Assistant
    knowledge: "Knowledge | None" = None


@contextmanager
def open_folder(settings: Settings, *, purpose: str, check: bool = True) -> "Iterator[Knowledge]":
    """The data folder alone: for commands that need no assistant.

    Raises: KnowledgeError or one of its kinds, in one sentence.
    """
    from knowledge.folder import open_knowledge

    with open_knowledge(
        settings.data,
        purpose=purpose,
        database=settings.database,
        chroma=settings.chroma,
        embeddings=settings.embeddings,
        check=check,
    ) as knowledge:
        yield knowledge


@contextmanager
def open_services(settings: Settings, *, purpose: str, report: Report | None = None) -> Iterator[Services]:
    """The three rooms, wired. Cheap: the model is opened when it is first needed.

    Raises: the rooms' errors in one sentence; a model that is misnamed or not there among them.
    """
    from bot.setup import model_card

    model_card(settings)
    with open_folder(settings, purpose=purpose) as knowledge:
        assistant = _assistant(settings, knowledge.index, report)
        yield Services(settings, knowledge.database, assistant, knowledge)


def _assistant(settings: Settings, index: "FactIndex", report: Report | None) -> Assistant:
    from bot.setup import served_adapter
    from chains.assistant import build_assistant
    from chains.llm.adapters import writes

    drafts = settings.model != "bundled" or writes(served_adapter(settings), "copy")
    return build_assistant(
        index=index, model=_opener(settings, report), cache=settings.cache, drafts=drafts,
        words=settings.wording == "model", patience=settings.patience,
    )  # fmt: skip


def _opener(settings: Settings, report: Report | None) -> "Callable[[], BaseChatModel]":
    """Opens the model on the first call, whichever thread makes it, and gives the same one ever after."""
    lock = threading.Lock()
    opened: list[BaseChatModel] = []

    def model() -> "BaseChatModel":
        from bot.setup import served_adapter
        from chains.llm.opening import open_model

        with lock:
            if not opened:
                if settings.model_key is not None:  # LangChain's clients read keys from the environment
                    os.environ.setdefault("MARKETEER_MODEL_KEY", settings.model_key.get_secret_value())
                opened.append(
                    open_model(
                        settings.model, cache=settings.cache, device=settings.device, engine=settings.engine,
                        adapter=served_adapter(settings), report=report,
                    )
                )  # fmt: skip
            return opened[0]

    return model
