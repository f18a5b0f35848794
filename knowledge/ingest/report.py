"""What an import says of itself: counts by file, how far it is, and the bad rows in a file beside the good ones.

Knows nothing of what rows mean, nor how they are shown (the commands do that).
"""

import csv
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from knowledge.ingest.files import Row

Progress = Callable[[str, int, int | None], None]  # (file name, rows done, rows in all if known)
FLUSHED = 1000  # rejects held in memory


def unseen(name: str, done: int, total: int | None) -> None:
    """Progress that nobody watches."""


@dataclass
class FileReport:
    """What one file did; the contract's `ingest` JSON."""

    path: str
    kind: str
    imported: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    rejected: int = 0
    rejects: str | None = None
    error: str | None = None
    note: str | None = None

    @property
    def good(self) -> bool:
        """Whether any row was taken or was there already."""
        return bool(self.imported or self.updated or self.unchanged or self.removed)


@dataclass
class IngestReport:
    """All files; `demo_removed` says that the demo shop made room for them."""

    files: list[FileReport] = field(default_factory=list)
    demo_removed: bool = False

    def to_json(self) -> dict[str, Any]:
        """The contract's shape."""
        return {
            "files": [
                {k: v for k, v in asdict(file).items() if v is not None or k == "rejects"}
                for file in self.files
            ],
            "demo_removed": self.demo_removed,
        }


class Rejects:
    """Writes `<file>.rejects.csv` when there is something to write; an old one of the same file goes."""

    def __init__(self, source: Path) -> None:
        self.path = source.with_name(source.name + ".rejects.csv")
        self.count = 0
        self.problem: str | None = None  # why it could not be written
        self._rows: list[tuple[int, str, str]] = []

    def __enter__(self) -> "Rejects":
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            self._refused(error)
        return self

    def add(self, row: Row, reason: str) -> None:
        """Remember a bad row."""
        self.count += 1
        self._rows.append((row.line, reason, str({k: str(v)[:80] for k, v in row.cells.items()})))
        if len(self._rows) >= FLUSHED:
            self._flush()

    def _flush(self) -> None:
        rows, self._rows = self._rows, []
        if self.problem:
            return
        try:
            fresh = not self.path.exists()
            with self.path.open("a", newline="", encoding="utf-8", errors="replace") as handle:
                writer = csv.writer(handle)
                if fresh:
                    writer.writerow(("line", "reason", "row"))
                writer.writerows(rows)
        except OSError as error:
            self._refused(error)

    def _refused(self, error: OSError) -> None:
        self.problem = f"{self.path.name} cannot be written: {error.strerror}."

    def __exit__(self, *error: object) -> None:
        if self._rows:
            self._flush()

    def told(self, file: FileReport) -> None:
        """Write into the file's report how many there were and where they stand."""
        file.rejected = self.count
        file.rejects = str(self.path) if self.count and not self.problem else None
        file.error = self.problem
