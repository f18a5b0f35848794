"""The shops of examples: invented names, and the part each belongs to; knows nothing of what they sell.

A shop's examples are all in one part, told by a hash of its name, so that what is measured on the test part is measured
on shops that nothing here was ever trained on: neither the adapter nor the judge.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Literal

import yaml

Part = Literal["train", "validation", "test"]
TEST, VALIDATION = 12, 5  # shops in a hundred


def part_of(shop: str) -> Part:
    """`train`, `validation` or `test`, by the shop's name alone."""
    place = number_of(shop) % 100
    return "test" if place < TEST else "validation" if place < TEST + VALIDATION else "train"


def number_of(text: str) -> int:
    """A number that stays the same for the same text."""
    return int(hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()[:8], 16)


@cache
def invented_names() -> dict[str, list[str]]:
    """Names by language, `en` and `zh`."""
    path = Path(__file__).parent / "data" / "shop_names.yaml"
    loaded: dict[str, list[str]] = yaml.safe_load(path.read_text("utf-8"))
    return loaded
