"""Serves many chats from one model, a token of each in every step; it knows no messages.

Requests wait here until there is memory for them; from then on they are part of the `Batch`, which they leave text
by text. One thread does all of that; whoever asks gets a `Job` at once and reads it from any thread or event loop.
"""

from __future__ import annotations

import itertools
import logging
import secrets
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chains.llm.batch import Batch
from chains.llm.errors import Busy, LlmError, PromptTooLong
from chains.llm.job import Job, Request
from chains.llm.lane import Lane, Work
from chains.llm.lines import Form, FormedLane, Line
from chains.llm.prefixes import Prefixes
from chains.llm.runner import Runner
from chains.llm.sampling import Sampler, Sampling
from chains.llm.schedule import FAIR, SEATS
from chains.llm.text_stream import TextStream

log = logging.getLogger(__name__)

CUSTOMER, COPY, BACKGROUND = 0, 10, 20  # priorities; any integer does, lower goes first
TYPICAL = 32  # tokens of an answer


@dataclass(frozen=True)
class Limits:
    """What an engine may take.

    Attributes:
        strips: bytes for keys and values of texts in work; a text that alone needs more is served alone.
        prefixes: bytes for those of beginnings that may come again.
        waiting: requests that wait; one more is refused.
        texts: in work at a time.
    """

    strips: int = 1 << 30
    prefixes: int = 1 << 28
    waiting: int = 512
    texts: int = 1024


@dataclass(frozen=True)
class Load:
    """What an engine holds at a moment: requests in work and waiting, bytes, and tokens read and not read."""

    in_work: int
    waiting: int
    strip_bytes: int
    prefix_bytes: int
    tokens_read: int
    tokens_known: int


class Engine:
    """Serves prompts from one model. Threads and event loops may share it.

    Args:
        runner: the model; the engine's thread alone uses it.
        tokenizer: its tokenizer.
        end_tokens: ids that end a text besides those of the tokenizer.
        limits: what it may take.
        guess: whether greedy texts are guessed ahead; what is written is the same.
    """

    def __init__(
        self,
        runner: Runner,
        tokenizer: Any,
        end_tokens: Sequence[int] = (),
        limits: Limits | None = None,
        *,
        guess: bool = True,
    ) -> None:
        self.tokenizer = tokenizer
        self.runner = runner
        self._limits = limits = limits or Limits()
        self._arrivals: deque[Work] = deque()
        self._wake = threading.Event()
        self._waiting: list[Work] = []
        self._active: list[Work] = []
        self._prefixes = Prefixes(limits.prefixes, runner.token_bytes)
        self._ends = frozenset(end_tokens) | _end_tokens(tokenizer)
        self._batch = Batch(runner, self._prefixes, self._ends, guess=guess)
        self._orders = itertools.count()
        self._admitted = 0
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="marketeer-llm", daemon=True)
        self._thread.start()

    def submit(
        self,
        prompt: str,
        *,
        special_tokens: bool = True,
        n: int = 1,
        max_new_tokens: int = 256,
        temperature: float = 0.7,
        top_p: float = 0.95,
        top_k: int = 64,
        repetition_penalty: float = 1.0,
        seed: int | None = None,
        stop: Sequence[str] = (),
        priority: int = CUSTOMER,
        lines: Sequence[Line] = (),
    ) -> Job:
        """Queue a prompt and return at once; without a seed one is drawn and kept in `job.request.seed`.

        Args:
            special_tokens: let the tokenizer put its own around the text, such as beginning-of-text.
            lines: the form that the text is held to, each line of it written; `stop` has no meaning then.

        Raises:
            ValueError: an argument is out of range, or the lines need more tokens.
            PromptTooLong: prompt and answer do not fit the model's window.
            Busy: too many requests wait.
            LlmError: the engine is closed.
        """
        if n < 1 or max_new_tokens < 1:
            raise ValueError("n and max_new_tokens must be at least 1")
        if self._closed.is_set():
            raise LlmError("The language model has been closed: start the program again.")
        if len(self._arrivals) + len(self._waiting) >= self._limits.waiting:
            raise Busy(f"{self._limits.waiting} requests wait for the language model: try again later.")
        sampling = Sampling(temperature, top_p, top_k, repetition_penalty)
        seed = secrets.randbits(31) if seed is None else seed
        job = Job(
            Request(
                prompt, special_tokens, n, max_new_tokens, sampling, seed, tuple(stop), priority, tuple(lines)
            )
        )
        self._arrivals.append(self._work(job))
        self._wake.set()
        return job

    def count_tokens(self, text: str) -> int:
        """How many tokens `text` has, beginning-of-text included."""
        return len(self.tokenizer(text)["input_ids"])

    def expected_seconds(self, priority: int = CUSTOMER, words: int = TYPICAL) -> float:
        """About how long a request would take that came now, for so many tokens to write: what is as urgent goes along
        with it, and what is less so is put behind."""
        works = [*self._active, *self._waiting, *self._arrivals]
        ahead = [work for work in works if work.priority <= priority and not work.job.done]
        unread = sum(lane.pending for work in ahead for lane in work.at_work if lane.pending > 1)
        writers = 1 + sum(len(work.open) for work in ahead)
        return self._batch.pace.seconds(unread, words * max(1.0, writers / SEATS))

    def load(self) -> Load:
        """What the engine holds now; its thread may be changing it."""
        return Load(
            in_work=sum(not work.job.done for work in list(self._active)),
            waiting=len(self._arrivals) + len(self._waiting),
            strip_bytes=sum(work.room for work in list(self._active)) * self.runner.token_bytes,
            prefix_bytes=self._prefixes.held,
            tokens_read=self._batch.tokens_read,
            tokens_known=self._prefixes.hits,
        )

    def close(self) -> None:
        """End every job as cancelled and the thread with it. May be called twice."""
        self._closed.set()
        self._wake.set()
        self._thread.join(timeout=30)

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _work(self, job: Job) -> Work:
        """The job's prompt as tokens, and a lane for each variant."""
        asked = job.request
        prompt: list[int] = self.tokenizer(asked.prompt, add_special_tokens=asked.special_tokens)["input_ids"]
        room = len(prompt) + asked.max_new_tokens
        if room > self.runner.window:
            raise PromptTooLong(
                f"The prompt has {len(prompt)} tokens and asks for {asked.max_new_tokens} more, "
                f"the model takes {self.runner.window}: shorten the text."
            )
        form = None
        if asked.lines:
            form = Form(asked.lines, self.tokenizer, asked.max_new_tokens, self._ends, self.runner.device)
        lanes: list[Lane] = []
        for variant in range(asked.n):
            sampler = Sampler(asked.sampling, asked.seed + variant, self.runner.device)
            stream = TextStream(self.tokenizer, () if form else asked.stop)
            parts = (variant, list(prompt), room, stream, sampler)
            lanes.append(FormedLane(*parts, form=form) if form else Lane(*parts))
        return Work(job, next(self._orders), len(prompt), lanes)

    # Everything below runs in the thread.

    def _serve(self) -> None:
        while not self._closed.is_set():
            if not self._active and not self._waiting:
                self._wake.wait()
            self._take_arrivals()
            self._drop_cancelled()
            self._admit()
            if self._active:
                self._step()
        self._take_arrivals()
        for work in self._active + self._waiting:
            work.cancel()
        self._active, self._waiting = [], []

    def _step(self) -> None:
        try:
            self._batch.step(self._active)
        except Exception as error:
            log.exception("a step failed as a whole")
            for work in self._active:
                work.fail(error)
        self._forget_done()

    def _take_arrivals(self) -> None:
        self._wake.clear()
        while self._arrivals:
            self._waiting.append(self._arrivals.popleft())
        self._waiting.sort(key=lambda work: (work.priority, work.order))

    def _drop_cancelled(self) -> None:
        for work in [work for work in self._active + self._waiting if work.job.cancelled]:
            work.cancel()
        self._forget_done()

    def _forget_done(self) -> None:
        self._active = [work for work in self._active if not work.job.done]
        self._waiting = [work for work in self._waiting if not work.job.done]

    def _admit(self) -> None:
        """Let in who is next, as memory allows; work that is less urgent gives up its own for it."""
        while self._waiting:
            work = self._next()
            while not self._has_room(work):
                behind = [
                    other for other in self._active if other.priority > work.priority and not other.fair
                ]
                if not behind:
                    return
                self._put_back(max(behind, key=lambda other: (other.priority, other.order)))
            self._waiting.remove(work)
            self._active.append(work)
            self._admitted += 1

    def _next(self) -> Work:
        """The most urgent who waits; every `FAIR`th time whoever came first, who then stays to the end."""
        if self._admitted % FAIR == FAIR - 1 and not any(work.fair for work in self._active):
            first = min(self._waiting, key=lambda work: work.order)
            first.fair = True
            return first
        return self._waiting[0]

    def _has_room(self, work: Work) -> bool:
        works = [*self._active, work]
        size = sum(one.room for one in works) * self.runner.token_bytes
        texts = sum(len(one.open) for one in works)
        return not self._active or (size <= self._limits.strips and texts <= self._limits.texts)

    def _put_back(self, work: Work) -> None:
        """Take the strips from work that is less urgent; it reads its texts again when there is room."""
        self._batch.put_back(work)
        self._active.remove(work)
        self._waiting.append(work)
        self._waiting.sort(key=lambda work: (work.priority, work.order))


def _end_tokens(tokenizer: Any) -> set[int]:
    """The tokens that end a text by the tokenizer alone."""
    value = tokenizer.eos_token_id
    return {value} if isinstance(value, int) else set(value or ())
