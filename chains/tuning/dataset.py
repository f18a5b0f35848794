"""Brings the shipped examples together: reads, widens, cleans and splits them by shop; knows no tokenizer.

A shop's rows are all in one part (`shops`), and only the training part is widened.
"""

import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chains.tuning.catalogue import by_parts, drawn, read_catalogue
from chains.tuning.clean import Cleaned, cleaned
from chains.tuning.compared import compared
from chains.tuning.rows import Row, read_rows
from chains.tuning.shops import Part, invented_names, number_of, part_of
from chains.tuning.widen import recast, widened
from knowledge.languages import detect

HERE = Path(__file__).parent / "data"
ANSWERABLE = Path(__file__).parents[1] / "data"
WIDENED = 1200
DRAWN = 6000
"""Examples drawn from the catalogue for training; for the other parts in proportion to their lines."""
COMPARED = 1000
FRESH = "thought_*"
"""Files that were written after the shipped adapter: a run that goes on from it learns all of them."""
SEED = 20261123
"""Of what is drawn for validation and test, whatever the run's own seed is: figures keep being of the same rows."""


@dataclass(frozen=True)
class Parts:
    """The rows of each part, and what cleaning left out."""

    train: tuple[Row, ...]
    validation: tuple[Row, ...]
    test: tuple[Row, ...]
    report: dict[str, Any] = field(default_factory=dict)


def shipped_rows(files: str = "*") -> list[Row]:
    """Every shipped example, in the order of the files; or those of some files, which the judge has no part in."""
    own = [row for path in sorted(HERE.glob(f"{files}.jsonl")) for row in read_rows(path)]
    return (
        own
        if files != "*"
        else [
            *own,
            *(row for path in sorted(ANSWERABLE.glob("answerable_*.jsonl")) for row in _answers(path)),
        ]
    )


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


def _name(shop: str, language: str) -> str:
    names = invented_names()["zh" if language == "zh" else "en"]
    return names[number_of(shop) % len(names)]


def _own_part(row: Row) -> Part:
    """An owner's rows are of one shop, for which they train: one in ten validates, none is kept for the test."""
    return "validation" if number_of(row.model_dump_json()) % 10 == 0 else "train"


def parts(
    own: Sequence[Row] = (),
    measured: Iterable[str] = (),
    most_widened: int = WIDENED,
    most_drawn: int = DRAWN,
    most_compared: int = COMPARED,
    seed: int = SEED,
    rehearsed: float = 1.0,
) -> Parts:
    """The cleaned parts. `own` are an owner's rows; `measured` are texts of evaluation sets; `seed` varies what is drawn
    and widened for training; `rehearsed` is the share of rows that earlier adapters learnt from. What is trained on shares no long run of words with those texts or with a question of the
    test part; the other parts stay as they are whatever is trained on."""
    kept: Cleaned = cleaned([*shipped_rows(), *own])
    by_part: dict[Part, list[Row]] = {"train": [], "validation": [], "test": []}
    shops = {row.shop for row in own}
    for row in kept.rows:
        by_part[_own_part(row) if row.shop in shops else part_of(row.shop)].append(row)
    lines = by_parts(read_catalogue())
    for part, rows in by_part.items():
        share = len(lines[part]) / max(1, len(lines["train"]))
        if part != "train":
            rows += cleaned(drawn(round(DRAWN * share / 2), SEED, lines[part])).rows
    new = {*shops, *(row.shop for row in shipped_rows(FRESH))}
    chance = random.Random(seed)
    written = [row for row in by_part["train"] if row.shop in new or chance.random() < rehearsed]
    wider = cleaned([
        *written, *widened(written, most_widened, seed), *recast(written, seed),
        *drawn(most_drawn, seed, lines["train"]), *compared(most_compared, seed),
    ], [*measured, *(row.question for row in by_part["test"])])  # fmt: skip
    report = {
        "written": kept.report(), "catalogue": {part: len(some) for part, some in lines.items()},
        "widened": wider.report(),
        "parts": {"train": len(wider.rows), "validation": len(by_part["validation"]), "test": len(by_part["test"])},
        "left_out": {step: texts[:20] for step, texts in kept.examples.items()},
    }  # fmt: skip
    return Parts(tuple(wider.rows), tuple(by_part["validation"]), tuple(by_part["test"]), report)
