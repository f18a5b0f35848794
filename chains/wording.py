"""Lets the model word a sentence: what fails goes back to it with its violations named, at most twice; then the row speaks.
It speaks at once where the model has too much to do, and as soon as the time is up in which words are wanted.

The loop only. What is wrong with a text is judged by `writer`; who may hear it by `allowed`.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from chains.evidence import STOCK
from chains.llm.errors import Busy
from chains.objections import Objection
from chains.stance import without_lead
from chains.writer import Asked, Written, named, objection

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

log = logging.getLogger(__name__)

REWRITES = 2
UNSEEN = (
    "doubt",
    "value left out",
    "unnamed",
    "another product",
    "yes or no",
    "polarity",
)  # told by a model that looked elsewhere
LED = ("yes or no", "polarity")


@dataclass
class Wording:
    """What came of it: the words that may leave, if any, and what was held against those that may not."""

    text: str | None = None
    objections: list[str] = field(default_factory=list)
    first_token_ms: int | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    written: int = 0

    @property
    def drafts(self) -> dict[str, int]:
        """One text written, whether it passed as it was, and whether it passes now; nothing of a busy model."""
        if not self.written:
            return {}
        return {
            "written": 1,
            "passed": int(self.text is not None and not self.objections),
            "passes": int(self.text is not None),
        }


async def worded(
    writer: Runnable[Asked, Written], asked: Asked, allowed: Callable[[str], bool], seconds: float = math.inf
) -> Wording:
    """Ask, and ask again with what was wrong, as long as that will likely be done within these seconds."""
    found = Wording()
    started = tried = time.perf_counter()
    for attempt in range(1 + REWRITES):
        now = time.perf_counter()
        if attempt and now - started + (now - tried) > seconds:
            break
        tried = now
        try:
            async with asyncio.timeout(None if math.isinf(seconds) else seconds - (now - started)):
                written = await writer.ainvoke(asked)
        except (Busy, TimeoutError):
            log.info("the model is busy: the row's own words leave")
            break
        found.written += 1
        found.prompt_tokens += written.prompt_tokens
        found.completion_tokens += written.completion_tokens
        if found.first_token_ms is None:
            found.first_token_ms = written.first_token_ms
        text, wrong = _bare(written.text, asked), objection(written.text, asked)
        if text != written.text and wrong is None:
            found.objections.append("yes or no")
            wrong = objection(text, asked)
        if wrong is not None:
            found.objections.append(wrong.instruction(asked.language) or wrong.reason)
            text, wrong = _led_off(text, wrong, asked)
            text, wrong = _named(text, wrong, asked)
        if wrong is None:
            if allowed(text):
                found.text = text
                break
            wrong = Objection("person")
            found.objections.append(wrong.reason)
        asked = _again(asked, text, wrong, attempt + 1)
    return found


def _bare(text: str, asked: Asked) -> str:
    return (asked.bare and without_lead(text, asked.language)) or text


def _led_off(text: str, wrong: Objection, asked: Asked) -> tuple[str, Objection | None]:
    """The text without an opening yes or no that its fact does not give, where the rest may leave; else as it was."""
    if wrong.reason in LED and asked.evidence.polarity is None and asked.evidence.key not in STOCK:
        rest = without_lead(text, asked.language)
        if rest and objection(rest, asked) is None:
            return rest, None
    return text, wrong


def _named(text: str, wrong: Objection | None, asked: Asked) -> tuple[str, Objection | None]:
    """The text with its product's name in front, where that is all it lacks and it was asked for this product alone."""
    item = asked.evidence.item
    if wrong is None or wrong.reason != "unnamed" or item is None or _asks_more(asked):
        return text, wrong
    whole = named(text, item.name(asked.language), asked.language)
    return (whole, None) if whole and objection(whole, asked) is None else (text, wrong)


def _asks_more(asked: Asked) -> bool:
    return bool(asked.plainly) and asked.question != asked.plainly


def _again(asked: Asked, text: str, wrong: Objection, attempt: int) -> Asked:
    """The same question, to be written otherwise: put plainly where the model did not see that the fact answers it,
    repaired where it is known what to repair, and anew where the repair came back unchanged."""
    if wrong.reason in UNSEEN and _asks_more(asked):
        return replace(asked, question=asked.plainly, rejected="", violation="")
    instruction = wrong.instruction(asked.language)
    if not instruction or text == asked.rejected:
        return replace(asked, seed=attempt, rejected="", violation="")
    return replace(asked, seed=attempt, rejected=text, violation=instruction)
