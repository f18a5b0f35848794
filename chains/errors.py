"""The errors of this room.

ChainError
└── MissingVariable    a prompt was rendered without one of its variables
"""


class ChainError(Exception):
    """Base: the message is one sentence for the owner."""

    kind = "chain"


class MissingVariable(ChainError):
    kind = "missing_variable"
