"""Lets the model that writes read the judge's best statements again, one at a time: does it answer, yes or no?

The model is ten times as large as the judge and has read far more, the judge has learnt more of shops: together they
err less than either (see weights/reader.json, fitted by `chains.relevance.second`). Where the model is not there, has
too much to do or was not taught to read, the judge's word stands. Decides nothing of what is done with the answer.
"""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from chains.data import table
from chains.llm.chat_format import is_chinese
from chains.llm.errors import LlmError
from chains.tasks import Task

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from chains.llm.local import LocalChatModel

log = logging.getLogger(__name__)

READ = 5  # statements read again
WORTH = 0.02  # probability from which a statement is worth it
PATIENCE = 1.5  # seconds

WEIGHTS = Path(__file__).parent / "weights" / "reader.json"


class Judges(Protocol):
    """Probability that each fact answers the question."""

    def scores(self, question: str, facts: Sequence[str]) -> list[float]: ...


@dataclass(frozen=True)
class Weighed:
    """How two opinions become one: log odds = judge * a + reader * b + c."""

    judge: float
    reader: float
    shift: float

    def together(self, judge: float, reader: float) -> float:
        """The probability, of the judge's and the reader's log odds."""
        return 1 / (1 + math.exp(-(self.judge * log_odds(judge) + self.reader * reader + self.shift)))


@cache
def weighed() -> Weighed:
    """As fitted."""
    return Weighed(**json.loads(WEIGHTS.read_text("utf-8"))["weights"])


def log_odds(probability: float) -> float:
    """Of a probability, kept within what can be told apart."""
    inside = min(max(probability, 1e-4), 1 - 1e-4)
    return math.log(inside / (1 - inside))


def combined(first: Sequence[float], odds: Mapping[int, float], weights: Weighed) -> list[float]:
    """The judge's probabilities with the reader's log odds of some; what was not read again is no likelier than those."""
    both = {i: weights.together(first[i], odd) for i, odd in odds.items()}
    least = min(both.values(), default=1.0)
    return [both.get(i, min(p, least)) for i, p in enumerate(first)]


class Reader:
    """Log odds of yes, of a model that serves."""

    def __init__(self, model: Callable[[], BaseChatModel]) -> None:
        """`model` gives the model, opened at the first question; one that runs elsewhere reads nothing."""
        self._model = model

    def odds(self, question: str, facts: Sequence[str]) -> list[float] | None:
        """Of each fact, in order; None where the model is not there or has too much to do. Blocks."""
        from chains.llm.local import LocalChatModel

        model = self._model()
        if not isinstance(model, LocalChatModel) or model.engine.expected_seconds() > PATIENCE:
            return None
        tasks = [task_of(question, fact) for fact in facts]
        watched = _answers(model, tasks[0])
        if len(set(watched)) < len(watched):
            return None  # a tokenizer that spells both words by letters
        try:
            jobs = []
            for task in tasks:
                prompt = model.chat_format.render(task.messages(), speakers=task.speakers)
                jobs.append(
                    model.engine.submit(
                        prompt.text, special_tokens=prompt.special_tokens, max_new_tokens=1, temperature=0.0,
                        watched=watched,
                    )
                )  # fmt: skip
            told = [job.result(timeout=2 * PATIENCE).watched for job in jobs]
        except (LlmError, TimeoutError) as error:
            log.info("the model did not read: %s", type(error).__name__)
            return None
        return [yes - no for yes, no in told]


def task_of(question: str, fact: str) -> Task:
    """What the model is asked about one fact."""
    return Task("relevant", "zh" if is_chinese(question) else "en", "-", [fact], question)


def _answers(model: LocalChatModel, task: Task) -> list[int]:
    """The tokens that yes and no begin with."""
    words: list[str] = table("reading", "chains.relevance")[task.language]
    pairs = [model.chat_format.pair(task.messages(), word, speakers=task.speakers)[1] for word in words]
    return [model.engine.tokenizer(text, add_special_tokens=False)["input_ids"][0] for text in pairs]


class ReadTwice:
    """The judge, and the reader's word on what the judge holds likely."""

    def __init__(self, judge: Judges, reader: Reader) -> None:
        self._judge, self._reader = judge, reader

    def scores(self, question: str, facts: Sequence[str]) -> list[float]:
        """As the judge's."""
        first = self._judge.scores(question, facts)
        best = sorted((i for i in range(len(facts)) if first[i] >= WORTH), key=lambda i: -first[i])[:READ]
        odds = self._reader.odds(question, [facts[i] for i in best]) if best else None
        if odds is None:
            return first
        return combined(first, dict(zip(best, odds, strict=True)), weighed())
