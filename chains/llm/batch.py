"""Takes texts a step further: what each reads goes to the model, and each draws its next token of what comes back.

It knows neither the queue nor whoever asks: `engine` says which requests are in work, `schedule` whose turn it is.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

from chains.llm.attention import Span
from chains.llm.device import cpu_threads
from chains.llm.lane import Lane, Work
from chains.llm.lookup import MOST
from chains.llm.pace import Pace
from chains.llm.prefixes import Prefixes
from chains.llm.runner import Runner
from chains.llm.schedule import Turn, turns
from chains.llm.threads import Threads

if TYPE_CHECKING:
    import torch

log = logging.getLogger(__name__)

GUESSING = 2  # texts in a step up to which guesses are worth their reading


class Batch:
    """The running texts of one model.

    Args:
        runner: the model.
        prefixes: what it made of beginnings, kept here.
        end_tokens: ids that end a text and are not part of it.
        guess: whether greedy texts are guessed ahead.
    """

    def __init__(
        self, runner: Runner, prefixes: Prefixes, end_tokens: frozenset[int], *, guess: bool
    ) -> None:
        self.tokens_read = 0
        self.pace = Pace()
        self._threads = Threads(cpu_threads())
        self._runner = runner
        self._prefixes = prefixes
        self._end_tokens = end_tokens
        self._guess = guess
        self._steps = 0

    def step(self, works: Sequence[Work]) -> None:
        """One step of the model, and a token for every lane whose text it has read to the end."""
        import torch

        threads = self._threads.choose()
        torch.set_num_threads(threads)
        started = time.perf_counter()
        self._steps += 1
        chosen = turns(works, self._steps)
        for turn in chosen:
            if turn.lane.strip is None:
                self._begin(turn.lane)
        plan = [self._span(turn, len(chosen)) for turn in chosen]
        for turn, span, scores in self._scored(plan):
            if turn.work.job.done:  # another of its texts has failed
                continue
            self.tokens_read += turn.count
            turn.lane.served = self._steps
            turn.lane.read += turn.count
            if span.wanted:
                try:
                    self._draw(turn, span, scores)
                except Exception as error:
                    log.exception("a token could not be drawn")
                    turn.work.fail(error)
        read = sum(turn.count for turn, _ in plan if turn.count > 1)
        seconds = time.perf_counter() - started
        self.pace.learn(seconds, read)
        if not read:
            self._threads.learn(threads, seconds, sum(len(span.tokens) for _, span in plan))

    def put_back(self, work: Work) -> None:
        """Take the strips of a work; it reads its texts again when it has its next turn."""
        for lane in work.open:
            self._remember(lane)
            lane.release()

    def _begin(self, lane: Lane) -> None:
        lane.strip = self._runner.strip(lane.room)
        lane.read = self._prefixes.restore(lane.tokens, lane.strip)

    def _span(self, turn: Turn, texts: int) -> tuple[Turn, Span]:
        """What a lane reads in this step. What it has known since it was chosen, it does not read again."""
        lane = turn.lane
        turn = Turn(turn.work, lane, min(turn.count, lane.pending))
        guess: list[int] = []
        if self._guess and texts <= GUESSING and lane.pending == 1 and lane.sampler.greedy:
            guess = lane.guesses.guess(lane.tokens, min(MOST, lane.room - len(lane.tokens) - 1))
        return turn, lane.span(turn.count, guess)

    def _scored(self, plan: list[tuple[Turn, Span]]) -> list[tuple[Turn, Span, torch.Tensor]]:
        """The scores of each span. Where a step fails, spans are read one by one, and only those fail that must."""
        try:
            scores = self._runner.step([span for _, span in plan])
        except Exception as error:
            if len(plan) > 1:
                return [
                    (turn, span, scores.clone())  # the next step takes them back
                    for one in plan
                    for turn, span, scores in self._scored([one])
                ]
            log.exception("a generation failed")
            plan[0][0].work.fail(error)
            return []
        ends = accumulate(span.wanted for _, span in plan)
        return [
            (turn, span, scores[end - span.wanted : end])
            for (turn, span), end in zip(plan, ends, strict=True)
        ]

    def _draw(self, turn: Turn, span: Span, scores: torch.Tensor) -> None:
        """Give a lane its next token, and those of its guess that were right; scores: (wanted, vocabulary)."""
        work, lane = turn.work, turn.lane
        if not work.parted:
            self._remember(lane)
            self._part(work)
            for other in work.lanes[1:]:
                work.show(other, other.draw(scores[0], self._end_tokens))
        guess, text = span.tokens[turn.count :], ""
        for place, row in enumerate(scores):
            before = len(lane.tokens)
            text += lane.draw(row, self._end_tokens)
            drawn = lane.tokens[before:]  # none or several where the text has ended, or a line of its form
            if lane.reason is not None or place == len(guess) or drawn != [guess[place]] or lane.pending > 1:
                break
            lane.read += 1
        if guess:
            lane.guesses.learn(place)
        if lane.reason is not None:
            self._remember(lane)
        work.show(lane, text)

    def _part(self, work: Work) -> None:
        """Give the other lanes of a work what the first has read."""
        first, *others = work.lanes
        assert first.strip is not None
        for lane in others:
            lane.strip = first.strip.branch(first.read)
            lane.read, lane.served = first.read, first.served
        work.parted = True

    def _remember(self, lane: Lane) -> None:
        if lane.strip is not None:
            self._prefixes.keep(lane.tokens, lane.strip, lane.read)
