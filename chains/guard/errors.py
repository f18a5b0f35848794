"""The guard's errors; each message is one sentence that may be shown. Knows no rule.

GuardError
├── UnknownChannel     no channel goes by this name
└── BadRules           a rules file (ours or the shop's override) cannot be used
"""


class GuardError(Exception):
    """Base: the message is one sentence for the marketer."""

    kind = "guard"


class UnknownChannel(GuardError):
    """`near` holds the closest known names, best first."""

    kind = "unknown_channel"

    def __init__(self, name: str, near: tuple[str, ...], known: tuple[str, ...]) -> None:
        self.name, self.near, self.known = name, near, known
        guess = f"; did you mean {' or '.join(near)}?" if near else "."
        super().__init__(f'No channel is called "{name}"{guess} Known channels: {", ".join(known)}.')


class BadRules(GuardError):
    kind = "bad_rules"
