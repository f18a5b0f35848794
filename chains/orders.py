"""Answers questions about the asking customer's own orders, from rows alone. No model takes part.

Whose orders: the desk's principal's, whatever the text says.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from chains import order_statements
from chains.months import month_in
from chains.order_statements import OPEN
from chains.phrases import day, join, money, say, status
from chains.route import Route
from chains.statement import Statement
from chains.turn import FactRef, Verdict
from knowledge.crm.columns import now
from knowledge.crm.desk import Desk, OrderView
from knowledge.facts.lexicon import tokens

LOOKS_LIKE_ID = re.compile(
    r"(?<![\w-])#?((?=[\w-]*\d{3})[A-Za-z]{1,8}[-_]?\d[\w-]*|\d{4,12}(?:-\d+)*)(?![\w-])", re.A
)
_YEAR = re.compile(r"20\d\d")
_ORDER_WORD = re.compile(r"(order|number|no\.?|#|订单|单号|编号)\W*$", re.I)
SHOWN = 4  # orders of a month
BARELY = 0.35  # weight of words shared with the name of something ordered


@dataclass(frozen=True)
class Told:
    """An answer from rows: its words, its verdict, the rows it stands on, and what was computed from them (sums,
    dates) or quoted from the question: the only values of the words that stand in no row. `statements` are its sentences,
    or those of them that answer the question, where each says what a row says."""

    text: str
    verdict: Verdict
    facts: tuple[FactRef, ...] = ()
    computed: tuple[str, ...] = ()
    statements: tuple[Statement, ...] = ()


def ids_in(text: str, orders: list[OrderView]) -> tuple[list[OrderView], list[str]]:
    """(own orders named in the text, id-like words that are none of them).

    An own order may be named by its whole id or, where that is clear, by its digits.
    """
    own, strange = [], []
    by_id = {order.id.lower(): order for order in orders}
    digits: dict[str, list[OrderView]] = {}
    for order in orders:
        digits.setdefault(re.sub(r"\D", "", order.id), []).append(order)
    for match in LOOKS_LIKE_ID.finditer(text):
        word = match[1].lower()
        if _YEAR.fullmatch(word) and word not in by_id and not _ORDER_WORD.search(text[: match.start()]):
            continue
        short = digits.get(re.sub(r"\D", "", word), [])
        if word in by_id:
            own.append(by_id[word])
        elif word.isdigit() and len(short) == 1:
            own.append(short[0])
        elif any(word in ((order.tracking or "").lower(), order.customer_id.lower()) for order in orders):
            own += [order for order in orders if (order.tracking or "").lower() == word]
        else:
            strange.append(match[1])
    return list(dict.fromkeys(own)), strange


def describe(order: OrderView, desk: Desk, language: str) -> str:
    """The whole order in one or two sentences."""
    zone, zh = desk.shop.zone, language == "zh"
    lines = _lines(order, desk, language)
    total = money(order.total, order.currency, language) + _extras(order, language)
    placed, word = day(order.ordered_at, zone, language), status(order.status, language)
    parts = []
    if zh:
        parts.append(f"订单 {order.id}（{placed}下单）：{lines}，合计{total}，状态：{word}")
        if order.delivered_at:
            parts.append(f"{day(order.delivered_at, zone, language)}签收")
        elif order.expected_at and order.status in OPEN:
            parts.append(f"预计{day(order.expected_at, zone, language)}送达")
        if order.carrier or order.tracking:
            parts.append(f"承运：{order.carrier or '—'}，运单号 {order.tracking or '—'}")
        return "，".join(parts) + "。"
    parts.append(f"Order {order.id} of {placed}: {lines}; total {total}; status: {word}")
    if order.delivered_at:
        parts.append(f"delivered on {day(order.delivered_at, zone, language)}")
    elif order.expected_at and order.status in OPEN:
        parts.append(f"expected on {day(order.expected_at, zone, language)}")
    if order.carrier or order.tracking:
        parts.append(
            f"carrier {order.carrier or 'not given'}, tracking number {order.tracking or 'not given'}"
        )
    return "; ".join(parts) + "."


def _lines(order: OrderView, desk: Desk, language: str) -> str:
    return ("、" if language == "zh" else ", ").join(
        f"{line.quantity} × {_name(line.sku, desk, language)}" for line in order.lines
    )


def _extras(order: OrderView, language: str) -> str:
    """What stands beside the lines of an order: shipping, tax, discount, where there is any."""
    named = ("运费", "税费", "优惠") if language == "zh" else ("shipping", "tax", "discount")
    given = zip(named, (order.shipping, order.tax, order.discount), strict=True)
    said = [f"{name} {money(amount, order.currency, language)}" for name, amount in given if amount]
    if not said:
        return ""
    return f"（含{'、'.join(said)}）" if language == "zh" else f" (with {', '.join(said)})"


def focus(order: OrderView, route: Route, desk: Desk, language: str) -> str:
    """The one thing that was asked of an order, first; empty when the whole order is the answer."""
    zh, zone, cues = language == "zh", desk.shop.zone, route.cues
    word = status(order.status, language)
    if "cancel" in cues and order.status != "cancelled":
        done = order.status not in ("placed", "paid")
        said = say("cancel_shipped", language, status=word) if done else ""
        return join([said, say("cancel_note", language)], language)
    if {"arrival", "overdue"} & cues and order.status in OPEN:
        if order.expected_at:
            when = day(order.expected_at, zone, language)
            return f"预计{when}送达。" if zh else f"It is expected on {when}."
        return "暂时没有预计送达日期。" if zh else "There is no expected date for it yet."
    if "arrival" in cues and order.delivered_at:
        when = day(order.delivered_at, zone, language)
        return f"已于{when}签收。" if zh else f"It was delivered on {when}."
    if "tracking" in cues and order.tracking:
        carrier = order.carrier or ("快递" if zh else "the carrier")
        return (
            f"{carrier}单号：{order.tracking}。"
            if zh
            else f"The {carrier} tracking number is {order.tracking}."
        )
    if "tracking" in cues:
        return "这单还没有运单号。" if zh else "It has no tracking number yet."
    if "paid" in cues:
        total = money(order.total, order.currency, language)
        return f"这单一共{total}。" if zh else f"It comes to {total} in all."
    if {"status", "handled"} & cues and order.status in ("placed", "paid"):
        return (
            f"还没有发货，目前状态：{word}。"
            if zh
            else f"It has not been shipped yet; it is {word} right now."
        )
    if {"status", "handled"} & cues:
        return f"目前状态：{word}。" if zh else f"It is {word} right now."
    return ""


def can_return(order: OrderView, desk: Desk, language: str, at: datetime) -> Told | None:
    """Whether an order may still go back, by the shop's window; None where the shop states none."""
    days, zone = desk.shop.return_days, desk.shop.zone
    facts = (reference(order, desk, language),)
    if order.status in ("returned", "cancelled"):
        said = say("return_done", language, order=order.id, status=status(order.status, language))
        return Told(said, "extractive", facts, statements=order_statements.standing(order, said, language))
    if days is None:
        return None
    if order.delivered_at is None:
        said = say("return_undelivered", language, order=order.id, days=days)
        return Told(said, "extractive", facts, (str(days),))
    until = order.delivered_at.astimezone(zone).date() + timedelta(days=days)
    key = "return_yes" if at.astimezone(zone).date() <= until else "return_no"
    said = say(key, language, order=order.id, days=days, until=day(until, zone, language),
               delivered=day(order.delivered_at, zone, language))  # fmt: skip
    last = day(until, zone, language)
    statements = order_statements.returned(order, key == "return_yes", days, last, said, language)
    return Told(said, "extractive", facts, (str(days), f"{days}-day", last), statements)


def answer(route: Route, desk: Desk, language: str, earlier: str, at: datetime | None = None) -> Told | None:
    """Answer an order question of the desk's principal; None when it is none after all.

    `earlier` is the talk so far, where "it" may have been named.
    """
    orders = desk.orders()
    own, strange = ids_in(route.text, orders)
    if strange and not own:
        return Told(say("order_not_yours", language, order=strange[0]), "unknown", computed=(strange[0],))
    if desk.principal.customer_id is None:
        return Told(say("order_stranger", language), "unknown")
    if not orders:
        return Told(say("order_none", language), "unknown")
    cues = route.cues
    if not own and "order_all" in cues and "that_order" not in cues:
        return _all_orders(orders, route, desk, language)
    of_month = _by_month(route.text, orders, desk, at or now())
    chosen = (
        own or _by_product(route.text, of_month, desk) or of_month or _by_product(route.text, orders, desk)
    )
    if not own:
        chosen = _by_state(chosen or orders, route) or chosen
    if not chosen and (earlier_own := ids_in(earlier, orders)[0]) and "last" not in cues:
        chosen = earlier_own[-1:]
    if not chosen:
        waiting = [order for order in orders if order.status in OPEN]
        by_state = bool({"arrival", "tracking", "status", "cancel"} & cues) and "last" not in cues
        chosen = (waiting[:2] or orders[:1]) if by_state else orders[:1]
    if "return" in cues:
        told = can_return(chosen[0], desk, language, at or now())
        if told is not None:
            return told
    facts = tuple(reference(order, desk, language) for order in chosen)
    first = focus(chosen[0], route, desk, language) if len(chosen) == 1 else ""
    text = join([first, *(describe(order, desk, language) for order in chosen)], language)
    if len(chosen) > 1:
        return Told(text, "extractive", facts)
    one = chosen[0]
    total = money(one.total, one.currency, language) + _extras(one, language)
    statements = order_statements.statements_of(
        one, _lines(one, desk, language), total, route, desk, language
    )
    return Told(text, "extractive", facts, statements=statements)


def _all_orders(orders: list[OrderView], route: Route, desk: Desk, language: str) -> Told:
    facts = tuple(reference(order, desk, language) for order in orders)
    zone = desk.shop.zone
    if {"paid", "total"} & route.cues:
        kept = [order for order in orders if order.status not in ("cancelled", "returned")]
        sums = [_sum(kept, language)]
        said = [say("orders_total", language, number=len(kept), total=sums[0])]
        if len(kept) != len(orders):
            sums.append(_sum(orders, language))
            said.append(say("orders_total_note", language, total=sums[1]))
        told = (
            order_statements.spent(orders[0], len(kept), sums[0], said[0], language) if len(said) == 1 else ()
        )
        return Told(join(said, language), "extractive", facts, (str(len(kept)), *sums), told)
    listed = ("；" if language == "zh" else "; ").join(
        f"{order.id} ({day(order.ordered_at, zone, language)}, {status(order.status, language)}, "
        f"{money(order.total, order.currency, language)}: "
        + ", ".join(f"{line.quantity} × {_name(line.sku, desk, language)}" for line in order.lines)
        + ")"
        for order in orders[:10]
    )
    return Told(say("orders_list", language, list=listed), "extractive", facts)


def _sum(orders: list[OrderView], language: str) -> str:
    totals: dict[str, Decimal] = {}
    for order in orders:
        totals[order.currency] = totals.get(order.currency, Decimal(0)) + order.total
    return " + ".join(money(total, currency, language) for currency, total in totals.items()) or "0"


def _by_state(orders: list[OrderView], route: Route) -> list[OrderView]:
    """The newest order that the text says was cancelled, or returned."""
    wanted = {state for state in ("cancelled", "returned") if f"{state}_one" in route.cues}
    return [order for order in orders if order.status in wanted][:1]


def _by_month(text: str, orders: list[OrderView], desk: Desk, at: datetime) -> list[OrderView]:
    """The orders of the month that the text names: of its newest year where none is said."""
    zone = desk.shop.zone
    month = month_in(text, at.astimezone(zone).date())
    days = [(order.ordered_at.astimezone(zone).date(), order) for order in orders]
    found = [(day, order) for day, order in days if month is not None and month.holds(day)]
    return [order for day, order in found if day.year == found[0][0].year][:SHOWN]


def _by_product(text: str, orders: list[OrderView], desk: Desk) -> list[OrderView]:
    """The newest of the orders that hold most of what the text speaks of, by words of names and categories."""
    said = set(tokens(text))
    rated: list[tuple[float, OrderView]] = []
    for order in orders:
        shared: set[str] = set()
        for line in order.lines:
            item = desk.catalogue.items.get(line.sku)
            names = [*item.names.values(), *item.categories.values()] if item else [line.sku]
            shared |= {word for name in names for word in tokens(name)} & said
        rated.append((sum(desk.catalogue.weight(word) for word in shared), order))
    best = max((weight for weight, _ in rated), default=0.0)
    return [order for weight, order in rated if weight >= best][:1] if best >= BARELY else []


def speaks_of_bought(text: str, desk: Desk) -> bool:
    """Whether a text names something that this customer ordered."""
    return bool(_by_product(text, desk.orders(), desk))


def _name(sku: str, desk: Desk, language: str) -> str:
    item = desk.catalogue.items.get(sku)
    return item.name(language) if item else sku


def reference(order: OrderView, desk: Desk, language: str) -> FactRef:
    """An order as a fact."""
    return FactRef(
        id=f"order:{order.id}", source=order.source, text=describe(order, desk, language),
        scope=f"customer:{order.customer_id}",
    )  # fmt: skip
