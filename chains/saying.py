"""Has the statements of one answer worded side by side, and says them in their order as each is settled.

A sentence that fails is never given out: its row's own words take its place. Which words may leave is judged by
`writer`; who may hear them, and whether they hold together, by whoever calls.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chains.phrases import join
from chains.statement import Statement
from chains.turn import Verdict
from chains.wording import Wording, worded
from chains.writer import Asked, Written

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable


_READING = 1.0  # seconds in which a sentence is read: the next one may come so much later


@dataclass
class Saying:
    """An answer on its way. `text` is all that may be shown of it, and only grows; the rest is what it cost."""

    text: str = ""
    verdict: Verdict = "extractive"
    objections: list[str] = field(default_factory=list)
    drafts: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, int] = field(default_factory=lambda: {"prompt": 0, "completion": 0})
    first_token_ms: int | None = None

    def count(self, found: Wording) -> None:
        """Add what one sentence cost."""
        self.objections += found.objections
        self.tokens["prompt"] += found.prompt_tokens
        self.tokens["completion"] += found.completion_tokens
        for name, number in found.drafts.items():
            self.drafts[name] = self.drafts.get(name, 0) + number
        times = [one for one in (self.first_token_ms, found.first_token_ms) if one is not None]
        self.first_token_ms = min(times, default=None)


async def said(
    writer: Runnable[Asked, Written],
    statements: Sequence[Statement],
    shop: str,
    language: str,
    allowed: Callable[[str], bool],
    whole: Callable[[str], bool],
    seconds: float = math.inf,
) -> AsyncGenerator[Saying, None]:
    """The answer as it grows, a sentence at a time, once one of them is the model's; nothing where none is.

    Args:
        allowed: whether one sentence may be heard.
        whole: whether several sentences hold as one text; where they do not, the last one's row speaks.
        seconds: how long the model's first sentence is waited for; then its row speaks.

    The verdict is `allow` where every sentence is the model's as it first wrote it, `rewrite` where each is the
    model's and some were mended, and `extractive` where any is the row's.
    """
    tasks = [
        asyncio.create_task(worded(writer, _asked(one, shop, language), allowed, seconds + number * _READING))
        for number, one in enumerate(statements)
    ]
    saying, sentences, own = Saying(), list[str](), 0
    try:
        for one, task in zip(statements, tasks, strict=True):
            found = await task
            saying.count(found)
            text = found.text
            if text is not None and sentences and not whole(join([*sentences, text], language)):
                saying.objections.append("together")
                text = None
            own += text is not None
            sentences.append(one.text if text is None else text)
            saying.text = join(sentences, language) if own else ""
            if own == len(statements):
                saying.verdict = "rewrite" if saying.objections else "allow"
            yield saying
    finally:
        for task in tasks:
            task.cancel()


def _asked(one: Statement, shop: str, language: str) -> Asked:
    assert one.fact is not None, "planned without one"
    return Asked(
        shop,
        one.question,
        one.fact,
        language,
        one.plainly,
        one.must,
        one.apart,
        one.others,
        one.bare,
        one.topic,
    )
