"""Finds and reads the public data sets that the benches measure on. They are no part of the project.

They lie in `shared/data` beside the repository, or where MARKETEER_BENCH_DATA says.
"""

import csv
import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class Skip(Exception):
    """A bench, or a part of one, cannot run here; the message says why."""


def data_file(name: str) -> Path:
    """A file of the public data.

    Raises: Skip when it is not there.
    """
    folder = Path(os.environ.get("MARKETEER_BENCH_DATA") or ROOT.parent / "shared" / "data")
    if not (folder / name).is_file():
        raise Skip(f"{folder / name} is absent (MARKETEER_BENCH_DATA says where the data are)")
    return folder / name


@dataclass(frozen=True)
class Passages:
    """Passages by name, and questions as (text, name of the passage that answers)."""

    passages: dict[str, str]
    questions: list[tuple[str, str]]


def xquad(language: str) -> Passages:
    """XQuAD: 240 passages, 1,190 questions; names are the same in every language."""
    articles = json.loads(data_file(f"retrieval/xquad.{language}.json").read_text("utf-8"))["data"]
    paragraphs = [paragraph for article in articles for paragraph in article["paragraphs"]]
    names = [f"passage-{_letters(number)}" for number in range(len(paragraphs))]
    found = dict(zip(names, (paragraph["context"] for paragraph in paragraphs), strict=True))
    questions = [
        (asked["question"], name)
        for name, paragraph in zip(names, paragraphs, strict=True)
        for asked in paragraph["qas"]
    ]
    return Passages(found, questions)


def _letters(number: int) -> str:
    """A name without digits: a number in a file's name would match numbers in questions."""
    return "".join(chr(ord("a") + number // 26**place % 26) for place in (1, 0))


def shop_faq() -> list[tuple[str, str]]:
    """79 questions and answers of a web shop."""
    rows = json.loads(data_file("faq/ecommerce_faq_79.json").read_text("utf-8"))["questions"]
    return [(row["question"], row["answer"]) for row in rows]


def banking77(part: str) -> list[tuple[str, str]]:
    """(message, intent) of the `train` or `test` part."""
    with data_file(f"intent/banking77_{part}.csv").open(encoding="utf-8", newline="") as handle:
        return [(row["text"], row["category"]) for row in csv.DictReader(handle)]


def two_class_reviews(name: str) -> list[tuple[str, str]]:
    """(review, `positive` or `negative`) of `amazon`, `yelp` (English) or `waimai` (Chinese)."""
    labels = {"0": "negative", "1": "positive"}
    if name == "waimai":
        with data_file("sentiment/zh_waimai_10k.csv").open(encoding="utf-8-sig", newline="") as handle:
            return [(row["review"], labels[row["label"]]) for row in csv.DictReader(handle)]
    file = {"amazon": "en_amazon_cells_labelled.txt", "yelp": "en_yelp_labelled.txt"}[name]
    lines = data_file(f"sentiment/{file}").read_text("utf-8").split("\n")  # reviews hold other line ends
    rows = [line.rpartition("\t") for line in lines if line.strip()]
    return [(text.strip(), labels[label.strip()]) for text, _, label in rows]


def unseen(texts: Sequence[str], learnt: Sequence[str]) -> list[int]:
    """The positions of the texts that are not among those learnt from, whatever their case and punctuation."""
    known = {_bare(text) for text in learnt}
    return [number for number, text in enumerate(texts) if _bare(text) not in known]


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower()) or text.strip()  # emoji alone are told apart


def own_messages(name: str) -> list[dict[str, str]]:
    """The project's own labelled test file tests/data/NAME.jsonl."""
    path = ROOT / "tests" / "data" / f"{name}.jsonl"
    if not path.is_file():
        raise Skip(f"{path} is absent")
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
