"""The errors of this room, and how any room's error becomes words for a chat or a terminal.

BotError
└── NotConfigured     a setting is missing
"""


class BotError(Exception):
    """Base: the message is one sentence for the person at the keyboard."""

    kind = "bot"


class NotConfigured(BotError):
    kind = "not_configured"
