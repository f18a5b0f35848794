"""Reads CRM rows for one principal: the catalogue, the shop, and the orders of the customer who asks.

Numbers come from here, never from vectors. There is no way to name another customer: a customer's desk
holds their id, and a marketer names one explicitly.
"""

import threading
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func
from sqlalchemy.orm import selectinload
from sqlmodel import col, select

from knowledge.crm.catalogue import Product, Review
from knowledge.crm.catalogue_view import Catalogue, load_catalogue
from knowledge.crm.consent import latest_consent
from knowledge.crm.customers import Customer
from knowledge.crm.database import Database
from knowledge.crm.orders import Order
from knowledge.crm.people import Person, read_people
from knowledge.crm.shop import Shop, read_shop_profile
from knowledge.crm.sources import Source
from knowledge.facts.lexicon import tokens
from knowledge.principal import Principal


@dataclass(frozen=True)
class LineView:
    """One line of an order."""

    sku: str
    quantity: int
    unit_price: Decimal


@dataclass(frozen=True)
class OrderView:
    """An order as its owner may see it."""

    id: str
    source: str
    customer_id: str
    ordered_at: datetime
    status: str
    carrier: str | None
    tracking: str | None
    expected_at: datetime | None
    delivered_at: datetime | None
    currency: str
    lines: tuple[LineView, ...]
    shipping: Decimal
    discount: Decimal
    tax: Decimal
    total: Decimal


@dataclass(frozen=True)
class Stocked:
    """A product's price and stock as they are now."""

    sku: str
    price: Decimal
    currency: str
    stock: int | None


@dataclass(frozen=True)
class CustomerCard:
    """What a marketer may know of one customer."""

    id: str
    name: str | None
    language: str
    tags: tuple[str, ...]
    notes: str | None
    may_market: bool
    orders: tuple[OrderView, ...]
    source: str


class Shelf:
    """The shop and its catalogue, read again only when an import has run. Shared by all desks."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._lock = threading.Lock()
        self._stamp: tuple[object, ...] | None = None
        self._kept: tuple[Shop, Catalogue, frozenset[str]] | None = None
        self._people: tuple[Person, ...] | None = None

    def read(self) -> tuple[Shop, Catalogue, frozenset[str]]:
        """(shop, catalogue, lower-cased names of all customers)."""
        with self.database.session() as session:
            stamp = tuple(
                session.execute(select(func.max(Source.imported_at), func.count(col(Source.id)))).one()
            )
            with self._lock:
                if self._kept is None or stamp != self._stamp:
                    names = session.exec(select(Customer.name).where(col(Customer.name).is_not(None)))
                    people = frozenset(name.lower() for name in names if name and len(name) > 1)
                    self._kept = (read_shop_profile(session), load_catalogue(session), people)
                    self._stamp, self._people = stamp, None
                return self._kept

    def people(self) -> tuple[Person, ...]:
        """Every customer, for the guard; the same object until an import has run."""
        self.read()
        with self.database.session() as session, self._lock:
            if self._people is None:
                self._people = read_people(session)
            return self._people


class Desk:
    """Everything that is read from rows for one principal."""

    def __init__(self, shelf: Shelf, principal: Principal) -> None:
        self.principal = principal
        self._database = shelf.database
        self.shop, self.catalogue, self._people = shelf.read()
        self._orders: dict[str, list[OrderView]] = {}  # a desk lives for one turn, which asks several times

    def fresh(self, skus: list[str]) -> dict[str, Stocked]:
        """Price and stock from the rows, now."""
        with self._database.session() as session:
            rows = session.exec(select(Product).where(col(Product.sku).in_(skus)))
            return {row.sku: Stocked(row.sku, row.price, row.currency, row.stock) for row in rows}

    def rating(self, sku: str) -> tuple[Decimal, int] | None:
        """(mean rating to one place, number of ratings) of a product."""
        with self._database.session() as session:
            query = select(func.avg(Review.rating), func.count()).where(
                Review.sku == sku, col(Review.rating).is_not(None)
            )
            mean, number = session.execute(query).one()
            return (Decimal(str(mean)).quantize(Decimal("0.1")), number) if number else None

    def orders(self, customer_id: str | None = None) -> list[OrderView]:
        """The principal's own orders, newest first; a marketer names whose."""
        whose = customer_id if self.principal.role == "marketer" else self.principal.customer_id
        if whose is None:
            return []
        if whose in self._orders:
            return self._orders[whose]
        with self._database.session() as session:
            query = select(Order, Source.name).join(Source, isouter=True).where(Order.customer_id == whose)
            query = query.options(selectinload(Order.lines))  # type: ignore[arg-type]
            rows = session.exec(query.order_by(col(Order.ordered_at).desc(), col(Order.id).desc())).all()
            self._orders[whose] = [self._order_view(order, source) for order, source in rows]
        return self._orders[whose]

    def _order_view(self, order: Order, source: str | None) -> OrderView:
        lines = [LineView(line.sku, line.quantity, line.unit_price) for line in order.lines]
        return OrderView(
            order.id, f"{source}:{order.lines[0].source_line if order.lines else order.source_line}",
            order.customer_id, order.ordered_at, order.status, order.carrier, order.tracking, order.expected_at,
            order.delivered_at, order.currency, tuple(lines), order.shipping, order.discount, order.tax, order.total,
        )  # fmt: skip

    def own_name(self) -> str | None:
        """The asking customer's own name."""
        if self.principal.customer_id is None:
            return None
        with self._database.session() as session:
            row = session.get(Customer, self.principal.customer_id)
            return row.name if row else None

    def names_somebody_else(self, text: str) -> bool:
        """Whether a customer's text holds another customer's full name or id. Says nothing about who."""
        own = {(self.own_name() or "").lower()}
        lowered = text.lower()
        if any(name not in own and _whole(name, lowered) for name in self._people if name in lowered):
            return True
        words = {token for token in tokens(text) if any(c.isdigit() for c in token)}
        if not words:
            return False
        with self._database.session() as session:
            ids = session.exec(select(Customer.id).where(func.lower(Customer.id).in_(words))).all()
        return any(found != self.principal.customer_id for found in ids)

    def customer(self, wanted: str) -> CustomerCard | None:
        """A customer by id, or by name where only one bears it. For marketers; others get None."""
        if self.principal.role != "marketer":
            return None
        with self._database.session() as session:
            row = session.get(Customer, wanted)
            if row is None:
                named = session.exec(
                    select(Customer).where(func.lower(Customer.name) == wanted.lower())
                ).all()
                ids = session.exec(select(Customer).where(func.lower(Customer.id) == wanted.lower())).all()
                found = [*ids, *named]
                row = found[0] if len(found) == 1 else None
            if row is None:
                return None
            consent = latest_consent(session, row.id)
            source = session.get(Source, row.source_id) if row.source_id else None
            card = CustomerCard(
                row.id, row.name, row.language or self.shop.languages[0], tuple(row.tags), row.notes,
                bool(consent and consent.granted), (), f"{source.name if source else ''}:{row.source_line}",
            )  # fmt: skip
        return CustomerCard(**{**card.__dict__, "orders": tuple(self.orders(card.id))})

    def customers_in(self, text: str) -> list[str]:
        """Ids of customers that a marketer's text names by id or full name."""
        if self.principal.role != "marketer":
            return []
        lowered = text.lower()
        with self._database.session() as session:
            rows = session.exec(select(Customer.id, Customer.name)).all()
        words = set(lowered.replace("，", " ").replace(",", " ").replace("。", " ").split()) | set(
            tokens(text)
        )
        by_id = [i for i, _ in rows if i.lower() in words or _whole(i.lower(), lowered)]
        by_name = [i for i, name in rows if name and len(name) > 1 and _whole(name.lower(), lowered)]
        first = [
            i for i, name in rows if name and " " in name and _whole(name.split()[0].lower(), lowered)
        ]  # fmt: skip
        return by_id or by_name or (first if len(first) == 1 else [])


def _whole(name: str, text: str) -> bool:
    """Whether the name stands in the text as words of its own (Chinese names need no spaces)."""
    start = text.find(name)
    while start >= 0:
        before, after = (
            text[start - 1 : start] if start else "",
            text[start + len(name) : start + len(name) + 1],
        )
        if not (name[0].isascii() and before.isascii() and before.isalnum()) and not (
            name[-1].isascii() and after.isascii() and after.isalnum()
        ):
            return True
        start = text.find(name, start + 1)
    return False
