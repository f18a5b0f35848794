"""`marketeer promote`: serve an adapter from the next start on, if it passes the gate."""

import argparse
from pathlib import Path

from rich.table import Table

from bot.commands.errors import BadRequest
from bot.commands.output import console, print_json, tell
from bot.settings import Settings


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Compare, and serve it where it wins."""
    from chains.llm.adapters import WEIGHTS
    from chains.llm.adapters.registry import Adapters
    from chains.tuning.promotion import promote

    adapter: Path = args.adapter
    if not (adapter / WEIGHTS).is_file():
        raise BadRequest(f"{adapter} is not an adapter's folder: it holds no {WEIGHTS}.")
    name = args.name or (adapter.parent.name if adapter.name == "adapter" else adapter.name)
    compared = promote(Adapters(settings.data), adapter, name)
    if args.json:
        print_json({"adapter": name, "won": [one.metric for one in compared if one.won]})
        return 0
    table = Table("figure", name, "served so far", "p", "")
    for one in compared:
        mark = "better" if one.won else "within noise"
        table.add_row(
            one.metric.replace("_", " "),
            f"{one.candidate.value:.3f}",
            f"{one.present.value:.3f}",
            "" if one.p is None else f"{one.p:.3f}",
            mark,
        )
    console().print(table)
    tell(f"{name} is served from the next start on; `marketeer rollback` takes it back.")
    return 0
