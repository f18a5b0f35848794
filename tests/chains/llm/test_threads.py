"""How many threads a step gets: all cores while they are free, one while others use them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from random import Random

import pytest

from chains.llm.threads import Threads, in_passing

Cost = Callable[[int, int], float]  # seconds of a step by threads and tokens


def free(threads: int, tokens: int) -> float:
    """Steps as measured on two cores with nothing beside them."""
    return (0.020 + 0.0033 * tokens) * (1 if threads > 1 else 1.5)


def shared(threads: int, tokens: int) -> float:
    """The same where another process has one of the cores."""
    return free(1, tokens) * (2 if threads > 1 else 1.05)


def driven(threads: Threads, cost: Cost, steps: int) -> list[int]:
    """Make so many steps of one to sixteen tokens; the threads that each got."""
    dice, chosen = Random(4), []
    for _ in range(steps):
        number, tokens = threads.choose(), dice.randint(1, 16)
        chosen.append(number)
        threads.learn(number, cost(number, tokens), tokens)
    return chosen


def test_free_cores_are_taken_and_the_other_way_is_tried_seldom() -> None:
    chosen = driven(Threads(2), free, 240)
    assert chosen.count(1) == 10


def test_where_a_core_is_taken_steps_soon_keep_to_one_and_come_back_when_it_is_free() -> None:
    threads = Threads(2)
    driven(threads, free, 48)
    chosen = driven(threads, shared, 240)
    assert 1 in chosen[:6], "what it knew of one thread serves at once"
    assert chosen[6:].count(2) <= 10
    assert driven(threads, free, 48)[24:].count(2) >= 22


def test_one_core_is_one_thread() -> None:
    assert set(driven(Threads(1), free, 60)) == {1}


def test_passing_work_gives_and_raises_what_it_would_and_leaves_no_thread() -> None:
    assert in_passing(threading.current_thread) not in threading.enumerate()
    with pytest.raises(ZeroDivisionError):
        in_passing(lambda: 1 // 0)
