"""Shows long steps on standard error: bars with sizes on a terminal, a line a step elsewhere. Knows no work."""

import sys
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

STEPS = {
    "assemble": "Joining the weights",
    "tokenizer": "Converting the tokenizer",
    "weights": "Converting the weights",
    "merge": "Merging the adapter into them",
    "verify": "Verifying",
    "tensors": "Packing the weights",
    "load": "Loading the model",
}
BYTES = ("assemble", "weights")


class Bars:
    """A context; `step` suits the chains' reports and `rows` those of an import."""

    def __init__(self) -> None:
        self._console = Console(file=sys.stderr)
        self._live = self._console.is_terminal
        self._shown: dict[str, TaskID] = {}
        self._said: set[str] = set()
        name, bar = TextColumn("{task.description}"), BarColumn(bar_width=30)
        self._sizes = Progress(
            name, bar, DownloadColumn(), TimeElapsedColumn(), console=self._console, transient=True
        )
        self._counts = Progress(
            name,
            bar,
            TextColumn("{task.completed:,.0f}/{task.fields[of]}"),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
        )
        self._running: Progress | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._switch(None)

    def say(self, line: str) -> None:
        """One line above the bars."""
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)

    def step(self, step: str, done: int, total: int) -> None:
        """(step, done, total): bytes for the steps in `BYTES`, else a count."""
        name = STEPS.get(step, step)
        if self._live:
            self._move(self._sizes if step in BYTES else self._counts, name, done, total)
        elif name not in self._said:
            self._said.add(name)
            self.say(f"{name} ({total / 1e6:,.0f} MB) ..." if step in BYTES else f"{name} ...")

    def rows(self, name: str, done: int, total: int | None) -> None:
        """(file, rows done, rows in all if known)."""
        if self._live:
            self._move(self._counts, name, done, total)
        elif name not in self._said:
            self._said.add(name)
            self.say(f"{name} ({total:,} rows) ..." if total and total > 1 else f"{name} ...")

    def _move(self, progress: Progress, name: str, done: int, total: int | None) -> None:
        self._switch(progress)
        if name not in self._shown:
            of = "?" if total is None else f"{total:,}"
            self._shown[name] = progress.add_task(name, total=total, of=of)
        progress.update(self._shown[name], completed=done)

    def _switch(self, progress: Progress | None) -> None:
        """One display at a time: rich allows no second one."""
        if self._running is progress:
            return
        if self._running is not None:
            self._running.stop()
        if progress is not None:
            progress.start()
        self._running = progress
