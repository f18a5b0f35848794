"""Holds the demo shop's shelves, people and history, and lets a person visit, choose and buy.

It knows nothing of campaigns or of why a visit happens. Times are naive and in
the shop's time zone; nothing is recorded after `now`.
"""

import csv
import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

from knowledge.demo import orders, people, taste
from knowledge.demo.orders import Order, Rate
from knowledge.demo.people import Person

HERE = Path(__file__).parent
DAYS = 548
"""Eighteen months of history."""

_SEARCHES = {
    "gongfu": ("gaiwan|oolong|yixing teapot|pu'er cake", "盖碗|岩茶|紫砂壶|普洱"),
    "everyday": ("cast iron teapot|earl grey|kettle|mug with strainer", "铸铁壶|龙井|热水壶|马克杯"),
    "coffee": ("espresso beans|pour over|grinder|filter paper", "咖啡豆|手冲|磨豆机|滤纸"),
    "home": ("gift box|candle|linen|wool throw", "礼盒|香氛蜡烛|桌旗|盖毯"),
    "evening": ("caffeine free|rooibos|peppermint|decaf", "不含咖啡因|菊花茶|低因|薄荷"),
}


@dataclass
class World:
    """All that the steps below share: the static files, the people and what has happened so far."""

    rng: Random
    start: date
    now: datetime
    price: dict[str, float]
    stock: dict[str, int]
    quality: dict[str, float]
    reviews: list[dict[str, str]]
    rates: dict[str, Rate]
    people: list[Person]
    orders: list[Order]
    events: list[dict[str, str]]

    def log(self, at: datetime, kind: str, person: Person, **more: object) -> None:
        """Add an event unless it lies in the future."""
        if at <= self.now:
            row = {"at": at.isoformat(timespec="seconds"), "kind": kind, "customer_id": person.customer_id}
            self.events.append(row | {name: str(value) for name, value in more.items()})

    def pick(self, person: Person, day: date) -> str:
        skus = list(self.price)
        return self.rng.choices(
            skus, [taste.liking(sku, person.segment, day, self.quality[sku]) for sku in skus]
        )[0]

    def moment(self, person: Person, day: date) -> datetime:
        """Return a waking moment of the person's day, in the shop's time zone."""
        shift = 7 if person.timezone.startswith("Asia/") else 0
        local = self.rng.choices(range(8, 24), (2, 3, 4, 4, 5, 4, 3, 3, 3, 3, 4, 5, 7, 8, 6, 3))[0]
        return datetime.combine(day, time(local - shift, self.rng.randrange(60), self.rng.randrange(60)))

    def draw_order(
        self, person: Person, at: datetime, *, first: str = "", discount_rate: float = 0.0
    ) -> Order:
        count = self.rng.choices((1, 2, 3, 4), (5, 4, 2, 1))[0]
        skus = [first] if first else []
        while len(skus) < count:
            sku = self.pick(person, at.date())
            recent = self.now - at < timedelta(days=30)
            if sku not in skus and not (recent and self.stock[sku] == 0):
                skus.append(sku)
        lines = [
            (sku, 2 if sku[:2] in ("TE", "CO", "CU") and self.rng.random() < 0.22 else 1, self.price[sku])
            for sku in skus
        ]
        return orders.priced(
            person.customer_id, person.timezone, at, lines, self.rates, discount_rate=discount_rate
        )

    def travel(self, person: Person, order: Order) -> None:
        worst = min(self.quality[sku] for sku, _, _ in order.lines)
        rate = self.rates[orders.region(person.timezone)]
        orders.travel(order, rate, self.rng, now=self.now, return_risk=max(0.01, (4.1 - worst) * 0.09))

    def record(self, person: Person, order: Order) -> None:
        """Keep an order together with the visit that led to it and its conversion."""
        self.orders.append(order)
        self.visit(
            person,
            order.ordered_at - timedelta(minutes=self.rng.randrange(5, 8)),
            [line[0] for line in order.lines],
        )
        for sku, quantity, price in order.lines:
            before = timedelta(seconds=self.rng.randrange(60, 180))
            self.log(
                order.ordered_at - before,
                "basket",
                person,
                sku=sku,
                channel="web",
                value=round(quantity * price, 2),
            )
        campaign, variant, channel = order.campaign or ("", "", "web")
        self.log(
            order.ordered_at, "conversion", person,
            sku=order.lines[0][0], campaign=campaign, variant=variant, channel=channel, value=order.total,
        )  # fmt: skip

    def visit(self, person: Person, at: datetime, bought: list[str]) -> None:
        rng = self.rng
        if rng.random() < 0.4:
            words = _SEARCHES[person.segment][person.language == "zh"].split("|")
            self.log(at, "search", person, channel="web", query=rng.choice(words))
        seen = bought + [self.pick(person, at.date()) for _ in range(rng.randint(0 if bought else 1, 3))]
        rng.shuffle(seen)
        for sku in dict.fromkeys(seen):
            at += timedelta(seconds=rng.randrange(8, 40))
            self.log(at, "view", person, sku=sku, channel="web")
            if not bought and rng.random() < 0.12:
                self.log(
                    at + timedelta(seconds=5), "basket", person, sku=sku, channel="web", value=self.price[sku]
                )


def build(seed: int, today: date) -> World:
    """Read the static files, invent the people, and return a world in which nothing has happened yet."""
    products = [row for row in load("products.csv") if row["language"] == "en"]
    reviews = load("reviews.csv")
    quality = {}
    for row in products:
        stars = [int(review["rating"]) for review in reviews if review["sku"] == row["sku"]]
        quality[row["sku"]] = (sum(stars) + 4.0 * 3) / (len(stars) + 3)
    shop = tomllib.loads((HERE / "shop.toml").read_text(encoding="utf-8"))
    names = ("carrier", "price", "free_from", "days_min", "days_max")
    rng = Random(seed)
    start = today - timedelta(days=DAYS)
    return World(
        rng=rng,
        start=start,
        now=datetime.combine(today, time(9, 0)),
        price={row["sku"]: float(row["price"]) for row in products},
        stock={row["sku"]: int(row["stock"]) for row in products},
        quality=quality,
        reviews=reviews,
        rates={row["region"]: Rate(*(row[name] for name in names)) for row in shop["shipping"]},
        people=people.build(rng, start=start, today=today),
        orders=[],
        events=[],
    )


def load(name: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file in this folder."""
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
