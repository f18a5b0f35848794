"""Reads how many variants of copy a message asks for, and in which language. Knows no product and no channel."""

import re

from chains.products import WORDS


def wanted_number(text: str) -> int:
    """How many variants a request speaks of; three when it does not say."""
    match = re.search(r"(\d{1,2}|[一两二三四五六七八])\s*(?:条|个|篇|版|段|组|种|款|则|份)", text)
    match = match or re.search(
        r"\b(\d{1,2}|one|two|three|four|five|six|seven|eight)\b(?:\s+[\w-]+){0,3}?\s+(?:variants?|versions?|posts?|ads?|captions?|"
        r"headlines?|lines?|options?|texts?|ideas?|messages?|tweets?|e-?mails?|drafts?|descriptions?|copies|sms|alternatives)\b",
        text, re.I,
    )  # fmt: skip
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
