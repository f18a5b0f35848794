"""Cuts a .md or .txt document into facts at its headings. Knows nothing of what they say."""

import re
from pathlib import Path
from typing import Any

import yaml

from knowledge.errors import BadFile
from knowledge.facts.draft import FactDraft
from knowledge.ingest import values
from knowledge.ingest.drafts import digest
from knowledge.ingest.files import read_text
from knowledge.languages import clean, detect
from knowledge.principal import INTERNAL, PUBLIC

HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*\s*$")
_SENTENCE_END = re.compile(r"(?<=[。！？\n])|(?<=[.!?])(?=\s)")
LONGEST = 700  # characters in one fact; longer sections are cut at paragraphs, then at sentences


def document_facts(path: Path) -> list[FactDraft]:
    """One fact a section, in order, with the line of its heading.

    Raises: BadFile when the front matter does not parse or names an unknown audience.
    """
    front, body, offset = _front_matter(path)
    scope = str(front.get("audience", PUBLIC)).strip().lower()
    if scope not in (PUBLIC, INTERNAL):
        raise BadFile(f"{path.name}: audience should be public or internal, not {scope}.")
    facts: list[FactDraft] = []
    seen: dict[str, int] = {}
    for trail, line, first, text in _sections(body, offset):
        heading = trail[-1] if trail else path.stem
        key = " > ".join(trail) or path.stem
        seen[key] = seen.get(key, 0) + 1
        if seen[key] > 1:
            key = f"{key} ({seen[key]})"
        language = values.language(front.get("language") or None) or detect(text)
        entity = f"document:{digest(str(path.resolve()))[:8]}:{digest(key)[:12]}"
        for part, (shift, piece) in enumerate(cut(text)):
            details = {"heading": heading, "body": piece}
            said = f"{heading}\n{piece}"
            stands = first + shift if part else line
            facts.append(FactDraft("document", entity, scope, language, said, details, stands, part))
    return facts


def _front_matter(path: Path) -> tuple[dict[str, Any], str, int]:
    text = clean(read_text(path).replace("\r\n", "\n"))
    match = re.match(r"\s*---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)", text, re.S)
    if not match:
        if re.match(r"\s*---[ \t]*\n\s*(audience|language)[ \t]*:", text, re.I):
            raise BadFile(f"{path.name}: the front matter has no closing ---.")  # it may say `internal`
        return {}, text, 0
    try:
        front = yaml.safe_load(match[1]) or {}
    except yaml.YAMLError as error:
        raise BadFile(f"{path.name}: the front matter does not parse.") from error
    if not isinstance(front, dict):
        raise BadFile(f"{path.name}: the front matter should read key: value.")
    keys = {str(key).strip().lower(): value for key, value in front.items()}
    return keys, text[match.end() :], match[0].count("\n")


def _sections(body: str, offset: int) -> list[tuple[list[str], int, int, str]]:
    """(headings from the outermost in, their line, the text's first line, text) of each section with text."""
    found: list[tuple[list[str], int, int, str]] = []
    trail: list[tuple[int, str]] = []
    start, lines, fenced = offset + 1, list[tuple[int, str]](), False

    def close() -> None:
        while lines and not lines[0][1].strip():
            lines.pop(0)
        if lines:
            text = "\n".join(line for _, line in lines).rstrip()
            found.append(([name for _, name in trail], start if trail else lines[0][0], lines[0][0], text))

    for number, line in enumerate(body.split("\n"), start=offset + 1):
        fenced ^= line.lstrip().startswith("```")
        match = None if fenced else HEADING.match(line)
        if match:
            close()
            level = len(match[1])
            trail = [(depth, name) for depth, name in trail if depth < level] + [(level, match[2])]
            start, lines = number, []
        else:
            lines.append((number, line))
    close()
    return found


def cut(text: str) -> list[tuple[int, str]]:
    """Pieces of at most LONGEST characters at paragraph or sentence ends, with how many lines precede each."""
    pieces: list[tuple[int, str]] = []
    line = 0
    held, held_line = "", 0

    def release() -> None:
        nonlocal held
        if held.strip():
            blank = held[: len(held) - len(held.lstrip())]
            pieces.append((held_line + blank.count("\n"), held.strip()))
        held = ""

    for block in re.split(r"(\n\s*\n)", text):
        for sentence in [block] if len(block) <= LONGEST else _SENTENCE_END.split(block):
            for start in range(0, len(sentence), LONGEST):
                piece = sentence[start : start + LONGEST]
                if len(held) + len(piece) > LONGEST:
                    release()
                if not held:
                    held_line = line
                held += piece
                line += piece.count("\n")
    release()
    return pieces
