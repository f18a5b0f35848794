"""The replies of the training rows, as written and made wrong by machine: texts by several hands that nobody wrote for the
ledger.

As written each is meant to be borne by its facts or its customer's card, so the share that would be blocked is the share
of false blocks, wrong rows included. Made wrong, exactly one thing of a reply is changed: a number, a unit, a date, a
weekday, the product, a value for another product's, a statement for its denial, an opening yes for a no. A change is
made only where what it changes stands in a fact and what it puts in stands in none. Knows no rule of the ledger.
"""

import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.public_data import ROOT

SEED = 20261123
TASKS = ("answer", "calm", "chat", "follow_up", "comment", "copy", "description")
ROWS = sorted((ROOT / "chains/tuning/data").glob("*.jsonl"))
ANSWERS = sorted((ROOT / "chains/data").glob("answerable_*.jsonl"))


@dataclass(frozen=True)
class Reply:
    """A reply with what it was written from."""

    id: str
    task: str
    language: str
    text: str
    facts: tuple[str, ...]
    question: str
    used: tuple[str, ...]
    """the facts that answer, where the row says so"""


def replies() -> list[Reply]:
    """Every reply of the rows and of the answerable questions, in order of file."""
    found = [_of_row(path.stem, n, json.loads(line)) for path in ROWS for n, line in _lines(path)]
    found += [_of_answer(path.stem, n, json.loads(line)) for path in ANSWERS for n, line in _lines(path)]
    return [one for one in found if one is not None]


def perturbed(rows: Sequence[Reply], seed: int = SEED) -> list[tuple[str, Reply]]:
    """(kind of change, the reply made wrong): each reply once for each kind that it allows."""
    found = []
    for row in rows:
        for kind, change in CHANGES.items():
            text = change(row, random.Random(f"{seed} {kind} {row.id}"))
            if text is not None and text != row.text:
                found.append((kind, replace(row, text=text)))
    return found


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    return ((n, line) for n, line in enumerate(path.read_text("utf-8").splitlines(), 1) if line.strip())


def _of_row(name: str, number: int, row: dict[str, Any]) -> Reply | None:
    if row["task"] not in TASKS:
        return None
    facts = row.get("facts", [])
    asked = [text for who, text in row.get("history", []) if who == "customer"]
    asked += [row[field] for field in ("question", "comment", "goal") if row.get(field)]
    named = " ".join(row[field] for field in ("name", "product", "audience") if row.get(field))
    used = tuple(facts[n] for n in row.get("uses") or ())
    given = (*facts, *row.get("card", []), named)
    return Reply(f"{name}:{number}", row["task"], row["language"], row["reply"], given, " ".join(asked), used)


def _of_answer(name: str, number: int, row: dict[str, Any]) -> Reply:
    used = tuple(row["facts"][n] for n in row["answers"])
    language = "zh" if re.search("[\u4e00-\u9fff]", row["reply"]) else "en"
    return Reply(
        f"{name}:{number}", "answerable", language, row["reply"], tuple(row["facts"]), row["question"], used
    )


_NUMBER = re.compile(r"(?<![\w.,:/-])\d+(?:[.,]\d+)?(?![\d:/-])(?!\.\d)")
_UNITS = {
    "g": "kg", "kg": "g", "ml": "l", "l": "ml", "cm": "mm", "mm": "cm", "km": "m", "m": "cm", "克": "公斤", "公斤": "克", "毫升": "升",
    "厘米": "毫米", "毫米": "厘米", "EUR": "USD", "€": "£", "£": "€", "欧元": "英镑", "minutes": "hours", "hours": "days", "days": "weeks",
    "weeks": "months", "months": "years", "years": "months", "分钟": "小时", "小时": "天", "天": "周", "个月": "年", "年": "个月",
}  # fmt: skip
_MEASURE = re.compile(
    r"(?P<sign>[€£])(?=\d)|(?<=\d)(?P<gap> ?)(?P<unit>(?:kg|g|ml|l|cm|mm|km|m|EUR|minutes|hours|days|weeks|months|years)(?![a-zA-Z²³/])|公斤|克|毫升|厘米|毫米|欧元|分钟|小时|天|个月|年(?!\\d))"
)
_MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]  # fmt: skip
_DATE = re.compile(
    rf"(?P<d>\d{{1,2}})(?= (?:{'|'.join(_MONTHS)}))|(?<=月)(?P<z>\d{{1,2}})(?=日)|(?<=\d\d\d\d-\d\d-)(?P<i>\d\d)"
)
_WEEK = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_WEEK_ZH = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"]
_DENIED = [
    (r"(?<=[a-z]) (is|are|can|does|do|has)(?:n't| not) ", r" \1 "), (r"(?<=[a-z]) (is|are|can) (?!not )", r" \1 not "),
    (r"can't", "can"), (r"不(?=能|可以|支持|含|带|附)", ""), (r"(?<![不没])(?=可以|能(?!量)|支持)", "不"), (r"没有(?=[\u4e00-\u9fff])", "有"),
]  # fmt: skip
_OPENED = [
    (r"^Yes(?=[,.])", "No"),
    (r"^No(?=[,.])", "Yes"),
    (r"^(?:可以|能|有|是)的?(?=[，。])", "不行"),
    (r"^(?:不行|不能|不可以)(?=[，。])", "可以"),
]
_YES_NO = re.compile(
    r"(?:: (?:yes|no|not)\b|[：:]\s?(?:是|否|可以?|不|无|有|支持|能)|\bA: (?:Yes|No)|答：(?:可|能|不|是|有|没))"
)
_NAMED = re.compile(r"^(?P<name>[^:：]{2,60}?) - (?P<attribute>[^:：]{1,40})[:：]\s?(?P<value>.+)$")


def _stands(value: str, texts: Sequence[str]) -> bool:
    return any(re.search(rf"(?<![\d.,]){re.escape(value)}(?![\d]|[.,]\d)", text) for text in texts)


def _other_number(row: Reply, rng: random.Random) -> str | None:
    """One number that a fact holds, turned into one that neither facts nor question hold."""
    names = [match["name"] for fact in row.facts if (match := _NAMED.match(fact))]
    places = [
        one
        for one in _NUMBER.finditer(row.text)
        if _stands(one[0], row.facts)
        and not _stands(one[0], [row.question, *names])
        and not re.match(r"\s?(?:x|×|月|日|号|\d)", row.text[one.end() :])
    ]
    if not places:
        return None
    place = rng.choice(places)
    whole = int(re.split("[.,]", place[0])[0])
    for step in (rng.choice([1, 2, 3]), 5, 7, 11):
        new = (
            str(whole + step) + place[0][len(str(whole)) :]
            if str(whole) == place[0][: len(str(whole))]
            else None
        )
        if new and not _stands(new, [*row.facts, row.question]):
            return _put(row.text, place.span(), new)
    return None


def _other_unit(row: Reply, rng: random.Random) -> str | None:
    """One unit for another of its kind: 500 g for 500 kg."""
    places = [one for one in _MEASURE.finditer(row.text) if (one["unit"] or one["sign"]) in _UNITS]
    places = [
        one for one in places if any(_around(row.text, one) in re.sub(r"\s", "", fact) for fact in row.facts)
    ]
    if not places:
        return None
    place = rng.choice(places)
    said = place["unit"] or place["sign"]
    return _put(row.text, place.span(), (place["gap"] or "") + _UNITS[said])


def _around(text: str, one: re.Match[str]) -> str:
    """A measure with its number, without blanks."""
    number = re.search(r"[\d.,]*$", text[: one.start()])
    behind = re.match(r"[\d.,]*", text[one.end() :])
    return (
        (number[0] if number else "")
        + re.sub(r"\s", "", one[0])
        + (behind[0].rstrip(".,") if behind and one["sign"] else "")
    )


def _other_date(row: Reply, rng: random.Random) -> str | None:
    """One day of a month, three or more days off."""
    places = [
        one
        for one in _DATE.finditer(row.text)
        if _stands(one[0].lstrip("0"), row.facts) or _stands(one[0], row.facts)
    ]
    if not places:
        return None
    place = rng.choice(places)
    day = (int(place[0]) + rng.randint(3, 9)) % 28 + 1
    new = f"{day:02}" if place["i"] else str(day)
    return (
        None
        if any(_stands(new, [text]) for text in (*row.facts, row.question))
        else _put(row.text, place.span(), new)
    )


def _other_weekday(row: Reply, rng: random.Random) -> str | None:
    """One weekday for another that neither facts nor question name."""
    for days in (_WEEK, _WEEK_ZH):
        said = [day for day in days if day in row.text and any(day[:3] in fact for fact in row.facts)]
        free = [
            day
            for day in days
            if all(day[:3].lower() not in text.lower() for text in (*row.facts, row.question))
        ]
        if said and free:
            return row.text.replace(rng.choice(said), rng.choice(free), 1)
    return None


def _other_value(row: Reply, rng: random.Random) -> str | None:
    """The value of the same attribute of another product."""
    told = [match for fact in row.facts if (match := _NAMED.match(fact))]
    swaps = [
        (one["value"], other["value"])
        for one in told
        for other in told
        if one["attribute"] == other["attribute"]
        and one["name"] != other["name"]
        and one["value"] in row.text
        and other["value"] not in row.text
        and one["name"] in row.text
        and any(map(str.isdigit, one["value"]))
        and any(map(str.isdigit, other["value"]))
    ]
    return row.text.replace(*rng.choice(swaps)) if swaps else None


def _other_product(row: Reply, rng: random.Random) -> str | None:
    """The name of another product, of which the facts tell another value."""
    told = [match for fact in row.facts if (match := _NAMED.match(fact))]
    swaps = [
        (one["name"], other["name"])
        for one in told
        for other in told
        if one["attribute"] == other["attribute"]
        and one["value"] != other["value"]
        and one["name"] in row.text
        and one["value"] in row.text
        and other["name"] not in row.text
        and any(map(str.isdigit, one["value"]))
    ]
    return row.text.replace(*rng.choice(swaps)) if swaps else None


def _denied(row: Reply, rng: random.Random) -> str | None:
    """A statement of yes or no turned round, where the fact that answers is one."""
    if len(row.used) != 1 or not _YES_NO.search(row.used[0]):
        return None
    opener = re.match(r"[^,，.。!！;；]{1,8}[,，.。!！;；]", row.text)
    head = opener[0] if opener else ""
    rest = row.text[len(head) :]
    ways = [(old, new) for old, new in _DENIED if re.search(old, rest)]
    return head + re.sub(*ways[0], rest, count=1) if ways else None


def _opened(row: Reply, rng: random.Random) -> str | None:
    """An opening yes for a no, where the fact that answers is one."""
    if len(row.used) != 1 or not _YES_NO.search(row.used[0]):
        return None
    ways = [(old, new) for old, new in _OPENED if re.search(old, row.text)]
    return re.sub(*ways[0], row.text, count=1) if ways else None


def _put(text: str, span: tuple[int, int], new: str) -> str:
    return text[: span[0]] + new + text[span[1] :]


CHANGES: dict[str, Callable[[Reply, random.Random], str | None]] = {
    "number": _other_number, "unit": _other_unit, "date": _other_date, "weekday": _other_weekday, "value of another": _other_value,
    "product": _other_product, "denial": _denied, "opening": _opened,
}  # fmt: skip

__all__ = ["CHANGES", "SEED", "Reply", "perturbed", "replies"]
