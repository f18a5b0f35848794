"""Knows every customer by what gives them away, and finds it in a text that is about to leave, disguised or not.

Built once for all customers; a message takes the same time for ten as for ten thousand. What is found is told by kind
and place, never by value. Knows no verdict; which customer may read what is the caller's to say.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from chains.guard.personal import names
from chains.guard.personal.encodings import decoded
from chains.guard.personal.needles import Needles
from chains.guard.personal.phones import spellings
from chains.guard.personal.readings import (
    Stream,
    digits,
    folded,
    letters,
    needle,
    needle_numbered,
    numbered,
    rotated,
    signs_as_letters,
    unspelled,
)
from knowledge.crm.people import Person

Kind = Literal["name", "phone", "email", "address", "order", "customer", "contact"]
Owners = frozenset[str]
LONG_ID, SHORT_NUMBER, LONG_PHONE = (
    5,
    8,
    10,
)  # characters from which an id, a bare number, a scattered number is telling
DEEPEST = 2  # encodings within encodings


@dataclass(frozen=True, order=True)
class Leak:
    """`text[start:end]` gives a customer away."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True)
class _Known:
    """A value: what kind, whose, which of theirs, and whether it is telling by itself."""

    kind: Kind
    owners: Owners
    alone: bool = True
    words: tuple[int, ...] = ()  # where the words of a name begin
    which: str = ""  # one value in all its forms

    def __repr__(self) -> str:
        return f"_Known({self.kind})"


Found = tuple[Leak, _Known]


class PeopleIndex:
    """All customers of a shop."""

    def __init__(
        self, people: Sequence[Person], *, own: Iterable[str] = (), common: Iterable[str] = ()
    ) -> None:
        """`own`: texts of the shop's contact details, which may always leave. `common`: texts of the catalogue; a name
        or number that stands in them is telling only beside a word such as "customer"."""
        own = list(own)
        common_letters = " ".join(needle(text) for text in common)
        lettered = list(_of_letters(people, common_letters))
        self._letters = _filed(lettered, LONG_ID)
        self._short = _filed([one for one in lettered if len(one[0]) < LONG_ID], 2)
        self._names = _filed(_of_names(people, common_letters), 2)
        self._places = _filed(_of_places(people), 4)
        self._numbers = _filed(_of_numbers(people), 4)
        for text in own:
            read = folded(text)
            for attribute, streams in (("_letters", [letters(read)]), ("_names", [letters(read)]),
                                       ("_places", [numbered(read) or letters(read)]), ("_numbers", digits(read)[0])):  # fmt: skip
                kept: Needles[_Known] = getattr(self, attribute)
                ours = {stream.text[a:b] for stream in streams for a, b, _ in kept.find(stream.text)}
                setattr(self, attribute, kept.without(ours) if ours else kept)

    def leaks(self, text: str, receiver: str | None = None, heard: str = "") -> list[Leak]:
        """What of other customers than the receiver the text holds, in order of place. What the receiver has `heard`,
        having said it, tells them nothing: to refuse its echo would only confirm it."""
        found = set(self._read(text, receiver, DEEPEST))
        if found and heard:
            told = {(known.kind, known.which) for _, known in self._read(heard, receiver, DEEPEST)}
            found = {(leak, known) for leak, known in found if (known.kind, known.which) not in told}
        return sorted({leak for leak, _ in found})

    def _read(self, text: str, receiver: str | None, depth: int) -> Iterator[Found]:
        read = folded(text)
        plain = letters(read)
        for stream in filter(None, (plain, unspelled(read), signs_as_letters(read))):
            yield from self._in_letters(stream, receiver)
            yield from self._in_letters(stream.turned(), receiver)
        yield from self._in_letters(rotated(read), receiver)
        places = numbered(read) or plain
        for stream in (places, places.turned()):
            yield from self._found(self._places, stream, receiver)
        yield from self._in_digits(*digits(read), receiver)
        for inner in decoded(text) if depth else ():
            for leak, known in self._read(inner.text, receiver, depth - 1):
                yield Leak(inner.start, inner.end, leak.kind), known

    def _in_letters(self, stream: Stream, receiver: str | None) -> Iterator[Found]:
        yield from self._found(self._letters, stream, receiver)
        yield from self._found(self._short, stream, receiver)
        for start, end, known in self._names.find(stream.text):
            if _others(known, receiver) and names.stands(stream, start, end, known.words, known.alone):
                yield Leak(*stream.span(start, end), known.kind), known

    def _found(self, needles: Needles[_Known], stream: Stream, receiver: str | None) -> Iterator[Found]:
        for start, end, known in needles.find(stream.text):
            whole = stream.edge[start] and stream.edge[end]
            if known.kind in ("order", "customer") and not whole:
                continue
            if _others(known, receiver) and (known.alone or names.is_named(stream, start)):
                yield Leak(*stream.span(start, end), known.kind), known

    def _in_digits(self, runs: list[Stream], all_: Stream, receiver: str | None) -> Iterator[Found]:
        for run in runs:
            for stream in (run, run.turned()):
                for start, end, known in self._numbers.find(stream.text):
                    bare = known.kind != "phone"
                    if bare and (start or end != len(stream.text)):
                        continue
                    if _others(known, receiver):
                        yield Leak(*stream.span(start, end), known.kind), known
        if len(runs) > 1:
            for stream in (all_, all_.turned()):
                for start, end, known in self._numbers.find(stream.text):
                    if known.kind == "phone" and end - start >= LONG_PHONE and _others(known, receiver):
                        yield Leak(*stream.span(start, end), "phone"), known


def _others(known: _Known, receiver: str | None) -> bool:
    return receiver is None or receiver not in known.owners


def _filed(values: Iterable[tuple[str, _Known]], beginning: int) -> Needles[_Known]:
    """Values of several owners under one entry."""
    kept: dict[str, _Known] = {}
    for text, known in values:
        if (old := kept.get(text)) is not None:
            owners, alone = known.owners | old.owners, known.alone and old.alone
            known = replace(known, owners=owners, alone=alone)
        kept[text] = known
    return Needles(kept, beginning)


def _of_letters(people: Sequence[Person], common: str) -> Iterator[tuple[str, _Known]]:
    for one in people:
        whose: Owners = frozenset([one.id])
        if one.email:
            yield needle(one.email), _Known("email", whose, which=one.email)
        for kind, some in (("customer", (one.id,)), ("order", one.orders)):
            for value in some:
                said = needle(value)
                telling = len(said) >= LONG_ID and not value.isdigit() and said not in common
                if not value.isdigit() or len(value) < SHORT_NUMBER:
                    yield said, _Known(kind, whose, telling, which=value)  # type: ignore[arg-type]


def _of_names(people: Sequence[Person], common: str) -> Iterator[tuple[str, _Known]]:
    for one in people:
        for said, words in names.forms(one.name or ""):
            telling = said not in common and names.is_telling(one.name or "", words)
            yield said, _Known("name", frozenset([one.id]), telling, words, one.name or "")


def _of_places(people: Sequence[Person]) -> Iterator[tuple[str, _Known]]:
    for one in people:
        for line in one.addresses:
            for part in names.parts_of_address(line):
                yield needle_numbered(part), _Known("address", frozenset([one.id]), which=line)


def _of_numbers(people: Sequence[Person]) -> Iterator[tuple[str, _Known]]:
    for one in people:
        whose: Owners = frozenset([one.id])
        for said in spellings(one.phone or ""):
            yield said, _Known("phone", whose, which=one.phone or "")
        for value in one.orders:
            if value.isdigit() and len(value) >= SHORT_NUMBER:
                yield value, _Known("order", whose, which=value)
        if one.id.isdigit() and len(one.id) >= SHORT_NUMBER:
            yield one.id, _Known("customer", whose, which=one.id)
