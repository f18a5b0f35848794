"""Reads a marketer's wish for copy: how many pieces, in which language. Knows no product and writes nothing."""

import re

from chains.quantities import WORDS


def without_number(text: str) -> str:
    """The wish without its number of pieces, which may stand in a product's name too: "3 captions for the Lomond 2"."""
    match = _pieces(text)
    return text if match is None else text[: match.start(1)] + text[match.end(1) :]


def _pieces(text: str) -> re.Match[str] | None:
    match = re.search(r"(\d{1,2}|[一两二三四五六七八])\s*(?:条|个|篇|版|段|组|种|款|则|份)", text)
    return match or re.search(
        r"\b(\d{1,2}|one|two|three|four|five|six|seven|eight)\b(?:\s+[\w-]+){0,3}?\s+(?:variants?|versions?|posts?|ads?|captions?|"
        r"headlines?|lines?|options?|texts?|ideas?|messages?|tweets?|e-?mails?|drafts?|descriptions?|copies|sms|alternatives)\b",
        text, re.I,
    )  # fmt: skip


def wanted_number(text: str) -> int:
    """How many variants a request speaks of; three when it does not say."""
    match = _pieces(text)
    if not match:
        return (
            1
            if re.search(
                r"\b(an?|one)\s+(?:[\w-]+\s+){0,2}(post|ad|sms|e-?mail|caption|tweet|description)\b|一(条|篇|个|封)",
                text,
                re.I,
            )
            else 3
        )
    word = match[1].lower()
    return max(1, min(8, int(word) if word.isdigit() else WORDS.get(word, 3)))


def wanted_language(text: str, default: str) -> str:
    """The language that a request asks for, else its own."""
    if re.search(r"\bin (simplified )?(chinese|mandarin)\b|中文|汉语", text, re.I):
        return "zh"
    if re.search(r"\bin english\b|英文|英语", text, re.I):
        return "en"
    return default
