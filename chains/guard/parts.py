"""Cuts a piece of copy into the fields of its channel: labelled text, or values by field. Knows no limit."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from chains.guard.channels import Channel, ChannelField

_LABEL = re.compile(r"^[ \t]*(?P<label>[^\W\d][^\n:：]{0,30}?)[ \t]*[:：][ \t]*", re.MULTILINE)


@dataclass(frozen=True)
class Part:
    """A stretch of a text that is the `index`-th value of a field; it stands at `start`."""

    field: ChannelField
    index: int
    text: str
    start: int = 0


def split_fields(channel: Channel, text: str) -> list[Part]:
    """The parts of a text whose lines open with a label (`headline: ...`, `标题：...`); a line without one goes on with
    the field before. Text that does not begin with a label is one part, the channel's primary field."""
    marks = [(found, field) for found in _LABEL.finditer(text) if (field := channel.field(found["label"]))]
    if not marks or text[: marks[0][0].start()].strip():
        primary = channel.field(channel.primary)
        assert primary is not None  # Channel checks this
        return [_trimmed(primary, 0, text, 0, len(text))]
    ends = [mark.start() for mark, _ in marks[1:]] + [len(text)]
    seen: dict[str, int] = {}
    parts = []
    for (mark, field), end in zip(marks, ends, strict=True):
        at = seen.get(field.name, 0)
        seen[field.name] = at + 1
        parts.append(_trimmed(field, at, text, mark.end(), end))
    return parts


def parts_of(channel: Channel, fields: Mapping[str, Sequence[str]]) -> list[Part]:
    """One part a value; names may be labels of a field, unknown ones are left out."""
    seen: dict[str, int] = {}
    parts = []
    for name, values in fields.items():
        field = channel.field(name)
        for value in _values(values) if field else ():
            assert field is not None
            parts.append(Part(field, seen.get(field.name, 0), value))
            seen[field.name] = seen.get(field.name, 0) + 1
    return parts


def _values(values: Sequence[str]) -> Iterable[str]:
    return (values,) if isinstance(values, str) else values


def _trimmed(field: ChannelField, index: int, text: str, start: int, end: int) -> Part:
    body = text[start:end]
    kept = body.strip()
    return Part(field, index, kept, start + len(body) - len(body.lstrip()) if kept else start)
