"""One request to the engine as its owner sees it: a stream, a result, a way to cancel; it runs nothing."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from chains.llm.sampling import Sampling

if TYPE_CHECKING:
    from chains.llm.lines import Line

FinishReason = Literal["stop", "length", "cancelled"]


@dataclass(frozen=True)
class Piece:
    """New text of one variant; the last one of a variant carries why it ended."""

    variant: int
    text: str
    finish_reason: FinishReason | None = None


@dataclass(frozen=True)
class Request:
    """What is asked of the engine. `priority`: lower goes first. Seeds of the variants are seed, seed + 1, ..."""

    prompt: str
    special_tokens: bool
    n: int
    max_new_tokens: int
    sampling: Sampling
    seed: int
    stop: tuple[str, ...]
    priority: int
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Result:
    """What came of a request, lists by variant. Times in seconds since the request was submitted."""

    texts: list[str]
    finish_reasons: list[FinishReason]
    prompt_tokens: int
    tokens: list[list[int]]
    first_token_seconds: float | None
    seconds: float

    @property
    def completion_tokens(self) -> list[int]:
        """How many tokens each text has; that which ended it is not counted."""
        return [len(tokens) for tokens in self.tokens]


class Job:
    """A submitted request. Any number of readers, in threads or event loops, see all of its pieces."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.submitted = time.perf_counter()
        self._changed = threading.Condition()
        self._pieces: list[Piece] = []
        self._result: Result | None = None
        self._error: BaseException | None = None
        self._cancelled = threading.Event()
        self._wakers: list[Callable[[], None]] = []

    # The side of whoever asked.

    def cancel(self) -> None:
        """Ask for the end: it comes before the next token. What is already written stays readable."""
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    @property
    def done(self) -> bool:
        return self._result is not None or self._error is not None

    def result(self, timeout: float | None = None) -> Result:
        """Wait in this thread for the end.

        Raises:
            TimeoutError: `timeout` seconds have passed.
            LlmError: the request could not be served, or whatever else went wrong in the engine.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: self.done, timeout):
                raise TimeoutError(f"no answer within {timeout} seconds")
        return self._outcome()

    def __iter__(self) -> Iterator[Piece]:
        seen = 0
        while True:
            with self._changed:
                while len(self._pieces) == seen and not self.done:
                    self._changed.wait()
                fresh, done = self._pieces[seen:], self.done
            seen += len(fresh)
            yield from fresh
            if done and not fresh:
                self._outcome()
                return

    async def wait(self) -> Result:
        """Wait in an event loop for the end; as `result`, without blocking the loop."""
        async for _ in self:
            pass
        return self._outcome()

    async def __aiter__(self) -> AsyncIterator[Piece]:
        loop, woken = asyncio.get_running_loop(), asyncio.Event()

        def wake() -> None:
            loop.call_soon_threadsafe(woken.set)

        with self._changed:
            self._wakers.append(wake)
        try:
            seen = 0
            while True:
                woken.clear()
                with self._changed:
                    fresh, done = self._pieces[seen:], self.done
                seen += len(fresh)
                for piece in fresh:
                    yield piece
                if done and not fresh:
                    self._outcome()
                    return
                if not fresh:
                    await woken.wait()
        finally:
            with self._changed:
                self._wakers.remove(wake)

    def _outcome(self) -> Result:
        if self._error is not None:
            raise self._error
        assert self._result is not None
        return self._result

    # The side of the engine.

    def add(self, pieces: Sequence[Piece]) -> None:
        """Show new pieces to the readers."""
        fresh = [piece for piece in pieces if piece.text or piece.finish_reason]
        if fresh:
            self._change(lambda: self._pieces.extend(fresh))

    def succeed(self, result: Result) -> None:
        """End the job with its result."""
        self._change(lambda: setattr(self, "_result", result))

    def fail(self, error: BaseException) -> None:
        """End the job with an error, which every reader gets."""
        self._change(lambda: setattr(self, "_error", error))

    def _change(self, change: Callable[[], None]) -> None:
        with self._changed:
            change()
            self._changed.notify_all()
            for wake in self._wakers:
                try:
                    wake()
                except RuntimeError:  # the loop of that reader is closed
                    continue
