"""Owns the model and the one thread that runs it, and shares it among chats; it knows no messages.

Jobs wait by priority. Between two steps the thread turns to the most urgent job in work, and among
equals to the one it has left alone the longest, so a long text delays a customer by one step. Only
this thread touches the model.
"""

from __future__ import annotations

import itertools
import logging
import queue
import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from chains.llm.decoding import FinishReason, Piece, decode
from chains.llm.device import Device, cpu_threads
from chains.llm.errors import LlmError, PromptTooLong
from chains.llm.job import Job, Request, Result
from chains.llm.sampling import Sampler, Sampling
from chains.llm.text_stream import TextStream

log = logging.getLogger(__name__)

MAX_ACTIVE = 8  # jobs in work of the same priority or a higher one; each holds a cache: 18 KB a token and variant with the bundled model
CUSTOMER, COPY, BACKGROUND = 0, 10, 20  # priorities; any integer does, lower goes first


@dataclass
class _Running:
    """A job in work."""

    job: Job
    steps: Iterator[list[Piece]]
    streams: list[TextStream]
    prompt_tokens: int
    order: int
    first_token: float | None = None
    reasons: dict[int, FinishReason] = field(default_factory=dict)


class Engine:
    """Serves prompts from one model. Threads and event loops may share it.

    Args:
        model: a causal language model of transformers; it is put into evaluation mode.
        tokenizer: its tokenizer.
        device: where the model is.
        end_tokens: ids that end a text besides those the model's configuration names.
    """

    def __init__(self, model: Any, tokenizer: Any, device: Device, end_tokens: Sequence[int] = ()) -> None:
        self.model = model.eval()
        self.tokenizer = tokenizer
        self.device = device
        self.window = int(getattr(model.config, "max_position_embeddings", None) or 4096)
        self._eos = _end_tokens(model, tokenizer) | set(end_tokens)
        self._arrivals: queue.Queue[Job | None] = queue.Queue()
        self._waiting: list[tuple[int, int, Job]] = []
        self._active: list[_Running] = []
        self._clock = itertools.count()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._work, name="marketeer-llm", daemon=True)
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
    ) -> Job:
        """Queue a prompt and return at once; without a seed one is drawn and kept in `job.request.seed`.

        `special_tokens`: let the tokenizer put its own around the text, such as beginning-of-text.

        Raises:
            ValueError: an argument is out of range.
            LlmError: the engine is closed.
        """
        if n < 1 or max_new_tokens < 1:
            raise ValueError("n and max_new_tokens must be at least 1")
        if self._closed.is_set():
            raise LlmError("The language model has been closed: start the program again.")
        sampling = Sampling(temperature, top_p, top_k, repetition_penalty)
        seed = secrets.randbits(31) if seed is None else seed
        job = Job(Request(prompt, special_tokens, n, max_new_tokens, sampling, seed, tuple(stop), priority))
        self._arrivals.put(job)
        return job

    def count_tokens(self, text: str) -> int:
        """How many tokens `text` has, beginning-of-text included."""
        return len(self.tokenizer(text)["input_ids"])

    def close(self) -> None:
        """End every job as cancelled and the thread with it. May be called twice."""
        self._closed.set()
        self._arrivals.put(None)
        self._thread.join(timeout=30)

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Everything below runs in the thread.

    def _work(self) -> None:
        import torch

        torch.set_num_threads(cpu_threads())  # another library's OpenMP may have pinned torch to one
        while not self._closed.is_set():
            self._admit()
            if self._active:
                self._step(
                    min(self._active, key=lambda running: (running.job.request.priority, running.order))
                )
        for running in list(self._active):
            self._end(running, "cancelled")
        self._take_arrivals(block=False)
        for _, _, job in self._waiting:
            job.succeed(_nothing(job))

    def _admit(self) -> None:
        """Let cancelled jobs go and take in new ones; with nothing to do, sleep until one comes."""
        for running in [running for running in self._active if running.job.cancelled]:
            self._end(running, "cancelled")
        self._take_arrivals(block=not self._active and not self._waiting)
        self._waiting.sort(key=lambda entry: entry[:2])
        while self._waiting and self._has_room(self._waiting[0][0]):
            _, order, job = self._waiting.pop(0)
            if job.cancelled:
                job.succeed(_nothing(job))
                continue
            try:
                self._active.append(self._begin(job, order))
            except Exception as error:  # noqa: BLE001 - belongs to that job alone
                job.fail(error)

    def _take_arrivals(self, *, block: bool) -> None:
        try:
            job = self._arrivals.get(block)
            while True:
                if job is not None:
                    self._waiting.append((job.request.priority, next(self._clock), job))
                job = self._arrivals.get_nowait()
        except queue.Empty:
            return

    def _has_room(self, priority: int) -> bool:
        """Whether a job may begin: less urgent ones in work do not keep it waiting."""
        return sum(running.job.request.priority <= priority for running in self._active) < MAX_ACTIVE

    def _begin(self, job: Job, order: int) -> _Running:
        request = job.request
        encoded = self.tokenizer(request.prompt, add_special_tokens=request.special_tokens)
        prompt: list[int] = encoded["input_ids"]
        if len(prompt) + request.max_new_tokens > self.window:
            raise PromptTooLong(
                f"The prompt has {len(prompt)} tokens and asks for {request.max_new_tokens} more, "
                f"the model takes {self.window}: shorten the text."
            )
        streams = [TextStream(self.tokenizer, request.stop) for _ in range(request.n)]
        seeds = [request.seed + variant for variant in range(request.n)]
        sampler = Sampler(request.sampling, seeds, self.device.name)
        steps = decode(
            self.model, prompt, streams, sampler, max_new_tokens=request.max_new_tokens, eos=self._eos
        )
        return _Running(job, steps, streams, len(prompt), order)

    def _step(self, running: _Running) -> None:
        """Run one step of one job."""
        running.order = next(self._clock)
        try:
            pieces = next(running.steps, None)
        except Exception as error:
            log.exception("a generation failed")
            self._active.remove(running)
            running.job.fail(error)
            return
        if pieces is None:
            self._end(running, "stop")
            return
        if pieces and running.first_token is None:
            running.first_token = time.perf_counter() - running.job.submitted
        for piece in pieces:
            if piece.finish_reason:
                running.reasons[piece.variant] = piece.finish_reason
        running.job.add(pieces)
        if len(running.reasons) == len(running.streams):
            self._end(running, "stop")

    def _end(self, running: _Running, reason: FinishReason) -> None:
        """Close the job; variants still open get `reason`."""
        self._active.remove(running)
        running.steps.close()  # type: ignore[attr-defined]
        unfinished = [variant for variant in range(len(running.streams)) if variant not in running.reasons]
        running.job.add([Piece(variant, running.streams[variant].finish(), reason) for variant in unfinished])
        running.reasons.update(dict.fromkeys(unfinished, reason))
        running.job.succeed(
            Result(
                texts=[stream.shown for stream in running.streams],
                finish_reasons=[running.reasons[variant] for variant in range(len(running.streams))],
                prompt_tokens=running.prompt_tokens,
                completion_tokens=[len(stream.tokens) for stream in running.streams],
                first_token_seconds=running.first_token,
                seconds=time.perf_counter() - running.job.submitted,
            )
        )


def _nothing(job: Job) -> Result:
    """The result of a job that was cancelled before it began."""
    n = job.request.n
    return Result([""] * n, ["cancelled"] * n, 0, [0] * n, None, time.perf_counter() - job.submitted)


def _end_tokens(model: Any, tokenizer: Any) -> set[int]:
    """The tokens that end a text, by the generation settings, the configuration and the tokenizer."""
    found: set[int] = set()
    for value in (
        getattr(model.generation_config, "eos_token_id", None),
        getattr(model.config, "eos_token_id", None),
        tokenizer.eos_token_id,
    ):
        found |= {value} if isinstance(value, int) else set(value or ())
    return found
