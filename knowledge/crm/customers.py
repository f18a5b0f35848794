"""Customers, the tombstones of erased ones, and who they are on Telegram."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Text
from sqlmodel import Field, SQLModel

from knowledge.crm.columns import Instant, now
from knowledge.crm.sources import Provenance


class Customer(Provenance, table=True):
    """A person the shop knows. `known` is false for an id that only an order or an event has named."""

    id: str = Field(primary_key=True)
    known: bool = True
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    telegram_id: int | None = Field(default=None, sa_type=BigInteger, unique=True)
    language: str | None = None
    timezone: str | None = None
    birthday: date | None = None
    tags: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    notes: str | None = Field(default=None, sa_column=Column(Text))
    attributes: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    created_at: datetime = Field(default_factory=now, sa_type=Instant)


class ErasedCustomer(SQLModel, table=True):
    """A tombstone: the digest of an erased id, so that no import brings the person back."""

    __tablename__ = "erased_customer"

    id_digest: str = Field(primary_key=True)
    erased_at: datetime = Field(default_factory=now, sa_type=Instant)


class TelegramIdentity(SQLModel, table=True):
    """A Telegram user who wrote to the bot: role, language, and the customer they are, if known."""

    __tablename__ = "telegram_identity"

    user_id: int = Field(primary_key=True, sa_type=BigInteger)
    chat_id: int = Field(sa_type=BigInteger)
    role: str = Field(default="customer", description="customer, marketer, admin or owner")
    customer_id: str | None = Field(default=None, foreign_key="customer.id", index=True)
    language: str | None = Field(default=None, description="chosen with /language; None follows the message")
    blocked_at: datetime | None = Field(default=None, sa_type=Instant)
    first_seen_at: datetime = Field(default_factory=now, sa_type=Instant)


class Invitation(SQLModel, table=True):
    """A one-use link that gives a role. Only the token's digest is kept."""

    token_digest: str = Field(primary_key=True)
    role: str
    created_at: datetime = Field(default_factory=now, sa_type=Instant)
    expires_at: datetime | None = Field(default=None, sa_type=Instant)
    used_at: datetime | None = Field(default=None, sa_type=Instant)
    used_by: int | None = Field(default=None, sa_type=BigInteger)
