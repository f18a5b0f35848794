"""Examples whose answer has to be compared: does a litre go into 0.8 l, is Monday among the opening days.

Drawn from `data/compared.yaml`, where a group is what an invented shop says of one thing: each fact has a scale or sets,
and replies for either outcome. A second thing of the same kind stands beside it now and then, and a fact that is asked
for may be left out. Draws for training only; knows neither tokens nor how far it is mixed with other examples.
"""

import random
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from chains.relevance.examples import mistyped
from chains.tuning.catalogue import NOTHING, Language
from chains.tuning.rows import Row
from chains.tuning.shops import invented_names, part_of

HERE = Path(__file__).parent / "data" / "compared.yaml"
ASKED = 6  # questions of a sheet
# shares: sheets with a second thing, facts left out, sheets with a question that no fact is about, slips of the finger
SECOND, LEFT_OUT, OPEN, TYPO = 0.35, 0.2, 0.75, 0.1


class Compared(BaseModel):
    """One fact, how far it may go, and what customers ask about it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fact: str
    kind: Literal["least", "most", "sets"]
    scale: tuple[str | tuple[str, str], ...] = ()
    same: bool = False
    sets: dict[str, tuple[str, ...]] = {}
    other: tuple[str, ...] = ()
    asks: tuple[str, ...] = Field(min_length=1)
    holds: tuple[str, ...] = Field(min_length=1)
    fails: tuple[str, ...] = Field(min_length=1)

    def values(self) -> list[str]:
        """What the fact may say, in order."""
        return list(self.sets) or [one if isinstance(one, str) else one[0] for one in self.scale]

    def outcomes(self, value: str) -> list[tuple[str, bool]]:
        """What may be asked of a fact that says `value`, and whether it holds."""
        if self.sets:
            known = dict.fromkeys([*(one for some in self.sets.values() for one in some), *self.other])
            return [(one, one in self.sets[value]) for one in known]
        place = self.values().index(value)
        found = []
        for number, one in enumerate(self.scale):
            if number != place or self.same:
                within = number <= place if self.kind == "most" else number >= place
                found.append((one if isinstance(one, str) else one[1], within))
        return found


class Group(BaseModel):
    """What one shop says of one thing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: Language
    things: tuple[str, ...] = Field(min_length=2)
    facts: tuple[Compared, ...] = Field(min_length=2)
    open: tuple[str, ...] = Field(min_length=1)

    @property
    def shop(self) -> str:
        """The unit of splitting."""
        return f"compared-{self.things[0]}"


@cache
def groups(path: Path = HERE) -> tuple[Group, ...]:
    """Every group of shops that train."""
    read = [Group.model_validate(one) for one in yaml.safe_load(path.read_text("utf-8"))]
    return tuple(one for one in read if part_of(one.shop) == "train")


def compared(count: int, seed: int, some: Sequence[Group] | None = None) -> list[Row]:
    """About so many examples, whole sheets of them, the same for the same seed."""
    chance, found = random.Random(seed), list[Row]()
    chosen = groups() if some is None else some
    while chosen and len(found) < count:
        for group in chance.sample(chosen, len(chosen)):
            found += _sheet(group, chance)
    return found


def _sheet(group: Group, chance: random.Random) -> Iterator[Row]:
    thing, second = chance.sample(group.things, 2)
    said: list[tuple[Compared, str, str]] = []  # the fact's kind, its value, its words
    missing = []
    for one in group.facts:
        if chance.random() < LEFT_OUT:
            missing.append(one)
        else:
            value = chance.choice(one.values())
            said.append((one, value, one.fact.replace("{thing}", thing).replace("{n}", value)))
    named = ""
    beside = [one for one, _, _ in said if "{thing}" in one.fact][: 6 - len(said)]
    facts = [words for _, _, words in said]
    if beside and chance.random() < SECOND:
        named = f"{thing}: " if group.language == "en" else f"{thing}，"
        for one in beside:
            facts.append(one.fact.replace("{thing}", second).replace("{n}", chance.choice(one.values())))
    if not facts:
        return
    chance.shuffle(facts)
    name = chance.choice(invented_names()[group.language])
    pairs: list[tuple[str | None, str, str]] = []
    for one, value, words in said:
        outcomes = one.outcomes(value)
        wanted = chance.random() < 0.5
        fit = [(x, holds) for x, holds in outcomes if holds == wanted] or outcomes
        x, holds = chance.choice(fit)
        reply = chance.choice(one.holds if holds else one.fails)
        pairs.append((words, chance.choice(one.asks).replace("{x}", x), _filled(reply, thing, value, x)))
    for one in missing:
        x = chance.choice(one.outcomes(chance.choice(one.values())))[0]
        pairs.append(
            (None, chance.choice(one.asks).replace("{x}", x), chance.choice(NOTHING[group.language]))
        )
    pairs = [(words, named + ask if words is None or thing in words else ask, r) for words, ask, r in pairs]
    if chance.random() < OPEN:
        pairs.append((None, chance.choice(group.open), chance.choice(NOTHING[group.language])))
    for used, ask, reply in chance.sample(pairs, min(len(pairs), ASKED)):
        yield Row(
            task="answer", language=group.language, shop=group.shop, sector="compared",
            name=name, facts=tuple(facts), uses=() if used is None else (facts.index(used),), reply=reply,
            question=mistyped(ask, chance) if chance.random() < TYPO else ask,
        )  # fmt: skip


def _filled(reply: str, thing: str, value: str, asked: str) -> str:
    return reply.replace("{thing}", thing).replace("{n}", value).replace("{x}", asked)
