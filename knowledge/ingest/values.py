"""Parses the cells of import files: amounts, counts, dates, yes and no, attributes. Knows no table."""

import json
import re
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from knowledge.languages import clean

YES = frozenset({"yes", "y", "true", "1", "是", "有", "同意"})
NO = frozenset({"no", "n", "false", "0", "否", "无", "不同意"})
LANGUAGES = {
    "zh": ("cn", "chinese", "mandarin", "chs", "中文", "汉语", "简体中文", "简中", "华语"),
    "en": ("eng", "英文", "英语"),
}
_SIGNS = {"€": ("EUR",), "£": ("GBP",), "¥": ("CNY", "JPY"), "￥": ("CNY", "JPY"), "元": ("CNY",)}
_CURRENCY = re.compile(r"^(?:[A-Z]{3}|[€$£¥￥])\s*|\s*(?:[A-Z]{3}|[€$£¥￥元])$")


class BadRow(Exception):
    """A row that cannot be taken; the message is the reason in the rejects file."""


def text_of(value: Any) -> str | None:
    """Cell to clean text; blank is None."""
    if value is None:
        return None
    if isinstance(value, dict):
        raise BadRow("an object stands where text was expected")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, list | tuple):
        value = ", ".join(filter(None, map(text_of, value)))
    return clean(str(value)).strip() or None


def amount(value: Any, column: str) -> Decimal | None:
    """A sum of money, zero or more: `12.5`, `1,299.00`, `12,50`, `€12`."""
    text = text_of(value)
    if text is None:
        return None
    bare = _CURRENCY.sub("", text).replace(" ", "").replace("\u00a0", "")
    if re.fullmatch(r"-?\d+,\d{1,2}", bare):
        bare = bare.replace(",", ".")
    elif re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", bare):
        bare = bare.replace(",", "")
    try:
        number = Decimal(bare)
    except InvalidOperation as error:
        raise BadRow(f"{column} is not a number: {text[:40]}") from error
    if not number.is_finite() or number < 0 or number > Decimal("1e12"):
        raise BadRow(f"{column} must be between 0 and a trillion: {text[:40]}")
    return number


def currency_of(value: Any, currency: Any, default: str) -> str:
    """The currency of an amount: the cell for it, else what the amount itself names, else the default.

    Raises: BadRow when it is no ISO 4217 code, or when the amount names another one.
    """
    given = (text_of(currency) or "").upper()
    text = text_of(value) or ""
    code = re.search(r"^[A-Z]{3}(?![A-Za-z])|(?<![A-Za-z])[A-Z]{3}$", text)
    found = given or (code[0] if code else default)
    if not re.fullmatch("[A-Z]{3}", found):
        raise BadRow(f"currency is not an ISO 4217 code: {found[:10]}")
    named = (code[0],) if code else _SIGNS.get(text[:1]) or _SIGNS.get(text[-1:]) or (found,)
    if found not in named:
        raise BadRow(f"the amount {text[:40]} is not in {found}")
    return found


def zone_name(value: Any, column: str) -> str | None:
    """An IANA time zone."""
    text = text_of(value)
    try:
        ZoneInfo(text or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # OSError: a region such as `Europe`
        raise BadRow(f"{column} is not an IANA name: {(text or '')[:40]}") from error
    return text


def count(value: Any, column: str) -> int | None:
    """A whole number, zero or more."""
    number = amount(value, column)
    if number is None:
        return None
    if number != number.to_integral_value():
        raise BadRow(f"{column} must be a whole number: {text_of(value)}")
    return int(number)


def written(value: Any, column: str) -> datetime | None:
    """An ISO 8601 moment as it is written: naive without an offset, midnight without a time."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    text = text_of(value)
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise BadRow(f"{column} is not an ISO 8601 date: {text[:40]}") from error


def moment(value: Any, column: str, zone: ZoneInfo) -> datetime | None:
    """An ISO 8601 moment, aware; without an offset it is in `zone`, without a time it is midnight there."""
    parsed = written(value, column)
    if parsed is None:
        return None
    aware = parsed if parsed.tzinfo else parsed.replace(tzinfo=zone)
    try:
        aware.astimezone(UTC)
    except OverflowError as error:
        raise BadRow(f"{column} lies outside of the calendar: {parsed.isoformat()}") from error
    return aware


def key_moment(value: Any, column: str) -> str | None:
    """A moment as part of a key: it does not change when the shop's time zone becomes known."""
    parsed = written(value, column)
    if parsed is None:
        return None
    return (parsed.astimezone(UTC) if parsed.tzinfo else parsed).isoformat()


def day(value: Any, column: str) -> date | None:
    """An ISO 8601 date."""
    parsed = written(value, column)
    return None if parsed is None else parsed.date()


def language(value: Any) -> str | None:
    """A language as two letters: `en`, `EN-gb`, `English`; `zh`, `zh-CN`, `中文`."""
    text = (text_of(value) or "").lower()
    return next((code for code, names in LANGUAGES.items() if text in names), text[:2]) or None


def yes_no(value: Any, column: str) -> bool | None:
    """yes or no, in either language."""
    text = text_of(value)
    if text is None:
        return None
    if text.lower() in YES:
        return True
    if text.lower() in NO:
        return False
    raise BadRow(f"{column} must be yes or no: {text[:40]}")


def one_of(value: Any, column: str, allowed: tuple[str, ...]) -> str | None:
    """One of a few words, any case."""
    text = text_of(value)
    if text is None:
        return None
    if text.lower() not in allowed:
        raise BadRow(f"{column} must be one of {', '.join(allowed)}: {text[:40]}")
    return text.lower()


def attributes(value: Any) -> dict[str, str]:
    """`key=value; key=value`, or a JSON object (nested ones are joined with a dot)."""
    if isinstance(value, dict):
        return _flat(value)
    text = text_of(value)
    if text is None:
        return {}
    if text.startswith("{"):
        try:
            parsed = json.loads(text)
        except ValueError as error:
            raise BadRow(f"attributes is not valid JSON: {error}") from error
        return _flat(parsed)
    pairs: dict[str, str] = {}
    for part in re.split(r"[;；\n]", text):
        if not part.strip():
            continue
        key, sign, content = (
            (piece.strip() for piece in re.split(r"([=＝])", part, maxsplit=1))
            if re.search(r"[=＝]", part)
            else (part.strip(), "", "")
        )
        if not sign or not key:
            raise BadRow(f"attributes should read key=value; key=value: {part.strip()[:40]}")
        if content:
            pairs[key] = content
    return pairs


def others(cells: dict[str, Any], columns: frozenset[str]) -> dict[str, str]:
    """The cells of columns that the format does not name: they are kept as attributes."""
    return _flat({name: cell for name, cell in cells.items() if name and name not in columns})


def _flat(nested: dict[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in nested.items():
        key = clean(str(name))
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{key}.")
        elif (text := text_of(value)) is not None:
            flat[f"{prefix}{key}"] = text
    return flat
