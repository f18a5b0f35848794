"""The durable way out: every message is a row before it is sent, and a killed process resumes.

Telegram has no idempotency key, so a send whose answer never came is uncertain. The policy: service
(answers) at least once, so it is sent again; promotion at most once, so it is marked `uncertain` and
left alone. Within a chat rows go in order; chats go side by side. Knows no handler and writes no words.
"""

import asyncio
import contextlib
import logging
import time
from datetime import timedelta
from typing import Any
from weakref import WeakValueDictionary

import httpx
from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.outbox_rows import OutboxRows
from bot.replies import plain
from knowledge.crm.columns import now
from knowledge.crm.conversations import OutboxMessage
from knowledge.crm.database import Database

log = logging.getLogger(__name__)

GIVE_UP = timedelta(hours=24)
IDLE = 30.0  # seconds between two looks at the table when nothing happens
NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Outbox:
    """Sends what `enqueue` put in line."""

    def __init__(self, database: Database, bot: Bot) -> None:
        self._rows = OutboxRows(database)
        self._bot = bot
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._not_before: dict[int, float] = {}  # chat -> monotonic seconds
        self._wake = asyncio.Event()
        self._closing = False

    async def resume(self) -> None:
        """Sort out what a killed process was sending. Once, before anything is handled or sent."""
        await asyncio.to_thread(self._rows.resume)

    async def flush(self, chat_id: int) -> None:
        """Send what is due for one chat. Never raises for Telegram's sake: what fails stays in line."""
        lock = self._locks.setdefault(chat_id, asyncio.Lock())
        async with lock:
            while not self._closing and self._not_before.get(chat_id, 0) <= time.monotonic():
                row = await asyncio.to_thread(self._rows.take, chat_id)
                if row is None:
                    self._not_before.pop(chat_id, None)
                    return
                wait = await self._send(row)
                if wait is not None:
                    self._not_before[chat_id] = time.monotonic() + wait
        self._wake.set()

    async def run(self) -> None:
        """Keep sending what had to wait, and what an earlier process left. Runs until cancelled."""
        sending: dict[int, asyncio.Task[None]] = {}
        try:
            while True:
                self._wake.clear()
                waiting = await asyncio.to_thread(self._rows.waiting)
                sending = {chat: task for chat, task in sending.items() if not task.done()}
                moment = time.monotonic()
                for chat_id in waiting:
                    if self._not_before.get(chat_id, 0) <= moment and chat_id not in sending:
                        sending[chat_id] = asyncio.create_task(self.flush(chat_id))
                rest = [self._not_before[chat] - moment for chat in waiting if chat in self._not_before]
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), max(0.05, min([*rest, IDLE])))
        finally:
            self._closing = True
            await asyncio.gather(*sending.values(), return_exceptions=True)

    async def draft(self, chat_id: int, update_id: int | None, html: str) -> int:
        """Send the first words of an answer that is still being written, or take up the message that a
        killed process began; its message id. Raises TelegramError; an answer can do without."""
        row_id, message_id = await asyncio.to_thread(self._rows.open_draft, chat_id, update_id, html)
        if message_id is not None:
            await self.edit_draft(chat_id, message_id, html)
            return message_id
        sent = await self._bot.send_message(chat_id, html, parse_mode="HTML", link_preview_options=NO_PREVIEW)
        await asyncio.to_thread(self._rows.mark, row_id, telegram_message_id=sent.message_id)
        return sent.message_id

    async def edit_draft(self, chat_id: int, message_id: int, html: str) -> None:
        """Show more words. Raises TelegramError."""
        await self._edit(chat_id, message_id, html, {})

    async def _send(self, row: OutboxMessage) -> float | None:
        """Send one taken row and write down what came of it; seconds to wait if it must be tried again."""
        assert row.id is not None
        after: dict[str, Any] = {"state": "failed"}
        wait: float | None = None
        try:
            message_id = await self._put(row)
            after = {"state": "sent", "sent_at": now(), "telegram_message_id": message_id}
        except RetryAfter as error:
            # Nothing was sent. Only this chat waits: AIORateLimiter would hold all of them.
            after, wait = {"state": "pending"}, seconds(error.retry_after)
        except Forbidden:
            await asyncio.to_thread(self._rows.give_up_chat, row.chat_id)
        except BadRequest as error:
            log.error("message %s was refused: %s", row.id, error)
        except NetworkError as error:
            never_left = isinstance(error.__cause__, NEVER_LEFT)
            if now() - row.created_at > GIVE_UP or (row.kind == "promotion" and not never_left):
                after = {"state": "failed" if never_left else "uncertain"}
            else:
                after, wait = {"state": "pending"}, float(min(60, 2 ** min(row.attempts - 1, 6)))
        except TelegramError as error:
            log.error("message %s failed: %s", row.id, type(error).__name__)
        await asyncio.to_thread(self._rows.mark, row.id, **after)
        return wait

    async def _put(self, row: OutboxMessage) -> int:
        if row.options.get("edit") and row.telegram_message_id is not None:
            with contextlib.suppress(BadRequest):  # deleted by the person: a new message, then
                await self._edit(row.chat_id, row.telegram_message_id, row.text, row.options)
                return row.telegram_message_id
        markup = _markup(row.options)
        try:
            sent = await self._bot.send_message(
                row.chat_id, row.text, parse_mode="HTML", reply_markup=markup, link_preview_options=NO_PREVIEW
            )
        except BadRequest as error:
            if "parse entities" not in str(error):
                raise
            sent = await self._bot.send_message(row.chat_id, plain(row.text), reply_markup=markup)
        return sent.message_id

    async def _edit(self, chat_id: int, message_id: int, html: str, options: dict[str, Any]) -> None:
        try:
            await self._bot.edit_message_text(
                html,
                chat_id,
                message_id,
                parse_mode="HTML",
                reply_markup=_markup(options),
                link_preview_options=NO_PREVIEW,
            )
        except BadRequest as error:
            if "not modified" not in str(error):
                raise


def seconds(value: int | timedelta) -> float:
    """What PTB gives for `retry_after`, whichever way it is set up."""
    return value.total_seconds() if isinstance(value, timedelta) else float(value)


def _markup(options: dict[str, Any]) -> InlineKeyboardMarkup | None:
    return InlineKeyboardMarkup.de_json(options["reply_markup"], None) if "reply_markup" in options else None
