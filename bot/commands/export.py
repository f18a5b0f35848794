"""`marketeer export gguf`: writes the served weights, base and adapter in one, as a GGUF file."""

import argparse

from bot.commands.output import print_json, tell
from bot.progress import Bars
from bot.settings import Settings
from bot.setup import served_adapter


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Write the file and say where it is."""
    from chains.llm.export import export_served

    adapter = served_adapter(settings)
    with Bars() as bars:
        path = export_served(
            settings.model, cache=settings.cache, adapter=adapter, target=args.target.expanduser(),
            packing=args.packing, report=bars.step,
        )  # fmt: skip
    size = path.stat().st_size
    if args.json:
        name = adapter.name if adapter is not None else None
        print_json({"file": str(path), "bytes": size, "packing": args.packing, "adapter": name})
    else:
        tell(f"Written: {path} ({size / 1e6:,.0f} MB). The terms of the base model go with it.")
    return 0
