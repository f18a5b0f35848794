"""Holds a text to a form: so many lines, each of which opens with given words and has so much room for its own.

Openings are written by code and read by the model a line at a time; only what follows them is drawn. It knows tokens
and room, not what the lines are for: what fits, and what is left of words that do not, whoever asks says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chains.llm.lane import Lane

if TYPE_CHECKING:
    import torch

LEAST = 8  # tokens of its own that each line has room for, whatever those before it take


@dataclass(frozen=True)
class Line:
    """One line of a form.

    Attributes:
        opening: what it opens with; only the first line's may be empty.
        fits: whether words (stripped, without the opening) may stand there.
        shortened: the part of words that can stand alone and fits, where they are too long or break off.
    """

    opening: str
    fits: Callable[[str], bool]
    shortened: Callable[[str], str]


class Form:
    """Lines as one model's tokens.

    Args:
        room: new tokens that a text may have, those of the openings among them.
        end_tokens: ids that end a text.
        device: where scores are.

    Raises:
        ValueError: a line other than the first opens with nothing, or `room` is too small for all of them.
    """

    def __init__(
        self, lines: Sequence[Line], tokenizer: Any, room: int, end_tokens: frozenset[int], device: str
    ) -> None:
        import torch

        if not all(line.opening for line in lines[1:]):
            raise ValueError("a line needs an opening, so that it is known from the one before it")
        self.lines = tuple(lines)
        self._tokenizer = tokenizer
        self.openings = [
            self.encoded(f"\n{line.opening}" if number else line.opening) for number, line in enumerate(lines)
        ]
        needed = [len(opening) + LEAST for opening in self.openings]
        if sum(needed) > room:
            raise ValueError(
                f"{room} new tokens are too few for {len(needed)} lines: they need {sum(needed)}"
            )
        self.kept = [sum(needed[number + 1 :]) for number in range(len(needed))]  # for all lines after each
        added = {token for token, word in tokenizer.added_tokens_decoder.items() if word.special}
        self.never = torch.tensor(sorted(added - end_tokens), dtype=torch.long, device=device)
        self.never_first = torch.tensor(
            [*end_tokens, *_single_bytes(tokenizer)], dtype=torch.long, device=device
        )

    def encoded(self, text: str) -> list[int]:
        """`text` as tokens, none of them special."""
        tokens: list[int] = self._tokenizer(text, add_special_tokens=False)["input_ids"] if text else []
        return tokens

    def said(self, opening: int, tokens: list[int]) -> str:
        """What `tokens` say behind the opening of that number, spaces included."""
        before = self.openings[opening]
        whole = self._tokenizer.decode([*before, *tokens], skip_special_tokens=True)
        return str(whole)[len(self._tokenizer.decode(before, skip_special_tokens=True)) :]


@dataclass(eq=False)
class FormedLane(Lane):
    """A text in a form. It is shown line by line: while a line is written, it may still lose its end."""

    form: Form = field(kw_only=True)
    line: int = 0

    def __post_init__(self) -> None:
        self._prompt = self._shown = len(self.tokens)
        self.tokens += self.form.openings[0]
        self._start = len(self.tokens)  # of the words of this line

    def draw(self, scores: torch.Tensor, end_tokens: frozenset[int]) -> str:
        """Draw a token that the form allows; where the line ends with it, open the next."""
        token, said = self._picked(scores)
        if token in end_tokens:
            return self._close(said, cut=False)
        if _first_line(said) != said:
            return self._close(_first_line(said), cut=False)
        self.tokens.append(token)
        if len(self.tokens) == self._most or not self.form.lines[self.line].fits(_clean(said)):
            return self._close(said, cut=True)
        return ""

    @property
    def _most(self) -> int:
        """Tokens that the text may have at the end of this line."""
        return self.room - self.form.kept[self.line]

    def _picked(self, scores: torch.Tensor) -> tuple[int, str]:
        """A token, and what the line says with it. The first one of a line says something."""
        drawn = self.tokens[self._start :]
        scores = scores.index_fill(0, self.form.never, -float("inf"))
        if not drawn:
            scores = scores.index_fill(0, self.form.never_first, -float("inf"))
        while True:
            token = self.sampler.pick(scores, self.tokens[self._prompt :])
            said = self.form.said(self.line, [*drawn, token])
            if drawn or _clean(_first_line(said)):
                return token, said
            scores[token] = -float("inf")

    def _close(self, said: str, *, cut: bool) -> str:
        """Settle the words of this line and open the next; gives the text that is sure now."""
        line, words = self.form.lines[self.line], _clean(said)
        if cut or not line.fits(words):
            words = _clean(line.shortened(words))
        self._settle(words)
        text = "".join(self.stream.push(token) for token in self.tokens[self._shown :])
        self._shown = len(self.tokens)
        self.line += 1
        if self.line == len(self.form.lines):
            self.reason = "stop"
            return text + self.stream.finish()
        self.tokens += self.form.openings[self.line]
        self._start = len(self.tokens)
        return text

    def _settle(self, words: str) -> None:
        """Leave this line `words`: tokens that say them stay as drawn, so that the model need not read them again."""
        drawn = self.tokens[self._start :]
        whole = self.form.said(self.line, drawn)
        lead = whole[: len(whole) - len(whole.lstrip())]
        same = len(drawn)
        while same and not words.startswith(self.form.said(self.line, drawn[:same]).lstrip()):
            same -= 1
        known = self.form.said(self.line, drawn[:same]).lstrip()
        rest = self.form.encoded(words[len(known) :] if same else lead + words)
        if rest and self._start + same + len(rest) > self._most:
            self._settle(words[:-1].rstrip())  # spelled anew it is longer than drawn, and there is no room
            return
        self.tokens[self._start + same :] = rest
        self.read = min(self.read, self._start + same)


def _single_bytes(tokenizer: Any) -> list[int]:
    """Tokens of a byte each, where a tokenizer has them for characters it does not know: what a row of them says is
    sure only behind its end."""
    found: list[int | None] = tokenizer.convert_tokens_to_ids([f"<0x{byte:02X}>" for byte in range(256)])
    return [token for token in found if token is not None and token != tokenizer.unk_token_id]


def _first_line(text: str) -> str:
    return (text.splitlines() or [""])[0]


def _clean(words: str) -> str:
    """Without what is no character, or not one yet."""
    return words.replace("\ufffd", "").strip()
