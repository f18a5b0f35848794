"""Turns the rows of one file into drafts: each key once, what is wrong into the rejects. Reads and writes no database."""

from collections.abc import Iterator
from contextlib import suppress

from knowledge.ingest.drafts import Context, Draft, Kind
from knowledge.ingest.files import Row
from knowledge.ingest.report import FileReport, Rejects
from knowledge.ingest.values import BadRow

LONGEST_CELL = 50_000  # characters; a spreadsheet holds 32,767


class Parsing:
    """The parsing of one file; remembers its keys from one batch to the next."""

    def __init__(self, kind: Kind, context: Context, rejects: Rejects, file: FileReport) -> None:
        self._kind, self._context, self._rejects, self._file = kind, context, rejects, file
        self._seen: dict[str, tuple[str, int]] = {}
        self._badly: set[str] = set()

    def drafts(self, rows: list[Row]) -> Iterator[Draft]:
        """The good rows of a batch; a row that stands in the file twice is counted as unchanged."""
        for row in rows:
            try:
                draft = parse(row, self._kind, self._context)
                if draft.key not in self._seen:
                    self._seen[draft.key] = (draft.row_hash, row.line)
                    yield draft
                elif self._seen[draft.key][0] == draft.row_hash:
                    self._file.unchanged += 1
                else:
                    raise BadRow(f"another row with the same key stands on line {self._seen[draft.key][1]}")
            except BadRow as error:
                self._rejects.add(row, str(error))
                with suppress(BadRow):
                    if key := self._kind.key_of(row.cells, self._context):
                        self._badly.add(key)

    @property
    def keys(self) -> set[str]:
        """The keys the file holds, also those of bad rows: --sync leaves the old row of a line that became bad."""
        return self._badly | set(self._seen)


def parse(row: Row, kind: Kind, context: Context) -> Draft:
    """Raises: BadRow."""
    if row.problem:
        raise BadRow(row.problem)
    for column, cell in row.cells.items():
        if isinstance(cell, str) and len(cell) > LONGEST_CELL:
            raise BadRow(f"{column[:40]} is longer than {LONGEST_CELL:,} characters")
    try:
        return kind.parse(row.cells, row.line, context)
    except RecursionError as error:
        raise BadRow("the row is nested too deeply") from error


def is_good(row: Row, kind: Kind, context: Context) -> bool:
    """Whether a row would be taken."""
    try:
        parse(row, kind, context)
    except BadRow:
        return False
    return True
