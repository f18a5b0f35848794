"""Reads an import file into rows with their line numbers. Knows no column's meaning."""

import csv
import io
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from knowledge.errors import BadFile
from knowledge.languages import clean

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
        if wish not in ORDER:
            raise BadFile(f"There is no kind {wish}; the kinds are {', '.join(ORDER)}.")
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
            found += [file for file in sorted(path.rglob("*")) if file.is_file() and _wanted(file, path)]
        elif path.exists():
            found.append(path)
        else:
            raise BadFile(f"{path} does not exist.")
    return list({file.resolve(): file for file in reversed(found)}.values())[::-1]


def _wanted(path: Path, folder: Path) -> bool:
    inside = path.relative_to(folder).parts
    hidden = any(part.startswith((".", "~$")) for part in inside) or path.name.endswith(".rejects.csv")
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


def count_rows(path: Path) -> int | None:
    """A quick estimate for the progress bar; None where it would cost a parse."""
    if path.suffix.lower() in (".xlsx", ".json"):
        return None
    with path.open("rb") as handle:
        return max(sum(chunk.count(b"\n") for chunk in iter(lambda: handle.read(1 << 20), b"")) - 1, 1)


def _name(header: Any) -> str:
    text = clean(str(header if header is not None else ""))
    return text.strip().lower().replace(" ", "_").replace("-", "_")


def _read_csv(path: Path) -> Iterator[Row]:
    csv.field_size_limit(10_000_000)
    lines = list(io.StringIO(read_text(path), newline=""))
    header: list[str] | None = None
    first = 0  # the line the reader began at, counted from 0
    reader = csv.reader(lines, strict=True)
    while True:
        start = first + reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            if header is None:
                raise BadFile(f"{path.name}: the header row is not valid CSV ({error}).") from error
            yield Row(start, {}, f"this is not valid CSV ({error})")
            first = start  # a stray quote swallows rows: go on with the line after it
            reader = csv.reader(islice(lines, first, None), strict=True)
            continue
        if header is None:
            header = [_name(cell) for cell in cells] if any(cell.strip() for cell in cells) else None
        elif any(cell.strip() for cell in cells):
            problem = None
            if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
                problem = f"{len(cells)} cells under {len(header)} headers; quote a cell that holds a comma"
            yield Row(start, dict(zip(header, cells, strict=False)), problem)
    if header is None:
        raise BadFile(f"{path.name} {'is empty' if not ''.join(lines).strip() else 'has no header row'}.")


def _read_lines(text: str) -> Iterator[Row]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield _json_row(number, json.loads(line))
            except (ValueError, RecursionError) as error:
                yield Row(number, {}, f"this is not valid JSON ({error})")


def _read_json(path: Path) -> Iterator[Row]:
    text = read_text(path)
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError) as error:
        if text.lstrip().startswith("{") and "\n{" in text.strip():
            yield from _read_lines(text)
            return
        raise BadFile(f"{path.name} is not valid JSON ({error}).") from error
    at = _skip(text, 0)
    if isinstance(whole, dict):
        lists = [key for key, value in whole.items() if _is_table(value)]
        if len(lists) != 1:
            yield _json_row(1, whole)
            return
        at, whole = _value_at(text, at, lists[0]), whole[lists[0]]
    if not isinstance(whole, list):
        raise BadFile(f"{path.name} should hold a list of objects.")
    for line, item in zip(_item_lines(text, at), whole, strict=True):
        yield _json_row(line, item)


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n,:":
        at += 1
    return at


def _value_at(text: str, start: int, wanted: str) -> int:
    """Where the value of a key begins, in valid JSON whose object begins at `start`."""
    decoder, found, at = json.JSONDecoder(), start, _skip(text, start + 1)
    while text[at] != "}":
        key, at = decoder.raw_decode(text, at)
        at = _skip(text, at)
        if key == wanted:  # the last one holds where a key stands twice
            found = at
        _, at = decoder.raw_decode(text, at)
        at = _skip(text, at)
    return found


def _item_lines(text: str, start: int) -> Iterator[int]:
    """The line of each item, in valid JSON whose list begins at `start`."""
    decoder, line, counted = json.JSONDecoder(), 1, 0
    at = _skip(text, start + 1)
    while text[at] != "]":
        line, counted = line + text.count("\n", counted, at), at
        yield line
        at = _skip(text, decoder.raw_decode(text, at)[1])


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
        for number, cells in _sheet_rows(book, path):
            if not any(str(cell).strip() for cell in cells):
                continue
            if header is None:
                header = [_name(cell) for cell in cells]
            else:
                yield Row(number, dict(zip(header, cells, strict=False)))
    finally:
        book.close()
    if header is None:
        raise BadFile(f"{path.name} is empty.")


def _sheet_rows(book: Any, path: Path) -> Iterator[tuple[int, list[Any]]]:
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # some programs write a wrong one, which would cut the rows
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            yield number, ["" if cell is None else cell for cell in cells]
    except Exception as error:
        raise BadFile(f"{path.name} is not a readable .xlsx file.") from error
