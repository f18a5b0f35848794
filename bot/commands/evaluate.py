"""`marketeer evaluate`: figures of an adapter on shops that were not trained on, beside the base it came from."""

import argparse
import json
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from rich.markdown import Markdown

from bot.commands.errors import BadRequest
from bot.commands.output import console, print_json, tell
from bot.progress import Bars
from bot.settings import Settings

if TYPE_CHECKING:
    from chains.llm.engine import Engine
    from chains.tuning.evaluate import EngineWriter, Evaluation, Writing
    from chains.tuning.rows import Row

SYSTEMS = {"zero": "base zero-shot", "few": "base few-shot", "tuned": "tuned", "served": "tuned as served"}


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Measure, print, and keep the figures beside the adapter."""
    from chains.llm.adapters.registry import chosen
    from chains.tuning.dataset import parts
    from chains.tuning.evaluate import evaluate, table

    unknown = set(args.systems.split(",")) - set(SYSTEMS)
    if unknown:
        raise BadRequest(f"--systems takes {', '.join(SYSTEMS)}, not {', '.join(sorted(unknown))}.")
    adapter = chosen(args.adapter or settings.adapter, settings.data)
    base = args.base or settings.model
    wanted = [
        name for name in SYSTEMS if name in args.systems.split(",") and (adapter or name in ("zero", "few"))
    ]
    data = parts()
    with Bars() as bars, closing(_Models(base, adapter, settings, bars)) as opened:
        systems = {SYSTEMS[name]: opened.system(name, data.train) for name in wanted}

        def keep(found: "Evaluation") -> None:
            found.notes["base"] = base
            if adapter is not None:
                tell(_keep(found, adapter))

        found = evaluate(data, systems, args.rows, args.replies, keep)
    if args.report:
        args.report.write_text(
            f"# Evaluation\n\nTest set {found.test}, {found.rows} rows.\n\n{table(found)}\n", "utf-8"
        )
    if args.json:
        print_json(found.to_json())
    else:
        console().print(Markdown(table(found)))
    return 0


def _keep(found: "Evaluation", folder: Path) -> str:
    """Keep the figures beside the adapter, with those of other systems over the same rows; what was done, in words.

    Figures over fewer rows than those kept do not take their place: they stand in a file of their own.
    """
    from chains.tuning.evaluate import Evaluation
    from chains.tuning.promotion import EVALUATION

    path = folder / EVALUATION
    if path.is_file() and (kept := Evaluation.read(path)).test != found.test and kept.rows > found.rows:
        path = folder / f"evaluation-{found.rows}.json"
    if path.is_file() and (kept := Evaluation.read(path)).test == found.test:
        found.systems = kept.systems | found.systems
    path.write_text(json.dumps(found.to_json(), indent=1) + "\n", "utf-8")
    return f"Kept in {path}."


class _Models:
    """Opens each model when a system first writes with it, one at a time."""

    def __init__(self, base: str, adapter: Path | None, settings: Settings, bars: Bars) -> None:
        self._base, self._adapter, self._settings, self._bars = base, adapter, settings, bars
        self._opened: tuple[bool, Engine] | None = None

    def system(self, name: str, trained: "Sequence[Row]") -> "Callable[[Sequence[Row]], Writing]":
        """A system as `evaluate` takes it."""
        from chains.relevance.judge import Judge
        from chains.tuning.evaluate import shots_from
        from chains.tuning.served import as_served

        shots = shots_from(trained) if name == "few" else []

        def write(rows: "Sequence[Row]") -> "Writing":
            tell(f"{SYSTEMS[name]} ...")
            writer = self._writer(with_adapter=name in ("tuned", "served"))
            report = self._bars.step
            return (
                as_served(writer, Judge(), rows, report)
                if name == "served"
                else writer.write(rows, shots, report)
            )

        return write

    def _writer(self, *, with_adapter: bool) -> "EngineWriter":
        from chains.llm.opening import open_engine
        from chains.tuning.evaluate import EngineWriter

        if self._opened is None or self._opened[0] != with_adapter:
            self.close()
            engine = open_engine(
                self._base, cache=self._settings.cache, device=self._settings.device,
                adapter=self._adapter if with_adapter else None, report=self._bars.step,
            )  # fmt: skip
            self._opened = (with_adapter, engine)
        return EngineWriter(self._opened[1])

    def close(self) -> None:
        """Close the engine that is open."""
        if self._opened is not None:
            self._opened[1].close()
            self._opened = None
