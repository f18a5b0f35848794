"""Turns words into Telegram messages: escapes them, measures them as Telegram does, and splits them.
Knows no chat, no network and no database."""

from dataclasses import dataclass, field
from html import escape as _escape
from html import unescape
from typing import Any

import regex

LIMIT = 4096  # UTF-16 units of a message's text, after its entities are parsed

_TOKEN = regex.compile(r"<(?P<close>/?)(?P<tag>[a-z]+)[^<>]*>|&(?:[a-z]+|#\d+|#x[0-9a-f]+);|\X", regex.I)
_SENTENCE_END = frozenset("。！？!?；;…")


@dataclass(frozen=True)
class Reply:
    """One thing to say, as HTML; longer than one message may hold if need be."""

    html: str
    options: dict[str, Any] = field(default_factory=dict)
    """`reply_markup` as the Bot API's JSON; it goes under the last part."""


def escape(text: str) -> str:
    """Plain words as Telegram HTML."""
    return _escape(text, quote=False)


def units(text: str) -> int:
    """Length of plain text in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def plain(html: str) -> str:
    """The words alone, for where Telegram does not take our markup."""
    return unescape(regex.sub(r"</?[a-z][^<>]*>", "", html, flags=regex.I))


def split(html: str, limit: int = LIMIT) -> list[str]:
    """Parts that fit a message each, cut after a paragraph, line, sentence or word, whichever comes first.

    A cut never falls inside a character, an `&entity;` or a tag, and inside a formatted span only when
    the span alone is too long: then the part closes it and the next one opens it again.
    """
    parts: list[str] = []
    rest = html.strip()
    while rest:
        part, rest = _first_part(rest, limit)
        if plain(part).strip():
            parts.append(part)
    return parts


def _first_part(html: str, limit: int) -> tuple[str, str]:
    opened: list[regex.Match[str]] = []
    spans: list[regex.Match[str]] = []  # those open at `hard`
    used = hard = 0
    best = (-1, 0, 0)  # how good a place, where, units before it
    previous = ""
    for token in _TOKEN.finditer(html):
        if token["tag"]:
            if not token["close"]:
                opened.append(token)
            elif opened:
                opened.pop()
            continue
        size = units(unescape(token[0]))
        if used + size > limit:
            if best[0] >= 0:
                return html[: best[1]].rstrip(), html[best[1] :].lstrip()
            if not hard:  # one character with more marks on it than a message holds
                hard, spans = token.start() + limit // 2, opened
            closing = "".join(f"</{span['tag']}>" for span in reversed(spans))
            return html[:hard].rstrip() + closing, "".join(span[0] for span in spans) + html[hard:].lstrip()
        used += size
        hard, spans = token.end(), list(opened)
        score = -1 if opened else _place(previous, token[0])
        # A better kind of place wins, unless keeping it would leave the part less than half full.
        if score >= 0 and (score >= best[0] or best[2] <= limit // 2 < used):
            best = (score, token.end(), used)
        previous = token[0]
    return html.rstrip(), ""


def _place(previous: str, token: str) -> int:
    """How good it is to cut after `token`: 3 paragraph, 2 line, 1 sentence, 0 word, -1 not at all."""
    if token in ("\n", "\r\n"):
        return 3 if previous == token else 2
    if token in _SENTENCE_END:
        return 1
    if token.isspace():
        return 1 if previous in (".", "!", "?", ":") else 0
    return -1
