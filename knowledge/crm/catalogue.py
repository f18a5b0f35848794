"""Products (one row per SKU and language) and what buyers said of them."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Column, Text, UniqueConstraint
from sqlmodel import Field

from knowledge.crm.columns import Instant, Money
from knowledge.crm.sources import Provenance


class Product(Provenance, table=True):
    """A thing for sale, in one language. Price in `currency`; `stock` None means not counted."""

    __table_args__ = (UniqueConstraint("sku", "language"),)

    id: int | None = Field(default=None, primary_key=True)
    sku: str = Field(index=True)
    language: str
    name: str
    category: str | None = None
    price: Decimal = Field(sa_type=Money)
    currency: str
    stock: int | None = None
    description: str | None = Field(default=None, sa_column=Column(Text))
    attributes: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    url: str | None = None
    image: str | None = None


class Review(Provenance, table=True):
    """A buyer's words. Its key is the digest of all columns."""

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    at: datetime | None = Field(default=None, sa_type=Instant)
    sku: str | None = Field(default=None, index=True)
    customer_id: str | None = Field(default=None, foreign_key="customer.id", index=True)
    rating: int | None = None
    text: str = Field(sa_column=Column(Text, nullable=False))
    language: str | None = None
    origin: str | None = Field(
        default=None, description="the file's `source` column: site, e-mail, market place"
    )
    attributes: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
