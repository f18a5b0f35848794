"""`marketeer check`: judges a text on standard input by law, channel and facts. Opens no data folder."""

import argparse
import json
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.commands.batch import parse_line
from bot.commands.errors import BadRequest
from bot.commands.output import console, print_json
from bot.settings import Settings
from chains.guard.check import Report, check_text

COLOURS = {"allow": "green", "warn": "yellow", "block": "red"}


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Check and print; exit 0 allow, 3 warn, 4 block."""
    try:
        text = sys.stdin.buffer.read().decode(
            "utf-8-sig"
        )  # not as text: a changed line end would move the spans
    except UnicodeDecodeError:
        raise BadRequest("The text on standard input is not UTF-8.") from None
    report = check_text(
        text,
        channel=args.channel,
        jurisdictions=(args.jurisdiction,) if args.jurisdiction else (),
        facts=_facts(args.facts) if args.facts else None,
    )
    if args.json:
        print_json(report.to_json())
    else:
        show(text, report, console())
    return report.exit_status


def _facts(path: Path) -> list[dict[str, str]]:
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise BadRequest(f"{path} cannot be read: {error.strerror}.") from None
    facts = []
    for number, raw in enumerate(lines, 1):
        if not raw.strip():
            continue
        try:
            line = parse_line(raw)
        except BadRequest as error:
            raise BadRequest(f"{path.name}:{number}: {error}") from None
        if not isinstance(line.get("text"), str) or "id" not in line:
            raise BadRequest(
                f"{path.name}:{number}: a fact reads {json.dumps({'id': '...', 'text': '...'})}."
            )
        facts.append({"id": str(line["id"]), "text": line["text"]})
    return facts


def show(text: str, report: Report, out: Console) -> None:
    """The text with its spans marked (in brackets where there are no colours), then why, then the lengths."""
    out.print(Text(f"verdict: {report.verdict}", style=COLOURS[report.verdict]))
    out.print(marked(text.rstrip("\n"), report, brackets=not out.is_terminal), soft_wrap=True)
    if report.findings:
        table = Table("span", "rule", "severity", "why", "suggestion", box=None)
        for one in report.findings:
            table.add_row(
                Text(text[one.start : one.end][:40]),
                Text(one.rule),
                Text(one.severity, style=COLOURS[one.severity]),
                Text(one.why),
                Text(one.suggestion),
            )
        out.print(table)
    for claim in report.claims:
        out.print(Text(f"{claim['result']}: {claim['text']}"))
    for length in report.lengths:
        limit = "no limit known" if length.limit is None else f"of {length.limit}"
        out.print(Text(f"{length.field}: {length.length} {limit} {length.unit}"))


def marked(text: str, report: Report, *, brackets: bool) -> Text:
    """The text with each finding in its colour, or in brackets."""
    if not brackets:
        shown = Text(text)
        for one in report.findings:
            shown.stylize(f"bold {COLOURS[one.severity]} underline", one.start, one.end)
        return shown
    opening = [one.start for one in report.findings if one.end > one.start]
    closing = [min(one.end, len(text)) for one in report.findings if one.end > one.start]
    pieces = []
    for place in range(len(text) + 1):
        pieces.append("]" * closing.count(place) + "[" * opening.count(place) + text[place : place + 1])
    return Text("".join(pieces))
