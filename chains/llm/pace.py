"""Learns how long the engine's steps take, and so how long something would; knows no queue and no text."""

from __future__ import annotations

_NEW = 0.1  # how much the newest step counts
_MANY = 16  # tokens of prompts from which a step says what reading costs


class Pace:
    """Seconds a step takes, and seconds more for each token of a prompt that it reads.

    Texts in one step hardly slow each other down: what a text costs is its steps, and the prompts read in them.
    """

    def __init__(self, step: float = 0.03, token: float = 0.001) -> None:
        self.step = step
        self.token = token

    def learn(self, seconds: float, read: int) -> None:
        """Take note of a step that read so many tokens of prompts."""
        if not read:
            self.step += _NEW * (seconds - self.step)
        elif read >= _MANY:
            self.token += _NEW * (max(0.0, seconds - self.step) / read - self.token)

    def seconds(self, read: int, steps: float) -> float:
        """How long it takes to read so many tokens of prompts and to make so many steps."""
        return read * self.token + steps * self.step
