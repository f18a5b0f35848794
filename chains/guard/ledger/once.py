"""Leaves each claim in the ledger once: of two entries that say the same one goes, and so does what only holds together with
a value that does not. Knows no fact; an entry against the text goes only where another one against it says the same.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from chains.guard.ledger.case import Case
from chains.guard.ledger.entries import LOOSE, Entry
from chains.guard.ledger.lexicon import data

_SHARE = re.compile(r"\s?(?:占(?:比|了)?[为约]?|的|含量[为是]?|[:：(（]|of(?: it is)?)?\s?")
_ALSO = re.compile(r"[\s,，(（]{0,2}(?:也?就是|即|that is|that's|i\.e\.|namely)[\s,，:：]{0,2}")
_NEXT = re.compile(r"[\s,，]{0,2}")
_PAUSE = re.compile(r"[,;.!?，；。！？、]|\s(?:and|but)\s")
_NAME = re.compile(r"[\u4e00-\u9fff]{0,8}")
_VALUES = frozenset(["count", "duration", "percentage", "price", "quantity", "range", "time", "date"])


def once(case: Case, entries: Sequence[Entry]) -> list[Entry]:
    """The entries without those that another one says already."""
    source = case.said.reading.source
    entries = [_given_back(one, entries, source) for one in entries]
    kept = _joined(list(entries), source)
    for said_already in _RULES:
        kept = [
            one
            for one in kept
            if not any(said_already(one, other, source) for other in kept if other is not one)
        ]
    return kept


def _joined(entries: list[Entry], source: str) -> list[Entry]:
    """Two halves of one claim as one: hand-forged in Italy, the prize that a name of several words calls."""
    found: list[Entry] = []
    for one in sorted(entries, key=lambda entry: (entry.start, entry.end)):
        last = next((e for e in reversed(found) if e.kind == one.kind and e.result == one.result), None)
        overlap = last is not None and one.kind == "origin" and one.start < last.end
        prize = (
            last is not None
            and one.kind == "certification"
            and one.normal == last.normal == data("terms")["prize"]
        )
        if last is not None and (
            overlap or (prize and last.end <= one.start and _NAME.fullmatch(source, last.end, one.start))
        ):
            end = max(last.end, one.end)
            found[found.index(last)] = replace(last, end=end, text=source[last.start : end])
        else:
            found.append(one)
    return found


def _given_back(one: Entry, entries: Sequence[Entry], source: str) -> Entry:
    """The sum that is said to be given back in full, where that is not so, is another: 可全额退款三百元."""
    if one.kind != "price" or one.result in LOOSE:
        return one
    full = next(
        (e for e in entries if e.rule == "price.not_free" and e.kind == "polarity" and e.result == "contradicted"
         and e.end <= one.start <= e.end + 6 and not _PAUSE.search(source, e.end, one.start)), None,
    )  # fmt: skip
    return replace(one, result="contradicted", rule=full.rule, fact=full.fact) if full else one


def _part_of_material(one: Entry, other: Entry, source: str) -> bool:
    """The word before a material, or within it, that its fact has too: organic of organic cotton."""
    return (
        one.kind == "certification"
        and other.kind == "material"
        and one.result == other.result == "supported"
        and one.fact == other.fact
        and one.start < other.end
        and source[one.end : other.start].strip() == ""
    )


def _by_another_name(one: Entry, other: Entry, source: str) -> bool:
    """One statement found by the word of its fact and by a word of a list."""
    return (
        one.kind == other.kind == "polarity"
        and (one.result, one.fact) == (other.result, other.fact)
        and one.start < other.end
        and other.start < one.end
        and other.rule == "polarity.attribute" != one.rule
    )


def _of_a_wrong_value(one: Entry, other: Entry, source: str) -> bool:
    """What is said only with a value that is wrong: 60 % wool of what is 40 %, free from 80 of what is free from 90, safe in
    the oven from 220 degrees on."""
    if one.result in LOOSE or other.result not in LOOSE or other.kind not in _VALUES:
        return False
    between = source[min(one.end, other.end) : max(one.start, other.start)]
    if one.kind == "material":
        return other.kind == "percentage" and _SHARE.fullmatch(between) is not None
    if one.rule == "price.free_said":
        return other.kind in ("price", "range") and not _PAUSE.search(between) and len(between) < 40
    return one.kind == "polarity" and one.start <= other.start and other.end <= one.end


def _said_again(one: Entry, other: Entry, source: str) -> bool:
    """The same material of the same fact a second time, or a clause of nothing but what is in stock."""
    if other.start >= one.start or (one.kind, one.result, one.fact) != (other.kind, other.result, other.fact):
        return False
    if one.kind == "material":
        return one.result == "supported" and set(one.normal.split("+")) <= set(
            re.split(r"[+ ]", other.normal)
        )
    whole = re.search(r"(?:^|[,;.!?，；。！？])\s*$", source[: one.start]) and re.match(
        r"\s*(?:$|[,;.!?，；。！？])", source[one.end :]
    )
    return one.kind == "stock" and one.normal == other.normal and whole is not None


def _in_other_words(one: Entry, other: Entry, source: str) -> bool:
    """A weekday, or the same day, that the date right behind it says once more: Friday, that is 27 November; 当天12号."""
    return (
        one.rule in ("date.weekday", "duration.relative")
        and one.result not in LOOSE
        and other.result not in LOOSE
        and other.kind == "date"
        and one.end <= other.start
        and (_ALSO if one.kind == "date" else _NEXT).fullmatch(source, one.end, other.start) is not None
    )


_RULES: Sequence[Callable[[Entry, Entry, str], bool]] = (
    _part_of_material,
    _by_another_name,
    _of_a_wrong_value,
    _said_again,
    _in_other_words,
)
