"""The bot's own words, from `data/phrases.yaml`. Knows when to vary a wording, not when to say it."""

import zlib
from datetime import date, datetime
from decimal import Decimal
from string import Template
from zoneinfo import ZoneInfo

from chains.data import table

SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "CNY": "¥", "JPY": "¥"}
STATUS = {
    "en": {},
    "zh": {"placed": "已下单", "paid": "已付款", "shipped": "已发货", "delivered": "已签收", "returned": "已退货",
           "cancelled": "已取消"},
}  # fmt: skip
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def say(key: str, language: str, /, *, seed: str = "", **values: object) -> str:
    """One of the wordings of `key`, the same one for the same `seed`.

    Raises: KeyError for an unknown key or a missing variable.
    """
    wordings = table("phrases")[key]["zh" if language == "zh" else "en"]
    chosen = wordings[zlib.crc32(seed.encode()) % len(wordings)]
    return Template(chosen).substitute({name: str(value) for name, value in values.items()})


def keys() -> list[str]:
    """Every key, for the test that renders them all."""
    return list(table("phrases"))


def wordings(key: str) -> dict[str, list[str]]:
    """All wordings of a key, by language."""
    found: dict[str, list[str]] = table("phrases")[key]
    return found


def money(amount: Decimal, currency: str, language: str) -> str:
    """`€84.50` or `84.50 欧元`; two decimals but for currencies without them."""
    number = f"{amount:,.0f}" if currency in ("JPY", "KRW") else f"{amount:,.2f}"
    number = number.replace(",", "")
    if language == "zh":
        names = {"EUR": "欧元", "USD": "美元", "GBP": "英镑", "CNY": "元", "JPY": "日元", "HKD": "港元"}
        return f"{number} {names.get(currency, currency)}"
    return f"{SYMBOLS[currency]}{number}" if currency in SYMBOLS else f"{number} {currency}"


def day(moment: date | datetime, zone: ZoneInfo, language: str) -> str:
    """`11 February 2025` or `2025年2月11日`, in the shop's time zone."""
    if isinstance(moment, datetime):
        moment = moment.astimezone(zone).date()
    if language == "zh":
        return f"{moment.year}年{moment.month}月{moment.day}日"
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"


def status(word: str, language: str) -> str:
    """An order's status in a language."""
    return STATUS.get(language, {}).get(word, word)


def join(sentences: list[str], language: str) -> str:
    """Sentences in a row: with spaces in English, without in Chinese."""
    return ("" if language == "zh" else " ").join(sentence for sentence in sentences if sentence)
