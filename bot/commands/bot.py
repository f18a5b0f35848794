"""`marketeer bot`: answers on Telegram until Ctrl-C or SIGTERM."""

import argparse
import logging
import threading

from bot.commands.errors import explain
from bot.commands.output import tell
from bot.progress import Bars
from bot.services import Assistant, open_services
from bot.settings import Settings
from bot.setup import prepare_weights

log = logging.getLogger(__name__)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Open everything, load the model meanwhile, and poll."""
    from bot.app import run_bot

    if settings.telegram_token is not None:
        with Bars() as bars:
            prepare_weights(settings, bars.step)
    with open_services(settings, purpose="bot") as services:
        warm = threading.Thread(target=_warm, args=(services.assistant,), name="warm-up")
        if settings.telegram_token is not None:
            if services.knowledge is not None and services.knowledge.is_empty():
                tell(
                    "This shop has no data yet: run `marketeer ingest` with your files, or `marketeer chat` for the demo."
                )
            warm.start()
        try:
            run_bot(services)
        finally:
            if warm.is_alive():
                warm.join()
    return 0


def _warm(assistant: Assistant) -> None:
    try:
        assistant.warm_up()
    except Exception as error:  # noqa: BLE001  the first answer that needs it fails with the same sentence
        log.error("%s", explain(error)[1])
