"""The numbers, dates and ids of a text as bare values, for comparing training texts and copy with their facts.

Knows nothing of products or units; what may leave is judged by `chains.guard.ledger`.
"""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

_ALONE = r"(?<![A-Za-z0-9_.])"  # Chinese stands right before its numbers: 保修2年
_COMPOUND = r"(?!(?-i:\d+(?:-[a-z]{3,})+)(?![\w-]))"  # "5-year" is a number and a word, no id
_ID = _ALONE + _COMPOUND + r"(?=[A-Za-z0-9_-]*[A-Za-z])(?=[A-Za-z0-9_-]*\d)[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)+"
_PRICE = (
    r"[€$£¥￥]\s?\d[\d,]*(?:\.\d+)?|\d[\d,]*(?:\.\d+)?\s?(?:EUR|USD|GBP|CNY|RMB|€|\$|£|欧元|美元|英镑|元|块)"
)
_DATE = (
    r"\d{4}-\d{2}-\d{2}|\d{4}年\d{1,2}月\d{1,2}日|\d{1,2}月\d{1,2}日"
    r"|\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December)(?: \d{4})?"
)
_PERCENT = r"\d+(?:[.,]\d+)?\s?[%％]"
_NUMBER = _ALONE + r"\d+(?:[.,:]\d+)*"
_WORDS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12,
}  # fmt: skip
CLAIM = re.compile(
    f"(?P<id>{_ID})|(?P<date>{_DATE})|(?P<price>{_PRICE})|(?P<percent>{_PERCENT})|(?P<number>{_NUMBER})", re.I
)
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]


def flat(text: str) -> str:
    """The text with full-width digits and signs as half-width ones, of the same length. A Chinese comma stays: it
    parts clauses ("16:30，260元") and never the thousands of a number."""
    return "".join(c if c in "，、；" or len(n := unicodedata.normalize("NFKC", c)) != 1 else n for c in text)


def values_in(text: str) -> set[str]:
    """Normal forms of all that could be claimed in a text: numbers, ids, parts of dates."""
    found: set[str] = set()
    text = flat(text)
    for match in CLAIM.finditer(text):
        found |= _normal(match)
    for match in re.finditer(r"\d+(?:[.,]\d+)*", text):
        found |= set(_number(match[0]))
    found |= {str(number) for word, number in _WORDS.items() if re.search(rf"\b{word}\b", text.lower())}
    return found


def _normal(match: re.Match[str]) -> set[str]:
    text = match[0].lower()
    if match.lastgroup == "id":
        return {text}
    if match.lastgroup == "date":
        parts = {str(int(number)) for number in re.findall(r"\d+", text)}
        return parts | {
            str(_MONTHS.index(word) + 1) for word in re.findall(r"[a-z]+", text) if word in _MONTHS
        }
    return set().union(*(set(_number(number)) for number in re.findall(r"\d+(?:[.,:]\d+)*", text)))


def _number(text: str) -> list[str]:
    """One normal form of a number; a time or a range of dots is kept as it is."""
    if ":" in text:
        return [text]
    plain = (
        text.replace(",", "") if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", text) else text.replace(",", ".")
    )
    try:
        value = Decimal(plain)
    except InvalidOperation:
        return [text]
    return [format(value.normalize(), "f")]
