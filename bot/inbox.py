"""The durable way in: an update is stored before Telegram may forget it, handled once, in its chat's order.

`Inbox` is the queue that PTB's updater fills: `put` returns only when the update is on disk, and only then
does the updater confirm it to Telegram. `ChatOrder` runs the handlers: one update at a time within a
chat, chats side by side. Knows no handler and no words.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Literal
from weakref import WeakValueDictionary

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlmodel import col, select
from telegram import Bot, Update
from telegram.error import TelegramError
from telegram.ext import BaseUpdateProcessor

from bot.outbox_rows import answered
from knowledge.crm.columns import now
from knowledge.crm.conversations import InboxUpdate
from knowledge.crm.database import Database

log = logging.getLogger(__name__)

ATTEMPTS = 3  # an update that took the process down this often is not tried again
KEPT = timedelta(days=7)
GRACE = 15.0  # seconds that answers under way get at a stop
# The chats at work are bounded by the model's engine; a smaller number here would let one chat's
# backlog hold up all others.
UNBOUNDED = 1_000_000


class Inbox(asyncio.Queue[object]):
    """PTB's update queue, backed by the `inbox_update` table."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._database = database

    async def put(self, item: object) -> None:
        """Store the update, then queue it; one that was stored before is dropped."""
        if not isinstance(item, Update):
            await super().put(item)
            return
        try:
            fresh = await asyncio.to_thread(self._store, item)
        except SQLAlchemyError as error:
            # The updater asks Telegram again after a TelegramError; anything else would lose the update.
            raise TelegramError(f"the inbox could not store an update: {type(error).__name__}") from None
        if fresh:
            await super().put(item)

    async def resume(self, bot: Bot) -> int:
        """Queue what an earlier process left unfinished, oldest first; how many. Before polling starts."""
        payloads = await asyncio.to_thread(self._unfinished)
        for payload in payloads:
            await super().put(Update.de_json(payload, bot))
        return len(payloads)

    def begin(self, update_id: int) -> Literal["handle", "answered", "give up"]:
        """What to do with an update whose turn it is. Blocks on SQL."""
        with self._database.session() as session:
            row = session.get(InboxUpdate, update_id)
            if row is None:
                return "handle"
            if row.done_at is not None or answered(session, update_id):
                return "answered"
            row.attempts += 1
            session.add(row)
            return "handle" if row.attempts <= ATTEMPTS else "give up"

    def finish(self, update_id: int) -> None:
        """Mark it done and forget what it said: the number alone keeps it from coming twice. Blocks on SQL."""
        with self._database.session() as session:
            row = session.get(InboxUpdate, update_id)
            if row is not None and row.done_at is None:
                row.done_at, row.payload = now(), {}
                session.add(row)

    def _store(self, update: Update) -> bool:
        try:
            with self._database.session() as session:
                if session.get(InboxUpdate, update.update_id) is not None:
                    return False
                session.add(InboxUpdate(update_id=update.update_id, payload=update.to_dict()))
        except IntegrityError:  # stored by another replica at the same moment
            return False
        return True

    def _unfinished(self) -> list[dict[str, Any]]:
        with self._database.session() as session:
            session.exec(delete(InboxUpdate).where(col(InboxUpdate.done_at) < now() - KEPT))
            rows = select(InboxUpdate).where(col(InboxUpdate.done_at).is_(None))
            return [row.payload for row in session.exec(rows.order_by(col(InboxUpdate.update_id))).all()]


class ChatOrder(BaseUpdateProcessor):
    """Runs handlers: a lock a chat, first come first served."""

    def __init__(self, inbox: Inbox) -> None:
        super().__init__(UNBOUNDED)
        self._inbox = inbox
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._at_work: set[asyncio.Task[Any]] = set()
        self._closing = False
        self.give_up: Callable[[Update], Awaitable[None]] | None = None
        """Tells the person, when an update took the process down `ATTEMPTS` times."""

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Wait for the chat's turn, then handle, skip or give up; marked done unless interrupted."""
        if not isinstance(update, Update):
            await coroutine
            return
        try:
            async with self._locks.setdefault(_chat(update), asyncio.Lock()):
                if not self._closing:
                    await self._handle(update, coroutine)
        finally:
            if asyncio.iscoroutine(coroutine):
                coroutine.close()  # no-op where it ran

    async def _handle(self, update: Update, coroutine: Awaitable[Any]) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._at_work.add(task)
        try:
            decision = await asyncio.to_thread(self._inbox.begin, update.update_id)
            if decision == "handle":
                await coroutine
            elif decision == "give up" and self.give_up is not None:
                await self.give_up(update)
            await asyncio.to_thread(self._inbox.finish, update.update_id)
        finally:
            self._at_work.discard(task)

    async def close(self, grace: float = GRACE) -> None:
        """Start nothing new, let answers under way finish for `grace` seconds, then interrupt them:
        they stay unfinished in the table and are resumed at the next start."""
        self._closing = True
        if not self._at_work:
            return
        _, late = await asyncio.wait(set(self._at_work), timeout=grace)
        for task in late:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*late, return_exceptions=True)

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to release."""


def _chat(update: Update) -> int:
    if update.effective_chat is not None:
        return update.effective_chat.id
    return update.effective_user.id if update.effective_user is not None else 0
