"""Brings the shipped examples together: reads, widens, cleans and splits them by shop; knows no tokenizer.

A shop's rows are all in one part, told by a hash of its name, so that what is measured on the test part is measured
on shops that were never trained on. Only the training part is widened.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from chains.tuning.clean import Cleaned, cleaned
from chains.tuning.rows import Row, read_rows
from chains.tuning.widen import widened
from knowledge.languages import detect

HERE = Path(__file__).parent / "data"
ANSWERABLE = Path(__file__).parents[1] / "data"
TEST, VALIDATION = 12, 5  # shops in a hundred
WIDENED = 1500
SEED = 20261123


@dataclass(frozen=True)
class Parts:
    """The rows of each part, and what cleaning left out."""

    train: tuple[Row, ...]
    validation: tuple[Row, ...]
    test: tuple[Row, ...]
    report: dict[str, Any] = field(default_factory=dict)


def shipped_rows() -> list[Row]:
    """Every shipped example, in the order of the files."""
    own = [row for path in sorted(HERE.glob("*.jsonl")) for row in read_rows(path)]
    return [*own, *(row for path in sorted(ANSWERABLE.glob("answerable_*.jsonl")) for row in _answers(path))]


def _answers(path: Path) -> Iterable[Row]:
    """The lines that the judge is trained on, as answers: up to six facts, those that answer among them."""
    for line in path.read_text("utf-8").splitlines():
        given = json.loads(line)
        answers = list(given.get("answers") or ())[:6]
        facts: list[str] = given["facts"]
        kept = sorted([*answers, *[i for i in range(len(facts)) if i not in answers][: 6 - len(answers)]])
        language = detect(given["reply"], detect(given["question"]))
        shop = f"{path.stem.removeprefix('answerable_')}-{given['shop']}"
        yield Row(
            task="answer", language="zh" if language == "zh" else "en", shop=shop, sector=given["shop"],
            name=_name(shop, language), facts=tuple(facts[i] for i in kept), question=given["question"],
            uses=tuple(kept.index(i) for i in answers), reply=given["reply"],
        )  # fmt: skip


@cache
def _names() -> dict[str, list[str]]:
    loaded: dict[str, list[str]] = yaml.safe_load((HERE / "shop_names.yaml").read_text("utf-8"))
    return loaded


def _name(shop: str, language: str) -> str:
    names = _names()["zh" if language == "zh" else "en"]
    return names[_number(shop) % len(names)]


def part_of(shop: str) -> str:
    """`train`, `validation` or `test`, by the shop's name alone."""
    place = _number(shop) % 100
    return "test" if place < TEST else "validation" if place < TEST + VALIDATION else "train"


def _own_part(row: Row) -> str:
    """An owner's rows are of one shop, for which they train: one in ten validates, none is kept for the test."""
    return "validation" if _number(row.model_dump_json()) % 10 == 0 else "train"


def _number(shop: str) -> int:
    return int(hashlib.sha1(shop.encode(), usedforsecurity=False).hexdigest()[:8], 16)


def parts(own: Sequence[Row] = (), measured: Iterable[str] = (), most_widened: int = WIDENED) -> Parts:
    """The cleaned parts. `own` are an owner's rows; `measured` are texts of evaluation sets."""
    kept: Cleaned = cleaned([*shipped_rows(), *own], measured)
    by_part: dict[str, list[Row]] = {"train": [], "validation": [], "test": []}
    shops = {row.shop for row in own}
    for row in kept.rows:
        by_part[_own_part(row) if row.shop in shops else part_of(row.shop)].append(row)
    wider = cleaned([*by_part["train"], *widened(by_part["train"], most_widened, SEED)])
    report = {
        "written": kept.report(), "widened": wider.report(),
        "parts": {"train": len(wider.rows), **{name: len(by_part[name]) for name in ("validation", "test")}},
        "left_out": {step: texts[:20] for step, texts in kept.examples.items()},
    }  # fmt: skip
    return Parts(tuple(wider.rows), tuple(by_part["validation"]), tuple(by_part["test"]), report)
