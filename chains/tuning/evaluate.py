"""Measures a model on the test shops: greedy answers, four sampled variants of copy, fixed seeds; decides nothing.

Systems: `base zero-shot`, `base few-shot` (three training examples of the same task before the question), `tuned`
(the adapter, before any guard), `tuned as served` (its answers as the writer of `chains` lets them leave).
"""

import hashlib
import json
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chains.llm.chat_format import ChatFormat, Prompt
from chains.llm.engine import BACKGROUND
from chains.tuning.dataset import Parts
from chains.tuning.metrics import Copied, Figure, of_all, of_answers, of_copy
from chains.tuning.rows import Row

if TYPE_CHECKING:
    from chains.llm.engine import Engine
    from chains.llm.job import Job, Result

VARIANTS = 4
SHOTS = 3
LONGEST = {"copy": 200, "description": 140, "follow_up": 110, "handover": 110, "reviews": 110, "rewrite": 110}
SHORT = 64
AT_ONCE = 64
Report = Callable[[str, int, int], None]


@dataclass
class Writing:
    """What a system wrote for the test rows: one greedy reply each, variants for copy; and how fast."""

    replies: list[str]
    variants: list[list[str]]
    tokens: int = 0
    seconds: float = 0.0


@dataclass
class Evaluation:
    """The figures of some systems over one test set."""

    test: str
    rows: int
    systems: dict[str, dict[str, Figure]] = field(default_factory=dict)
    made_at: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    notes: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As it is kept beside an adapter."""
        systems = {
            name: {metric: figure.to_json() for metric, figure in figures.items()}
            for name, figures in self.systems.items()
        }
        return {
            "test": self.test,
            "rows": self.rows,
            "made_at": self.made_at,
            "systems": systems,
            "notes": self.notes,
        }

    @classmethod
    def read(cls, path: Path) -> "Evaluation":
        """One that was kept."""
        given = json.loads(path.read_text("utf-8"))
        systems = {
            name: {metric: Figure.read(figure) for metric, figure in figures.items()}
            for name, figures in given["systems"].items()
        }
        return cls(given["test"], given["rows"], systems, given["made_at"], given.get("notes", {}))


def fingerprint(rows: Sequence[Row]) -> str:
    """Names a test set: figures are compared over the same one only."""
    return hashlib.sha256("\n".join(row.model_dump_json() for row in rows).encode()).hexdigest()[:12]


def figures(rows: Sequence[Row], writing: Writing, copied: Copied) -> dict[str, Figure]:
    """Every figure of one system."""
    copy = [row for row in rows if row.task == "copy"]
    found = (
        of_answers(rows, writing.replies)
        | of_all(rows, writing.replies, copied)
        | of_copy(copy, writing.variants)
    )
    speed = writing.tokens / writing.seconds if writing.seconds else 0.0
    return found | {"tokens_per_second": Figure(speed, speed, speed, len(rows))}


class EngineWriter:
    """Writes for many rows at once with the engine that serves them: what is measured is what customers get."""

    def __init__(self, engine: "Engine") -> None:
        self._engine = engine
        self._chat = ChatFormat(engine.tokenizer)

    def write(self, rows: Sequence[Row], shots: Sequence[Row] = (), report: Report | None = None) -> Writing:
        """Replies to every row, and variants of those that ask for copy."""
        started = time.monotonic()
        copy = [row for row in rows if row.task == "copy"]
        replies = self._results(rows, shots, report, "answers", temperature=0)
        variants = self._results(copy, shots, report, "variants", n=VARIANTS, seed=1)
        return Writing(
            [result.texts[0] for result in replies],
            [result.texts for result in variants],
            sum(sum(result.completion_tokens) for result in [*replies, *variants]),
            time.monotonic() - started,
        )

    def _results(
        self, rows: Sequence[Row], shots: Sequence[Row], report: Report | None, step: str, **sampling: Any
    ) -> "list[Result]":
        """What is written for each row, in their order."""
        found = []
        for start in range(0, len(rows), AT_ONCE):
            jobs = [self._submit(row, shots, sampling) for row in rows[start : start + AT_ONCE]]
            for job in jobs:
                found.append(job.result())
                if report:
                    report(step, len(found), len(rows))
        return found

    def _submit(self, row: Row, shots: Sequence[Row], sampling: dict[str, Any]) -> "Job":
        prompt = self._prompt(row, shots)
        return self._engine.submit(
            prompt.text, special_tokens=prompt.special_tokens, stop=prompt.stop,
            max_new_tokens=LONGEST.get(row.task, SHORT), priority=BACKGROUND, **sampling,
        )  # fmt: skip

    def _prompt(self, row: Row, shots: Sequence[Row]) -> Prompt:
        from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

        task = row.as_task()
        messages = task.messages()
        alike = [s for s in shots if s.task == row.task and s.language == row.language][:SHOTS]
        shown = []
        for shot in alike:
            head, *turns = shot.as_task().messages()
            shown += [HumanMessage(f"{head.text}\n{turns[-1].text}"), AIMessage(shot.reply)]
        if shown:
            head, *turns = messages
            messages = [SystemMessage(head.text), *shown, *turns]
        return self._chat.render(messages, speakers=task.speakers)


def shots_from(rows: Sequence[Row]) -> list[Row]:
    """Short training examples of every task and language, the same ones each time."""
    chosen = sorted(rows, key=lambda row: len(" ".join(row.given)))
    chosen = [row for row in chosen if not row.history][: len(chosen) // 2]
    random.Random(7).shuffle(chosen)
    return chosen


def evaluate(
    parts: Parts, systems: dict[str, Callable[[Sequence[Row]], Writing]], most: int | None = None,
    replies: Path | None = None, keep: Callable[[Evaluation], None] | None = None,
) -> Evaluation:  # fmt: skip
    """The figures of each system over the test part (its first `most` rows in a fixed shuffle).

    `replies` names a JSON Lines file that gets every row with what each system wrote, for reading aloud. `keep` is
    given the figures so far after each system: a system takes minutes, and what breaks the next one must not lose it.
    """
    rows = sample(parts.test, most)
    copied = Copied(row.reply for row in parts.train)
    found = Evaluation(fingerprint(rows), len(rows))
    written: dict[str, Writing] = {}
    for name, write in systems.items():
        written[name] = write(rows)
        found.systems[name] = figures(rows, written[name], copied)
        if replies is not None:
            _keep_replies(replies, rows, written)
        if keep is not None:
            keep(found)
    return found


def _keep_replies(path: Path, rows: Sequence[Row], written: dict[str, Writing]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for i, row in enumerate(rows):
            line = row.model_dump(mode="json", exclude_defaults=True)
            line["written"] = {name: writing.replies[i] for name, writing in written.items()}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def sample(rows: Sequence[Row], most: int | None) -> list[Row]:
    """`most` rows in a fixed shuffle; all of them for None."""
    shuffled = list(rows)
    random.Random(11).shuffle(shuffled)
    return shuffled[:most]


def table(evaluation: Evaluation) -> str:
    """Markdown: a row a figure, a column a system, 95 % intervals."""
    names = list(evaluation.systems)
    metrics = list(dict.fromkeys(metric for one in evaluation.systems.values() for metric in one))
    lines = ["| figure | " + " | ".join(names) + " |", "| --- |" + " ---: |" * len(names)]
    for metric in metrics:
        cells = [_cell(evaluation.systems[name].get(metric)) for name in names]
        lines.append(f"| {metric.replace('_', ' ')} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cell(figure: Figure | None) -> str:
    if figure is None or figure.n == 0 or figure.value != figure.value:
        return "–"
    if figure.value > 1.5:
        return f"{figure.value:.1f}"
    spread = "" if figure.low == figure.high else f" ({figure.low:.3f}–{figure.high:.3f})"
    return f"{figure.value:.3f}{spread}"
