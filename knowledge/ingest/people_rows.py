"""Customers, orders and events: from cells to rows, with consent kept and erased people kept out."""

import hashlib
from typing import Any

from sqlmodel import Session, col, select

from knowledge.crm.campaigns import KINDS, Campaign, Outcome, Variant
from knowledge.crm.consent import record_consent
from knowledge.crm.customers import Customer, ErasedCustomer
from knowledge.crm.orders import STATUSES, Order, OrderLine
from knowledge.facts.draft import FactDraft
from knowledge.ingest import values
from knowledge.ingest.drafts import Context, Draft, Kind, digest, stamp
from knowledge.ingest.values import BadRow
from knowledge.languages import detect
from knowledge.principal import CUSTOMER

CUSTOMER_COLUMNS = frozenset(
    [
        "customer_id",
        "name",
        "email",
        "phone",
        "telegram_id",
        "language",
        "timezone",
        "marketing_consent",
        "consent_at",
        "birthday",
        "tags",
        "notes",
    ]
)
ORDER_COLUMNS = frozenset(
    [
        "order_id",
        "customer_id",
        "ordered_at",
        "status",
        "carrier",
        "tracking",
        "expected_at",
        "delivered_at",
        "sku",
        "quantity",
        "unit_price",
        "currency",
        "order_shipping",
        "order_discount",
        "order_tax",
    ]
)
EVENT_COLUMNS = frozenset(
    ["at", "customer_id", "sku", "campaign", "variant", "channel", "kind", "value", "cost"]
)


def id_digest(customer_id: str) -> str:
    """What is kept of an erased customer: enough to recognise the id, not to read it."""
    return hashlib.sha256(customer_id.encode()).hexdigest()


def refuse_erased(session: Session, customer_id: str, context: Context) -> None:
    """Raises: BadRow when the person asked to be forgotten."""
    known = context.known
    if known.erased is None:
        known.erased = frozenset(session.exec(select(ErasedCustomer.id_digest)))
    if id_digest(customer_id) in known.erased:
        raise BadRow("this customer was erased and is not brought back")


def ensure_customer(session: Session, customer_id: str | None, context: Context) -> None:
    """A row that names a customer nobody imported yet makes a bare one, so that order of import is free."""
    if customer_id is None or customer_id in context.known.customers:
        return
    refuse_erased(session, customer_id, context)
    if session.get(Customer, customer_id) is None:
        session.add(Customer(id=customer_id, known=False))
        session.flush()
    context.known.customers.add(customer_id)


def parse_customer(cells: dict[str, Any], line: int, context: Context) -> Draft:
    customer_id = values.text_of(cells.get("customer_id"))
    if not customer_id:
        raise BadRow("customer_id is missing")
    zone = values.zone_name(cells.get("timezone"), "timezone")
    tags = [tag.strip() for tag in (values.text_of(cells.get("tags")) or "").replace(",", ";").split(";")]
    notes = values.text_of(cells.get("notes"))
    row = {
        "id": customer_id, "known": True, "name": values.text_of(cells.get("name")),
        "email": values.text_of(cells.get("email")), "phone": values.text_of(cells.get("phone")),
        "telegram_id": values.count(cells.get("telegram_id"), "telegram_id"),
        "language": values.language(cells.get("language")), "timezone": zone,
        "birthday": values.day(cells.get("birthday"), "birthday"), "tags": [tag for tag in tags if tag],
        "notes": notes, "attributes": values.others(cells, CUSTOMER_COLUMNS),
        "marketing_consent": values.yes_no(cells.get("marketing_consent"), "marketing_consent"),
        "consent_at": values.moment(cells.get("consent_at"), "consent_at", context.zone),
    }  # fmt: skip
    entity = f"customer:{customer_id}"
    facts = (
        (FactDraft("note", entity, CUSTOMER + customer_id, detect(notes), notes, {}, line),) if notes else ()
    )
    return Draft(customer_id, line, row, facts, entity)


def _find_customers(session: Session, drafts: list[Draft]) -> dict[str, Any]:
    rows = session.exec(select(Customer).where(col(Customer.id).in_([draft.key for draft in drafts])))
    return {row.id: row for row in rows}


def _write_customer(session: Session, draft: Draft, row: Any | None, context: Context) -> Any:
    refuse_erased(session, draft.key, context)
    taken = draft.values["telegram_id"]
    if taken is not None:
        query = select(Customer.id).where(Customer.telegram_id == taken, Customer.id != draft.key)
        if (other := session.exec(query).first()) is not None:
            raise BadRow(f"telegram_id is already customer {other}'s")
    row = row or Customer(id=draft.key)
    for name, value in draft.values.items():
        if name not in ("marketing_consent", "consent_at"):
            setattr(row, name, value)
    stamp(row, draft, context)
    session.add(row)
    session.flush()
    granted = draft.values["marketing_consent"]
    if granted is not None:
        record_consent(session, draft.key, granted, at=draft.values["consent_at"], origin="import")
    return row


def _owned_customers(session: Session, source_id: int) -> dict[str, Any]:
    return {row.id: row for row in session.exec(select(Customer).where(Customer.source_id == source_id))}


def _remove_customer(session: Session, row: Customer) -> str:
    """The person's data goes; the bare id stays while orders or consent history hang on it."""
    blank = Customer(id=row.id, known=False)
    kept = {"id", "created_at"}
    for name in Customer.model_fields:
        if name not in kept:
            setattr(row, name, getattr(blank, name))
    session.add(row)
    return f"customer:{row.id}"


CUSTOMERS = Kind(
    "customers", ("customer_id",), parse_customer, _find_customers, _write_customer, _owned_customers,
    _remove_customer, lambda cells, context: values.text_of(cells.get("customer_id")),
)  # fmt: skip


def parse_order(cells: dict[str, Any], line: int, context: Context) -> Draft:
    needed = {name: values.text_of(cells.get(name)) for name in ("order_id", "customer_id", "sku")}
    ordered_at = values.moment(cells.get("ordered_at"), "ordered_at", context.zone)
    quantity = values.count(cells.get("quantity"), "quantity")
    unit_price = values.amount(cells.get("unit_price"), "unit_price")
    needed |= {"ordered_at": ordered_at, "quantity": quantity, "unit_price": unit_price}  # type: ignore[dict-item]
    if missing := [name for name, value in needed.items() if value is None]:
        raise BadRow(f"{', '.join(missing)} is missing")
    row = needed | {
        "status": values.one_of(cells.get("status"), "status", STATUSES) or "placed",
        "carrier": values.text_of(cells.get("carrier")), "tracking": values.text_of(cells.get("tracking")),
        "expected_at": values.moment(cells.get("expected_at"), "expected_at", context.zone),
        "delivered_at": values.moment(cells.get("delivered_at"), "delivered_at", context.zone),
        "currency": values.currency_of(cells.get("unit_price"), cells.get("currency"), context.currency),
        "shipping": values.amount(cells.get("order_shipping"), "order_shipping"),
        "discount": values.amount(cells.get("order_discount"), "order_discount"),
        "tax": values.amount(cells.get("order_tax"), "order_tax"),
        "attributes": values.others(cells, ORDER_COLUMNS),
    }  # fmt: skip
    return Draft(f"{needed['order_id']}|{needed['sku']}", line, row)


def _order_key(cells: dict[str, Any], context: Context) -> str | None:
    order_id, sku = values.text_of(cells.get("order_id")), values.text_of(cells.get("sku"))
    return f"{order_id}|{sku}" if order_id and sku else None


def _find_lines(session: Session, drafts: list[Draft]) -> dict[str, Any]:
    ids = {draft.values["order_id"] for draft in drafts}
    rows = session.exec(select(OrderLine).where(col(OrderLine.order_id).in_(ids)))
    return {f"{row.order_id}|{row.sku}": row for row in rows}


def _write_line(session: Session, draft: Draft, row: Any | None, context: Context) -> Any:
    said = draft.values
    order = session.get(Order, said["order_id"])
    if order is not None and order.customer_id != said["customer_id"]:
        raise BadRow(f"order {order.id} belongs to another customer")
    ensure_customer(session, said["customer_id"], context)
    if order is None:
        order = Order(id=said["order_id"], customer_id=said["customer_id"], ordered_at=said["ordered_at"],
                      currency=said["currency"])  # fmt: skip
    for name in ("ordered_at", "status", "carrier", "tracking", "expected_at", "delivered_at", "currency"):
        setattr(order, name, said[name])
    for name in ("shipping", "discount", "tax"):  # often given on the first line of an order only
        if said[name] is not None:
            setattr(order, name, said[name])
    order.attributes = {**order.attributes, **said["attributes"]}
    stamp(order, draft, context)
    session.add(order)
    session.flush()
    row = row or OrderLine(order_id=order.id, sku=said["sku"], quantity=0, unit_price=said["unit_price"])
    row.quantity, row.unit_price = said["quantity"], said["unit_price"]
    stamp(row, draft, context)
    session.add(row)
    return row


def _owned_lines(session: Session, source_id: int) -> dict[str, Any]:
    rows = session.exec(select(OrderLine).where(OrderLine.source_id == source_id))
    return {f"{row.order_id}|{row.sku}": row for row in rows}


def _remove_line(session: Session, row: OrderLine) -> None:
    order_id = row.order_id
    session.delete(row)
    session.flush()
    if session.exec(select(OrderLine).where(OrderLine.order_id == order_id)).first() is None:
        order = session.get(Order, order_id)
        if order is not None:
            session.delete(order)


ORDERS = Kind(
    "orders", ("order_id", "customer_id", "ordered_at", "sku", "quantity", "unit_price"), parse_order,
    _find_lines, _write_line, _owned_lines, _remove_line, _order_key,
)  # fmt: skip


def parse_event(cells: dict[str, Any], line: int, context: Context) -> Draft:
    at = values.moment(cells.get("at"), "at", context.zone)
    kind = values.one_of(cells.get("kind"), "kind", KINDS)
    if at is None or kind is None:
        raise BadRow("at is missing" if at is None else "kind is missing")
    names = ("customer_id", "sku", "campaign", "variant", "channel")
    row: dict[str, Any] = {"at": at, "kind": kind} | {name: values.text_of(cells.get(name)) for name in names}
    row["attributes"] = values.others(cells, EVENT_COLUMNS)
    row["cost"] = values.amount(cells.get("cost"), "cost")
    try:
        row["value"] = values.amount(cells.get("value"), "value")
    except BadRow:  # a search event holds the words searched for
        row["value"], row["attributes"] = (
            None,
            row["attributes"] | {"value": values.text_of(cells.get("value"))},
        )
    key = digest(
        values.key_moment(cells.get("at"), "at"), *[said for name, said in row.items() if name != "at"]
    )
    return Draft(key, line, row | {"key": key})


def _find_events(session: Session, drafts: list[Draft]) -> dict[str, Any]:
    rows = session.exec(select(Outcome).where(col(Outcome.key).in_([draft.key for draft in drafts])))
    return {row.key: row for row in rows}


def _campaign(session: Session, name: str, channel: str | None, context: Context) -> int:
    known = context.known.campaigns
    if name not in known:
        row = session.exec(select(Campaign).where(Campaign.name == name)).first()
        row = row or Campaign(name=name, channel=channel)
        session.add(row)
        session.flush()
        known[name] = row.id or 0
    return known[name]


def _variant(session: Session, campaign: int, name: str, context: Context) -> int:
    known = context.known.variants
    if (campaign, name) not in known:
        query = select(Variant).where(Variant.campaign_id == campaign, Variant.name == name)
        row = session.exec(query).first() or Variant(campaign_id=campaign, name=name)
        session.add(row)
        session.flush()
        known[campaign, name] = row.id or 0
    return known[campaign, name]


def _write_event(session: Session, draft: Draft, row: Any | None, context: Context) -> Any:
    said = dict(draft.values)
    ensure_customer(session, said["customer_id"], context)
    campaign_name, variant_name = said.pop("campaign"), said.pop("variant")
    row = row or Outcome(**said)
    row.at = said["at"]  # the rest is in the key, but the shop's time zone may have become known since
    if campaign_name:
        row.campaign_id = _campaign(session, campaign_name, said["channel"], context)
        if variant_name:
            row.variant_id = _variant(session, row.campaign_id, variant_name, context)
    stamp(row, draft, context)
    session.add(row)
    if draft.values["kind"] == "unsubscribe" and said["customer_id"]:
        record_consent(session, said["customer_id"], False, at=said["at"], origin="import")
    return row


def _owned_events(session: Session, source_id: int) -> dict[str, Any]:
    return {row.key: row for row in session.exec(select(Outcome).where(Outcome.source_id == source_id))}


def _remove_event(session: Session, row: Outcome) -> None:
    session.delete(row)


EVENTS = Kind("events", ("at", "kind"), parse_event, _find_events, _write_event, _owned_events, _remove_event)
