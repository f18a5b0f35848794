"""Decides whose tokens the next step reads; knows priorities and places in line, no model and no text.

A step has seats for texts that are being written, a token each, and a budget for prompts that are being read.
The urgent sit first. One seat, and the budget of every `FAIR`th step, go to whoever has waited longest, so that
nothing starves; and the budget is the smaller the more a prompt would hold up, so that no word waits long.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from chains.llm.lane import Lane, Work

SEATS = 16  # texts that write in one step
READ_ALONE = 512  # tokens of prompts while nobody writes
READ_BESIDE = 128  # while others write
READ_BEHIND = 32  # while someone more urgent writes
FAIR = 8


@dataclass(frozen=True)
class Turn:
    """So many pending tokens of one lane."""

    work: Work
    lane: Lane
    count: int


def turns(works: Iterable[Work], step: int) -> list[Turn]:
    """Whose tokens step number `step` reads, and how many; at least one where there is any work."""
    lanes = [Turn(work, lane, lane.pending) for work in works for lane in work.at_work]
    writers = _seated([turn for turn in lanes if turn.count == 1])
    readers = sorted((turn for turn in lanes if turn.count > 1), key=_fair if step % FAIR == 0 else _urgent)
    return writers + list(_within_budget(readers, writers))


def _urgent(turn: Turn) -> tuple[int, int]:
    return turn.work.priority, turn.work.order


def _fair(turn: Turn) -> tuple[int, int]:
    return turn.lane.served, turn.work.order


def _seated(writers: list[Turn]) -> list[Turn]:
    if len(writers) <= SEATS:
        return writers
    writers.sort(key=lambda turn: (turn.work.priority, turn.lane.served))
    return [*writers[: SEATS - 1], min(writers[SEATS - 1 :], key=_fair)]


def _within_budget(readers: list[Turn], writers: list[Turn]) -> Iterable[Turn]:
    urgent = min((turn.work.priority for turn in writers), default=None)
    spent = 0
    for turn in readers:
        budget = (
            READ_ALONE if urgent is None else READ_BESIDE if turn.work.priority <= urgent else READ_BEHIND
        )
        if spent >= budget:
            return
        count = min(turn.count, budget - spent)
        spent += count
        yield Turn(turn.work, turn.lane, count)
