"""Cuts a .md or .txt document into facts at its headings. Knows nothing of what they say."""

import re
from pathlib import Path
from typing import Any

import yaml

from knowledge.errors import BadFile
from knowledge.facts.draft import FactDraft
from knowledge.ingest.drafts import digest
from knowledge.ingest.files import read_text
from knowledge.languages import clean, detect
from knowledge.principal import INTERNAL, PUBLIC

HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*\s*$")
LONGEST = 700  # characters in one fact; longer sections are cut at paragraphs, then at sentences


def document_facts(path: Path) -> list[FactDraft]:
    """One fact a section, in order, with the line of its heading.

    Raises: BadFile when the front matter does not parse or names an unknown audience.
    """
    front, body, offset = _front_matter(path)
    scope = str(front.get("audience", PUBLIC)).lower()
    if scope not in (PUBLIC, INTERNAL):
        raise BadFile(f"{path.name}: audience should be public or internal, not {scope}.")
    facts: list[FactDraft] = []
    seen: dict[str, int] = {}
    for trail, line, text in _sections(body, offset):
        heading = trail[-1] if trail else path.stem
        key = " > ".join(trail) or path.stem
        seen[key] = seen.get(key, 0) + 1
        if seen[key] > 1:
            key = f"{key} ({seen[key]})"
        language = str(front.get("language") or detect(text)).lower()[:2]
        entity = f"document:{digest(str(path.resolve()))[:8]}:{digest(key)[:12]}"
        for part, (shift, piece) in enumerate(cut(text)):
            details = {"heading": heading, "body": piece}
            said = f"{heading}\n{piece}"
            facts.append(FactDraft("document", entity, scope, language, said, details, line + shift, part))
    return facts


def _front_matter(path: Path) -> tuple[dict[str, Any], str, int]:
    text = clean(read_text(path).replace("\r\n", "\n"))
    match = re.match(r"---[ \t]*\n(.*?)\n---[ \t]*(?:\n|$)", text, re.S)
    if not match:
        return {}, text, 0
    try:
        front = yaml.safe_load(match[1]) or {}
    except yaml.YAMLError as error:
        raise BadFile(f"{path.name}: the front matter does not parse.") from error
    if not isinstance(front, dict):
        raise BadFile(f"{path.name}: the front matter should read key: value.")
    keys = {str(key).strip().lower(): value for key, value in front.items()}
    return keys, text[match.end() :], match[0].count("\n")


def _sections(body: str, offset: int) -> list[tuple[list[str], int, str]]:
    """(headings from the outermost in, line, text) of each section that has text."""
    found: list[tuple[list[str], int, str]] = []
    trail: list[tuple[int, str]] = []
    start, lines, fenced = offset + 1, list[str](), False
    for number, line in enumerate(body.split("\n"), start=offset + 1):
        fenced ^= line.lstrip().startswith("```")
        match = None if fenced else HEADING.match(line)
        if match:
            found.append(([name for _, name in trail], start, "\n".join(lines).strip()))
            level = len(match[1])
            trail = [(depth, name) for depth, name in trail if depth < level] + [(level, match[2])]
            start, lines = number, []
        else:
            lines.append(line)
    found.append(([name for _, name in trail], start, "\n".join(lines).strip()))
    return [section for section in found if section[2]]


def cut(text: str) -> list[tuple[int, str]]:
    """Pieces of at most LONGEST characters at paragraph or sentence ends, with how many lines precede each."""
    pieces: list[tuple[int, str]] = []
    line = 1
    held, held_line = "", 1
    for block in re.split(r"(\n\s*\n)", text):
        for sentence in (
            [block] if len(block) <= LONGEST else re.split(r"(?<=[.!?。！？\n])(?=\s|[^\s])", block)
        ):
            while len(sentence) > LONGEST:
                pieces.append((line, sentence[:LONGEST]))
                sentence = sentence[LONGEST:]
            if held and len(held) + len(sentence) > LONGEST:
                pieces.append((held_line, held.strip()))
                held = ""
            if not held:
                held_line = line
            held += sentence
            line += sentence.count("\n")
    if held.strip():
        pieces.append((held_line, held.strip()))
    return [(shift - 1 if number == 0 else shift, piece) for number, (shift, piece) in enumerate(pieces)]
