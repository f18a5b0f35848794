"""The rows behind the outbox: putting replies in line, taking them out, marking what came of them.
All of it blocks on SQL. Knows no network; the states and what they mean stand in `OutboxMessage`."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from bot.access import mark_blocked
from bot.replies import Reply, split
from knowledge.crm.columns import now
from knowledge.crm.conversations import InboxUpdate, OutboxMessage
from knowledge.crm.database import Database


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
        parts += [(text, {}) for text in texts[:-1]]
        parts += [(text, reply.options) for text in texts[-1:]]
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
        row = OutboxMessage(chat_id=chat_id, kind=kind, text=text, options=options, update_id=update_id)
        session.add(row)
        session.flush()  # ids in order: they are the order of sending


def answered(session: Session, update_id: int) -> bool:
    """Whether the reply to this update was already decided (only a draft does not count)."""
    rows = session.exec(select(OutboxMessage).where(OutboxMessage.update_id == update_id)).all()
    return any(not row.options.get("draft") for row in rows)


class OutboxRows:
    """What the sender asks of the table, each call a transaction of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, chat_id: int) -> OutboxMessage | None:
        """The chat's next pending row, now `sending`."""
        query = select(OutboxMessage).where(OutboxMessage.chat_id == chat_id)
        query = query.where(OutboxMessage.state == "pending").order_by(col(OutboxMessage.id))
        with self._database.session() as session:
            row = session.exec(query).first()
            if row is not None:
                row.state = "sending"
                row.attempts += 1
                session.add(row)
            return row

    def mark(self, row_id: int, **values: Any) -> None:
        """Set columns of one row."""
        with self._database.session() as session:
            session.exec(update(OutboxMessage).where(col(OutboxMessage.id) == row_id).values(**values))

    def give_up_chat(self, chat_id: int) -> None:
        """They blocked the bot: nothing in line will ever arrive."""
        with self._database.session() as session:
            mark_blocked(session, chat_id)
            session.exec(
                update(OutboxMessage)
                .where(col(OutboxMessage.chat_id) == chat_id)
                .where(col(OutboxMessage.state).in_(("pending", "sending")))
                .values(state="failed")
            )

    def waiting(self) -> list[int]:
        """Chats with pending rows."""
        query = select(OutboxMessage.chat_id).where(OutboxMessage.state == "pending").distinct()
        with self._database.session() as session:
            return list(session.exec(query).all())

    def resume(self) -> None:
        """Rows that a killed process was sending: nobody knows whether they arrived."""
        unfinished = select(InboxUpdate.update_id).where(col(InboxUpdate.done_at).is_(None))
        with self._database.session() as session:
            updates = set(session.exec(unfinished).all())
            for row in session.exec(select(OutboxMessage).where(OutboxMessage.state == "sending")).all():
                draft = bool(row.options.get("draft"))
                if draft and row.update_id in updates:
                    continue  # its update is handled again and goes on in the same message
                row.state = "uncertain" if draft or row.kind == "promotion" else "pending"
                session.add(row)

    def open_draft(self, chat_id: int, update_id: int | None, html: str) -> tuple[int, int | None]:
        """(row id, Telegram's message id) of the draft of this update; the latter None for a new one."""
        with self._database.session() as session:
            row = None if update_id is None else _draft(session, update_id)
            if row is None:
                row = OutboxMessage(chat_id=chat_id, text=html, update_id=update_id, state="sending")
                row.options, row.attempts = {"draft": True}, 1
                session.add(row)
                session.flush()
            assert row.id is not None
            return row.id, row.telegram_message_id


def _draft(session: Session, update_id: int) -> OutboxMessage | None:
    rows = session.exec(select(OutboxMessage).where(OutboxMessage.update_id == update_id)).all()
    return next((row for row in rows if row.options.get("draft")), None)
