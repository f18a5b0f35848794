"""Tells the words that say what a text is about from those that name nothing; the lists are data."""

from functools import cache
from importlib import resources

from chains.data import table
from knowledge.facts.lexicon import tokens
from knowledge.languages import detect


@cache
def plain_words() -> frozenset[str]:
    """English words that name nothing, as tokens."""
    text = resources.files("chains.data").joinpath("plain_words.txt").read_text("utf-8")
    return frozenset(word for line in text.splitlines() for word in (*tokens(line), *line.split()))


@cache
def function_words(language: str) -> frozenset[str]:
    """Words that say nothing of a product; in Chinese single characters."""
    raw = table("function_words")
    if language == "zh":
        return frozenset(raw["zh"])
    return frozenset(raw["en"].split()) | frozenset(tokens(raw["en"]))


def content_words(text: str) -> frozenset[str]:
    """The tokens of a text that say what it is about; of Chinese pairs of characters, neither of which only joins or asks."""
    plain = function_words(detect(text)) | plain_words()
    signs = function_words("zh") | set(table("function_words")["zh_asking"])
    return frozenset(
        one
        for one in tokens(text)
        if one not in plain and (one.isascii() or (len(one) > 1 and not signs & set(one)))
    )
