"""How long somebody would wait for the model, and how long is too long: asks the model's queue.

Knows no words and no chat.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

# Seconds after a message from which the row's own words are better than perhaps nicer ones later
PATIENCE = 1.4
LONG = 5.0  # seconds without a word after which people wonder whether anybody is there


def expected_wait(
    model: Callable[[], BaseChatModel] | None, priority: int, words: int | None = None
) -> float:
    """About how many seconds the model would take for so many tokens (None: a typical answer) at this priority; 0 where
    it runs elsewhere and does not tell.

    Opens the model where nobody has yet, which blocks for seconds.
    """
    from chains.llm.engine import TYPICAL
    from chains.llm.local import LocalChatModel

    opened = model() if model is not None else None
    if not isinstance(opened, LocalChatModel):
        return 0.0
    return opened.engine.expected_seconds(priority, TYPICAL if words is None else words)
