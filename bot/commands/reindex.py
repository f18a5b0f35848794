"""`marketeer reindex`: embeds every fact again, after MARKETEER_EMBEDDINGS was changed."""

import argparse

from bot.commands.output import print_json, print_text
from bot.progress import Bars
from bot.services import open_folder
from bot.settings import Settings


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Embed and say how many."""
    from knowledge.ingest.vectors import reindex

    with open_folder(settings, purpose="reindex", check=False) as knowledge, Bars() as bars:
        facts = reindex(knowledge.database, knowledge.index, bars.rows)
        name = knowledge.index.embedder.name
    if args.json:
        print_json({"facts": facts, "embeddings": name})
    else:
        print_text(f"{facts:,} facts were embedded by {name}.")
    return 0
