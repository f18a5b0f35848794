"""Examples of one line of a shop's files read beside a question: does it answer? From the lines the judge learns from.

The model that writes has read far more text than the judge has, so it may read better; which of them is believed is
decided where both serve (`relevance`). Draws for training only, from the shops of the training part.
"""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

from chains.data import table
from chains.llm.chat_format import is_chinese
from chains.relevance.examples import Line, load, load_pools, varied
from chains.tuning.rows import Row
from chains.tuning.shops import part_of

FACTS = 6  # of a question
ALIKE, CHANCED = 4, 2  # distractors beyond those marked: that share most words with the question, and any
_PIECES = re.compile(r"[a-z0-9]+|[\u4e00-\u9fff]")


def judged(most: int, seed: int) -> list[Row]:
    """A row for each fact of up to `most` questions, whole shops' first; rows of a question stand together."""
    chance = random.Random(seed)
    pools, lines = (
        [line for line in some if part_of(line.shop) == "train"] for some in (load_pools(), load())
    )
    chance.shuffle(pools)
    chance.shuffle(lines)
    return [row for line in [*pools, *lines][:most] for row in _rows(line, pools, chance)]


def _rows(line: Line, strangers: Sequence[Line], chance: random.Random) -> Iterator[Row]:
    seen = varied(_fewer(line, chance), strangers, FACTS, chance)
    language: Literal["en", "zh"] = "zh" if is_chinese(seen.question) else "en"
    for place, fact in enumerate(seen.facts):
        reply = table("reading", "chains.relevance")[language][place not in seen.answers]
        yield Row(
            task="relevant", language=language, shop=line.shop, name="-",
            facts=(fact,), question=seen.question, reply=reply,
        )  # fmt: skip


def _fewer(line: Line, chance: random.Random) -> Line:
    """The line with the distractors that tempt and a few others."""
    asked = set(_PIECES.findall(line.question.lower()))
    rest = [i for i in range(len(line.facts)) if i not in line.answers | line.near]
    chance.shuffle(rest)
    rest.sort(key=lambda i: -len(asked & set(_PIECES.findall(line.facts[i].lower()))))
    near = line.near | frozenset(rest[:ALIKE])
    kept = sorted(line.answers | near | frozenset(rest[ALIKE:][-CHANCED:]))
    place = {old: new for new, old in enumerate(kept)}
    return replace(
        line,
        facts=tuple(line.facts[i] for i in kept),
        answers=frozenset(place[i] for i in line.answers),
        near=frozenset(place[i] for i in near),
    )
