"""One report on a piece of copy: the words it uses, the room its channel gives, and whether the facts given with it bear
what it claims. Knows no data folder."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chains.guard import finding as findings_
from chains.guard import limits
from chains.guard.channels import Channel, Channels, packaged_channels
from chains.guard.contacts import find_personal
from chains.guard.finding import Finding, Verdict, exit_status
from chains.guard.language import language_of
from chains.guard.limits import Length
from chains.guard.parts import Part, parts_of, split_fields
from chains.guard.proof import proved
from chains.guard.voice import Voice, kind_of
from chains.guard.voice_check import find_voice
from chains.guard.words import Rules, packaged_rules

__all__ = ["Finding", "Length", "Report", "check_fields", "check_text", "exit_status"]

Claim = Mapping[str, Any]
"""A claim as formats.md writes it; the ledger fills them in."""


@dataclass(frozen=True)
class Report:
    findings: tuple[Finding, ...] = ()
    lengths: tuple[Length, ...] = ()
    claims: tuple[Claim, ...] = ()

    @property
    def verdict(self) -> Verdict:
        return findings_.verdict(self.findings)

    @property
    def exit_status(self) -> int:
        return exit_status(self.verdict)

    @property
    def reasons(self) -> list[str]:
        """Each reason once, worst first: the `reasons` of a copy variant."""
        return list(dict.fromkeys(one.why for one in sorted(self.findings, key=lambda one: one.severity)))

    def to_json(self) -> dict[str, Any]:
        """The `check` object of formats.md."""
        return {
            "verdict": self.verdict,
            "findings": [one.to_json() for one in self.findings],
            "claims": [dict(claim) for claim in self.claims],
            "lengths": [one.to_json() for one in self.lengths],
        }


def check_text(
    text: str,
    *,
    channel: str | Channel | None = None,
    jurisdictions: Collection[str] = (),
    facts: Sequence[Mapping[str, str]] | None = None,
    language: str | None = None,
    channels: Channels | None = None,
    rules: Rules | None = None,
    sectors: Collection[str] = (),
    voice: Voice | None = None,
    own: Collection[str] = (),
) -> Report:
    """The report on one text. Lines that open with a field's label are taken as fields, else the text is the channel's
    primary field; a lone text is not asked for the fields it leaves out. No jurisdiction given means every one; a
    channel brings its own along. Spans index `text`. `voice` is a shop's, and telephone numbers and
    addresses of `own` and `facts` are no private person's. Claims of facts are the ledger's. Raises UnknownChannel."""
    known = _channel(channel, channels)
    language = language or language_of(text)
    found = _words(text, known, jurisdictions, rules, language, sectors)
    found += find_voice(text, voice, kind_of(known) if known else "", language=language) if voice else []
    found += find_personal(text, [*own, *(fact["text"] for fact in facts or ())], jurisdictions, language)
    claims: list[Claim] = []
    if facts is not None:
        unproven, told = proved(text, facts, language)
        found, claims = [*found, *unproven], [one.model_dump(mode="json") for one in told]
    if known is None:
        return Report(tuple(sorted(found, key=_place)), claims=tuple(claims))
    parts = split_fields(known, text)
    for part in parts:
        for one in limits.find_in_part(known, part, parts, language):
            moved = replace(one, start=one.start + part.start, end=one.end + part.start)
            found.append(replace(moved, field=None, index=0))
    if len(parts) > 1 or parts[0].text != text.strip():
        found.extend(replace(one, field=None) for one in limits.find_counts(known, parts, language))
    lengths = tuple(limits.lengths(parts, language))
    return Report(tuple(sorted(found, key=_place)), lengths, tuple(claims))


def check_fields(
    fields: Mapping[str, Sequence[str]],
    *,
    channel: str | Channel,
    jurisdictions: Collection[str] = (),
    language: str | None = None,
    channels: Channels | None = None,
    rules: Rules | None = None,
    sectors: Collection[str] = (),
    voice: Voice | None = None,
    generated: bool = False,
) -> Report:
    """The report on a variant's fields; `generated` where a machine wrote them. Spans index the value that `field` and `index` of the finding name."""
    known = _channel(channel, channels)
    assert known is not None
    parts = parts_of(known, fields)
    language = language or language_of(" ".join(part.text for part in parts))
    found = limits.find_in_fields(known, fields, language=language)
    for part in parts:
        worded = _words(part.text, known, jurisdictions, rules, language, sectors, generated)
        worded += find_voice(part.text, voice, kind_of(known), language=language) if voice else []
        found += [_within(one, part) for one in worded]
    return Report(tuple(sorted(found, key=_place)), tuple(limits.lengths(parts, language)))


def _words(
    text: str,
    channel: Channel | None,
    jurisdictions: Collection[str],
    rules: Rules | None,
    language: str,
    sectors: Collection[str],
    generated: bool = False,
) -> list[Finding]:
    asked = [jurisdictions] if isinstance(jurisdictions, str) else [*jurisdictions]
    everywhere = [*asked, *channel.jurisdictions] if asked and channel else asked
    return (rules or packaged_rules()).find(
        text, everywhere, sectors=sectors, language=language, generated=generated
    )


def _channel(channel: str | Channel | None, channels: Channels | None) -> Channel | None:
    return (channels or packaged_channels()).find(channel) if isinstance(channel, str) else channel


def _within(found: Finding, part: Part) -> Finding:
    return replace(found, field=part.field.name, index=part.index)


def _place(found: Finding) -> tuple[str, int, int, int, str]:
    return (found.field or "", found.index, found.start, found.end, found.rule)
