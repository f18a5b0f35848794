"""`marketeer ingest`: imports files, shows what came of each, and says where the rejects are."""

import argparse

from rich.table import Table
from rich.text import Text

from bot.commands.output import console, print_json, tell
from bot.progress import Bars
from bot.services import open_folder
from bot.settings import Settings
from knowledge.ingest.report import IngestReport

COUNTS = ("imported", "updated", "unchanged", "removed", "rejected")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Import and print; exit 0 when anything was imported or unchanged."""
    with open_folder(settings, purpose="ingest") as knowledge, Bars() as bars:
        if knowledge.repaired:
            tell(f"An earlier import was interrupted; {knowledge.repaired} facts were put right.")
        report = knowledge.ingest.files(args.paths, kind=args.kind, sync=args.sync, progress=bars.rows)
    if report.demo_removed:
        tell("The demo shop was removed to make room for these files.")
    if args.json:
        print_json(report.to_json())
    else:
        show(report)
    return 0 if any(file.good for file in report.files) else 1


def show(report: IngestReport) -> None:
    """A line a file; what was rejected, and why a file was refused, below."""
    out = console()
    if not report.files:
        out.print("There is nothing to import: no file here has a name that begins with a kind.")
        return
    table = Table("file", "kind", *COUNTS, box=None)
    for file in report.files:
        counts = [f"{getattr(file, name):,}" for name in COUNTS]
        table.add_row(Text(file.path, overflow="fold"), file.kind, *counts)
    for column in table.columns[2:]:
        column.justify = "right"
    out.print(table)
    for file in report.files:
        if file.error:
            out.print(Text(file.error, style="red"), soft_wrap=True)
        if file.note:
            out.print(Text(file.note), soft_wrap=True)
        if file.rejects:
            out.print(
                Text(f"{file.rejected} rows were rejected; the reasons are in {file.rejects}"), soft_wrap=True
            )
