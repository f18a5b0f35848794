"""Counts a text as a channel counts it: code points, UTF-16 units, X's weights, double width, SMS parts. Knows no
channel and no limit."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from wcwidth import iter_graphemes

from chains.data import table

How = Literal["characters", "graphemes", "utf16", "weighted", "double_width", "sms"]


@dataclass(frozen=True)
class Sms:
    """How a text travels as SMS. `units` are septets (GSM-7) or UTF-16 units (UCS-2); `single` is the room of a
    message sent in one part; `forced_by` is the first character that GSM-7 lacks, standing at `forced_at`."""

    encoding: Literal["GSM-7", "UCS-2"]
    units: int
    parts: int
    single: int
    forced_by: str | None = None
    forced_at: int | None = None


def count(text: str, how: How) -> int:
    """Length of `text` in the units of `how`; for `sms`, septets or UCS-2 units (`sms` has the parts)."""
    return _COUNTERS[how](text)


def sms(text: str) -> Sms:
    """Encoding, units and parts (3GPP TS 23.038); an escape and its character, or a surrogate pair, never straddle
    two parts."""
    data = _table()["sms"]
    basic, extended = frozenset(data["gsm7_basic"]), frozenset(data["gsm7_extended"])
    forced_at = next((at for at, char in enumerate(text) if char not in basic and char not in extended), None)
    if forced_at is None:
        weights = [2 if char in extended else 1 for char in text]
        room = data["gsm7"]
        return Sms("GSM-7", sum(weights), _parts(weights, room), room["single"])
    weights = [2 if ord(char) > 0xFFFF else 1 for char in text]
    room = data["ucs2"]
    return Sms("UCS-2", sum(weights), _parts(weights, room), room["single"], text[forced_at], forced_at)


def excess(text: str, how: How, limit: int) -> int:
    """Index of the first character past the limit (the text's length when it fits): `count(text[:index])` fits."""
    high = min(len(text), max(limit // 2, 1))
    while count(text[:high], how) <= limit:
        if high == len(text):
            return high
        high = min(len(text), 2 * high)
    low = 0
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if count(text[:middle], how) <= limit else (low, middle)
    return low


def _parts(weights: list[int], room: dict[str, int]) -> int:
    if sum(weights) <= room["single"]:
        return 1
    parts, used = 1, 0
    for weight in weights:
        if used + weight > room["part"]:
            parts, used = parts + 1, 0
        used += weight
    return parts


def _double(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _weighted(text: str) -> int:
    """X's weighted length (twitter-text, config v3) of the text in NFC."""
    url, light = _x()
    bare, urls = url.subn("", unicodedata.normalize("NFC", text))
    total = urls * int(_table()["x"]["url"])
    if bare.isascii():
        return total + len(bare)
    for cluster in iter_graphemes(bare):
        total += 2 if _is_sequence(cluster) else sum(1 if light.match(char) else 2 for char in cluster)
    return total


def _is_sequence(cluster: str) -> bool:
    """Whether a grapheme of several code points is one emoji (joined, coloured, a flag or a keycap)."""
    if len(cluster) < 2:
        return False
    after = cluster[1]
    return (
        after in "\ufe0f\u20e3\u200d"
        or "\U0001f3fb" <= after <= "\U0001f3ff"
        or "\U0001f1e6" <= after <= "\U0001f1ff"
        or "\U000e0020" <= after <= "\U000e007f"
    )


def _utf16(text: str) -> int:
    return len(text) + sum(char > "\uffff" for char in text)


_COUNTERS: dict[How, Callable[[str], int]] = {
    "characters": len,
    "graphemes": lambda text: sum(1 for _ in iter_graphemes(text)),
    "utf16": _utf16,
    "weighted": _weighted,
    "double_width": _double,
    "sms": lambda text: sms(text).units,
}


def _table() -> dict[str, Any]:
    loaded: dict[str, Any] = table("counting", "chains.guard")
    return loaded


@cache
def _x() -> tuple[re.Pattern[str], re.Pattern[str]]:
    x = _table()["x"]
    body = r"[^\s\u2e80-\uffef<>\"]"
    tail = rf"(?:[/?#]{body}*{body[:-1]}.,;:!?')\]])?"
    domains = "|".join(x["domains"])
    url = (
        rf"(?i)(?<![a-z0-9@#$_])https?://{body}*{body[:-1]}.,;:!?')\]]"
        rf"|(?<![a-z0-9@#$_./-])(?:[a-z0-9][a-z0-9-]{{0,62}}\.){{1,5}}(?:{domains})(?![a-z0-9_@-]|\.[a-z0-9]){tail}"
    )
    light = "".join(f"{re.escape(chr(low))}-{re.escape(chr(high))}" for low, high in x["light"])
    return re.compile(url), re.compile(f"[{light}]")
