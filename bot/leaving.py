"""Leaves the process at once although a model is still being loaded, which nobody waits for who has said goodbye."""

import os
import sys
import threading

LEAVES_ALONE = "loading that nobody waits for"
"""The name of a daemon thread that holds no file of the shop's."""


def leave(status: int) -> None:
    """End the process. Python's own exit, while such a thread is inside torch, may abort with a core dump."""
    if any(thread.name == LEAVES_ALONE for thread in threading.enumerate()):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    sys.exit(status)
