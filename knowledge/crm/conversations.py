"""Conversations, their messages, and the durable front and back doors (inbox, outbox)."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Text
from sqlmodel import Field, SQLModel

from knowledge.crm.columns import Instant, now


class Conversation(SQLModel, table=True):
    """One person's talk with the bot in one place."""

    id: int | None = Field(default=None, primary_key=True)
    place: str = Field(index=True, description="telegram:CHAT_ID, console or ask")
    role: str = Field(description="customer or marketer")
    customer_id: str | None = Field(default=None, foreign_key="customer.id", index=True)
    started_at: datetime = Field(default_factory=now, sa_type=Instant)


class Message(SQLModel, table=True):
    """One thing said, with all that was decided about it (`turn` is the recorded turn of a reply)."""

    id: int | None = Field(default=None, primary_key=True)
    conversation_id: int = Field(foreign_key="conversation.id", index=True)
    sender: str = Field(description="customer, marketer, bot or human")
    text: str = Field(sa_column=Column(Text, nullable=False))
    language: str | None = None
    intent: str | None = None
    sentiment: str | None = None
    sentiment_score: float | None = None
    verdict: str | None = None
    turn: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    at: datetime = Field(default_factory=now, sa_type=Instant)


class InboxUpdate(SQLModel, table=True):
    """A Telegram update as it came, kept until its handler is done, so that a killed process resumes."""

    __tablename__ = "inbox_update"

    update_id: int = Field(primary_key=True, sa_type=BigInteger)
    payload: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    received_at: datetime = Field(default_factory=now, sa_type=Instant)
    attempts: int = 0
    done_at: datetime | None = Field(default=None, sa_type=Instant, index=True)


class OutboxMessage(SQLModel, table=True):
    """A message on its way: pending, sending, sent, uncertain (no answer came) or failed."""

    __tablename__ = "outbox_message"

    id: int | None = Field(default=None, primary_key=True)
    chat_id: int = Field(sa_type=BigInteger, index=True)
    kind: str = Field(default="service", description="service (at least once) or promotion (at most once)")
    text: str = Field(sa_column=Column(Text, nullable=False))
    options: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    state: str = Field(default="pending", index=True)
    attempts: int = 0
    update_id: int | None = Field(default=None, sa_type=BigInteger, index=True)
    telegram_message_id: int | None = Field(default=None, sa_type=BigInteger)
    created_at: datetime = Field(default_factory=now, sa_type=Instant)
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
