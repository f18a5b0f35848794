"""Reads an import file into rows with their line numbers. Knows no column's meaning."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from knowledge.errors import BadFile

PREFIXES = ("shop", "products", "faq", "customers", "orders", "events", "reviews")
TABLES = (".csv", ".json", ".jsonl", ".ndjson", ".xlsx")
SHOPS = (".toml", ".yaml", ".yml")
DOCUMENTS = (".md", ".txt")
ORDER = ("shop", "products", "faq", "documents", "customers", "orders", "events", "reviews")


class Row(NamedTuple):
    """A row as it stood in the file. `problem` is set when it could not even be read."""

    line: int
    cells: dict[str, Any]
    problem: str | None = None


def kind_of(path: Path, wish: str | None = None) -> str:
    """The kind by `--kind`, else by the file's name.

    Raises: BadFile when neither tells.
    """
    if wish:
        return wish
    name, suffix = path.name.lower(), path.suffix.lower()
    if suffix in SHOPS and name.startswith("shop"):
        return "shop"
    if suffix in DOCUMENTS:
        return "documents"
    if suffix in TABLES:
        for prefix in PREFIXES[1:]:
            if name.startswith(prefix):
                return prefix
    raise BadFile(
        f"{path.name}: the name does not say what it holds; start it with "
        f"{', '.join(PREFIXES)}, use .md or .txt for documents, or give --kind."
    )


def expand(paths: list[Path]) -> list[Path]:
    """Files as given; a folder stands for the files in it that have a known kind (and its documents).

    Raises: BadFile for a path that does not exist.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += [file for file in sorted(path.rglob("*")) if file.is_file() and _wanted(file)]
        elif path.exists():
            found.append(path)
        else:
            raise BadFile(f"{path} does not exist.")
    return found


def _wanted(path: Path) -> bool:
    hidden = path.name.startswith((".", "~$")) or path.name.endswith(".rejects.csv")
    if hidden or path.name.lower() in ("readme.md", "license.txt"):
        return False
    try:
        kind_of(path)
    except BadFile:
        return False
    return True


def read_text(path: Path) -> str:
    """The file as text; a BOM is dropped.

    Raises: BadFile when it is not UTF-8 (UTF-16 with a BOM is accepted) or cannot be opened.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BadFile(f"{path.name} cannot be opened: {error.strerror}.") from error
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise BadFile(f"{path.name}:{line} is not UTF-8; save the file as UTF-8 and try again.") from error


def read_rows(path: Path) -> Iterator[Row]:
    """Rows of a table file, header names lower-cased with underscores.

    Raises: BadFile when the file as a whole cannot be read.
    """
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        yield from _read_xlsx(path)
    elif suffix in (".jsonl", ".ndjson"):
        yield from _read_lines(read_text(path))
    elif suffix == ".json":
        yield from _read_json(path)
    else:
        yield from _read_csv(path)


def _name(header: Any) -> str:
    return str(header if header is not None else "").strip().lower().replace(" ", "_").replace("-", "_")


def _read_csv(path: Path) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(read_text(path), newline=""), strict=True)
    csv.field_size_limit(10_000_000)
    header: list[str] | None = None
    start = 1
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            yield Row(start, {}, f"this is not valid CSV ({error})")
            continue
        if header is None:
            header = [_name(cell) for cell in cells]
            if not any(header):
                raise BadFile(f"{path.name} has no header row.")
        elif any(cell.strip() for cell in cells):
            problem = None
            if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
                problem = f"{len(cells)} cells under {len(header)} headers; quote a cell that holds a comma"
            yield Row(start, dict(zip(header, cells, strict=False)), problem)
    if header is None:
        raise BadFile(f"{path.name} is empty.")


def _read_lines(text: str) -> Iterator[Row]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield _json_row(number, json.loads(line))
            except ValueError as error:
                yield Row(number, {}, f"this is not valid JSON ({error})")


def _read_json(path: Path) -> Iterator[Row]:
    text = read_text(path)
    try:
        whole = json.loads(text)
    except ValueError as error:
        if text.lstrip().startswith("{") and "\n{" in text.strip():
            yield from _read_lines(text)
            return
        raise BadFile(f"{path.name} is not valid JSON ({error}).") from error
    if isinstance(whole, dict):
        lists = [value for value in whole.values() if isinstance(value, list)]
        whole = lists[0] if len(lists) == 1 else [whole]
    if not isinstance(whole, list):
        raise BadFile(f"{path.name} should hold a list of objects.")
    for number, item in enumerate(whole, start=1):
        yield _json_row(number, item)


def _json_row(number: int, item: Any) -> Row:
    if not isinstance(item, dict):
        return Row(number, {}, "this is not a JSON object")
    return Row(number, {_name(key): value for key, value in item.items()})


def _read_xlsx(path: Path) -> Iterator[Row]:
    from openpyxl import load_workbook

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except Exception as error:
        raise BadFile(f"{path.name} is not a readable .xlsx file.") from error
    header: list[str] | None = None
    try:
        for number, values in enumerate(book.worksheets[0].iter_rows(values_only=True), start=1):
            cells = ["" if value is None else value for value in values]
            if header is None:
                if any(str(cell).strip() for cell in cells):
                    header = [_name(cell) for cell in cells]
            elif any(str(cell).strip() for cell in cells):
                yield Row(number, dict(zip(header, cells, strict=False)))
    finally:
        book.close()
    if header is None:
        raise BadFile(f"{path.name} is empty.")
