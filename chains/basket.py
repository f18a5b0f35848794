"""Adds up several products that are asked for at once: "two X and one Y, how much together?".

Every price is read from the rows at the time of asking, and the sum is reckoned here. Sent somewhere, what
that costs is added (`postage`). Knows no orders.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from chains.evidence import PRICE, Evidence, of_product
from chains.orders import Told
from chains.phrases import money, say
from chains.postage import Postage
from chains.quantities import COUNTED_ZH, counted, quantity_in
from chains.route import Route
from chains.siblings import of_size
from chains.statement import Statement, ask, reckoned
from chains.subject import best_of
from chains.turn import FactRef
from knowledge.crm.catalogue_view import Item
from knowledge.crm.desk import Desk

_PARTS = re.compile(
    r"\s*(?:,|;|\+|&|\band\b|\bplus\b|\bwith\b|\bas well as\b|，|；|、|再加上?|加上?|和|跟|还有|以及|另外)\s*",
    re.I,
)
_NOUN = re.compile(rf"{COUNTED_ZH}(?=([\u3400-\u9fff]{{2,8}}))")


@dataclass(frozen=True)
class Line:
    """So many pieces of a product."""

    item: Item
    quantity: int
    counted: str
    """The quantity as it is said"""


def basket(route: Route, desk: Desk, least: int = 2) -> list[Line]:
    """The products of a question for a sum, with their quantities; empty where it names fewer than `least`."""
    if not {"total", "price"} & route.cues:
        return []
    lines: dict[str, Line] = {}
    for part in _parts(route.text):
        named = of_size(part, best_of(desk.catalogue.mentions(part), desk.catalogue))
        named = named or _counted_noun(part, desk)
        if len(named) > 1:
            return []  # which of them is meant would be a guess
        for item in named:
            number = quantity_in(part, item) or 1
            lines[item.sku] = Line(item, number, counted(number, part, item, route.language))
    return list(lines.values()) if len(lines) >= least else []


def _parts(text: str) -> list[str]:
    """The parts of a message that name a product each; 两个菠萝包四个蛋挞 has no word between them."""
    found = []
    for part in _PARTS.split(text):
        cuts = [0, *(match.start() for match in list(_NOUN.finditer(part))[1:]), len(part)]
        found += [part[start:end] for start, end in pairwise(cuts)]
    return found


def _counted_noun(part: str, desk: Desk) -> list[Item]:
    """The products whose names end as what is counted begins: 四个*蛋挞* of 葡式蛋挞, by the longest such ending."""
    counts = _NOUN.search(part)
    noun = counts[1] if counts else ""
    names = [(item, item.names["zh"]) for item in desk.catalogue.items.values() if "zh" in item.names]
    for end in range(len(noun), 1, -1):
        if found := [item for item, name in names if name.endswith(noun[:end])]:
            return found
    return []


def add_up(lines: Sequence[Line], desk: Desk, language: str, postage: Postage | None = None) -> Told | None:
    """What the lines cost together, sent or not; None where a product has gone or they are sold in different currencies."""
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
            say("basket_line", language, quantity=line.counted, product=line.item.name(language),
                cost=money(cost, currency, language))
        )  # fmt: skip
        facts += [e.ref() for e in of_product(line.item, language, desk, row) if e.key in PRICE]
    joined = ("，" if language == "zh" else ", ").join(said)
    if postage is not None and (sending := postage.for_goods(total, currency)) is not None:
        fee, whole = money(sending, currency, language), money(total + sending, currency, language)
        sent = say("postage" if sending else "postage_free", language, cost=fee)
        text = say("basket_sent", language, total=whole, lines=joined, postage=sent)
        proof = (*facts, postage.row.ref())
        name = "sum_sent" if sending else "sum_sent_free"
        statements = _sum(name, lines, text, facts, language, total=whole, fee=fee)
        return Told(text, "extractive", proof, (*computed, fee, whole, sent), statements)
    whole = money(total, currency, language)
    text = say("basket", language, lines=joined, total=whole)
    statements = _sum("sum", lines, text, facts, language, total=whole)
    return Told(text, "extractive", tuple(facts), (*computed, whole), statements)


def _sum(
    name: str, lines: Sequence[Line], text: str, rows: Sequence[FactRef], language: str, **values: str
) -> tuple[Statement, ...]:
    """What it all costs, as a statement: whether shipping is in it has to be said."""
    if not rows:
        return ()
    goods = ("、" if language == "zh" else ", ").join(
        f"{line.quantity} × {line.item.name(language)}" for line in lines
    )
    row = Evidence(rows[0].id, rows[0].text, rows[0].source, rows[0].scope, "sum", language)
    told, must = reckoned(name, row, goods, **values)
    return (Statement(text, told, ask("basket", language), must=(values["total"], must)),)
