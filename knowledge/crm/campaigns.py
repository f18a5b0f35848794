"""Campaigns, the variants they show, and the outcomes that follow: what an `events` file holds."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from knowledge.crm.columns import Instant, Money, now
from knowledge.crm.sources import Provenance

KINDS = ("view", "search", "basket", "impression", "click", "conversion", "unsubscribe")


class Campaign(SQLModel, table=True):
    """A named effort; made on first mention by an event, or by a marketer."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    channel: str | None = None
    created_at: datetime = Field(default_factory=now, sa_type=Instant)


class Variant(SQLModel, table=True):
    """One wording within a campaign."""

    __table_args__ = (UniqueConstraint("campaign_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id", index=True)
    name: str
    sku: str | None = None
    language: str | None = None
    text: str | None = Field(default=None, sa_column=Column(Text))
    fields: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    created_at: datetime = Field(default_factory=now, sa_type=Instant)


class Outcome(Provenance, table=True):
    """Something that happened: a view, a click, a conversion. Its key is the digest of all columns."""

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    at: datetime = Field(sa_type=Instant, index=True)
    kind: str = Field(index=True)
    customer_id: str | None = Field(default=None, foreign_key="customer.id", index=True)
    sku: str | None = Field(default=None, index=True)
    campaign_id: int | None = Field(default=None, foreign_key="campaign.id", index=True)
    variant_id: int | None = Field(default=None, foreign_key="variant.id", index=True)
    channel: str | None = None
    value: Decimal | None = Field(default=None, sa_type=Money)
    cost: Decimal | None = Field(default=None, sa_type=Money)
    attributes: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
