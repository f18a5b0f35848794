"""The durable way out: every message is a row before it is sent, and a killed process resumes.

Telegram has no idempotency key, so a send whose answer never came is uncertain. The policy: service
(answers) at least once, so it is sent again; promotion at most once, so it is marked `uncertain` and
left alone. Within a chat rows go in order; chats go side by side. Knows no handler and writes no words.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from weakref import WeakValueDictionary

import httpx
from sqlalchemy import update
from sqlmodel import Session, col, select
from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.access import mark_blocked
from bot.replies import Reply, plain, split
from knowledge.crm.columns import now
from knowledge.crm.conversations import InboxUpdate, OutboxMessage
from knowledge.crm.database import Database

log = logging.getLogger(__name__)

GIVE_UP = timedelta(hours=24)
NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


def enqueue(
    session: Session,
    chat_id: int,
    replies: Sequence[Reply],
    *,
    update_id: int | None = None,
    kind: str = "service",
    shown: str | None = None,
) -> None:
    """Put replies in line, split to fit; the caller commits, then calls `Outbox.flush`.

    The first part goes into the draft that this update has been streaming, if any; `shown` is what the
    chat sees of it now.
    """
    parts: list[tuple[str, dict[str, Any]]] = []
    for reply in replies:
        texts = split(reply.html)
        parts += [(text, reply.options if text is texts[-1] else {}) for text in texts]
    draft = None if update_id is None else _draft(session, update_id)
    if draft is not None and parts and draft.telegram_message_id is not None:
        draft.text, options = parts.pop(0)
        draft.options = {**options, "edit": True}
        draft.state = "sent" if draft.text == shown and not options else "pending"
        draft.sent_at = now() if draft.state == "sent" else None
        session.add(draft)
        session.flush()
    elif draft is not None:
        session.delete(draft)
    for text, options in parts:
        session.add(
            OutboxMessage(chat_id=chat_id, kind=kind, text=text, options=options, update_id=update_id)
        )
        session.flush()  # ids in order: they are the order of sending


def answered(session: Session, update_id: int) -> bool:
    """Whether the reply to this update was already decided (only a draft does not count)."""
    rows = session.exec(select(OutboxMessage).where(OutboxMessage.update_id == update_id)).all()
    return any(not row.options.get("draft") for row in rows)


class Outbox:
    """Sends what `enqueue` put in line."""

    def __init__(self, database: Database, bot: Bot) -> None:
        self._database = database
        self._bot = bot
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._not_before: dict[int, float] = {}  # chat -> monotonic seconds
        self._wake = asyncio.Event()

    async def flush(self, chat_id: int) -> None:
        """Send what is due for one chat. Never raises for Telegram's sake: what fails stays in line."""
        lock = self._locks.setdefault(chat_id, asyncio.Lock())
        async with lock:
            while self._not_before.get(chat_id, 0) <= time.monotonic():
                row = await asyncio.to_thread(self._take, chat_id)
                if row is None:
                    self._not_before.pop(chat_id, None)
                    return
                wait = await self._send(row)
                if wait is not None:
                    self._not_before[chat_id] = time.monotonic() + wait
        self._wake.set()

    async def resume(self) -> None:
        """Sort out what a killed process was sending. Once, before anything is handled or sent."""
        await asyncio.to_thread(self._resume)

    async def run(self) -> None:
        """Keep sending what had to wait, and what an earlier process left. Runs until cancelled."""
        sending: dict[int, asyncio.Task[None]] = {}
        while True:
            self._wake.clear()
            waiting = await asyncio.to_thread(self._waiting)
            sending = {chat: task for chat, task in sending.items() if not task.done()}
            moment = time.monotonic()
            for chat_id in waiting:
                if self._not_before.get(chat_id, 0) <= moment and chat_id not in sending:
                    sending[chat_id] = asyncio.create_task(self.flush(chat_id))
            rest = [self._not_before[chat] - moment for chat in waiting if chat in self._not_before]
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), max(0.05, min([*rest, 30.0])))

    async def draft(self, chat_id: int, update_id: int | None, html: str) -> int:
        """Send the first words of an answer that is still being written, or take up the message that a
        killed process began; its message id. Raises TelegramError; an answer can do without."""
        row_id, message_id = await asyncio.to_thread(self._open_draft, chat_id, update_id, html)
        if message_id is None:
            sent = await self._bot.send_message(
                chat_id, html, parse_mode="HTML", link_preview_options=NO_PREVIEW
            )
            message_id = sent.message_id
            await asyncio.to_thread(self._mark, row_id, telegram_message_id=message_id)
        else:
            await self.edit_draft(chat_id, message_id, html)
        return message_id

    async def edit_draft(self, chat_id: int, message_id: int, html: str) -> None:
        """Show more words. Raises TelegramError."""
        await self._edit(chat_id, message_id, html, {})

    async def _send(self, row: OutboxMessage) -> float | None:
        """Send one taken row and write down what came of it; seconds to wait if it must be tried again."""
        assert row.id is not None
        try:
            message_id = await self._put(row)
        except RetryAfter as error:
            # Nothing was sent. Only this chat waits: AIORateLimiter would hold all of them.
            await asyncio.to_thread(self._mark, row.id, state="pending")
            return seconds(error.retry_after)
        except Forbidden:
            await asyncio.to_thread(self._give_up_chat, row.chat_id)
            return None
        except BadRequest as error:
            log.error("message %s was refused: %s", row.id, error)
            await asyncio.to_thread(self._mark, row.id, state="failed")
            return None
        except NetworkError as error:
            never_left = isinstance(error.__cause__, NEVER_LEFT)
            if row.kind == "promotion" and not never_left:
                await asyncio.to_thread(self._mark, row.id, state="uncertain")
                return None
            if now() - row.created_at > GIVE_UP:
                await asyncio.to_thread(self._mark, row.id, state="failed" if never_left else "uncertain")
                return None
            await asyncio.to_thread(self._mark, row.id, state="pending")
            return float(min(60, 2 ** min(row.attempts - 1, 6)))
        except TelegramError as error:
            log.error("message %s failed: %s", row.id, type(error).__name__)
            await asyncio.to_thread(self._mark, row.id, state="failed")
            return None
        await asyncio.to_thread(
            self._mark, row.id, state="sent", sent_at=now(), telegram_message_id=message_id
        )
        return None

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

    def _take(self, chat_id: int) -> OutboxMessage | None:
        with self._database.session() as session:
            row = session.exec(
                select(OutboxMessage)
                .where(OutboxMessage.chat_id == chat_id, OutboxMessage.state == "pending")
                .order_by(col(OutboxMessage.id))
            ).first()
            if row is not None:
                row.state = "sending"
                row.attempts += 1
                session.add(row)
            return row

    def _mark(self, row_id: int, **values: Any) -> None:
        with self._database.session() as session:
            session.exec(update(OutboxMessage).where(col(OutboxMessage.id) == row_id).values(**values))

    def _give_up_chat(self, chat_id: int) -> None:
        with self._database.session() as session:
            mark_blocked(session, chat_id)
            session.exec(
                update(OutboxMessage)
                .where(col(OutboxMessage.chat_id) == chat_id)
                .where(col(OutboxMessage.state).in_(("pending", "sending")))
                .values(state="failed")
            )

    def _waiting(self) -> list[int]:
        with self._database.session() as session:
            return list(
                session.exec(
                    select(OutboxMessage.chat_id).where(OutboxMessage.state == "pending").distinct()
                ).all()
            )

    def _resume(self) -> None:
        """Rows that a killed process was sending: nobody knows whether they arrived."""
        with self._database.session() as session:
            open_updates = set(
                session.exec(select(InboxUpdate.update_id).where(col(InboxUpdate.done_at).is_(None))).all()
            )
            for row in session.exec(select(OutboxMessage).where(OutboxMessage.state == "sending")).all():
                if row.options.get("draft") and row.update_id in open_updates:
                    continue  # its update is handled again and goes on in the same message
                if row.options.get("draft"):
                    row.state = "uncertain"
                else:
                    row.state = "uncertain" if row.kind == "promotion" else "pending"
                session.add(row)

    def _open_draft(self, chat_id: int, update_id: int | None, html: str) -> tuple[int, int | None]:
        with self._database.session() as session:
            row = None if update_id is None else _draft(session, update_id)
            if row is None:
                row = OutboxMessage(
                    chat_id=chat_id,
                    text=html,
                    options={"draft": True},
                    state="sending",
                    attempts=1,
                    update_id=update_id,
                )
                session.add(row)
                session.flush()
            assert row.id is not None
            return row.id, row.telegram_message_id


def _draft(session: Session, update_id: int) -> OutboxMessage | None:
    rows = session.exec(select(OutboxMessage).where(OutboxMessage.update_id == update_id)).all()
    return next((row for row in rows if row.options.get("draft")), None)


def _markup(options: dict[str, Any]) -> InlineKeyboardMarkup | None:
    return InlineKeyboardMarkup.de_json(options["reply_markup"], None) if "reply_markup" in options else None


def seconds(value: int | timedelta) -> float:
    """What PTB gives for `retry_after`, whichever way it is set up."""
    return value.total_seconds() if isinstance(value, timedelta) else float(value)
