"""`marketeer train`: an adapter from the shipped examples and an owner's own; the served one stays until another passed."""

import argparse
import json
import shutil
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
from rich.table import Table

from bot.commands.errors import BadRequest
from bot.commands.output import console, print_json, tell
from bot.progress import Bars
from bot.settings import Settings

if TYPE_CHECKING:
    from chains.tuning.dataset import Parts
    from chains.tuning.settings import TrainSettings
    from chains.tuning.train import Trained

TOLD = ("base", "method", "rank", "alpha", "targets", "learning_rate", "epochs", "pack", "accumulate", "steps", "seed",
        "device", "dtype", "rows", "start", "minutes", "first", "rehearsed", "drawn")  # fmt: skip


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Read and clean the examples, train, and say what comes next."""
    from pydantic import ValidationError

    from chains.tuning.dataset import DRAWN, parts
    from chains.tuning.rows import read_rows
    from chains.tuning.settings import TrainSettings

    given = {name: value for name in TOLD if (value := getattr(args, name)) is not None}
    try:
        wanted = TrainSettings(**({"device": settings.device} | given))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise BadRequest(f"--{str(first['loc'][0]).replace('_', '-')}: {first['msg']}.") from None
    own = list(read_rows(args.rows)) if args.rows else []
    tell("Reading and cleaning the examples ...")
    measured = [text for path in args.measured for text in _texts(path)]
    most = DRAWN if wanted.drawn is None else wanted.drawn
    data = parts(own, measured, most_drawn=most, seed=wanted.seed, rehearsed=wanted.rehearsed)
    counts = data.report["parts"]
    tell(f"{counts['train']:,} examples to train on ({len(own)} rows of yours were read), {counts['validation']} to "
         f"validate with, {counts['test']} kept for `marketeer evaluate`.")  # fmt: skip
    if args.dry_run:
        print_json(data.report) if args.json else tell(json.dumps(data.report, ensure_ascii=False, indent=2))
        return 0
    name = args.name or f"{datetime.now(UTC):%Y%m%d}-{wanted.method}{wanted.rank}"
    folder = (args.out or settings.data / "training") / name
    if args.sweep:
        return _sweep(args, settings, data, wanted, folder)
    trained = _train(data, folder, wanted, settings)
    _card(trained, wanted, data)
    if args.json:
        print_json({"adapter": str(trained.adapter), "steps": trained.steps, "seconds": round(trained.seconds),
                    "validation_loss": round(trained.validation, 4)})  # fmt: skip
        return 0
    tell(
        f"Trained in {trained.seconds / 60:.0f} minutes, validation loss {trained.validation:.3f}: {trained.adapter}"
    )
    tell(f"Next: marketeer evaluate --adapter {trained.adapter}   then: marketeer promote {trained.adapter}")
    return 0


def _texts(path: Path) -> list[str]:
    """The lines of an evaluation set's file, whatever its format is."""
    try:
        return path.read_text("utf-8", errors="replace").splitlines()
    except OSError as error:
        raise BadRequest(f"--measured: {path} cannot be read: {error.strerror}.") from None


def _train(data: "Parts", folder: Path, wanted: "TrainSettings", settings: Settings) -> "Trained":
    from chains.tuning.train import train

    with Bars() as bars:
        from chains.llm.opening import weights_of

        weights_of(wanted.base, settings.cache, bars.step)
    with _Line(str(folder)) as line:
        return train(data.train, data.validation, folder, wanted, settings.cache, line.show)


def _card(trained: "Trained", wanted: "TrainSettings", data: "Parts") -> None:
    """What the adapter says of itself, and the terms of what it derives from."""
    from chains.llm.adapters import CARD

    card = {"base": wanted.base, "settings": _told(wanted), "examples": data.report["parts"],
            "steps": trained.steps, "minutes": round(trained.seconds / 60, 1), "validation_loss": round(trained.validation, 4),
            "device": trained.why, "trained_on": f"{datetime.now(UTC):%Y-%m-%d}"}  # fmt: skip
    (trained.adapter / CARD).write_text(json.dumps(card, indent=2) + "\n", "utf-8")
    if wanted.base == "bundled":
        (trained.adapter / "NOTICE").write_text(
            files("chains.llm.adapters").joinpath("NOTICE").read_text("utf-8"), "utf-8"
        )
    for extra in ("README.md",):  # peft writes a template nobody filled in
        (trained.adapter / extra).unlink(missing_ok=True)
    shutil.copy(trained.folder / "loss.png", trained.adapter / "loss.png")


def _told(wanted: "TrainSettings") -> dict[str, object]:
    """The settings as a card tells them: files by their names alone."""
    start = {} if wanted.start is None else {"start": wanted.start.name}
    return wanted.model_dump(mode="json", exclude={"rows", "start"}) | start


def _sweep(
    args: argparse.Namespace, settings: Settings, data: "Parts", wanted: "TrainSettings", folder: Path
) -> int:
    from chains.tuning.sweep import sweep

    with _Line(str(folder)) as line:

        def of(number: int, total: int) -> "object":
            line.name = f"run {number + 1} of {total}"
            return line.show

        tried = sweep(data.train, data.validation, folder, wanted, settings.cache, of)  # type: ignore[arg-type]
    rows = [
        {"rank": one.rank, "learning_rate": one.learning_rate, "validation_loss": round(one.result.validation, 4),
         "minutes": round(one.result.seconds / 60, 1)}
        for one in tried
    ]  # fmt: skip
    if args.json:
        print_json({"sweep": rows})
        return 0
    table = Table("rank", "learning rate", "validation loss", "minutes")
    for row in rows:
        table.add_row(*(f"{value:g}" for value in row.values()))
    console().print(table)
    return 0


class _Line:
    """The bar of a run: steps, losses, tokens a second, time left; a line every twentieth step where no terminal is."""

    def __init__(self, where: str) -> None:
        from rich.console import Console

        self.name = "Training"
        self._console = Console(stderr=True)
        words = "{task.fields[loss]}  {task.fields[speed]}  {task.fields[left]}"
        self._bar = Progress(
            TextColumn("{task.description}"), BarColumn(bar_width=30), TaskProgressColumn(), TextColumn(words),
            console=self._console, transient=True,
        )  # fmt: skip
        self._task = self._bar.add_task(self.name, total=None, loss="", speed="", left="first step ...")
        self._where, self._said = where, -1

    def __enter__(self) -> "_Line":
        tell(f"Everything of this run is in {self._where}; Ctrl-C stops it, the same command goes on.")
        if self._console.is_terminal:
            self._bar.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._bar.stop()

    def show(self, progress: "object") -> None:
        """Called at every step with a `Progress` of the trainer."""
        from chains.tuning.train import Progress as Step

        assert isinstance(progress, Step)
        losses = f"loss {progress.loss:.3f}" if progress.loss is not None else ""
        losses += f", validation {progress.validation:.3f}" if progress.validation is not None else ""
        speed, left = (
            f"{progress.tokens_per_second:,.0f} tokens/s",
            f"{progress.seconds_left / 60:.0f} min left",
        )
        if self._console.is_terminal:
            self._bar.update(self._task, description=self.name, completed=progress.step, total=progress.steps,
                             loss=losses, speed=speed, left=left)  # fmt: skip
        elif progress.step // 20 > self._said // 20 or progress.step == progress.steps:
            tell(f"{self.name}: step {progress.step} of {progress.steps}, {losses}, {speed}, {left}")
        self._said = max(self._said, progress.step)
