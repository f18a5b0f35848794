"""Turns a wish to buy into an order with shipping, tracking and a status that fits its dates.

It knows the shop's shipping table and working week, but no public holidays, and
every order ships in one parcel. Times are naive and in the shop's time zone.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

_REGION = {
    "Europe/Berlin": "Germany",
    "Europe/Vienna": "Austria",
    "Asia/Shanghai": "Mainland China",
    "Asia/Hong_Kong": "Hong Kong and Macau",
}
IMPORT_CHARGE = 0.091
"""Added to orders for mainland China, as the shop's FAQ says."""
_DISPATCH_DAYS = (1, 2, 3, 4)  # Tuesday to Friday
_CUT_OFF = time(14, 0)


@dataclass(frozen=True)
class Rate:
    """One row of the shop's shipping table: prices in EUR, days in working days."""

    carrier: str
    price: float
    free_from: float
    days_min: int
    days_max: int


@dataclass
class Order:
    """One order; `lines` are (sku, quantity, unit price), `campaign` is (name, variant, channel)."""

    customer_id: str
    ordered_at: datetime
    lines: list[tuple[str, int, float]]
    discount: float
    shipping: float
    tax: float
    order_id: str = ""
    status: str = "placed"
    carrier: str = ""
    tracking: str = ""
    expected_at: date | None = None
    delivered_at: datetime | None = None
    campaign: tuple[str, str, str] | None = None

    @property
    def total(self) -> float:
        """Lines plus shipping and tax less discount, in EUR."""
        goods = sum(quantity * price for _, quantity, price in self.lines)
        return round(goods + self.shipping + self.tax - self.discount, 2)


def region(timezone: str) -> str:
    """Return the row of the shipping table that serves a time zone."""
    return _REGION.get(timezone, "Other EU countries")


def working_days_after(day: date, count: int) -> date:
    """Return the day that lies `count` weekdays after `day`."""
    while count > 0:
        day += timedelta(days=1)
        if day.weekday() < 5:
            count -= 1
    return day


def dispatch_day(ordered_at: datetime) -> date:
    """Return the day the parcel leaves: the same day before 14:00, Tuesday to Friday only."""
    day = ordered_at.date()
    if ordered_at.time() >= _CUT_OFF:
        day += timedelta(days=1)
    while day.weekday() not in _DISPATCH_DAYS:
        day += timedelta(days=1)
    return day


def priced(
    customer_id: str,
    timezone: str,
    ordered_at: datetime,
    lines: list[tuple[str, int, float]],
    rates: dict[str, Rate],
    *,
    discount_rate: float = 0.0,
) -> Order:
    """Return an order with its discount, shipping and import charges worked out."""
    goods = sum(quantity * price for _, quantity, price in lines)
    discount = round(goods * discount_rate, 2)
    place = region(timezone)
    rate = rates[place]
    shipping = 0.0 if goods - discount >= rate.free_from else rate.price
    tax = round((goods - discount) * IMPORT_CHARGE, 2) if place == "Mainland China" else 0.0
    return Order(customer_id, ordered_at, lines, discount, shipping, tax)


def travel(order: Order, rate: Rate, rng: Random, *, now: datetime, return_risk: float) -> None:
    """Set status, tracking and dates of an order as they stand at `now`."""
    age = now - order.ordered_at
    if rng.random() < 0.03:
        order.status = "cancelled"
        return
    leaves = dispatch_day(order.ordered_at)
    sent_at = datetime.combine(leaves, time(16, 30))
    if sent_at > now:
        order.status = "placed" if age < timedelta(hours=3) else "paid"
        return
    ship(order, rate, leaves, rng)
    days = rng.randint(rate.days_min, rate.days_max)
    if rng.random() < 0.06:
        days += rng.randint(1, 4)
    arrival = datetime.combine(
        working_days_after(leaves, days), time(rng.randrange(9, 19), rng.randrange(60))
    )
    if arrival > now:
        return
    order.status, order.delivered_at = "delivered", arrival
    if rng.random() < return_risk and now - arrival > timedelta(days=12):
        order.status = "returned"


def ship(order: Order, rate: Rate, leaves: date, rng: Random) -> None:
    """Hand an order to the carrier of its region."""
    order.status, order.carrier = "shipped", rate.carrier
    order.expected_at = working_days_after(leaves, rate.days_max)
    digits = "".join(rng.choice("0123456789") for _ in range(15))
    order.tracking = {"DHL": "00340" + digits, "DPD": "0980" + digits[:10]}.get(
        rate.carrier, "SF" + digits[:13]
    )
