"""Writes answers to standard output and everything else to standard error, always in UTF-8."""

import io
import json
import sys
from collections.abc import Mapping
from typing import Any

from rich.console import Console

PIPE_WIDTH = 160  # columns of a table where there is no terminal to ask


def speak_utf8() -> None:
    """Whatever the locale says; a lone surrogate becomes an escape, which is valid in JSON too."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")


def console() -> Console:
    """Rich on standard output; wide where that is a pipe, so that nothing is cut."""
    made = Console(file=sys.stdout, highlight=False, emoji=False)
    return made if made.is_terminal else Console(
        file=sys.stdout, highlight=False, emoji=False, width=PIPE_WIDTH
    )  # fmt: skip


def print_json(value: Mapping[str, Any]) -> None:
    """One line, out at once."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def print_text(text: str) -> None:
    """The words as they are, out at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def tell(line: str) -> None:
    """One line to the person, not to the program that reads the answer."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
