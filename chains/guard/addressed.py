"""Finds sentences in a shop's texts that speak to the machine: planted in a review, a description, a document.

What they ask for is out of reach anyway (scope comes from the principal, numbers from rows); here they lose the one
thing left to them, being read aloud to a customer. Patterns are data (`data/addressed.yaml`). Knows no question.
"""

import re
from functools import cache
from importlib import resources

import yaml

_SENTENCE = re.compile(r"[^.!?。！？\n]+(?:[.!?](?=\s|$)|[.!?。！？\n]|$|[.!?](?=\S))\s*")


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    raw: dict[str, list[str]] = yaml.safe_load(
        resources.files("chains.data").joinpath("addressed.yaml").read_text("utf-8")
    )
    return {name: re.compile("|".join(f"(?:{one})" for one in some), re.M) for name, some in raw.items()}


def speaks_to_a_machine(sentence: str) -> bool:
    """Whether a sentence gives an assistant orders."""
    said, patterns = sentence.lower(), _patterns()
    return bool(
        patterns["always"].search(said) or (patterns["whom"].search(said) and patterns["orders"].search(said))
    )


def for_people(text: str) -> str:
    """The text up to the first sentence that speaks to a machine: what follows one may belong to it."""
    kept = []
    for sentence in _SENTENCE.findall(text):
        if speaks_to_a_machine(sentence):
            break
        kept.append(sentence)
    return "".join(kept).strip() if len(kept) != len(_SENTENCE.findall(text)) else text
