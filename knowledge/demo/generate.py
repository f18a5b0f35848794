"""Writes the demo shop's customers, orders and events as import files.

The product list, the reviews and the shipping table are read from this folder;
people, purchases and clicks are drawn with the standard library's seeded random
generator, so the same seed and day give the same bytes. It knows nothing of the
database, of models, or of how the files are imported. Numbers are invented.

    python -m knowledge.demo.generate FOLDER
"""

import csv
import sys
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

from knowledge.demo import campaigns, orders, taste, world
from knowledge.demo.orders import Order
from knowledge.demo.people import MAINSTAYS, Person
from knowledge.demo.world import DAYS, World

ORDER_COUNT = 300

_SCRIPT = {  # days ago, lines; the last parcel is on its way
    "C1001": ((214, "TP-10 1,TE-07 1,TP-14 1"), (61, "TE-08 2"), (1, "HO-06 1,CU-03 2,TE-09 1")),
    "C1002": ((305, "TP-07 1,TE-14 1"), (120, "CU-09 1,TE-08 1"), (5, "TE-14 1,TE-16 2,CU-04 1")),
}
_ORDER_FIELDS = (
    "order_id customer_id ordered_at status carrier tracking expected_at delivered_at sku quantity unit_price "
    "currency order_shipping order_discount order_tax"
)
_EVENT_FIELDS = "at customer_id sku campaign variant channel kind value cost query"
_CUSTOMER_FIELDS = (
    "customer_id name email phone language timezone marketing_consent consent_at birthday tags notes"
)


def write(folder: Path, *, seed: int = 7, today: date) -> None:
    """Write customers.csv, orders.csv and events.csv for the 18 months up to 09:00 on `today`.

    The folder is created when missing, and files of the same name are replaced.
    """
    shop = world.build(seed, today)
    _scripted_orders(shop)
    _reviewed_orders(shop)
    campaigns.run(shop)
    _organic_orders(shop)
    _idle_visits(shop)
    shop.orders.sort(key=lambda order: (order.ordered_at, order.customer_id))
    number = 10000
    for order in shop.orders:
        if not order.order_id:
            number += 1
            order.order_id = f"PK-{number}"
    shop.events.sort(key=lambda row: (row["at"], row["customer_id"], row["kind"]))
    folder.mkdir(parents=True, exist_ok=True)
    _save(folder / "customers.csv", _CUSTOMER_FIELDS, map(_customer_row, shop.people))
    _save(folder / "orders.csv", _ORDER_FIELDS, (row for order in shop.orders for row in _order_rows(order)))
    _save(folder / "events.csv", _EVENT_FIELDS, shop.events)


def _scripted_orders(shop: World) -> None:
    """Give the two people of the README their fixed orders."""
    for person in shop.people[:2]:
        rng = Random(f"orders of {person.customer_id}")
        rate = shop.rates[orders.region(person.timezone)]
        script = _SCRIPT[person.customer_id]
        for index, (days_ago, text) in enumerate(script, start=1):
            day = shop.now.date() - timedelta(days=days_ago)
            while orders.dispatch_day(datetime.combine(day, time(10))) != day:
                day -= timedelta(days=1)
            lines = [
                (sku, int(count), shop.price[sku])
                for sku, count in (item.split() for item in text.split(","))
            ]
            order = orders.priced(
                person.customer_id, person.timezone, datetime.combine(day, time(10, 12)), lines, shop.rates
            )
            order.order_id = f"PK-2{person.customer_id[2:]}{index}"
            orders.ship(order, rate, day, rng)
            if index < len(script):
                arrived = orders.working_days_after(day, rate.days_max - 1)
                order.status, order.delivered_at = "delivered", datetime.combine(arrived, time(12, 40))
            shop.record(person, order)


def _reviewed_orders(shop: World) -> None:
    """Give every review of the period an order that had arrived before it was written."""
    by_id = {person.customer_id: person for person in shop.people}
    for review in shop.reviews:
        person, written = by_id[review["customer_id"]], datetime.fromisoformat(review["at"])
        rate = shop.rates[orders.region(person.timezone)]
        slack = timedelta(days=rate.days_max * 7 // 5 + shop.rng.randint(9, 18))
        at = shop.moment(person, (written - slack).date())
        if written > shop.now or at.date() <= shop.start:
            continue
        person.joined = min(person.joined, at - timedelta(hours=1))
        order = shop.draw_order(person, at, first=review["sku"])
        orders.travel(order, rate, Random(f"{review['at']} {review['sku']}"), now=shop.now, return_risk=0.0)
        if order.status == "cancelled":
            order.status = "shipped"
            orders.ship(order, rate, orders.dispatch_day(at), shop.rng)
        if order.delivered_at is None or order.delivered_at > written:
            order.delivered_at = written - timedelta(days=2)
            order.status = "delivered"
        if (
            int(review["rating"]) <= 2
            and shop.rng.random() < 0.35
            and shop.now - written > timedelta(days=10)
        ):
            order.status = "returned"
        shop.record(person, order)


def _organic_orders(shop: World) -> None:
    """Fill up to the wanted number of orders with purchases that no message led to."""
    buyers = [person for person in shop.people if person.customer_id not in MAINSTAYS]
    weights = [person.loyalty for person in buyers]
    while len(shop.orders) < ORDER_COUNT:
        person = shop.rng.choices(buyers, weights)[0]
        day = shop.start + timedelta(days=shop.rng.randrange(DAYS + 1))
        at = shop.moment(person, day)
        if (
            not person.joined <= at <= shop.now
            or shop.rng.random() > taste.season(day, person.language) / 2.6
        ):
            continue
        order = shop.draw_order(person, at)
        shop.travel(person, order)
        shop.record(person, order)


def _idle_visits(shop: World) -> None:
    """Add visits that ended without an order; loyal people look more often."""
    weights = [0.3 + person.loyalty for person in shop.people]
    for _ in range(1000):
        person = shop.rng.choices(shop.people, weights)[0]
        day = shop.start + timedelta(days=shop.rng.randrange(DAYS + 1))
        if person.joined.date() < day and shop.rng.random() < taste.season(day, person.language) / 1.4:
            shop.visit(person, shop.moment(person, day), [])


def _customer_row(person: Person) -> dict[str, str]:
    return {
        "customer_id": person.customer_id,
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "language": person.language,
        "timezone": person.timezone,
        "marketing_consent": "yes" if person.consent else "no",
        "consent_at": _iso(person.consent_at) if person.consent_at else "",
        "birthday": person.birthday.isoformat() if person.birthday else "",
        "tags": person.tags,
        "notes": person.notes,
    }


def _order_rows(order: Order) -> list[dict[str, str]]:
    """Return one row a line item; the order's own amounts are repeated on each."""
    common = {
        "order_id": order.order_id,
        "customer_id": order.customer_id,
        "ordered_at": _iso(order.ordered_at),
        "status": order.status,
        "carrier": order.carrier,
        "tracking": order.tracking,
        "expected_at": order.expected_at.isoformat() if order.expected_at else "",
        "delivered_at": _iso(order.delivered_at) if order.delivered_at else "",
        "currency": "EUR",
        "order_shipping": f"{order.shipping:.2f}",
        "order_discount": f"{order.discount:.2f}",
        "order_tax": f"{order.tax:.2f}",
    }
    return [
        common | {"sku": sku, "quantity": str(quantity), "unit_price": f"{price:.2f}"}
        for sku, quantity, price in order.lines
    ]


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _save(path: Path, fields: str, rows: Iterable[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fields.split(), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    write(Path(sys.argv[1]), today=date.today())
