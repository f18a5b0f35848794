"""How much was sold in a period, and what sold best. Figures only; knows no words."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import selectinload
from sqlmodel import col, select

from knowledge.crm.database import Database
from knowledge.crm.orders import Order


@dataclass(frozen=True)
class Sales:
    """Orders that were not cancelled; revenue by currency; (sku, pieces) of the best sellers, best first."""

    orders: int
    revenue: dict[str, Decimal]
    best: tuple[tuple[str, int], ...]


def sales(database: Database, since: datetime | None = None, most: int = 3) -> Sales:
    """The sales since a moment, or of all time."""
    with database.session() as session:
        query = select(Order).where(Order.status != "cancelled").options(selectinload(Order.lines))  # type: ignore[arg-type]
        if since is not None:
            query = query.where(col(Order.ordered_at) >= since)
        revenue: Counter[str] = Counter()
        pieces: Counter[str] = Counter()
        number = 0
        for order in session.exec(query):
            number += 1
            revenue[order.currency] += order.total  # type: ignore[assignment]
            for line in order.lines:
                pieces[line.sku] += line.quantity
    return Sales(number, {k: Decimal(v) for k, v in revenue.items()}, tuple(pieces.most_common(most)))
