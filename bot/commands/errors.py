"""What the command line itself finds wrong, and any room's error as a kind and one sentence.

BotError
└── BadRequest        an argument, or a line of a batch, cannot be used
"""

import logging
import re

from bot.errors import BotError

log = logging.getLogger(__name__)


class BadRequest(BotError):
    kind = "bad_request"


def explain(error: BaseException) -> tuple[str, str]:
    """(kind, sentence) for the person at the keyboard. Of an error of nobody's making only the type is told,
    since its words may quote somebody's data; the log has its trace at level DEBUG."""
    from bot.logs import is_sentence, safe_trace

    if is_sentence(error):
        kind = getattr(error, "kind", None) or re.sub(r"(?<!^)(?=[A-Z])", "_", type(error).__name__).lower()
        return str(kind), str(error)
    if isinstance(error, LookupError) and not isinstance(error, KeyError | IndexError):
        return "not_found", str(error)
    log.debug("%s", safe_trace(error))
    return "internal", (
        f"Something went wrong that should not have ({type(error).__name__}): "
        "set MARKETEER_LOG_LEVEL=DEBUG and try again to see where."
    )
