"""Finds how far a statement of yes or no goes, and whether it states anything. Judges nothing."""

import re

from chains.guard.ledger.case import Case
from chains.guard.ledger.doubt import unsure
from chains.guard.ledger.lexicon import data, pattern

WRITTEN = re.compile(r"[a-z -]{0,24}\s?[:–-]\s?(?:(?P<yes>yes|是|可以|支持)|no|否|不)")

_REPORTED = re.compile(r"(?<![a-z])(?:whether|if|ask)(?![a-z])|是否|问问|([\u4e00-\u9fff])不\1|有没有|[?？]")


def reported(case: Case, clause: str, at: int) -> bool:
    """Whether a clause asks, doubts or repeats a question, and so states nothing."""
    return bool(_REPORTED.search(clause)) or unsure(case, at)


def statement(case: Case, start: int, end: int, first: int, last: int) -> tuple[int, int]:
    """The words around a matter: its negation and its verb, within the clause."""
    text = case.text[first:last]
    raw = data("polarity")
    finder = pattern(tuple(str(word) for word in raw["negations"]))
    hits = [
        first + m.start()
        for m in finder.finditer(text)
        if m.start() + first < start and start - first - m.start() < 40
    ]
    begin = min([start, *hits])
    stop = last - (len(text) - len(text.rstrip(" ,.!?。！？，;；\n")))
    return begin, max(end, min(stop, end + 24))


def claimed(case: Case, start: int, end: int) -> bool:
    a, b = case.said.reading.span(start, end)
    return any(
        entry.start < b and a < entry.end and entry.kind in ("polarity", "price", "certification")
        for entry in case.entries
    )
