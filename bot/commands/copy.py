"""`marketeer copy`: wordings for a product and a channel, within the channel's limits."""

import argparse
import asyncio

from rich.panel import Panel
from rich.text import Text

from bot.commands.output import console, print_json
from bot.progress import Bars
from bot.services import open_services
from bot.settings import Settings
from chains.turn import CopyAnswer, CopyRequest, as_json

COLOURS = {"allow": "green", "warn": "yellow", "block": "red"}
WIDEST = 88


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Write and print."""
    request = CopyRequest(
        product=args.product,
        channel=args.channel,
        variants=args.variants,
        language=args.language,
        audience=args.audience,
        tone=args.tone,
    )
    with Bars() as bars, open_services(settings, purpose="copy", report=bars.step) as services:
        written = asyncio.run(services.assistant.copy(request))
    if args.json:
        print_json(as_json(written))
    else:
        show(written)
    return 0


def show(written: CopyAnswer) -> None:
    """A frame a wording, with the verdict and its reasons."""
    out = console()
    for number, variant in enumerate(written.variants, 1):
        body = Text(variant.text)
        for reason in variant.reasons:
            body.append(f"\n- {reason}", style="dim")
        colour = COLOURS[variant.verdict]
        title = f"{number} {variant.verdict}"
        width = min(out.width, WIDEST)
        out.print(Panel(body, title=title, border_style=colour, title_align="left", width=width))
