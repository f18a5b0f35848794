"""`marketeer rollback`: serve the adapter before the present one again."""

import argparse

from bot.commands.errors import BadRequest
from bot.commands.output import print_json, tell
from bot.settings import Settings


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Go one promotion back."""
    from chains.llm.adapters.registry import Adapters

    before = Adapters(settings.data).rollback()
    if before is None:
        raise BadRequest("There is no adapter to go back to: nothing was promoted here.")
    if args.json:
        print_json({"adapter": before})
    else:
        tell(f"The adapter {before} is served from the next start on.")
    return 0
