"""`marketeer check`: judges a text on standard input by law, channel and facts. Opens no data folder."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from bot.commands.batch import parse_line
from bot.commands.check_report import show
from bot.commands.errors import BadRequest
from bot.commands.output import console, print_json
from bot.settings import Settings
from chains.guard.check import check_text
from chains.guard.gate import texts_in
from chains.guard.voice import read_voice
from knowledge.crm.shop import Shop, listed


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Check and print; exit 0 allow, 3 warn, 4 block."""
    try:
        text = sys.stdin.buffer.read().decode(
            "utf-8-sig"
        )  # not as text: a changed line end would move the spans
    except UnicodeDecodeError:
        raise BadRequest("The text on standard input is not UTF-8.") from None
    settings_of_shop = _shop(args.shop) if args.shop else {}
    laws = [args.jurisdiction] if args.jurisdiction else listed(settings_of_shop.get("jurisdictions"))
    report = check_text(
        text,
        channel=args.channel,
        jurisdictions=tuple(laws),
        sectors=(args.sector,) if args.sector else (),
        facts=_facts(args.facts) if args.facts else None,
        voice=read_voice(Shop(settings=settings_of_shop).brand_voice) if args.shop else None,
        own=tuple(texts_in(settings_of_shop)),
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


def _shop(path: Path) -> dict[str, Any]:
    """The settings of a shop file: whose voice it is, and under which laws. Raises BadFile in one sentence."""
    from knowledge.ingest.shop_file import read_shop

    if not path.is_file():
        raise BadRequest(f"{path} cannot be read: there is no such file.")
    return read_shop(path)
