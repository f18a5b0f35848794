"""How many threads torch's operations get, and which threads start them; knows no model.

GNU's OpenMP gives every thread that starts an operation helpers of its own, which live as long as it does. Once they
are more than the cores, all of them sleep between operations and are woken for each, a hundred times a step: a step
for one chat takes 35 ms instead of 24. So whoever is not the engine computes in a thread that ends.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")

_NEW = 0.3  # how much the newest step counts
_EVERY = 24  # steps after which the number that seems slower is tried again
_BASE = 6.0  # tokens that cost what a step costs besides its tokens


def in_passing(work: Callable[[], T]) -> T:
    """Do some work in a thread that ends with it; gives what it gives, and raises what it raises."""
    found: Future[T] = Future()

    def run() -> None:
        try:
            found.set_result(work())
        except BaseException as error:  # noqa: BLE001  raised where it is waited for
            found.set_exception(error)

    thread = threading.Thread(target=run, name="marketeer-passing", daemon=True)
    thread.start()
    thread.join()
    return found.result()


class Threads:
    """Chooses between all cores and one for the next step, by how long steps have taken.

    An operation on two threads is as late as the later of them: where another process has one of the cores, a step takes
    75 ms on both; on a core of its own one thread takes 38.
    """

    def __init__(self, cores: int) -> None:
        self._cost: dict[int, float | None] = {cores: None, 1: None}  # of a token
        self._best = cores
        self._steps = 0

    def choose(self) -> int:
        """How many threads the next step is to have."""
        self._steps += 1
        if self._steps % _EVERY:
            return self._best
        return next((number for number in self._cost if number != self._best), self._best)

    def learn(self, threads: int, seconds: float, tokens: int) -> None:
        """Take note of a step of so many texts' next tokens."""
        new, old = seconds / (_BASE + tokens), self._cost[threads]
        if old is None or threads != self._best:  # what was tried long ago says nothing of now
            self._cost[threads] = new
        else:
            self._cost[threads] = old + _NEW * (new - old)
        self._best = min(self._cost, key=lambda number: self._cost[number] or float("inf"))
