"""What is remembered of beginnings: found when the same, not when edited, and bounded."""

from __future__ import annotations

import torch

from chains.llm.attention import Strip
from chains.llm.prefixes import BLOCK, Prefixes

TOKEN_BYTES = 2 * 4 * 4  # one layer, one key head of width 4, float32


def strip_of(tokens: list[int]) -> Strip:
    """A strip whose keys and values are the tokens themselves."""
    strip = Strip(len(tokens))
    strip.extend(0, 0, torch.tensor(tokens, dtype=torch.float32).view(-1, 1, 1).expand(-1, 2, 4))
    return strip


def known(prefixes: Prefixes, tokens: list[int]) -> int:
    strip = Strip(len(tokens))
    count = prefixes.restore(tokens, strip)
    for number in range(count):
        assert strip.layers[0][0, number, 0] == tokens[number]
    return count


def test_the_longest_known_beginning_comes_back_but_never_the_last_token() -> None:
    prefixes = Prefixes(1 << 20, TOKEN_BYTES)
    text = list(range(100))
    assert known(prefixes, text) == 0
    prefixes.keep(text, strip_of(text), 100)
    assert known(prefixes, text) == 3 * BLOCK
    assert known(prefixes, [*text[:70], 7, 7, 7]) == 2 * BLOCK
    assert known(prefixes, text[: 2 * BLOCK]) == BLOCK, "one token must be left to be read"
    assert prefixes.hits == 6 * BLOCK


def test_an_edit_anywhere_before_makes_another_beginning() -> None:
    prefixes = Prefixes(1 << 20, TOKEN_BYTES)
    text = list(range(100))
    prefixes.keep(text, strip_of(text), 100)
    assert known(prefixes, [99, *text[1:]]) == 0
    assert known(prefixes, [*text[:40], 1, *text[41:]]) == BLOCK
    assert known(prefixes, text[BLOCK:]) == 0, "the same words at another place"


def test_only_what_was_read_is_kept() -> None:
    prefixes = Prefixes(1 << 20, TOKEN_BYTES)
    text = list(range(100))
    prefixes.keep(text, strip_of(text), 40)
    assert known(prefixes, text) == BLOCK


def test_memory_is_bounded_and_the_unused_goes_first() -> None:
    size = BLOCK * TOKEN_BYTES
    prefixes = Prefixes(3 * size, TOKEN_BYTES)
    texts = [[start, *range(1, 2 * BLOCK)] for start in range(4)]
    for text in texts:
        prefixes.keep(text, strip_of(text), len(text))
        assert prefixes.held <= 3 * size
    assert known(prefixes, [*texts[3], 0]) == 2 * BLOCK
    assert known(prefixes, [*texts[2], 0]) == BLOCK, "the end of a text goes before its beginning"
    assert known(prefixes, [*texts[0], 0]) == 0
    assert Prefixes(0, TOKEN_BYTES).restore(texts[0], Strip(100)) == 0
