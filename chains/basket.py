"""Adds up several products that are asked for at once: "two X and one Y, how much together?".

Every price is read from the rows at the time of asking, and the sum is reckoned here. Knows no shipping and no orders.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from chains.evidence import PRICE, of_product
from chains.orders import Told
from chains.phrases import money, say
from chains.quantities import counted_in, quantity_in
from chains.route import Route
from chains.subject import best_of
from knowledge.crm.catalogue_view import Item
from knowledge.crm.desk import Desk

_PARTS = re.compile(
    r"\s*(?:,|;|\+|&|\band\b|\bplus\b|\bwith\b|\bas well as\b|，|；|、|再加上?|加上?|和|跟|还有|以及|另外)\s*",
    re.I,
)


@dataclass(frozen=True)
class Line:
    """So many pieces of a product."""

    item: Item
    quantity: int
    unit: str = "件"


def basket(route: Route, desk: Desk) -> list[Line]:
    """The products of a question for a sum, with their quantities; empty where it names fewer than two."""
    if not {"total", "price"} & route.cues:
        return []
    lines: dict[str, Line] = {}
    for part in _PARTS.split(route.text):
        named = best_of(desk.catalogue.mentions(part), desk.catalogue)
        if len(named) > 1:
            return []  # which of them is meant would be a guess
        for item in named:
            lines[item.sku] = Line(item, quantity_in(part, item) or 1, counted_in(part, item))
    return list(lines.values()) if len(lines) > 1 else []


def add_up(lines: Sequence[Line], desk: Desk, language: str) -> Told | None:
    """What the lines cost together; None where a product has gone or they are sold in different currencies."""
    now = desk.fresh([line.item.sku for line in lines])
    rows = [now.get(line.item.sku) for line in lines]
    currencies = {row.currency for row in rows if row is not None}
    if None in rows or len(currencies) != 1:
        return None
    currency, total, said, facts, computed = currencies.pop(), Decimal(0), [], [], []
    for line, row in zip(lines, rows, strict=True):
        assert row is not None
        cost = row.price * line.quantity
        total += cost
        computed += [str(line.quantity), money(cost, currency, language)]
        said.append(
            say("basket_line", language, quantity=line.quantity, unit=line.unit, product=line.item.name(language),
                cost=money(cost, currency, language))
        )  # fmt: skip
        facts += [e.ref() for e in of_product(line.item, language, desk, row) if e.key in PRICE]
    whole = money(total, currency, language)
    text = say("basket", language, lines=("，" if language == "zh" else ", ").join(said), total=whole)
    return Told(text, "extractive", tuple(facts), (*computed, whole))
