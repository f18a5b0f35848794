"""Runs the command line in this process, over a real data folder, with a scripted assistant where words don't matter."""

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from knowledge.facts.retriever import Hit
from knowledge.principal import Principal
from tests.bot.scripted import Script, ScriptedAssistant, echo


class CommandAssistant(ScriptedAssistant):
    """The scripted assistant with the rest of what the commands ask of one."""

    def __init__(self, script: Script = echo) -> None:
        super().__init__(script)
        self.warmed = 0
        self.searched: list[tuple[str, Principal, int]] = []

    def warm_up(self, ready: Callable[[], None] | None = None) -> None:
        self.warmed += 1

    def search(self, text: str, principal: Principal, k: int) -> list[Hit]:
        self.searched.append((text, principal, k))
        return [Hit("f1", "products.csv:2", "A [red] pot :smile:", "public", 0.9)]

    def sentiment(self, text: str) -> dict[str, Any]:
        return {
            "label": "neutral",
            "score": 0.8,
            "scores": {"negative": 0.1, "neutral": 0.8, "positive": 0.1},
        }


@dataclass
class Ran:
    """What a command did."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its one line of output, which must be JSON."""
        (line,) = self.out.splitlines()
        return json.loads(line)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Ran]


class CommandLine:
    """`run("ask", "hello", "--json")` in a data folder of its own."""

    def __init__(
        self, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.data = folder / "data"
        self.assistant = CommandAssistant()
        self._capsys, self._patch = capsys, monkeypatch
        monkeypatch.chdir(folder)  # no .env of somebody's
        monkeypatch.setattr("bot.services._assistant", lambda settings, index, report: self.assistant)

    def __call__(self, *args: str, stdin: str | bytes = "") -> Ran:
        raw = stdin.encode() if isinstance(stdin, str) else stdin
        self._patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8"))
        self._capsys.readouterr()
        status = main(["--data", str(self.data), *args])
        out, err = self._capsys.readouterr()
        return Ran(status, out, err)
