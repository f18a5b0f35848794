"""Shows an answer while it is being written: the first words as a message, then edits, at most about one
in `pace` seconds and only when the words changed; and says "typing" until then. Knows no model."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from types import TracebackType

from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import RetryAfter, TelegramError

from bot.outbox import Outbox, seconds
from bot.replies import escape, split

log = logging.getLogger(__name__)

TYPING = 4.5  # seconds; Telegram shows the sign for five


class Stream:
    """One growing message. Losing it is harmless: the finished answer goes through the outbox."""

    def __init__(self, outbox: Outbox, chat_id: int, update_id: int | None, pace: float = 1.0) -> None:
        self._outbox, self._chat_id, self._update_id, self._pace = outbox, chat_id, update_id, pace
        self._wanted: str | None = None
        self._changed = asyncio.Event()
        self._calling = asyncio.Lock()
        self._message_id: int | None = None
        self.shown: str | None = None
        """What the chat is known to see, as HTML."""

    def show(self, text: str) -> None:
        """All the words so far. Returns at once; only what fits the first message is shown."""
        parts = split(escape(text))
        if parts:
            self._wanted = parts[0]
            self._changed.set()

    async def __aenter__(self) -> "Stream":
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A call under way is waited for: cancelled, nobody could say what the chat sees.
        async with self._calling:
            self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    async def _run(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            if self._wanted is None or self._wanted == self.shown:
                continue
            pause = self._pace
            async with self._calling:
                try:
                    await self._put(self._wanted)
                except RetryAfter as error:
                    pause = seconds(error.retry_after)
                    self._changed.set()
                except TelegramError as error:
                    log.info("a streamed edit failed: %s", type(error).__name__)
                    if self._message_id is None:
                        return  # it may have arrived: a second try could show the words twice
            await asyncio.sleep(pause)

    async def _put(self, html: str) -> None:
        if self._message_id is None:
            self._message_id = await self._outbox.draft(self._chat_id, self._update_id, html)
        else:
            await self._outbox.edit_draft(self._chat_id, self._message_id, html)
        self.shown = html


@contextlib.asynccontextmanager
async def typing(bot: Bot, chat_id: int) -> AsyncIterator[None]:
    """The typing sign for as long as the block runs."""

    async def keep_typing() -> None:
        while True:
            with contextlib.suppress(TelegramError):
                await bot.send_chat_action(chat_id, ChatAction.TYPING)
            await asyncio.sleep(TYPING)

    task = asyncio.create_task(keep_typing())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
