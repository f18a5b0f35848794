"""Where rows come from: imported files, the facts made of them, and questions no fact answered."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Text
from sqlmodel import Field, SQLModel

from knowledge.crm.columns import Instant, now


class Source(SQLModel, table=True):
    """One imported file, known by its absolute path."""

    id: int | None = Field(default=None, primary_key=True)
    path: str = Field(unique=True)
    name: str = Field(index=True, description="the file's name, as shown beside a fact")
    kind: str
    sha256: str
    demo: bool = False
    imported_at: datetime = Field(default_factory=now, sa_type=Instant)


class Provenance(SQLModel):
    """Mixed into every imported row: which file and line brought it, and a digest of what it said."""

    source_id: int | None = Field(default=None, foreign_key="source.id", index=True)
    source_line: int | None = None
    row_hash: str = ""


class Fact(SQLModel, table=True):
    """A sentence the shop stands behind. Its vector has the same id in Chroma; `id` holds a digest of the
    text, so that a changed text is a new fact and never an old vector with new words."""

    id: str = Field(primary_key=True)
    kind: str = Field(index=True, description="product, faq, document, note or shop")
    entity: str = Field(index=True, description="the row it was made of, e.g. product:TP-1:en")
    scope: str = Field(index=True, description="public, internal or customer:ID")
    language: str
    text: str = Field(sa_column=Column(Text, nullable=False))
    details: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    source_id: int | None = Field(default=None, foreign_key="source.id", index=True)
    source_line: int | None = None
    created_at: datetime = Field(default_factory=now, sa_type=Instant)


class Marker(SQLModel, table=True):
    """Small durable state: `ingest` is `running` while rows and vectors may differ."""

    name: str = Field(primary_key=True)
    value: str


class ShopProfile(SQLModel, table=True):
    """The shop file, whole. One row, id 1."""

    __tablename__ = "shop_profile"

    id: int = Field(default=1, primary_key=True)
    name: str
    currency: str = "EUR"
    timezone: str = "UTC"
    settings: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    source_id: int | None = Field(default=None, foreign_key="source.id")
    row_hash: str = ""


class UnansweredQuestion(SQLModel, table=True):
    """What was asked and no fact answered: the marketers' list of gaps."""

    __tablename__ = "unanswered_question"

    id: int | None = Field(default=None, primary_key=True)
    text: str = Field(sa_column=Column(Text, nullable=False))
    language: str
    customer_id: str | None = Field(default=None, foreign_key="customer.id", index=True)
    conversation_id: int | None = Field(default=None, foreign_key="conversation.id")
    asked_at: datetime = Field(default_factory=now, sa_type=Instant)
    answered_at: datetime | None = Field(default=None, sa_type=Instant)
