"""A scripted assistant and the running of a bot against the fake Telegram, for all Telegram tests."""

import asyncio
import atexit
import contextlib
import shutil
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.app import build_application, serve
from bot.services import Services
from bot.settings import Settings
from chains.turn import Answer, CopyAnswer, CopyRequest, Question, Sentiment, Shown, VariantText
from knowledge.crm.database import Database
from tests.bot.fake_telegram import TOKEN, FakeTelegram

Script = Callable[[Question], AsyncGenerator[Shown | Answer, None]]


def answer(reply: str, **more: Any) -> Answer:
    """An answer with everything that a test does not care about filled in."""
    plain: dict[str, Any] = {
        "language": "en",
        "intent": "product_question",
        "sentiment": Sentiment(label="neutral", score=0.9),
        "verdict": "allow",
    }
    return Answer(reply=reply, **(plain | more))


async def echo(question: Question) -> AsyncGenerator[Shown | Answer, None]:
    """Says back what was said."""
    yield answer(f"You said: {question.text}")


class ScriptedAssistant:
    """Keeps the questions; the script gives the answers."""

    def __init__(self, script: Script = echo) -> None:
        self.script = script
        self.questions: list[Question] = []
        self.closed = 0

    async def answer(self, question: Question) -> AsyncIterator[Shown | Answer]:
        self.questions.append(question)
        try:
            async with contextlib.aclosing(self.script(question)) as steps:
                async for step in steps:
                    yield step
        finally:
            self.closed += 1

    async def copy(self, request: CopyRequest) -> CopyAnswer:
        if request.product == "NOPE":
            raise LookupError("There is no product NOPE.")
        good = VariantText(text=f"Steep <slowly> with {request.product}", verdict="allow")
        warned = VariantText(text="Our finest pot", verdict="warn", reasons=["a superlative"])
        held = VariantText(text="The best in the nation", verdict="block", reasons=["国家级 is banned"])
        return CopyAnswer(
            product=request.product, channel=request.channel, language="en", variants=[good, warned, held]
        )

    async def follow_up(self, customer_id: str) -> Answer:
        if customer_id != "C12":
            raise LookupError(f"There is no customer {customer_id}.")
        return answer("Dear Lin, your teapot is on its way.")


def make_services(folder: Path, telegram: FakeTelegram, assistant: Any = None, **settings: Any) -> Services:
    """A real database in `folder`, migrated, and settings that point at the fake."""
    chosen = Settings(
        _env_file=None,
        data=folder,
        telegram_token=SecretStr(TOKEN),
        telegram_api=telegram.api,
        **settings,
    )
    if not (folder / "crm.sqlite3").exists():
        shutil.copy(_migrated(), folder / "crm.sqlite3")
    return Services(chosen, Database.in_folder(folder), assistant or ScriptedAssistant())


@cache
def _migrated() -> Path:
    """An empty database with the schema, made once for all tests."""
    folder = Path(tempfile.mkdtemp(prefix="marketeer-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    database = Database.in_folder(folder)
    database.migrate()
    database.close()
    return folder / "crm.sqlite3"


class Running:
    """A bot at work: `said` is what it printed, `stop()` ends it as Ctrl-C would."""

    def __init__(self, task: asyncio.Task[None], stop: asyncio.Event, said: list[str]) -> None:
        self._task, self._stop, self.said = task, stop, said

    async def stop(self) -> None:
        self._stop.set()
        await self._task

    @property
    def link(self) -> str:
        """The start parameter of the printed owner link."""
        return next(line.partition("start=")[2] for line in self.said if "start=owner_" in line)


@contextlib.asynccontextmanager
async def running(services: Services, telegram: FakeTelegram, pace: float = 0.1) -> AsyncIterator[Running]:
    """The real application, polling the fake until the block ends."""
    stop, said = asyncio.Event(), list[str]()
    application = build_application(services, pace=pace)
    task = asyncio.create_task(serve(application, stop, said.append))
    bot = Running(task, stop, said)
    polled = len(telegram.of("getUpdates"))
    try:
        waiting: Callable[[], object] = lambda: len(telegram.of("getUpdates")) > polled or task.done()  # noqa: E731
        await telegram.until(waiting)
        if task.done():
            await task
        yield bot
    finally:
        if not task.done():
            await bot.stop()
