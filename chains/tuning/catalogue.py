"""A catalogue of what shoppers ask, and examples drawn from it: invented products, real wishes, either answer.

A line of the catalogue is one thing a shop may say (dishwasher safe, capacity, opened items), with questions that ask
for it in everyday words, replies for each thing the row may say, and questions that sound near and are not answered.
From it come as many different examples as are asked for. Knows neither tokens nor training.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from chains.relevance.examples import BRAND_CHARS, SYLLABLES, mistyped
from chains.tuning.errors import BadRow
from chains.tuning.rows import Row
from chains.tuning.shops import Part, invented_names, part_of

HERE = Path(__file__).parent / "data" / "catalogue"
Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")
MOST_FACTS = 6
GENERAL = "general"  # the trade of policies that any shop may have
ANSWERED = 4  # questions of a sheet that its facts answer
# shares: sheets with two products that have the same attribute, rows in the other language, a policy among attributes;
# questions after another one, numbers in a product's name, slips of the finger
TWIN, CROSS, POLICY, FOLLOWS_ON, NUMBERED, TYPO = 0.15, 0.12, 0.3, 0.08, 0.15, 0.1
_YES = {"en": ("yes", "yes", "Yes", "true"), "zh": ("是", "是", "有", "支持", "可以")}
_NO = {"en": ("no", "no", "No", "false"), "zh": ("否", "否", "无", "不支持", "不可以")}
NOTHING = {
    "en": ("I don't have anything on that, sorry.", "That isn't in my notes, sorry.", "I don't know that one, sorry.",
           "I can't tell you that; it isn't written down here.", "My notes don't say, I'm afraid."),
    "zh": ("这一点资料里没有写。", "抱歉，这个我这边没有记录。", "这个我不清楚，资料里没提。", "没有写明，我不能乱说。",
           "这点暂时没有资料。"),
}  # fmt: skip


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Asked(_Strict):
    """A question and its reply."""

    ask: str
    reply: str


class Against(_Strict):
    """Questions the other way round; `yes` replies where the row says yes."""

    asks: tuple[str, ...]
    yes: tuple[str, ...]
    no: tuple[str, ...]


class YesNoWords(_Strict):
    """An attribute that is or is not so, in one language."""

    name: str
    asks: tuple[str, ...] = Field(min_length=1)
    yes: tuple[str, ...] = Field(min_length=1)
    no: tuple[str, ...] = Field(min_length=1)
    against: Against | None = None
    near: tuple[Asked, ...] = ()


class ValueWords(_Strict):
    """An attribute with a value, in one language."""

    name: str
    values: tuple[str, ...] = Field(min_length=1)
    asks: tuple[str, ...] = Field(min_length=1)
    replies: tuple[str, ...] = Field(min_length=1)
    near: tuple[Asked, ...] = ()

    @model_validator(mode="after")
    def _valued(self) -> "ValueWords":
        if not all("{value}" in reply for reply in self.replies):
            raise ValueError("every reply needs {value}")
        return self


class PolicyFact(_Strict):
    """One thing a shop may say about a matter."""

    fact: str
    asks: tuple[Asked, ...] = Field(min_length=1)
    near: tuple[Asked, ...] = ()


class PolicyWords(_Strict):
    """What shops may say about one matter, each differently."""

    facts: tuple[PolicyFact, ...] = Field(min_length=1)


class YesNo(_Strict):
    kind: Literal["yes_no"]
    sector: str
    products: dict[str, tuple[str, ...]]
    en: YesNoWords
    zh: YesNoWords


class Value(_Strict):
    kind: Literal["value"]
    sector: str
    products: dict[str, tuple[str, ...]]
    en: ValueWords
    zh: ValueWords


class Policy(_Strict):
    kind: Literal["policy"]
    sector: str
    en: PolicyWords
    zh: PolicyWords


Entry = YesNo | Value | Policy
_ENTRY: TypeAdapter[Entry] = TypeAdapter(Annotated[Entry, Field(discriminator="kind")])


def read_catalogue(folder: Path = HERE) -> list[Entry]:
    """Every line of the files; BadRow names the file and line of a bad one."""
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            try:
                found.append(_ENTRY.validate_json(line))
            except ValidationError as error:
                raise BadRow(f"{path.name}, line {number}: {error.errors()[0]['msg']}") from error
    return found


def by_parts(lines: Sequence[Entry]) -> dict[Part, list[Entry]]:
    """The lines by part; a trade is in one part, as a shop is, and so is a policy of any trade."""
    found: dict[Part, list[Entry]] = {"train": [], "validation": [], "test": []}
    for line in lines:
        found[part_of(shop_of(line))].append(line)
    return found


def shop_of(line: Entry) -> str:
    """The shop that a line's examples are of: its trade, or the matter itself where any trade has it."""
    matter = line.en.facts[0].fact if isinstance(line, Policy) and line.sector == GENERAL else ""
    return f"catalogue-{line.sector}{matter}"


@dataclass(frozen=True)
class Thing:
    """An invented product as its rows name it, and its kind in each language."""

    name: str
    kinds: dict[Language, str]


@dataclass(frozen=True)
class Said:
    """A line as one shop's row says it: the fact, questions with their replies, and questions it leaves open."""

    fact: str
    asks: tuple[tuple[str, str], ...]
    near: tuple[tuple[str, str], ...]


class Drawn:
    """Draws examples from lines, the same for the same seed."""

    def __init__(self, lines: Sequence[Entry], seed: int) -> None:
        self._chance = random.Random(seed)
        self._lines = list(lines)
        self._things: dict[str, list[YesNo | Value]] = defaultdict(list)
        self._policies = [line for line in lines if isinstance(line, Policy)]
        for line in lines:
            if not isinstance(line, Policy):
                self._things[line.sector].append(line)

    def sheets(self) -> Iterator[list[Row]]:
        """Without end: what one shop says of a thing, asked about several times. Every line is the heart of a sheet
        once in each language, in any order, and again."""
        while self._lines:
            turn = [(line, language) for line in self._lines for language in LANGUAGES]
            self._chance.shuffle(turn)
            for line, language in turn:
                yield self._sheet(line, language)

    def _sheet(self, line: Entry, asked: Language) -> list[Row]:
        chance = self._chance
        other: Language = "en" if asked == "zh" else "zh"
        told = other if isinstance(line, YesNo) and chance.random() < CROSS else asked
        thing = self._thing(line, told)
        lines = [
            line,
            *self._company(line, told, chance.randint(1, MOST_FACTS - 1), only_yes_no=told != asked),
        ]
        said = [self._said(one, told, asked, thing) for one in lines]
        absent = self._absent(lines, told, asked, thing)
        facts = [one.fact for one in said]
        twin = isinstance(line, Value) and len(facts) < MOST_FACTS and chance.random() < TWIN
        if twin:
            second = self._thing(line, told)
            double = self._said(line, told, asked, second)
            said, facts = [said[0], double], [*facts, double.fact]
        chance.shuffle(facts)
        told_of = [(one.fact, *pair) for one in said for pair in chance.sample(one.asks, 1)]
        told_of += [(said[0].fact, *pair) for pair in chance.sample(said[0].asks, min(2, len(said[0].asks)))]
        if twin:  # which of the two is meant has to be said
            names = {said[0].fact: thing.name, said[1].fact: second.name}
            told_of = [(f, f"{names[f]}{': ' if asked == 'en' else '，'}{q}", r) for f, q, r in told_of]
        chance.shuffle(told_of)
        open_ = [(None, *pair) for one in said if one.near for pair in chance.sample(one.near, 1)]
        open_ += [(None, chance.choice(one.asks)[0], chance.choice(NOTHING[asked])) for one in absent]
        picked: list[tuple[str | None, str, str]] = list(told_of[:ANSWERED])
        picked += chance.sample(open_, min(len(open_), chance.choice((1, 1, 2))))
        name = chance.choice(invented_names()[asked])
        rows = []
        for number, (fact, question, reply) in enumerate(picked):
            before = picked[number - 1] if number and chance.random() < FOLLOWS_ON else None
            rows.append(Row.model_validate({
                "task": "answer", "language": asked, "shop": shop_of(line), "sector": line.sector,
                "name": name, "facts": facts, "uses": [] if fact is None else [facts.index(fact)], "reply": reply,
                "question": mistyped(question, chance) if chance.random() < TYPO else question,
                "history": [("customer", before[1]), ("shop", before[2])] if before else [],
            }))  # fmt: skip
        return rows

    def _thing(self, line: Entry, told: Language) -> Thing:
        chance = self._chance
        some = (
            chance.choice(self._things[chance.choice(sorted(self._things))])
            if isinstance(line, Policy)
            else line
        )
        kinds = some.products
        number = chance.randrange(len(kinds[told]))
        pairs = {one: kinds[one][number] for one in LANGUAGES if len(kinds[one]) == len(kinds[told])}
        if told == "zh":
            return Thing("".join(chance.sample(BRAND_CHARS, 2)) + kinds[told][number], pairs)
        brand = "".join(chance.sample(SYLLABLES, chance.choice((2, 3)))).capitalize()
        model = f" {chance.choice((2, 3, 40, 120, 300, 500))}" if chance.random() < NUMBERED else ""
        return Thing(f"{brand} {kinds[told][number].title()}{model}", pairs)

    def _near(self, line: Entry) -> list[YesNo | Value]:
        """What else shops of the trade say of their things."""
        return self._things.get(line.sector) or self._things[self._chance.choice(sorted(self._things))]

    def _company(self, line: Entry, told: Language, most: int, *, only_yes_no: bool) -> list[Entry]:
        """Other things the same shop says of the product, sometimes a policy among them; no two by the same name."""
        chance = self._chance
        near = [one for one in self._near(line) if isinstance(one, YesNo) or not only_yes_no]
        chosen: list[Entry] = list(chance.sample(near, min(most, len(near))))
        if self._policies and chosen and not only_yes_no and chance.random() < POLICY:
            chosen[-1] = chance.choice(self._policies)
        taken, found = {_name(line, told)}, []
        for one in chosen:
            if one is not line and _name(one, told) not in taken:
                taken.add(_name(one, told))
                found.append(one)
        return found

    def _absent(self, lines: Sequence[Entry], told: Language, asked: Language, thing: Thing) -> list[Said]:
        """Something of the trade that these lines leave out."""
        taken = {_name(one, told) for one in lines}
        some = [one for one in self._near(lines[0]) if _name(one, told) not in taken]
        return [self._said(one, told, asked, thing) for one in self._chance.sample(some, min(1, len(some)))]

    def _said(self, line: Entry, told: Language, asked: Language, thing: Thing) -> Said:
        """The line as a row in `told`, and questions and replies in `asked`."""
        chance, words = self._chance, getattr(line, asked)
        if isinstance(line, Policy):
            one: PolicyFact = chance.choice(words.facts)
            return Said(
                one.fact, tuple((a.ask, a.reply) for a in one.asks), tuple((n.ask, n.reply) for n in one.near)
            )
        name = thing.name if told == asked else thing.kinds.get(asked, "")
        colon = ": " if told == "en" or chance.random() < 0.5 else "："
        if isinstance(line, YesNo):
            yes = chance.random() < 0.5
            value = chance.choice((_YES if yes else _NO)[told])
            asks = [(ask, self._worded(words.yes if yes else words.no, name)) for ask in words.asks]
            if words.against:
                replies = words.against.yes if yes else words.against.no
                asks += [(ask, self._worded(replies, name)) for ask in words.against.asks]
        else:
            value = chance.choice(words.values)
            asks = [(ask, self._worded(words.replies, name).replace("{value}", value)) for ask in words.asks]
        fact = f"{thing.name} - {getattr(line, told).name}{colon}{value}"
        return Said(fact, tuple(asks), tuple((n.ask, n.reply.replace("{product}", name)) for n in words.near))

    def _worded(self, replies: Sequence[str], name: str) -> str:
        """One of the replies, with the product's name where it has a place; one without where there is no name."""
        fit = [reply for reply in replies if name or "{product}" not in reply] or list(replies)
        return self._chance.choice(fit).replace("{product}", name)


def _name(line: Entry, told: Language) -> str:
    """What tells a line from others on a sheet: an attribute's name, or the policy itself."""
    return line.en.facts[0].fact if isinstance(line, Policy) else str(getattr(line, told).name).lower()


def drawn(count: int, seed: int, lines: Sequence[Entry]) -> list[Row]:
    """About so many examples from these lines, whole sheets of them; none where there are no lines."""
    found: list[Row] = []
    sheets = Drawn(lines, seed).sheets()
    while lines and len(found) < count:
        found += next(sheets)
    return found
