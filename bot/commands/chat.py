"""`marketeer chat`: the console."""

import argparse

from bot.console import chat
from bot.settings import Settings


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Talk until /quit or the end of input."""
    return chat(settings)
