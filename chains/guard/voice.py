"""A shop's brand voice: what its settings say, however the owner worded them. Judges and writes nothing."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import regex

from chains.data import table
from chains.guard.channels import Channel
from chains.guard.folding import is_han

Form = Literal["您", "你"]
EMOJI = regex.compile(
    r"(?:\p{Regional_Indicator}{2}|[\p{Emoji_Presentation}\p{Extended_Pictographic}--[\u0000-\u218F]])"
    r"(?:\p{Emoji_Modifier}|\uFE0F|\u20E3|\u200D\p{Extended_Pictographic})*",
    regex.V1,
)


def vocabulary() -> dict[str, Any]:
    """The data file."""
    loaded: dict[str, Any] = table("voice", "chains.guard")
    return loaded


@dataclass(frozen=True)
class Emoji:
    """How many emoji a text may hold (None: any number), and which (empty: any)."""

    most: int | None = None
    only: tuple[str, ...] = ()


@dataclass(frozen=True)
class Voice:
    """Policies are by place; None is every place that is not named. Texts are by language."""

    tone: Mapping[str, str] = field(default_factory=dict)
    use: tuple[str, ...] = ()
    avoid: tuple[tuple[str, str], ...] = ()  # (word, what to say instead or nothing)
    emoji: tuple[tuple[str | None, Emoji], ...] = ()
    formality: tuple[tuple[str | None, Form], ...] = ()
    sign_off: Mapping[str, str] = field(default_factory=dict)
    disclosure: Mapping[str, str] = field(default_factory=dict)
    marks: frozenset[str] = frozenset()

    def emoji_in(self, kind: str) -> Emoji:
        """The policy for a kind of text (`kind_of` a channel, `reply`, `follow_up`)."""
        return _asked(self.emoji, kind) or Emoji()

    def form_in(self, kind: str) -> Form | None:
        """您 or 你, where the shop has decided."""
        form: Form | None = _asked(self.formality, kind)
        return form


def kind_of(channel: Channel) -> str:
    """The kind of text that a channel carries."""
    if channel.name in vocabulary()["asks"]:
        return channel.name
    return {"message": "chat"}.get(channel.style.kind, channel.style.kind)


def read_voice(settings: Mapping[str, Any] | str | None) -> Voice:
    """The voice of a shop's `brand_voice`: a table, or a sentence that is its tone. Nothing said, nothing asked."""
    table = {"tone": settings} if isinstance(settings, str) else dict(settings or {})
    said = _by_name(table)
    whole = " ".join(text for value in table.values() for text in _texts(value)).lower()
    return Voice(
        tone=_by_language(said.get("tone", {})),
        use=tuple(_listed(said.get("words_to_use", {}))),
        avoid=tuple(_pairs(said.get("words_to_avoid", {}))),
        emoji=tuple(_emoji(said.get("emoji", {}))),
        formality=tuple(_formality(said.get("formality", {}))),
        sign_off=_by_language(said.get("sign_off", {})),
        disclosure=_by_language(said.get("disclosure", {})),
        marks=frozenset(
            name
            for name, one in vocabulary()["marks"].items()
            if any(re.search(p, whole) for p in one["says"])
        ),
    )


def _by_name(table: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Settings by our name, each by language tag ("" where none is given)."""
    known = {alias: name for name, aliases in vocabulary()["keys"].items() for alias in (name, *aliases)}
    found: dict[str, dict[str, Any]] = {}
    for key, value in table.items():
        plain = str(key).strip().lower().replace(" ", "_").replace("-", "_")
        base, _, tail = plain.rpartition("_")
        language = tail if tail in ("en", "zh") and base else ""
        name = known.get(base if language else plain)
        if name is None:
            continue
        held = found.setdefault(name, {})
        by_tag = isinstance(value, Mapping) and value and set(value) <= {"en", "zh"}
        for tag, one in value.items() if by_tag else [(language, value)]:
            held[tag] = [held[tag], one] if tag in held else one
    return found


def _by_language(said: Mapping[str, Any]) -> dict[str, str]:
    """Texts by language; one without a tag is in the language of its letters."""
    texts = {tag: " ".join(_texts(value)).strip() for tag, value in said.items()}
    found = {tag: text for tag, text in texts.items() if tag and text}
    if bare := texts.get(""):
        found.setdefault("zh" if any(map(is_han, bare)) else "en", bare)
    return found


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def _listed(said: Mapping[str, Any]) -> Iterator[str]:
    for value in said.values():
        for text in [value] if isinstance(value, str) else _texts(value):
            parts = re.split(r"[,;，；、\n]\s*", text) if isinstance(value, str) else [text]
            yield from (part.strip() for part in parts if part.strip())


def _pairs(said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(word, what instead): from a table, or `cheap -> affordable`."""
    for value in said.values():
        if isinstance(value, list) and any(isinstance(one, Mapping | list) for one in value):
            for one in value:
                yield from _pairs({"": one})
            continue
        if isinstance(value, Mapping):
            yield from ((str(word).replace("_", " "), str(instead or "")) for word, instead in value.items())
            continue
        for entry in [part for one in _texts(value) for part in _listed({"": one})]:
            word, _, instead = re.sub(r"\s*(?:->|=>|→)\s*", "\0", entry).partition("\0")
            yield word.strip(), instead.strip()


def _clauses(said: Mapping[str, Any], split: str) -> Iterator[tuple[list[str | None], str]]:
    """(places, words) of each clause, and of its parts where several of them name a place."""
    for text in _texts(said):
        for clause in filter(None, (part.strip().lower() for part in re.split(split, text))):
            smaller = [part.strip() for part in re.split("[,，]", clause) if part.strip()]
            each = smaller if sum(bool(_places(part)) for part in smaller) > 1 else [clause]
            yield from ((_places(part) or [None], part) for part in each)


def _places(clause: str) -> list[str | None]:
    names: dict[str, list[str]] = vocabulary()["places"]
    return [
        name
        for name, words in names.items()
        if any(
            re.search(word if is_han(word[0]) else rf"(?<![a-z]){word}(?![a-z])", clause) for word in words
        )
    ]


def _emoji(said: Mapping[str, Any]) -> Iterator[tuple[str | None, Emoji]]:
    words = vocabulary()["emoji"]
    for places, clause in _clauses(said, r"[;；。\n]"):
        only = tuple(EMOJI.findall(clause)) if _says(vocabulary()["only"], clause) else ()
        number = next(
            (n for word in re.findall(r"\d+|[a-z]+|[一两二三四五]", clause) if (n := _number(word))), None
        )
        if _says(words["none"], clause) and number is None:
            policy = Emoji(0)
        elif number is not None or _says(words["few"], clause):
            policy = Emoji(number if number is not None else int(words["most"]), only)
        elif only or _says(words["free"], clause):
            policy = Emoji(None, only)
        else:
            continue
        yield from ((place, policy) for place in places)


def _formality(said: Mapping[str, Any]) -> Iterator[tuple[str | None, Form]]:
    forms: dict[Form, list[str]] = vocabulary()["formality"]
    for places, clause in _clauses(said, r"[;；,，。\n]"):
        meant: list[Form] = [form for form in ("您", "你") if form in clause] or [
            form for form, words in forms.items() if _says(words, clause)
        ]
        if len(meant) == 1 and not ("english" in clause or "英文" in clause or "英语" in clause):
            yield from ((place, meant[0]) for place in places)


def _says(patterns: list[str], text: str) -> bool:
    return any(re.search(pattern, text) for pattern in patterns)


def _number(word: str) -> int | None:
    return int(word) if word.isdecimal() else vocabulary()["numbers"].get(word)


def _asked(policies: tuple[tuple[str | None, Any], ...], kind: str) -> Any:
    table = dict(policies)
    return next(
        (table[place] for place in (*vocabulary()["asks"].get(kind, ()), None) if place in table), None
    )
