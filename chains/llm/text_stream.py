"""Turns tokens into text that is safe to show, piece by piece; it does not know the model or who reads.

Two things are held back: bytes of a character that is not complete yet, and the end of the text
where it may be the start of a stop string or is white space that may turn out to be the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Decoder(Protocol):
    """What is needed of a tokenizer here."""

    def decode(self, token_ids: list[int], /, *, skip_special_tokens: bool) -> str: ...


class TextStream:
    """The text of one variant. White space before the first word and after the last is dropped."""

    def __init__(self, tokenizer: Decoder, stop: Sequence[str] = ()) -> None:
        self.tokens: list[int] = []
        self.shown = ""
        self.stopped = False
        self._tokenizer = tokenizer
        self._stop = tuple(text for text in stop if text)
        self._held = ""
        self._clean = 0  # tokens up to here are decoded and their text is in `shown` or `_held`
        self._before = 0  # start of the tokens kept as context, so that spaces come out right

    def push(self, token: int) -> str:
        """Take one token; gives the text that can be shown now, often empty. Sets `stopped` at a stop string."""
        self.tokens.append(token)
        return self._release(self._decode(final=False), final=False)

    def finish(self) -> str:
        """No more tokens come: gives what was held back, unless a stop string ended the text."""
        return "" if self.stopped else self._release(self._decode(final=True), final=True)

    def _decode(self, *, final: bool) -> str:
        old = self._tokenizer.decode(self.tokens[self._before : self._clean], skip_special_tokens=True)
        new = self._tokenizer.decode(self.tokens[self._before :], skip_special_tokens=True)
        if new.endswith("\ufffd") and not final and len(self.tokens) - self._clean < 8:
            return ""
        self._before, self._clean = self._clean, len(self.tokens)
        return new[len(old) :].replace("\ufffd", "") if final else new[len(old) :]

    def _release(self, text: str, *, final: bool) -> str:
        self._held += text
        if not self.shown:
            self._held = self._held.lstrip()
        lead = "" if self.shown else "\n"  # the first word may be a stop string that begins a line
        searched = lead + self._held
        at = min((place for place in map(searched.find, self._stop) if place >= 0), default=-1)
        if at >= 0:
            self.stopped, final = True, True
            self._held = searched[len(lead) : at] if at else ""
        keep = 0 if final else self._suspicious(lead)
        cut = len(self._held) - keep
        piece = self._held[:cut].rstrip()
        self._held = "" if final else self._held[len(piece) :]
        self.shown += piece
        return piece

    def _suspicious(self, lead: str) -> int:
        """How many characters at the end may be the start of a stop string."""
        text = lead + self._held
        longest = 0
        for stop in self._stop:
            for size in range(min(len(stop) - 1, len(text)), longest, -1):
                if text.endswith(stop[:size]):
                    longest = size
                    break
        return min(longest, len(self._held))
