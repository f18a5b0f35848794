"""What an import needs to know of its surroundings, and what one parsed row wants to become."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from knowledge.facts.draft import FactDraft

LAYOUT = 2  # raise it when facts are written differently, so that re-imports rewrite them


@dataclass
class Known:
    """What an import has looked up already, so that it asks once a file and not once a row."""

    customers: set[str] = field(default_factory=set)
    erased: frozenset[str] | None = None
    campaigns: dict[str, int] = field(default_factory=dict)
    variants: dict[tuple[int, str], int] = field(default_factory=dict)


@dataclass(frozen=True)
class Context:
    """The shop's defaults, and the file being read."""

    zone: ZoneInfo
    currency: str
    languages: tuple[str, ...]
    source_id: int
    known: Known = field(default_factory=Known)


@dataclass(frozen=True)
class Draft:
    """A valid row: its key, its values by column, and its facts."""

    key: str
    line: int
    values: dict[str, Any]
    facts: tuple[FactDraft, ...] = field(default=())
    entity: str | None = None

    @property
    def row_hash(self) -> str:
        """A digest of all that the row says (not of where it stands)."""
        facts = [(fact.text, fact.scope, fact.language, fact.details) for fact in self.facts]
        said = json.dumps([LAYOUT, self.values, facts], default=str, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()[:24]


@dataclass(frozen=True)
class Kind:
    """How one kind of row is parsed, found, written and removed.

    `parse` raises BadRow. `find` gives the rows that exist for the keys, by key. `write` inserts or
    updates one row, or raises BadRow before it changes anything. `owned` gives the rows of a source (for --sync), `remove` deletes one.
    """

    name: str
    required: tuple[str, ...]
    parse: Callable[[dict[str, Any], int, Context], Draft]
    find: Callable[[Session, list[Draft]], dict[str, Any]]
    write: Callable[[Session, Draft, Any | None, Context], Any]
    owned: Callable[[Session, int], dict[str, Any]]
    remove: Callable[[Session, Any], str | None]
    key_of: Callable[[dict[str, Any], Context], str | None] = lambda cells, context: None


def digest(*parts: Any) -> str:
    """A stable key for rows that have none of their own."""
    return hashlib.sha256(
        json.dumps(parts, default=str, ensure_ascii=False).encode("utf-8", "replace")
    ).hexdigest()[:32]


def stamp(row: Any, draft: Draft, context: Context) -> None:
    """Write down where the row came from and what it said."""
    row.source_id, row.source_line, row.row_hash = context.source_id, draft.line, draft.row_hash
