"""A request in work and its texts; knows how far each is, not when it is its turn."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chains.llm.attention import Span, Strip
from chains.llm.job import FinishReason, Job, Piece, Result
from chains.llm.lookup import Lookup
from chains.llm.sampling import Sampler
from chains.llm.text_stream import TextStream

if TYPE_CHECKING:
    import torch


@dataclass(eq=False)
class Lane:
    """One text: the tokens it has, how many of them the model has read, and how the next one is drawn.

    Reading a prompt and writing a word are one thing: the model reads tokens that it has not read, and after
    the last of them a new one is drawn. So a lane whose strip was taken away reads again and goes on.
    """

    variant: int
    tokens: list[int]
    room: int
    stream: TextStream
    sampler: Sampler
    strip: Strip | None = None
    read: int = 0
    served: int = 0  # the step that it was last part of
    reason: FinishReason | None = None
    guesses: Lookup = field(default_factory=Lookup)

    @property
    def pending(self) -> int:
        """Tokens that wait to be read, at least one."""
        return len(self.tokens) - self.read

    def span(self, count: int, guess: list[int]) -> Span:
        """The next `count` pending tokens, followed by a guess of what comes after them all."""
        assert self.strip is not None
        whole = count == self.pending
        tokens = self.tokens[self.read : self.read + count] + guess
        return Span(self.strip, self.read, tokens, wanted=1 + len(guess) if whole else 0)

    def draw(self, scores: torch.Tensor, end_tokens: frozenset[int]) -> str:
        """Draw the next token from scores, (vocabulary,), and take it: see `write`."""
        return self.write(self.sampler.pick(scores, self.stream.tokens), end_tokens)

    def write(self, token: int, end_tokens: frozenset[int]) -> str:
        """Take a drawn token; gives the text to show, and sets `reason` when it is the last."""
        if token in end_tokens:
            self.reason = "stop"
            return self.stream.finish()
        self.tokens.append(token)
        text = self.stream.push(token)
        if self.stream.stopped:
            self.reason = "stop"
        elif len(self.tokens) == self.room:
            self.reason = "length"
            text += self.stream.finish()
        return text

    def release(self) -> None:
        """Give up the strip; the tokens stay."""
        self.strip, self.read = None, 0


@dataclass(eq=False)
class Work:
    """A job in work. Until its prompt is read, the first lane alone is at it; the others then take a copy."""

    job: Job
    order: int  # of arrival
    prompt_tokens: int
    lanes: list[Lane]
    parted: bool = False
    fair: bool = False  # let in for having waited longest: keeps its memory to the end
    first_token: float | None = None

    @property
    def priority(self) -> int:
        return self.job.request.priority

    @property
    def open(self) -> list[Lane]:
        """Lanes whose text has not ended."""
        return [lane for lane in self.lanes if lane.reason is None]

    @property
    def at_work(self) -> list[Lane]:
        """Lanes that the model is to go on with."""
        return self.open if self.parted else self.lanes[:1]

    @property
    def room(self) -> int:
        """Tokens that its strips have room for, or will have."""
        return sum(lane.room for lane in self.open)

    def show(self, lane: Lane, text: str) -> None:
        """Hand new text of a lane to the readers, and the end of the job when all lanes have ended."""
        if self.first_token is None:
            self.first_token = time.perf_counter() - self.job.submitted
        if lane.reason is not None:
            lane.release()
        self.job.add([Piece(lane.variant, text, lane.reason)])
        if not self.open:
            self._succeed()

    def cancel(self) -> None:
        """End what is still open as cancelled."""
        pieces = []
        for lane in self.open:
            lane.reason = "cancelled"
            lane.release()
            pieces.append(Piece(lane.variant, lane.stream.finish(), lane.reason))
        self.job.add(pieces)
        self._succeed()

    def fail(self, error: BaseException) -> None:
        """End with an error."""
        for lane in self.lanes:
            lane.release()
        self.job.fail(error)

    def _succeed(self) -> None:
        self.job.succeed(
            Result(
                texts=[lane.stream.shown for lane in self.lanes],
                finish_reasons=[lane.reason or "cancelled" for lane in self.lanes],
                prompt_tokens=self.prompt_tokens,
                tokens=[lane.stream.tokens for lane in self.lanes],
                first_token_seconds=self.first_token,
                seconds=time.perf_counter() - self.job.submitted,
            )
        )
