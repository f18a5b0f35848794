"""A bot in a process of its own, made to be killed: `python -m tests.bot.mortal FOLDER API answer|stream|echo`.

In `answer` it dies while thinking, in `stream` after its first words; in `echo` somebody else kills it.
"""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from bot.app import build_application, serve
from chains.turn import Answer, Question, Shown
from tests.bot.fake_telegram import FakeTelegram
from tests.bot.scripted import ScriptedAssistant, echo, make_services


async def dies_thinking(_: Question) -> AsyncGenerator[Shown | Answer, None]:
    """The power goes."""
    yield Shown(text="")
    os._exit(9)


async def dies_talking(_: Question) -> AsyncGenerator[Shown | Answer, None]:
    """The power goes in the middle of a sentence."""
    yield Shown(text="The first words")
    await asyncio.sleep(0.5)
    os._exit(9)


async def main(folder: str, api: str, script: str) -> None:
    """Run until dead."""
    scripts: dict[str, Any] = {"answer": dies_thinking, "stream": dies_talking, "echo": echo}
    telegram = cast(FakeTelegram, SimpleNamespace(api=api))
    services = make_services(Path(folder), telegram, ScriptedAssistant(scripts[script]))
    await serve(build_application(services), asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
