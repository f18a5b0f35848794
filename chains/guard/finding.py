"""One thing to say about a stretch of text, shared by limits and words. Knows no rule and no channel."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["warn", "block"]
Verdict = Literal["allow", "warn", "block"]

EXIT_STATUS: dict[Verdict, int] = {"allow": 0, "warn": 3, "block": 4}


@dataclass(frozen=True, order=True)
class Finding:
    """`text[start:end]` of the text that was given, in code points; `field` and `index` name the value of a
    field when values, not one text, were checked."""

    start: int
    end: int
    rule: str
    severity: Severity
    why: str
    suggestion: str = ""
    field: str | None = None
    index: int = 0

    def to_json(self) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "start": self.start,
            "end": self.end,
            "rule": self.rule,
            "severity": self.severity,
            "why": self.why,
            "suggestion": self.suggestion,
        }
        return shown if self.field is None else shown | {"field": self.field, "index": self.index}


def verdict(findings: Iterable[Finding]) -> Verdict:
    """The worst severity found; allow when nothing was."""
    severities = {finding.severity for finding in findings}
    return "block" if "block" in severities else "warn" if "warn" in severities else "allow"


def exit_status(given: Verdict) -> int:
    """The process exit status of `marketeer check`: allow 0, warn 3, block 4."""
    return EXIT_STATUS[given]
