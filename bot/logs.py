"""Sets up the log so that no secret and nobody's words reach it. Knows no handler and no chat.

Secrets are cut out where a record is made, not where it is written: a filter on one logger or one
handler would miss all the others (a test's, a library's, a second log file's).
"""

import logging
import secrets
import traceback
from collections.abc import Callable
from typing import Any

HIDDEN = "[secret]"
# These print URLs with the token, or whole updates with people's words, below the level given.
QUIET = {"httpx": logging.WARNING, "httpcore": logging.WARNING, "telegram": logging.INFO}
# A wait that Telegram asks for is the outbox's business, not an error with a trace.
QUIET["telegram.ext.AIORateLimiter"] = logging.CRITICAL

_secrets: set[str] = set()
_plain_record: Callable[..., logging.LogRecord] = logging.getLogRecordFactory()


def redact(text: str) -> str:
    """The text without any secret that `keep_secret` was told of."""
    for secret in _secrets:
        text = text.replace(secret, HIDDEN)
    return text


def keep_secret(secret: str) -> None:
    """From now on this string is replaced in every log record of the process, traces included."""
    global _plain_record
    if secret:
        _secrets.add(secret)
    for name, level in QUIET.items():
        logging.getLogger(name).setLevel(level)
    if logging.getLogRecordFactory() is not _redacting_record:
        _plain_record = logging.getLogRecordFactory()
        logging.setLogRecordFactory(_redacting_record)


def configure_logging(level: str) -> None:
    """One line a record on standard error; libraries that print tokens or words are kept quiet."""
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    keep_secret("")


def error_number() -> str:
    """What the person reads to the owner, and the owner finds in the log: `E-4F2A9C`."""
    return f"E-{secrets.token_hex(3).upper()}"


def is_sentence(error: BaseException | None) -> bool:
    """Whether the message is one of ours, written for the owner: raised from a room's `errors.py`."""
    module = type(error).__module__
    return module.endswith(".errors") and module.partition(".")[0] in ("bot", "chains", "knowledge")


def _is_telegrams(error: BaseException) -> bool:
    """Known by its module, since most commands never load the library."""
    return any(kind.__module__ == "telegram.error" for kind in type(error).__mro__)


def safe_trace(error: BaseException) -> str:
    """The trace with types and places but without other people's messages: those quote SQL parameters,
    and with them personal data. Our own errors and Telegram's are sentences without any."""
    lines: list[str] = []
    step: BaseException | None = error
    while step is not None and len(lines) < 200:
        told = is_sentence(step) or _is_telegrams(step)
        lines.append(f"{type(step).__name__}{f': {redact(str(step))}' if told else ''}")
        lines += [line.rstrip() for line in traceback.format_tb(step.__traceback__)]
        step = step.__cause__ or (None if step.__suppress_context__ else step.__context__)
    return "\n".join(lines)


def _redacting_record(*args: Any, **kwargs: Any) -> logging.LogRecord:
    record = _plain_record(*args, **kwargs)
    if not _secrets:
        return record
    try:
        said = record.getMessage()
    except (TypeError, ValueError):
        return record
    if (cleaned := redact(said)) != said:
        record.msg, record.args = cleaned, None
    if record.exc_info and record.exc_info[0] is not None:
        # Formatters print `exc_text` where it is already there.
        record.exc_text = redact("".join(traceback.format_exception(*record.exc_info)).rstrip())
    return record
