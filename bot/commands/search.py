"""`marketeer search`: the facts nearest to a text, of those that the one who asks may read."""

import argparse
from typing import Any

from rich.table import Table

from bot.commands.ask import question_of
from bot.commands.batch import Line, run_batch
from bot.commands.errors import BadRequest
from bot.commands.output import console, print_json
from bot.services import open_services
from bot.settings import Settings

MOST = 50


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Search and print."""
    if not args.batch:
        question_of({"text": args.text}, args.role, args.customer)
    with open_services(settings, purpose="search") as services:

        def respond(line: Line) -> dict[str, Any]:
            question = question_of(line, args.role, args.customer)
            hits = services.assistant.search(question.text, question.principal, _wanted(line, args.k))
            return {
                "hits": [
                    {
                        "id": hit.id,
                        "source": hit.source,
                        "text": hit.text,
                        "scope": hit.scope,
                        "score": hit.score,
                    }
                    for hit in hits
                ]
            }

        if args.batch:
            return run_batch(args.batch, respond)
        found = respond({"text": args.text})
    if args.json:
        print_json({"id": None, **found})
        return 0
    table = Table("score", "source", "scope", "text", box=None)
    for hit in found["hits"]:
        table.add_row(f"{hit['score']:.2f}", hit["source"], hit["scope"], hit["text"])
    console().print(table if found["hits"] else "Nothing found.", markup=False)
    return 0


def _wanted(line: Line, usual: int) -> int:
    k = line.get("k", usual)
    if not isinstance(k, int) or isinstance(k, bool) or not 1 <= k <= MOST:
        raise BadRequest(f"k should be a number from 1 to {MOST}.")
    return k
