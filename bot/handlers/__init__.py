"""The only list of handlers. Order counts: the first one that fits takes the update."""

from typing import Any

from telegram.ext import BaseHandler

from bot.context import Context
from bot.handlers import (
    copy,
    followup,
    free_text,
    help,
    invite,
    language,
    membership,
    other,
    start,
)

HANDLERS: tuple[BaseHandler[Any, Context, Any], ...] = (
    *start.HANDLERS,
    *help.HANDLERS,
    *language.HANDLERS,
    *copy.HANDLERS,
    *followup.HANDLERS,
    *invite.HANDLERS,
    *free_text.HANDLERS,
    *membership.HANDLERS,
    *other.HANDLERS,
)
ALLOWED_UPDATES = ("message", "callback_query", "my_chat_member")
