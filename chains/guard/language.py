"""Says which of our two languages a text is in, for choosing the words of an explanation. Knows no rule."""

from collections.abc import Mapping

Words = Mapping[str, str]
"""Language tag -> wording; every explanation has `en` and `zh`."""


def language_of(text: str) -> str:
    """`zh` when Han characters make up a third of the letters of the first thousand characters, else `en`."""
    letters = [char for char in text[:1000] if char.isalpha()]
    han = sum("\u3400" <= char <= "\u9fff" for char in letters)
    return "zh" if letters and 3 * han >= len(letters) else "en"


def say(words: Words, language: str) -> str:
    """The wording in this language, else in English, else nothing."""
    return words.get(language) or words.get("en") or ""
