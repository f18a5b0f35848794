"""What the ledger keeps of a claim, and the ledger itself. Knows no rule; which of them block is data."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from chains.guard.ledger.lexicon import data
from chains.turn import Claim

Result = Literal["supported", "derived", "contradicted", "unsupported"]
LOOSE: Sequence[Result] = ("contradicted", "unsupported")
WORST: Sequence[Result] = ("contradicted", "unsupported", "derived", "supported")


@dataclass(frozen=True, order=True)
class Entry:
    """`text[start:end]` claims `normal`; `fact` bears it, or is the one it contradicts; `rule` says how that was found."""

    start: int
    end: int
    text: str
    kind: str
    normal: str
    result: Result
    rule: str
    fact: str | None = None

    @property
    def blocks(self) -> bool:
        """Whether the text may not leave for it: no fact bears it, and its rule is sure enough of what it found."""
        return self.result in LOOSE and self.rule not in data("severity")["tell"]

    def claim(self) -> Claim:
        """As a turn carries it."""
        return Claim(
            text=self.text, start=self.start, end=self.end, kind=self.kind, result=self.result, fact=self.fact,
            normal=self.normal, rule=self.rule,
        )  # fmt: skip


@dataclass(frozen=True)
class Ledger:
    """Every claim of a text, in order of place."""

    entries: tuple[Entry, ...]

    @property
    def worst(self) -> Result | None:
        """The worst result; None where nothing is claimed."""
        results = {entry.result for entry in self.entries}
        return next((result for result in WORST if result in results), None)

    @property
    def ok(self) -> bool:
        """Whether nothing stands against the text."""
        return not self.loose

    @property
    def loose(self) -> tuple[Entry, ...]:
        """The claims that may not leave."""
        return tuple(entry for entry in self.entries if entry.blocks)

    def claims(self) -> list[Claim]:
        """The entries as a turn carries them."""
        return [entry.claim() for entry in self.entries]
