"""`marketeer prepare`: puts the model's weights into the cache, once."""

import argparse

from bot.commands.output import tell
from bot.progress import Bars
from bot.settings import Settings
from bot.setup import model_card, prepare_weights


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Prepare, or say that there is nothing to do."""
    if not model_card(settings).ready:
        tell("Preparing the weights, once: 0.5 GB, about half a minute ...")
        with Bars() as bars:
            prepare_weights(settings, bars.step)
    card = model_card(settings)
    tell(f"Model {card.spec}: {'ready' if card.ready else 'fetched when it is first used'} ({card.where}).")
    return 0
