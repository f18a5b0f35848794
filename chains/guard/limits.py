"""Measures the fields of a piece of copy against its channel. Knows lengths, counts of fields and the channel's house
rules; knows no law and no fact."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chains.guard.channels import Channel, ChannelField, Channels, load_channels
from chains.guard.counting import count, excess, sms
from chains.guard.finding import Finding, Severity
from chains.guard.language import say
from chains.guard.parts import Part, parts_of, split_fields

__all__ = [
    "Channel",
    "Channels",
    "Length",
    "check_fields",
    "count",
    "find_in_fields",
    "load_channels",
    "split_fields",
]

SAYS: Mapping[str, Mapping[str, str]] = {
    "limit.over": {
        "en": "{field} is {length} long; {channel} takes {limit} ({unit}).",
        "zh": "{field} 长 {length}，{channel} 的上限是 {limit}（{unit}）。",
    },
    "sms.parts": {
        "en": "{field} takes {length} of the {limit} units ({unit}) of one SMS: {detail}. Each part is paid for.",
        "zh": "{field} 用了 {length}，一条短信可容纳 {limit}（{unit}）：{detail}。每一条都计费。",
    },
    "limit.recommended": {
        "en": "{field} is {length} long; past {limit} ({unit}) {channel} usually cuts or hides it.",
        "zh": "{field} 长 {length}，超过建议的 {limit}（{unit}），{channel} 上多半显示不全。",
    },
    "limit.few": {"en": "{channel} needs at least {limit} of {field}; here: {length}.", "zh": "{channel} 至少要 {limit} 条 {field}，现在有 {length} 条。"},
    "limit.many": {"en": "{channel} takes at most {limit} of {field}; here: {length}.", "zh": "{channel} 最多 {limit} 条 {field}，现在有 {length} 条。"},
    "limit.unknown": {"en": "{channel} has no field called {field}.", "zh": "{channel} 没有 {field} 这个字段。"},
    "shorten": {"en": "Shorten it by {over}.", "zh": "再减少 {over}。"},
    "parts": {"en": "{parts} SMS parts in {encoding}", "zh": "按 {encoding} 分 {parts} 条发送"},
    "forced": {"en": "{detail}, because {char} is not in GSM-7", "zh": "{detail}，因为 {char} 不在 GSM-7 字符集内"},
}  # fmt: skip


@dataclass(frozen=True)
class Length:
    """One value of one field, measured. `limit` None: no cap is known. `detail` names SMS parts and what forced them."""

    field: str
    length: int
    limit: int | None
    recommended: int | None = None
    unit: str = "characters"
    detail: str = ""
    index: int = 0
    parts: int | None = None
    forced_by: str | None = None

    def to_json(self) -> dict[str, Any]:
        shown: dict[str, Any] = {"field": self.field, "length": self.length, "limit": self.limit}
        shown |= {"recommended": self.recommended, "unit": self.unit}
        if self.parts is not None:
            shown |= {"parts": self.parts, "forced_by": self.forced_by}
        return shown | ({"detail": self.detail} if self.detail else {})


def check_fields(
    channel: Channel, fields: Mapping[str, Sequence[str]], *, language: str = "en"
) -> list[Length]:
    """Every value measured as the channel counts it; field names may be labels; unknown ones are left out."""
    return lengths(parts_of(channel, fields), language)


def find_in_fields(
    channel: Channel, fields: Mapping[str, Sequence[str]], *, language: str = "en"
) -> list[Finding]:
    """What the channel would refuse or cut; spans index `fields[finding.field][finding.index]`, fields by our name."""
    parts = parts_of(channel, fields)
    found = [found for part in parts for found in find_in_part(channel, part, parts, language)]
    unknown = [name for name in fields if channel.field(name) is None]
    return sorted(
        found
        + find_counts(channel, parts, language)
        + [_say(channel, "limit.unknown", "warn", name, 0, 0, language) for name in unknown]
    )


def lengths(parts: Sequence[Part], language: str = "en") -> list[Length]:
    return [_measure(part.field, _sent(part, parts), part.index, language) for part in parts]


def find_in_part(channel: Channel, part: Part, parts: Sequence[Part], language: str) -> list[Finding]:
    """Length and house-rule findings of one part; spans index its own text."""
    field, text = part.field, part.text
    sent = _sent(part, parts)
    length = _measure(field, sent, part.index, language)
    found: list[Finding] = []
    caps: tuple[tuple[str, Severity, int | None], ...] = (
        ("sms.parts" if length.parts else "limit.over", field.over, length.limit),
        ("limit.recommended", "warn", length.recommended),
    )
    for rule, severity, cap in caps:
        if cap is not None and length.length > cap:
            how = "utf16" if length.forced_by else field.counts
            start = min(excess(sent, how, cap), max(len(text) - 1, 0))
            one = _say(
                channel, rule, severity, field.name, length.length, cap, language, length.detail, length.unit
            )
            found.append(_placed(one, start, len(text), part))
            break
    for rule_ in field.editorial:
        for hit in re.finditer(rule_.forbid, text, re.IGNORECASE):
            why, suggestion = say(rule_.why, language), say(rule_.suggestion, language)
            one = Finding(hit.start(), hit.end(), rule_.id, rule_.severity, why, suggestion)
            found.append(_placed(one, hit.start(), hit.end(), part))
    return found


def find_counts(channel: Channel, parts: Sequence[Part], language: str) -> list[Finding]:
    """Too few of a field (warn: unfinished) or too many (block: refused)."""
    found = []
    for field in channel.fields:
        here = sum(part.field.name == field.name and bool(part.text.strip()) for part in parts)
        least = field.min_count.value if field.min_count else int(field.required)
        most = field.max_count.value if field.max_count else None if field.part_of else 1
        if here < least:
            found.append(_say(channel, "limit.few", "warn", field.name, here, least, language))
        if most is not None and here > most:
            found.append(_say(channel, "limit.many", "block", field.name, here, most, language))
    return found


def _sent(part: Part, parts: Sequence[Part]) -> str:
    """The text as it is sent: with what other fields put into this one (hashtags under a caption)."""
    within = [other.text for other in parts if other.field.part_of == part.field.name and other.text]
    return part.text if part.index or not within else f"{part.text}\n\n{' '.join(within)}"


def _measure(field: ChannelField, text: str, index: int, language: str) -> Length:
    recommended = field.recommended.value if field.recommended else None
    cap = field.limit_for(text)
    if field.counts != "sms":
        return Length(field.name, count(text, field.counts), cap, recommended, field.counts, index=index)
    way = sms(text)
    detail = say(SAYS["parts"], language).format(parts=way.parts, encoding=way.encoding)
    if way.forced_by is not None:
        detail = say(SAYS["forced"], language).format(detail=detail, char=_shown(way.forced_by))
    return Length(
        field.name, way.units, cap, recommended, way.encoding, detail, index, way.parts, way.forced_by
    )


def _shown(char: str) -> str:
    return f"{char!r} (U+{ord(char):04X})"


def _placed(found: Finding, start: int, end: int, part: Part) -> Finding:
    return Finding(
        start, end, found.rule, found.severity, found.why, found.suggestion, part.field.name, part.index
    )


def _say(
    channel: Channel,
    rule: str,
    severity: Severity,
    field: str,
    length: int,
    limit: int,
    language: str,
    detail: str = "",
    unit: str = "",
) -> Finding:
    said = {"field": field, "channel": say(channel.title, language), "length": length, "limit": limit}
    why = say(SAYS[rule], language).format(**said, detail=detail, unit=unit).strip()
    shorten = rule in ("limit.over", "limit.recommended", "sms.parts")
    suggestion = say(SAYS["shorten"], language).format(over=length - limit) if shorten else ""
    return Finding(0, 0, rule, severity, why, suggestion, field)
