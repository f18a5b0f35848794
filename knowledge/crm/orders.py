"""Orders and their lines. An order's total is its lines plus shipping and tax less discount."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, Relationship

from knowledge.crm.columns import Instant, Money
from knowledge.crm.sources import Provenance

STATUSES = ("placed", "paid", "shipped", "delivered", "returned", "cancelled")


class Order(Provenance, table=True):
    """What one customer ordered at one time."""

    __tablename__ = "customer_order"

    id: str = Field(primary_key=True)
    customer_id: str = Field(foreign_key="customer.id", index=True)
    ordered_at: datetime = Field(sa_type=Instant)
    status: str = "placed"
    carrier: str | None = None
    tracking: str | None = None
    expected_at: datetime | None = Field(default=None, sa_type=Instant)
    delivered_at: datetime | None = Field(default=None, sa_type=Instant)
    currency: str
    shipping: Decimal = Field(default=Decimal(0), sa_type=Money)
    discount: Decimal = Field(default=Decimal(0), sa_type=Money)
    tax: Decimal = Field(default=Decimal(0), sa_type=Money)
    attributes: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))

    lines: list["OrderLine"] = Relationship(
        back_populates="order",
        cascade_delete=True,
        sa_relationship_kwargs={"order_by": "OrderLine.source_line"},
    )

    @property
    def subtotal(self) -> Decimal:
        """The lines alone, in `currency`."""
        return sum((line.unit_price * line.quantity for line in self.lines), Decimal(0))

    @property
    def total(self) -> Decimal:
        """Lines + shipping + tax - discount, in `currency`."""
        return self.subtotal + self.shipping + self.tax - self.discount


class OrderLine(Provenance, table=True):
    """A SKU within an order. The SKU need not be in the catalogue any more."""

    __tablename__ = "order_line"

    order_id: str = Field(primary_key=True, foreign_key="customer_order.id", ondelete="CASCADE")
    sku: str = Field(primary_key=True, index=True)
    quantity: int
    unit_price: Decimal = Field(sa_type=Money)

    order: Order | None = Relationship(back_populates="lines")
