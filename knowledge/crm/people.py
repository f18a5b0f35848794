"""Who the shop's customers are, as far as a text could give them away: names, ways to reach them, orders. For the
guard, which keeps it from everybody else. Knows columns, not how a text may hide them."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml
from sqlmodel import Session, select

from knowledge.crm.customers import Customer
from knowledge.crm.orders import Order


@dataclass(frozen=True)
class Person:
    """One customer. `addresses` are whole lines; `orders` are order and tracking numbers."""

    id: str
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    addresses: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "Person(...)"  # never in a log or a traceback


@cache
def _address_columns() -> tuple[str, ...]:
    text = resources.files("knowledge.crm").joinpath("address_columns.yaml").read_text("utf-8")
    return tuple(yaml.safe_load(text)["columns"])


def read_people(session: Session) -> tuple[Person, ...]:
    """Every customer with their orders, those of carts and imports alike."""
    orders: dict[str, list[str]] = defaultdict(list)
    for customer_id, order_id, tracking in session.exec(select(Order.customer_id, Order.id, Order.tracking)):
        orders[customer_id] += [order_id, *([tracking] if tracking else [])]
    rows = session.exec(
        select(Customer.id, Customer.name, Customer.email, Customer.phone, Customer.attributes)  # type: ignore[call-overload]
    )
    return tuple(
        Person(i, name, email, phone, addresses_of(more), tuple(orders.get(i, ())))
        for i, name, email, phone, more in rows
    )


def addresses_of(attributes: dict[str, Any]) -> tuple[str, ...]:
    """What a customer's further columns say of where they live: each by itself, and all in a row."""
    names = _address_columns()
    parts = [
        str(value).strip()
        for key, value in attributes.items()
        if value and any(name in str(key).lower() for name in names)
    ]
    return (*parts, *([" ".join(parts)] if len(parts) > 1 else []))
