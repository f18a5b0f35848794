"""Judges the yes and no of a sentence: whether it affirms or denies what its row does, and opens as it may.

Knows one row and what the ledger found in the sentence; numbers and other words are judged by `writer`.
"""

import re
from collections.abc import Sequence

from chains.evidence import STOCK, Evidence
from chains.guard.ledger import Ledger
from chains.objections import Objection, Violation
from chains.stated import stated

FIRST_YES = re.compile(
    r"^\W*(yes|yeah|sure|of course|certainly|absolutely)\b|^\W*(是|可以|能|有|会|对|好)", re.I
)
FIRST_NO = re.compile(r"^\W*(no|not|sorry|unfortunately)\b|^\W*(不|没|否|抱歉|无法)", re.I)
NOT = re.compile(r"\b(no|not|never|without|none|cannot)\b|n't\b|不|没|否|无|非|免", re.I)
_OPENS_YES = re.compile(
    r"^\W*(yes|yeah|sure|of course|certainly|absolutely)\b|^(是的?|可以的?|能的?|会的?|对的?|有的?|(?:自?带|送|含|支持|附|配|防水|需要|要|包)的?)[，,。]",
    re.I,
)
_NOUGHT = re.compile(r"(?<![\d.,:-])0(?![\d.,:-]*\d)")
_ADJECTIVE = re.compile(
    r"^\w*(?:ed|able|ible)\b|(?:ed|able|ible|ready|safe|free|proof|tight|ant|ent|ive|ful|ic|al|y)$", re.I
)
_HAN = re.compile(r"[\u3400-\u9fff]")
_LEAD = {
    "en": re.compile(
        r"^\W*(?:(?:yes|yeah|no|not quite|sure|of course|certainly|absolutely|sorry|unfortunately)\b[,.:;!–—-]*\s*)+",
        re.I,
    ),
    "zh": re.compile(
        r"^\W*(?:(?:抱歉|不好意思|是的?|可以的?|能的?|会的?|对的?|有的?|(?:自?带|送|含|支持|附|配|防水|需要|要|包)的?|不是的?|不可以|不能|不会|没有|不行|行)[，,。！；])+"
    ),
}


def without_lead(text: str, language: str) -> str:
    """A sentence without the yes or no that opens it; empty where nothing else is said."""
    rest = _LEAD[language].sub("", text, count=1).strip()
    return "" if rest == text.strip() or len(rest) < 4 else rest[0].upper() + rest[1:]


def stance(text: str, fact: Evidence, book: Ledger, found: Sequence[Violation]) -> Objection | None:
    """The objection to a yes or no that the fact does not give. Of stock the ledger knows: "sold out" denies without a
    "no", and "yes" is what customers hear of it first."""
    against = [*found] or [Violation("contradicted", {"what": text, "fact": fact.value or fact.text})]
    if fact.key in STOCK:
        if fact.value == "0" and (FIRST_YES.search(text) or _NOUGHT.search(_unnamed(text, fact))):
            return Objection("polarity", against)  # "in stock are 0" is no way to say that there are none
        counted = fact.value != "0" and not _denies(
            text, fact
        )  # "库存是8": how many there are says that there are some
        said = any(entry.kind == "stock" or (counted and entry.kind == "count") for entry in book.entries)
        return None if said else Objection("polarity", against)
    if (yes := fact.polarity) is not None:
        if _called(text, fact):
            return Objection("polarity", against)
        if yes == _denies(text, fact) or (FIRST_NO if yes else FIRST_YES).search(text):
            return Objection("polarity", against)
        rest = without_lead(text, "zh" if fact.language == "zh" else "en")
        if not yes and fact.item is not None and rest and not _denies(rest, fact):
            return Objection("polarity", against)  # "No, it comes with a cable."
    elif _denies(text, fact) != _denies(fact.value or fact.text, fact):
        return Objection("polarity", against)
    elif (_OPENS_YES.search(text) and not _OPENS_YES.search(_opening(fact))) or (
        FIRST_NO.search(text) and not FIRST_NO.search(_opening(fact))
    ):
        return Objection("yes or no", found)
    return None


def decides(fact: Evidence) -> bool:
    """Whether a fact is a yes or no, or opens with one: what it names is then allowed, or not, in any words."""
    return fact.polarity is not None or bool(FIRST_YES.search(fact.value) or FIRST_NO.search(fact.value))


def _called(text: str, fact: Evidence) -> bool:
    """Whether a text says that a thing is what it has or takes: "it isn't laptop size" of `laptop: no`, "半码是无" of half
    sizes."""
    key = re.escape(fact.key)
    if fact.item is None:
        return False
    if fact.language == "zh":
        return bool(re.search(f"{key}(?:是|：)", text))
    called = re.compile(rf"\b(?:is|are)(?:n't| not)?(?: an?)? {key}\b", re.I)
    if called.search(stated(fact.key, True, "", "en") or "") or _ADJECTIVE.search(fact.key):
        return False
    return bool(called.search(text))


def _denies(text: str, fact: Evidence) -> bool:
    """Whether a text denies something; the "no" of a product's name ("无谷成犬粮") denies nothing."""
    return bool(NOT.search(_unnamed(text, fact)))


def _unnamed(text: str, fact: Evidence) -> str:
    """A text without what it says of the product's name, which it may say in part: "无谷成犬粮" of "无谷成犬粮 10kg"."""
    name = fact.item.name(fact.language) if fact.item is not None else ""
    for part in filter(None, (name, *(one for one in name.split() if _HAN.search(one) and len(one) > 2))):
        text = text.replace(part, "·")
    return text


def _opening(fact: Evidence) -> str:
    """What opens as an answer does: an entry's own, which was written to be one."""
    return fact.value if fact.kind == "faq" else ""
