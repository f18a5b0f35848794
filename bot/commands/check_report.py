"""Prints a check as a report to act on: the text with its places marked, then each place with its rule, why, and what to
do, then lengths. Knows no rule; the report is made by `chains.guard.check`."""

from collections import Counter

from rich.console import Console
from rich.text import Text

from chains.guard.check import Report
from chains.guard.finding import Finding
from chains.guard.language import language_of
from chains.guard.words import packaged_rules

COLOURS = {"allow": "green", "warn": "yellow", "block": "red"}
MOST = 50  # findings that are told one by one
LONGEST = 20_000  # characters that are shown whole
EXCERPT = 60  # characters of a place
LABELS = {
    "en": {"why": "why", "do": "do", "source": "source", "line": "line {line}, {first}-{last}", "more": "... and {n} more.", "none": "Nothing to change.",
           "rest": "... {n} more characters", "lengths": "lengths", "no limit": "no limit known", "of": "of {limit}", "claims": "claims"},
    "zh": {"why": "原因", "do": "建议", "source": "依据", "line": "第{line}行 {first}-{last}", "more": "……另有 {n} 处。", "none": "无需修改。",
           "rest": "……余下 {n} 个字符", "lengths": "长度", "no limit": "未知上限", "of": "/ {limit}", "claims": "事实核对"},
}  # fmt: skip


def show(text: str, report: Report, out: Console) -> None:
    """The report, in the language of the text; brackets mark places where there are no colours."""
    words = LABELS[language_of(text)]
    counts = Counter(one.severity for one in report.findings)
    told = ", ".join(f"{counts[name]} {name}" for name in ("block", "warn") if counts[name])
    head = f"verdict: {report.verdict}" + (f" ({told})" if told else "")
    out.print(Text(head, style=f"bold {COLOURS[report.verdict]}"))
    out.print(marked(text.rstrip("\n"), report, brackets=not out.is_terminal), soft_wrap=True)
    if len(text) > LONGEST:
        out.print(Text(words["rest"].format(n=len(text) - LONGEST)))
    for number, one in enumerate(report.findings[:MOST], 1):
        _finding(number, one, text, words, out)
    if len(report.findings) > MOST:
        out.print(Text(words["more"].format(n=len(report.findings) - MOST)))
    if not report.findings:
        out.print(Text(words["none"]))
    _rest(report, words, out)


def marked(text: str, report: Report, *, brackets: bool) -> Text:
    """The beginning of the text with each finding in its colour, or in brackets."""
    text = text[:LONGEST]
    spans = [(one, min(one.end, len(text))) for one in report.findings if one.start < min(one.end, len(text))]
    if not brackets:
        shown = Text(text)
        for one, end in spans:
            shown.stylize(f"bold {COLOURS[one.severity]} underline", one.start, end)
        return shown
    opening = Counter(one.start for one, _ in spans)
    closing = Counter(end for _, end in spans)
    pieces = [
        "]" * closing[place] + "[" * opening[place] + text[place : place + 1]
        for place in range(len(text) + 1)
    ]
    return Text("".join(pieces))


def _finding(number: int, one: Finding, text: str, words: dict[str, str], out: Console) -> None:
    place = text[one.start : one.end]
    where = f"“{_short(place)}”, {_where(text, one, words)}" if place else one.field or ""
    head = Text(f"\n{number}. ") + Text(one.severity.upper(), style=f"bold {COLOURS[one.severity]}")
    out.print(head + Text(f"  {one.rule}  {where}".rstrip()), soft_wrap=True)
    rule = packaged_rules().rule(one.rule)
    source = f"{rule.source} ({rule.certainty}, {rule.date})" if rule else ""
    for name, said in (("why", one.why), ("do", one.suggestion), ("source", source)):
        if said:
            out.print(Text(f"   {words[name]}: {said}"), soft_wrap=True)


def _where(text: str, one: Finding, words: dict[str, str]) -> str:
    """Line and columns, both from 1."""
    line = text.count("\n", 0, one.start) + 1
    begun = text.rfind("\n", 0, one.start) + 1
    return words["line"].format(line=line, first=one.start - begun + 1, last=one.end - begun)


def _short(place: str) -> str:
    flat = " ".join(place.split())
    return flat if len(flat) <= EXCERPT else flat[:EXCERPT] + "…"


def _rest(report: Report, words: dict[str, str], out: Console) -> None:
    if report.claims:
        out.print(Text(f"\n{words['claims']}:"))
    for claim in report.claims:
        out.print(Text(f"   {claim['result']}: {claim['text']}"), soft_wrap=True)
    if report.lengths:
        out.print(Text(f"\n{words['lengths']}:"))
    for length in report.lengths:
        limit = words["no limit"] if length.limit is None else words["of"].format(limit=length.limit)
        detail = f" ({length.detail})" if length.detail else ""
        out.print(Text(f"   {length.field}: {length.length} {limit} {length.unit}{detail}"), soft_wrap=True)
