"""Products, FAQ entries and reviews: from cells to rows and facts."""

import re
from typing import Any

from sqlmodel import Session, col, select

from knowledge.crm.catalogue import Product, Review
from knowledge.crm.sources import Fact
from knowledge.facts.draft import FactDraft
from knowledge.ingest import values
from knowledge.ingest.drafts import Context, Draft, Kind, digest, stamp
from knowledge.ingest.people_rows import ensure_customer
from knowledge.ingest.values import BadRow
from knowledge.languages import detect
from knowledge.principal import INTERNAL, PUBLIC

PRODUCT_COLUMNS = frozenset(
    [
        "sku",
        "name",
        "category",
        "price",
        "currency",
        "stock",
        "description",
        "attributes",
        "language",
        "url",
        "image",
    ]
)
UNITS = frozenset(
    [
        "kg",
        "g",
        "mg",
        "cm",
        "mm",
        "m",
        "km",
        "ml",
        "l",
        "w",
        "kw",
        "v",
        "wh",
        "kwh",
        "mah",
        "hours",
        "days",
        "months",
        "years",
        "inch",
    ]
)
REVIEW_COLUMNS = frozenset(["at", "sku", "customer_id", "rating", "text", "language", "source"])


def product_text(name: str, category: str | None, description: str | None, attributes: dict[str, str]) -> str:
    """The product's card as one passage. Price and stock stay out: they come from the row when asked."""
    head = f"{name} ({category})" if category else name
    stop = "。" if detect(name + (description or "")) == "zh" else ". "
    facts = "; ".join(f"{key}: {value}" for key, value in attributes.items())
    return stop.join(part.rstrip("。. ") for part in (head, description or "", facts) if part).strip()


def with_unit(column: str, value: str) -> tuple[str, str]:
    """`weight_kg`, `0.34` is a weight of 0.34 kg."""
    name, _, unit = column.rpartition("_")
    if name and unit in UNITS and re.fullmatch(r"\d+(\.\d+)?", value):
        return name.replace("_", " "), f"{value} {unit}"
    return column.replace("_", " "), value


def parse_product(cells: dict[str, Any], line: int, context: Context) -> Draft:
    sku, name = values.text_of(cells.get("sku")), values.text_of(cells.get("name"))
    price = values.amount(cells.get("price"), "price")
    if not sku or not name or price is None:
        missing = [c for c, v in (("sku", sku), ("name", name), ("price", price)) if v is None]
        raise BadRow(f"{', '.join(missing)} is missing")
    description, category = values.text_of(cells.get("description")), values.text_of(cells.get("category"))
    language = _product_language(cells)
    extra = dict(with_unit(*cell) for cell in values.others(cells, PRODUCT_COLUMNS).items())
    attributes = values.attributes(cells.get("attributes"))
    attributes |= {key: said for key, said in extra.items() if key not in attributes}
    currency = values.currency_of(cells.get("price"), cells.get("currency"), context.currency)
    stock = values.count(cells.get("stock"), "stock")
    entity = f"product:{sku}:{language}"
    text = product_text(name, category, description, attributes)
    # the price is among the details, so that a changed price replaces the fact and its vector
    details = {"sku": sku, "price": str(price), "currency": currency}
    fact = FactDraft("product", entity, PUBLIC, language, text, details, line)
    row = {
        "sku": sku, "language": language, "name": name, "category": category, "price": price,
        "currency": currency, "stock": stock, "description": description, "attributes": attributes,
        "url": values.text_of(cells.get("url")), "image": values.text_of(cells.get("image")),
    }  # fmt: skip
    return Draft(f"{sku}|{language}", line, row, (fact,), entity)


def _product_language(cells: dict[str, Any]) -> str:
    said = (values.text_of(cells.get("name")) or "") + (values.text_of(cells.get("description")) or "")
    return values.language(cells.get("language")) or detect(said)


def _product_key(cells: dict[str, Any], context: Context) -> str | None:
    sku = values.text_of(cells.get("sku"))
    return f"{sku}|{_product_language(cells)}" if sku else None


def find_products(session: Session, drafts: list[Draft]) -> dict[str, Any]:
    skus = {draft.values["sku"] for draft in drafts}
    rows = session.exec(select(Product).where(col(Product.sku).in_(skus)))
    return {f"{row.sku}|{row.language}": row for row in rows}


def write_simple(model: type[Any]) -> Any:
    """A writer for rows whose columns are the draft's values."""

    def write(session: Session, draft: Draft, row: Any | None, context: Context) -> Any:
        row = row or model(**draft.values)
        for name, value in draft.values.items():
            setattr(row, name, value)
        stamp(row, draft, context)
        session.add(row)
        return row

    return write


def _owned_products(session: Session, source_id: int) -> dict[str, Any]:
    rows = session.exec(select(Product).where(Product.source_id == source_id))
    return {f"{row.sku}|{row.language}": row for row in rows}


def _remove_product(session: Session, row: Product) -> str:
    session.delete(row)
    return f"product:{row.sku}:{row.language}"


PRODUCTS = Kind(
    "products", ("sku", "name", "price"), parse_product, find_products, write_simple(Product),
    _owned_products, _remove_product, _product_key,
)  # fmt: skip


def faq_text(question: str, answer: str, language: str) -> str:
    """Question and answer as one passage."""
    return f"问：{question} 答：{answer}" if language == "zh" else f"Q: {question} A: {answer}"


def parse_faq(cells: dict[str, Any], line: int, context: Context) -> Draft:
    question, answer = values.text_of(cells.get("question")), values.text_of(cells.get("answer"))
    if not question or not answer:
        raise BadRow("question is missing" if not question else "answer is missing")
    language = values.language(cells.get("language")) or detect(question)
    audience = values.one_of(cells.get("audience"), "audience", (PUBLIC, INTERNAL)) or PUBLIC
    entity = f"faq:{language}:{digest(question)[:16]}"
    details = {"question": question, "answer": answer}
    fact = FactDraft("faq", entity, audience, language, faq_text(question, answer, language), details, line)
    return Draft(f"{language}|{question}", line, details | {"audience": audience}, (fact,), entity)


def _faq_key(cells: dict[str, Any], context: Context) -> str | None:
    question = values.text_of(cells.get("question"))
    return f"{values.language(cells.get('language')) or detect(question)}|{question}" if question else None


def find_facts(session: Session, drafts: list[Draft]) -> dict[str, Any]:
    """Kinds that live as facts only: the first fact of each entity stands for the row."""
    entities = {draft.entity: draft.key for draft in drafts}
    rows = session.exec(select(Fact).where(col(Fact.entity).in_(entities)))
    return {entities[row.entity]: row for row in rows}


def _owned_faq(session: Session, source_id: int) -> dict[str, Any]:
    rows = session.exec(select(Fact).where(Fact.source_id == source_id))
    return {f"{row.language}|{row.details['question']}": row for row in rows if row.kind == "faq"}


def remove_fact(session: Session, row: Fact) -> str:
    return row.entity


FAQ = Kind(
    "faq", ("question", "answer"), parse_faq, find_facts, lambda session, draft, row, context: row,
    _owned_faq, remove_fact, _faq_key,
)  # fmt: skip


def parse_review(cells: dict[str, Any], line: int, context: Context) -> Draft:
    text = values.text_of(cells.get("text"))
    if not text:
        raise BadRow("text is missing")
    rating = values.count(cells.get("rating"), "rating")
    if rating is not None and not 1 <= rating <= 5:
        raise BadRow(f"rating must be from 1 to 5: {rating}")
    at = values.moment(cells.get("at"), "at", context.zone)
    row = {
        "at": at, "sku": values.text_of(cells.get("sku")),
        "customer_id": values.text_of(cells.get("customer_id")), "rating": rating, "text": text,
        "language": values.language(cells.get("language")) or detect(text),
        "origin": values.text_of(cells.get("source")),
        "attributes": values.others(cells, REVIEW_COLUMNS),
    }  # fmt: skip
    key = digest(
        values.key_moment(cells.get("at"), "at"), *[said for name, said in row.items() if name != "at"]
    )
    return Draft(key, line, row | {"key": key})


def _find_reviews(session: Session, drafts: list[Draft]) -> dict[str, Any]:
    rows = session.exec(select(Review).where(col(Review.key).in_([draft.key for draft in drafts])))
    return {row.key: row for row in rows}


def _write_review(session: Session, draft: Draft, row: Any | None, context: Context) -> Any:
    ensure_customer(session, draft.values["customer_id"], context)
    return write_simple(Review)(session, draft, row, context)


def _owned_reviews(session: Session, source_id: int) -> dict[str, Any]:
    return {row.key: row for row in session.exec(select(Review).where(Review.source_id == source_id))}


def delete_row(session: Session, row: Any) -> None:
    session.delete(row)


REVIEWS = Kind("reviews", ("text",), parse_review, _find_reviews, _write_review, _owned_reviews, delete_row)
