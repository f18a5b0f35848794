"""Reads a text in the ways that hide what it says: spelled digits, look-alikes, encodings, backwards. Knows no customer.

A `Stream` is a row of characters with the place in the text that each came from, so that whatever is found in it can be
shown in the text.
"""

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from chains.data import table
from chains.guard.folding import Folded, fold, is_han
from chains.guard.words import packaged_rules


def disguises() -> dict[str, Any]:
    """The data file."""
    loaded: dict[str, Any] = table("disguises", "chains.guard.personal")
    return loaded


@dataclass(frozen=True)
class Stream:
    """`text[i]` came from `at[i]`; `edge[i]` says that a word may begin at i (`edge[len]` too)."""

    text: str
    at: tuple[int, ...]
    edge: bytes
    backwards: bool = False

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span in the text that was read."""
        ends = self.at[start], self.at[end - 1]
        return min(ends), max(ends) + 1

    def turned(self) -> "Stream":
        """The same backwards."""
        return Stream(self.text[::-1], self.at[::-1], self.edge[::-1], not self.backwards)


def folded(text: str) -> Folded:
    """As rules see a text: width, case, traditional characters, look-alikes of other alphabets, what cannot be seen."""
    return fold(text, packaged_rules().same, words=False)


@cache
def _same() -> dict[int, str]:
    return {ord(one): other for one, other in disguises()["same"].items()}


@cache
def _spelled() -> re.Pattern[str]:
    words, signs = disguises()["spelled"], disguises()["spelled_zh"]
    return re.compile(rf"(?<![a-z])(?:{'|'.join(words)})(?![a-z])|{'|'.join(signs)}")


@cache
def _numerals() -> dict[str, str]:
    return {word: digit for digit, words in disguises()["digits"].items() for word in words}


@cache
def _han_numerals() -> dict[int, str]:
    return {ord(word): digit for word, digit in _numerals().items() if not word.isascii()}


def letters(read: Folded) -> Stream:
    """Letters, digits and Chinese characters alone, look-alikes as one."""
    return _stream(read.text, read.at, {})


def unspelled(read: Folded) -> Stream | None:
    """The same without the words that stand for the signs of an e-mail address; None where there are none."""
    if _spelled().search(read.text) is None:
        return None
    return _stream(_spelled().sub(lambda found: " " * len(found[0]), read.text), read.at, {})


def signs_as_letters(read: Folded) -> Stream | None:
    """The same with @ for a and $ for s; None where there are no such signs."""
    signs: dict[str, str] = disguises()["signs"]
    return _stream(read.text, read.at, signs) if any(sign in read.text for sign in signs) else None


def numbered(read: Folded) -> Stream | None:
    """The same with Chinese numerals as digits; None where there are none."""
    text = read.text.translate(_han_numerals())
    return _stream(text, read.at, {}) if text != read.text else None


def rotated(read: Folded) -> Stream:
    """The same with its letters moved by thirteen."""
    return _stream(codecs.encode(read.text, "rot13"), read.at, {})


def needle(text: str) -> str:
    """How a known value stands in a stream of letters."""
    return letters(folded(text)).text


def needle_numbered(text: str) -> str:
    """How a known value stands in a stream with numerals as digits."""
    read = folded(text)
    return (numbered(read) or letters(read)).text


def _stream(text: str, at: tuple[int, ...], signs: Mapping[str, str]) -> Stream:
    chars, places, edge = [], [], bytearray()
    kind = 0  # of the character before: 0 none, 1 Latin or digit, 2 Chinese
    for index, char in enumerate(text):
        char = signs.get(char, char)
        if not char.isalnum():
            kind = 0
            continue
        now = 2 if is_han(char) else 1
        edge.append(now != kind or now == 2)
        chars.append(char)
        places.append(at[index])
        kind = now
    edge.append(1)
    return Stream("".join(chars).translate(_same()), tuple(places), bytes(edge))


_PIECE = re.compile(r"[a-z]+|[0-9]+|[\u3007\u3400-\u9fff]|[^a-z0-9\u3007\u3400-\u9fff]+|.", re.S)


def digits(read: Folded) -> tuple[list[Stream], Stream]:
    """(runs of digits with nothing but signs and blanks between them, all digits of the text in a row)."""
    numerals, stands = _numerals(), disguises()["letters_for_digits"]
    twice = set(disguises()["twice"])
    runs: list[tuple[list[str], list[int]]] = [([], [])]
    for word, start in _words(read.text, stands):
        if word.isdigit():
            said, places = word, list(read.at[start : start + len(word)])
        elif (digit := numerals.get(word)) is not None:
            said, places = digit, [read.at[start]]
        elif all(char in stands or char.isdigit() for char in word) and any(c.isdigit() for c in word):
            said = "".join(stands.get(char, char) for char in word)
            places = list(read.at[start : start + len(word)])
        elif word in twice:
            runs[-1][0].append("*")
            runs[-1][1].append(read.at[start])
            continue
        elif any(char.isalnum() for char in word):
            if runs[-1][0]:
                runs.append(([], []))
            continue
        else:
            continue
        if runs[-1][0] and runs[-1][0][-1] == "*":
            runs[-1][0][-1] = said[0]
        runs[-1][0].extend(said)
        runs[-1][1].extend(places)
    streams = [_digits(said, places) for said, places in runs if said]
    return streams, _digits(
        [char for said, _ in runs for char in said], [place for _, places in runs for place in places]
    )


def _words(text: str, stands: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """Pieces of one kind; letters that stand for digits stay with the digits they touch."""
    held, begun = "", 0
    for found in _PIECE.finditer(text):
        piece = found[0]
        mixed = piece.isdigit() or (piece[0].isascii() and all(char in stands for char in piece))
        if mixed and (held == "" or found.start() == begun + len(held)):
            begun = begun if held else found.start()
            held += piece
            continue
        if held:
            yield held, begun
        held, begun = (piece, found.start()) if mixed else ("", 0)
        if not mixed:
            yield piece, found.start()
    if held:
        yield held, begun


def _digits(said: list[str], places: list[int]) -> Stream:
    return Stream("".join(said), tuple(places), bytes([1]) + bytes(max(len(said) - 1, 0)) + bytes([1]))
