"""Lets the model write drafts of copy, each held to the channel's shape; those that fail go back to it with their
violations named, at most twice.

The loop only: what is wrong with a draft is judged by `copy_check`, and frames fill what is missing (`ad_copy`). Says how
many drafts passed as they were written and how many pass after repair. A busy model ends it: what passed till then is kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from chains.copy_brief import Brief
from chains.copy_check import objection
from chains.copy_shape import Fields, shape_of
from chains.llm.engine import COPY
from chains.llm.errors import Busy
from chains.llm.lines import Line
from chains.objections import Objection
from chains.tasks import Task, fields_in

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

REWRITES = 2
SPARE = 3  # drafts beyond those asked for: a batch costs little more, and some drafts fall
MOST = 8  # drafts in a batch
LONGEST = 220  # new tokens
A_LINE = 24  # of them, where there are many lines


@dataclass
class Drafts:
    """The drafts that may be shown, and how it went."""

    kept: list[Fields] = field(default_factory=list)
    written: int = 0
    passed: int = 0
    busy: bool = False
    objections: list[str] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """Texts written, passed as written, and passing after repair."""
        counts = {"written": self.written, "passed": self.passed, "passes": len(self.kept)}
        return counts if self.written else {}


@dataclass(frozen=True)
class _Failed:
    """A draft as the model wrote it, and what is wrong with it."""

    text: str
    wrong: Objection


async def drafted(
    model: BaseChatModel, task: Task, brief: Brief, n: int, completed: Callable[[Fields], Fields]
) -> Drafts:
    """Write a batch, keep what passes, and repair the rest while fewer than n drafts do. `completed` makes a draft whole."""
    found = Drafts()
    shape = shape_of(brief, completed)
    room = max(LONGEST, A_LINE * len(shape))
    batch: dict[str, Any] = {
        "n": min(MOST, n + SPARE),
        "temperature": 0.7,
        "lines": shape,
        "max_tokens": room,
    }
    repair = {"n": 1, "temperature": 0.0, "lines": _nameless(shape), "max_tokens": room}
    try:
        written = await _written(model, [task.messages()], task, batch)
    except Busy:
        return Drafts(busy=True)
    found.written = len(written)
    failed = await _sort(written, brief, completed, found)
    found.passed = len(found.kept)
    for _ in range(REWRITES):
        mendable = [one for one in failed if one.wrong.instruction(brief.language)][: n - len(found.kept)]
        if not mendable:
            break
        tasks = [_repair(one, brief) for one in mendable]
        try:
            again = await _written(model, [one.messages() for one in tasks], tasks[0], repair)
        except Busy:
            found.busy = True
            break
        failed = await _sort([_laid_out(text, brief) for text in again], brief, completed, found)
    return found


async def _written(
    model: BaseChatModel, messages: list[list[BaseMessage]], task: Task, options: Mapping[str, Any]
) -> list[str]:
    result = await model.agenerate(messages, seed=1, priority=COPY, speakers=task.speakers, **dict(options))
    return [one.text.strip() for generations in result.generations for one in generations]


async def _sort(
    texts: Sequence[str], brief: Brief, completed: Callable[[Fields], Fields], found: Drafts
) -> list[_Failed]:
    """Keep the drafts that may be shown; return those that may not."""
    failed = []
    for text in texts:
        fields = completed(fields_in(text))
        wrong = await asyncio.to_thread(objection, fields, brief)
        if wrong is None:
            found.kept.append(fields)
        else:
            found.objections.append(wrong.instruction(brief.language) or wrong.reason)
            failed.append(_Failed(text, wrong))
    return failed


def _repair(one: _Failed, brief: Brief) -> Task:
    """The repair of a draft; of a lone field the words are given without its name, as the model was trained."""
    fields = fields_in(one.text)
    lone = next(iter(fields.values()))[0] if sum(map(len, fields.values())) == 1 else None
    values = {"text": lone or one.text, "violation": one.wrong.instruction(brief.language)}
    return Task("rewrite", brief.language, brief.shop, brief.for_the_model, values=values)


def _nameless(shape: Sequence[Line]) -> Sequence[Line]:
    """The shape of a repair: a lone field's is without its name, as the field is given."""
    return [replace(shape[0], opening="")] if len(shape) == 1 else shape


def _laid_out(text: str, brief: Brief) -> str:
    """A repaired text with the name of its field, where it came back without."""
    return text if fields_in(text) else f"{brief.channel.primary}: {text}"
