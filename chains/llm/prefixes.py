"""Remembers what the model made of beginnings that texts share; knows tokens, not what they say.

Tokens are cut into blocks, and a block is known by itself and all before it. So a beginning is found again
whoever asks, and an edit anywhere in it, of a fact, a brand or a chat template, is another beginning. The cache
belongs to one engine, and that to one set of weights: nothing made with another adapter is in it.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING

from chains.llm.attention import Strip

if TYPE_CHECKING:
    from chains.llm.attention import Block

BLOCK = 32  # tokens


class Prefixes:
    """Blocks of keys and values; past `limit` bytes those go that were not used for longest."""

    def __init__(self, limit: int, token_bytes: int) -> None:
        self.hits = 0  # tokens that needed no reading
        self._most = limit // (BLOCK * token_bytes)
        self._block_bytes = BLOCK * token_bytes
        self._blocks: OrderedDict[bytes, Block] = OrderedDict()

    @property
    def held(self) -> int:
        """Bytes of all blocks."""
        return len(self._blocks) * self._block_bytes

    def restore(self, tokens: Sequence[int], strip: Strip) -> int:
        """Fill `strip` with the known beginning of `tokens`; how many tokens that are, never all of them."""
        found = []
        for name in _names(tokens, len(tokens) - 1):
            if name not in self._blocks:
                break
            found.append(name)
        for number, name in enumerate(found):
            strip.paste(number * BLOCK, self._blocks[name])
        self._use(found)
        self.hits += len(found) * BLOCK
        return len(found) * BLOCK

    def keep(self, tokens: Sequence[int], strip: Strip, read: int) -> None:
        """Remember the first `read` of `tokens`, which `strip` holds."""
        names = list(_names(tokens, read))[: self._most]
        for number, name in enumerate(names):
            if name not in self._blocks:
                self._blocks[name] = strip.copy(number * BLOCK, (number + 1) * BLOCK)
        self._use(names)
        while len(self._blocks) > self._most:
            self._blocks.popitem(last=False)

    def _use(self, names: Sequence[bytes]) -> None:
        """Mark blocks as used, the first of a text last: without it, none that follow can be found."""
        for name in reversed(names):
            self._blocks.move_to_end(name)


def _names(tokens: Sequence[int], count: int) -> Iterator[bytes]:
    """The names of the whole blocks among the first `count` tokens."""
    name = b""
    for start in range(0, count - BLOCK + 1, BLOCK):
        name = blake2b(name + array("q", tokens[start : start + BLOCK]).tobytes(), digest_size=16).digest()
        yield name
