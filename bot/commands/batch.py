"""Answers the lines of a batch in order, each the moment it is ready; a bad one is an error line, and it goes on."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from bot.commands.errors import BadRequest, explain
from bot.commands.output import print_json
from knowledge.languages import clean

Line = dict[str, Any]


def run_batch(path: str, respond: Callable[[Line], dict[str, Any]]) -> int:
    """Print `{"id": ..., **respond(line)}` for each line of the file, or of standard input for `-`. Always 0.

    Raises: BadRequest when the file cannot be opened.
    """
    with _opened(path) as file:
        for raw in file:
            if raw.strip():
                _one(raw, respond)
    return 0


def _one(raw: bytes, respond: Callable[[Line], dict[str, Any]]) -> None:
    name: Any = None
    try:
        line = parse_line(raw)
        name = line.get("id")
        print_json({"id": name, **respond(line)})
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001  one line's error must not stop the others
        kind, message = explain(error)
        print_json({"id": name, "error": {"kind": kind, "message": message}})


def parse_line(raw: bytes) -> Line:
    """The line as an object. Raises: BadRequest in one sentence."""
    try:
        line = json.loads(raw.decode("utf-8-sig"))
    except ValueError as error:  # JSONDecodeError and UnicodeDecodeError are both of this kind
        raise BadRequest(f"This line is not valid JSON in UTF-8: {error}.") from None
    except RecursionError:
        raise BadRequest("This line is nested too deeply.") from None
    if not isinstance(line, dict):
        raise BadRequest('This line is not a JSON object: write {"text": "..."}.')
    return line


def text_of(line: Line) -> str:
    """The words of a line, made safe. Raises: BadRequest where there are none."""
    text = line.get("text")
    if not isinstance(text, str) or not (text := clean(text).strip()):
        raise BadRequest('There is no text: give a line "text", or a command its TEXT.')
    return text


@contextmanager
def _opened(path: str) -> Iterator[BinaryIO]:
    if path == "-":
        yield sys.stdin.buffer
        return
    try:
        file = Path(path).open("rb")  # noqa: SIM115  closed by the `with` below
    except OSError as error:
        raise BadRequest(f"{path} cannot be read: {error.strerror}.") from None
    with file:
        yield file
