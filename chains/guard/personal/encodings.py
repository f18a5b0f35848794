"""Takes encodings off: Base64 and its kin, hexadecimal, percent signs, entities, escapes. Knows no rule.

Each decoded text stands for the stretch of the original that it came from.
"""

import base64
import binascii
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

MOST = 20  # stretches of one text
LONGEST = 20_000  # characters of a stretch
_SIXTY_FOUR = re.compile(
    r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{8,}(?:[ \t]*\r?\n[ \t]*[A-Za-z0-9+/_-]{4,})*={0,2}"
)
_HEX = re.compile(
    r"(?<![0-9A-Za-z])(?:0x|\\x)?[0-9A-Fa-f]{2}(?:[\s:,-]?(?:0x|\\x)?[0-9A-Fa-f]{2}){4,}(?![0-9A-Za-z])"
)
_THIRTY_TWO = re.compile(r"(?<![A-Za-z0-9])[A-Z2-7]{16,}={0,6}(?![A-Za-z0-9])")
_CODES = re.compile(r"(?<!\d)\d{2,3}(?:[\s,;]+\d{2,3}){4,}(?!\d)")
_BINARY = re.compile(r"(?<!\d)[01]{8}(?:[\s,]?[01]{8}){4,}(?!\d)")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})|[Uu]\+([0-9a-fA-F]{4,5})")


@dataclass(frozen=True)
class Decoded:
    """What `source[start:end]` says."""

    text: str
    start: int
    end: int


def decoded(text: str) -> list[Decoded]:
    """Every text that this text holds in an encoding, the whole of it where signs of one are spread over it."""
    return [*_spread(text), *_stretches(text)]


def _spread(text: str) -> Iterator[Decoded]:
    seen = {text}
    for way in (_percent, html.unescape, _unescaped):
        said = way(text) if len(text) <= LONGEST else text
        if said not in seen:
            seen.add(said)
            yield Decoded(said, 0, len(text))


def _percent(text: str) -> str:
    return unquote(text) if "%" in text else text


def _unescaped(text: str) -> str:
    if "\\" not in text and "+" not in text:
        return text
    return _ESCAPE.sub(lambda found: chr(min(int(found[1] or found[2] or found[3], 16), 0x10FFFF)), text)


def _stretches(text: str) -> Iterator[Decoded]:
    for pattern, way in (
        (_SIXTY_FOUR, _sixty_four), (_HEX, _hex), (_THIRTY_TWO, _thirty_two), (_CODES, _codes), (_BINARY, _binary),
    ):  # fmt: skip
        for number, found in enumerate(pattern.finditer(text)):
            if number >= MOST:
                break
            if found.end() - found.start() <= LONGEST and (said := _readable(way(found[0]))):
                yield Decoded(said, *found.span())


def _sixty_four(text: str) -> bytes:
    plain = re.sub(r"\s", "", text).rstrip("=").replace("-", "+").replace("_", "/")
    if len(plain) % 4 == 1:
        return b""
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _thirty_two(text: str) -> bytes:
    plain = text.rstrip("=")
    try:
        return base64.b32decode(plain + "=" * (-len(plain) % 8))
    except (binascii.Error, ValueError):
        return b""


def _hex(text: str) -> bytes:
    return bytes.fromhex(re.sub(r"0x|\\x|[\s:,-]", "", text))


def _codes(text: str) -> bytes:
    return bytes(code for code in map(int, re.findall(r"\d+", text)) if code < 256)


def _binary(text: str) -> bytes:
    bits = re.sub(r"\D", "", text)
    return bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits), 8))


def _readable(said: bytes) -> str:
    """The bytes as text, where they are one."""
    try:
        text = said.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    shown = sum(char.isprintable() or char in "\r\n\t" for char in text)
    return text if len(text) >= 3 and shown == len(text) else ""
