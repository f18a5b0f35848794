"""Whether somebody should be told that an answer will take a while: asks the model's queue. Knows no words and no chat."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

LONG = 5.0  # seconds without a word after which people wonder whether anybody is there


def waits_long(model: Callable[[], BaseChatModel] | None, priority: int) -> bool:
    """Whether the model would answer at this priority only after `LONG`. Models that run elsewhere do not tell.

    Opens the model where nobody has yet, which blocks for seconds.
    """
    from chains.llm.local import LocalChatModel

    opened = model() if model is not None else None
    return isinstance(opened, LocalChatModel) and opened.engine.expected_seconds(priority) > LONG
