"""The errors of this room, and how any room's error becomes words for a chat or a terminal.

BotError
├── NotConfigured     a setting is missing
└── NotAllowed        this person may not do that
"""


class BotError(Exception):
    """Base: the message is one sentence for the person at the keyboard."""

    kind = "bot"


class NotConfigured(BotError):
    kind = "not_configured"


class NotAllowed(BotError):
    kind = "not_allowed"
