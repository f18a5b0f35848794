"""Finds words that speak to the machine: planted in a review, a description, a document, or sent to the bot in turns.

What they ask for is out of reach anyway (scope comes from the principal, numbers from rows); here planted ones lose the one
thing left to them, being read aloud to a customer, and a turn that carries one is refused. Patterns are data
(`data/addressed.yaml`); text is read through its disguises and encodings. Knows no question.
"""

import codecs
import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from chains.data import table
from chains.guard.folding import fold
from chains.guard.personal.encodings import decoded
from chains.guard.words import packaged_rules

DEEPEST = 2  # encodings within encodings
LONGEST = 4000  # characters of a sentence that are looked at
TURNS = 4  # that may make up one order
_SENTENCE = re.compile(r"[^.!?。！？\n]+(?:[.!?](?=\s|$)|[.!?。！？\n]|$|[.!?](?=\S))\s*")
_CODED = re.compile(r"[A-Za-z0-9+/_=-]{16,}|%[0-9A-Fa-f]{2}|&#|\\[ux]|(?:[0-9A-Fa-f]{2}\s){6}|[01]{8}")


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    raw: dict[str, list[str]] = table("addressed")
    return {name: re.compile("|".join(f"(?:{one})" for one in some), re.M) for name, some in raw.items()}


@lru_cache(maxsize=20_000)
def speaks_to_a_machine(sentence: str) -> bool:
    """Whether a sentence gives an assistant orders, in whatever guise."""
    return _orders(sentence, DEEPEST)


def aimed_at_the_bot(text: str, earlier: Sequence[str] = ()) -> bool:
    """Whether a turn gives the bot orders, by itself or as the end of what was begun in the turns before it."""
    if any(_always(_folded(sentence)) or _hidden(sentence, DEEPEST) for sentence in _sentences(text)):
        return True
    for many in range(1, min(TURNS, len(earlier) + 1)):
        before = [turn.strip().rstrip(".。…") for turn in earlier[-many:]]
        for gap in (" ", ""):
            joined = _folded(gap.join([*before, text.strip()]))
            if _always(joined) and not any(_always(_folded(turn)) for turn in before):
                return True
    return False


def for_people(text: str) -> str:
    """The text up to the first sentence that speaks to a machine: what follows one may belong to it."""
    sentences = _sentences(text)
    kept: list[str] = []
    for number, sentence in enumerate(sentences):
        lines = sentence
        for more in sentences[number + 1 : number + 3]:  # an order broken over lines
            if not lines.endswith("\n"):
                break
            lines += more
        if speaks_to_a_machine(sentence) or (
            lines != sentence and _always(_folded(lines.replace("\n", " ")))
        ):
            break
        kept.append(sentence)
    return "".join(kept).strip() if len(kept) != len(sentences) else text


def _sentences(text: str) -> list[str]:
    return _SENTENCE.findall(text)


def _orders(sentence: str, depth: int) -> bool:
    said, patterns = _folded(sentence), _patterns()
    return bool(
        _always(said)
        or (patterns["whom"].search(said) and patterns["orders"].search(said))
        or _hidden(sentence, depth)
    )


def _always(said: str) -> bool:
    return _patterns()["always"].search(said) is not None


def _hidden(sentence: str, depth: int) -> bool:
    """Whether it says so backwards, moved by thirteen letters, or in an encoding."""
    said = _folded(sentence)
    if any(_always(other) for other in _turned(said)):
        return True
    if depth == 0 or not _CODED.search(sentence):
        return False
    return any(_orders(inner.text[:LONGEST], depth - 1) for inner in decoded(sentence[:LONGEST]))


def _turned(said: str) -> Iterator[str]:
    yield said[::-1]
    if any("a" <= char <= "z" for char in said):
        yield codecs.encode(said, "rot13")


def _folded(text: str) -> str:
    return fold(text[:LONGEST], packaged_rules().same).text
