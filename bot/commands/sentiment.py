"""`marketeer sentiment`: the feeling in a text, with a calibrated score."""

import argparse
from typing import Any

from bot.commands.batch import Line, run_batch, text_of
from bot.commands.output import print_json, print_text
from bot.services import open_services
from bot.settings import Settings


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Judge and print."""
    if not args.batch:
        text_of({"text": args.text})
    with open_services(settings, purpose="sentiment") as services:

        def respond(line: Line) -> dict[str, Any]:
            return services.assistant.sentiment(text_of(line))

        if args.batch:
            return run_batch(args.batch, respond)
        found = respond({"text": args.text})
    if args.json:
        print_json({"id": None, **found})
    else:
        print_text(f"{found['label']} {found['score']:.2f}")
    return 0
