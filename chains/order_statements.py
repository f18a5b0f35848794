"""Tells what was asked of one order as statements, each a row of its own that the model may put in words.

Reads an order that is already known to be the asker's; chooses none.
"""

from dataclasses import replace

from chains.data import table
from chains.evidence import Evidence
from chains.phrases import day, money, say, status
from chains.route import Route
from chains.statement import Statement, ask
from knowledge.crm.desk import Desk, OrderView

OPEN = ("placed", "paid", "shipped")
_WANTED = {  # by cue, what is told
    "arrival": ("state", "arrival"),
    "tracking": ("tracking", "arrival"),
    "paid": ("total",),
    "items": ("goods", "total"),
    "status": ("state", "arrival"),
    "handled": ("state", "arrival"),
    "overdue": ("state", "arrival", "tracking"),
}
_NEEDED = (
    "arrival",
    "tracking",
)  # cues that the part of their own name answers: where there is none, the rows say so
_WHOLE = ("goods", "total", "state", "arrival", "tracking")


def statements_of(
    order: OrderView, goods: str, total: str, route: Route, desk: Desk, language: str
) -> tuple[Statement, ...]:
    """What the question asks of this order, `goods` and `total` being said as the shop says them; all of it where the
    question asks for nothing in particular, and nothing where it asks for what the order does not have."""
    values = _values(order, goods, total, desk, language)
    cancels = "cancel" in route.cues and order.status != "cancelled"
    if cancels or any(cue in route.cues and cue not in values for cue in _NEEDED):
        return ()
    parts = {part for cue, some in _WANTED.items() if cue in route.cues for part in some} or set(_WHOLE)
    there = [part for part in _WHOLE if part in parts and part in values]
    return tuple(_statement(order, part, values[part], language, first=part == there[0]) for part in there)


def returned(
    order: OrderView, possible: bool, days: int, until: str, text: str, language: str
) -> tuple[Statement, ...]:
    """Whether an order may still go back, as a statement with a yes or no."""
    words = table("order_words")[language]["return"]
    more = words["until" if possible else "ended"].format(days=days, until=until)
    fact = _fact(order, words["key"], words["yes" if possible else "no"], language, more)
    return (Statement(text, fact, plainly=ask("order_return", language, order=order.id), must=(until,)),)


def standing(order: OrderView, text: str, language: str) -> tuple[Statement, ...]:
    """How an order stands, as a statement."""
    told = status(order.status, language)
    fact = _fact(order, table("order_words")[language]["keys"]["state"], told, language)
    return (Statement(text, fact, plainly=ask("order_state", language, order=order.id), must=(told,)),)


def spent(order: OrderView, number: int, total: str, text: str, language: str) -> tuple[Statement, ...]:
    """What all of somebody's orders come to; `order` is one of them."""
    words = table("order_words")[language]["spent"]
    fact = _fact(order, words["key"], total, language)
    fact = replace(fact, text=words["fact"].format(total=total, number=number))
    return (Statement(text, fact, ask("orders_total", language), must=(total,)),)


def _values(
    order: OrderView, goods: str, total: str, desk: Desk, language: str
) -> dict[str, tuple[str, tuple[str, ...]]]:
    """What the order's row says, by part: the value and what of it has to be said."""
    zone, states = desk.shop.zone, table("order_words")[language]["states"]
    told = states.get(order.status, status(order.status, language))
    found = {
        "goods": (goods, ()),
        "total": (total, (money(order.total, order.currency, language),)),
        "state": (told, (status(order.status, language),)),
    }
    if order.delivered_at:
        when = day(order.delivered_at, zone, language)
        found["arrival"] = (when, (when,))
    elif order.expected_at and order.status in OPEN:
        when = day(order.expected_at, zone, language)
        found["arrival"] = (when, (when,))
    if order.tracking:
        with_ = f" ({order.carrier})" if language == "en" else f"（{order.carrier}）"
        found["tracking"] = (order.tracking + (with_ if order.carrier else ""), (order.tracking,))
    return found


def _statement(
    order: OrderView, part: str, told: tuple[str, tuple[str, ...]], language: str, *, first: bool
) -> Statement:
    value, must = told
    kind = "delivered" if part == "arrival" and order.delivered_at else part
    key = table("order_words")[language]["keys"][kind]
    name = f"order_{kind}" if first else f"order_{kind}_more"  # the number is said once
    text = say(f"order_{kind}", language, order=order.id, value=value)
    return Statement(text, _fact(order, key, value, language), ask(name, language, order=order.id), must=must)


def _fact(order: OrderView, key: str, value: str, language: str, more: str = "") -> Evidence:
    head, colon = ("订单", "：") if language == "zh" else ("Order", ": ")
    return Evidence(
        f"order:{order.id}", f"{head} {order.id} - {key}{colon}{value}{more}", order.source,
        f"customer:{order.customer_id}", "order", language, None, key, value,
    )  # fmt: skip
