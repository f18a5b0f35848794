"""The channels a shop writes for, as data: what each one's fields allow, and the names it goes by. Knows how to find a
channel, not how to judge a text."""

import datetime
import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from chains.guard.counting import How, sms
from chains.guard.errors import BadRules, UnknownChannel
from chains.guard.finding import Severity
from chains.guard.rulefile import Certainty, resolve_sources, rules_from

OURS = "the shop's own setting"


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Figure(Frozen):
    """A number with where it comes from. `certainty`: S read in a source, W weak or secondary, M from memory."""

    value: int = Field(ge=0)
    certainty: Certainty = "S"
    source: str = OURS
    date: datetime.date | None = None

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, given: Any) -> Any:
        return {"value": given} if isinstance(given, int) else given


class Editorial(Frozen):
    """A house rule of the channel: text that matches `forbid` (ignoring case) is found."""

    id: str
    forbid: str
    severity: Severity
    certainty: Certainty
    source: str = OURS
    date: datetime.date | None = None
    why: Mapping[str, str]
    suggestion: Mapping[str, str] = {}

    @field_validator("forbid")
    @classmethod
    def _compiles(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"not a pattern: {error}") from error
        return pattern


class ChannelField(Frozen):
    """One field of a channel. `limit` None: no cap known. `part_of`: the field whose text this one is sent within."""

    name: str
    labels: tuple[str, ...] = ()
    counts: How = "characters"
    required: bool = False
    limit: Figure | None = None
    recommended: Figure | None = None
    min_count: Figure | None = None
    max_count: Figure | None = None
    part_of: str | None = None
    over: Severity = "block"
    editorial: tuple[Editorial, ...] = ()

    def limit_for(self, text: str) -> int | None:
        """The limit that this text meets: an SMS with one character outside GSM-7 has the room of UCS-2."""
        if self.limit is None or self.counts != "sms":
            return self.limit.value if self.limit else None
        return min(self.limit.value, sms(text).single) if self.limit.source != OURS else self.limit.value


class Style(Frozen):
    """What copy writing needs to know: usual fields in order, a hint by language, whether an opt-out line follows."""

    kind: Literal["post", "ad", "message"]
    order: tuple[str, ...]
    opt_out: bool = False
    hint: Mapping[str, str] = {}


class Channel(Frozen):
    name: str
    title: Mapping[str, str]
    aliases: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    jurisdictions: tuple[str, ...] = ()
    primary: str
    style: Style
    fields: tuple[ChannelField, ...]

    @model_validator(mode="after")
    def _holds_together(self) -> "Channel":
        names = {field.name for field in self.fields}
        named = {self.primary, *self.style.order, *(field.part_of for field in self.fields if field.part_of)}
        if not named <= names:
            raise ValueError(f"no field called {', '.join(sorted(named - names))}")
        return self

    def field(self, label: str) -> ChannelField | None:
        """The field with this name or label (`Headline 2`, `标题`), or None."""
        wanted = key(re.sub(r"[\s_-]*\d{1,2}\s*$", "", label))
        return next((f for f in self.fields if wanted == key(f.name) or wanted in map(key, f.labels)), None)


@dataclass(frozen=True)
class Channels:
    """Every channel, in the order of the table."""

    channels: tuple[Channel, ...]

    def __iter__(self) -> Iterator[Channel]:
        return iter(self.channels)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(channel.name for channel in self.channels)

    @cached_property
    def _by_key(self) -> dict[str, Channel]:
        names = ((c, n) for c in self.channels for n in (c.name, *c.aliases, *c.title.values()))
        return {key(name): channel for channel, name in names}

    def find(self, name: str) -> Channel:
        """The channel with this name or alias, case, width and separators aside. Raises UnknownChannel."""
        found = self._by_key.get(key(name))
        if found is None:
            close = difflib.get_close_matches(key(name), self._by_key, n=6, cutoff=0.6)
            near = tuple(dict.fromkeys(self._by_key[one].name for one in close))[:3]
            raise UnknownChannel(name, near, self.names)
        return found

    def mentioned(self, text: str) -> Channel | None:
        """The channel a free text names first (the longest name at that place), or None."""
        plain = unicodedata.normalize("NFKC", text)
        best: tuple[int, int, Channel] | None = None
        for channel, pattern in self._mentions:
            hit = pattern.search(plain)
            if hit and (best is None or (hit.start(), -hit.end()) < best[:2]):
                best = (hit.start(), -hit.end(), channel)
        return best[2] if best else None

    @cached_property
    def _mentions(self) -> tuple[tuple[Channel, re.Pattern[str]], ...]:
        return tuple((channel, _mention(channel)) for channel in self.channels)


def load_channels(override: Path | None = None) -> Channels:
    """The packaged table, with the shop's file laid over it entry by entry. Raises BadRules."""
    packaged = files("chains.guard").joinpath("limits.yaml").read_text("utf-8")
    data = resolve_sources(rules_from("limits.yaml", packaged, override))
    channels = []
    for name, entry in data.get("channels", {}).items():
        try:
            fields = tuple(
                {"name": label, **(given or {})} for label, given in entry.get("fields", {}).items()
            )
            channels.append(Channel.model_validate({"name": name, **entry, "fields": fields}))
        except (ValidationError, AttributeError, TypeError) as error:
            raise BadRules(
                f"The channel {name} in {override or 'limits.yaml'} cannot be used: {error}"
            ) from error
    return Channels(tuple(channels))


@cache
def packaged_channels() -> Channels:
    """The packaged table, read once."""
    return load_channels()


def key(name: str) -> str:
    """A name with case, width, spaces and punctuation taken away."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name).casefold())


def _mention(channel: Channel) -> re.Pattern[str]:
    names = sorted({*channel.aliases, channel.name} - set(channel.ambiguous), key=len, reverse=True)
    words = []
    for name in names:
        body = r"[\s_-]*".join(re.escape(part) for part in re.split(r"[\s_-]+", name))
        end = r"s?(?![a-z0-9])" if name[-1].isascii() and name[-1].isalnum() else ""
        words.append((r"(?<![a-z0-9])" if name[0].isascii() else "") + body + end)
    return re.compile("|".join([*channel.also, *words]), re.IGNORECASE)
