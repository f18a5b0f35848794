"""`marketeer doctor`: says, line by line, what is installed and what is missing."""

import argparse
from pathlib import Path

from rich.text import Text

from bot.commands.output import console, print_json
from bot.doctor import Finding, examine
from bot.errors import BotError
from bot.logs import configure_logging
from bot.settings import Settings, read_settings

MARKS = {"ok": ("ok", "green"), "note": ("--", "yellow"), "broken": ("!!", "red")}


def run(args: argparse.Namespace) -> int:
    """Examine and print; exit 0 unless something needed is broken."""
    settings = _settings(args.data)
    configure_logging("ERROR")
    findings: list[Finding] = []
    out = console()
    for finding in examine(settings):
        findings.append(finding)
        if not args.json:
            mark, colour = MARKS[finding.state]
            line = Text(mark, style=colour).append(f"  {finding.name}: {finding.value}", style="default")
            out.print(
                line.append(f" -> {finding.advice}", style="dim") if finding.advice else line, soft_wrap=True
            )
    broken = any(finding.state == "broken" for finding in findings)
    if args.json:
        print_json({"ok": not broken, "findings": [finding.to_json() for finding in findings]})
    return 1 if broken else 0


def _settings(data: Path | None) -> Settings | BotError:
    try:
        return read_settings(data)
    except BotError as error:
        return error
