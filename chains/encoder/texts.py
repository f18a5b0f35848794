"""Texts as the reader takes them: cut, tokenised, read once and kept; it does not know what is asked of them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from torch import Tensor

from chains.encoder.e5 import E5File
from chains.encoder.layers import Reader

QUESTION_CHARS = 200
FACT_CHARS = 400
_QUESTION_TOKENS = 128
_FACT_TOKENS = 200


class Texts:
    """Reads texts with the frozen layers and keeps the newest, up to `kept` of them."""

    def __init__(self, file: E5File, reader: Reader, kept: int) -> None:
        self._file = file
        self._reader = reader
        self._tokenizer = file.tokenizer()
        self._kept = kept
        self._known: OrderedDict[str, Tensor] = OrderedDict()

    def read(self, questions: Sequence[str], facts: Sequence[str]) -> tuple[list[Tensor], list[Tensor]]:
        """What the reader makes of each text, tensors (tokens, 384); texts are cut to their caps."""
        asked = [f"query: {text[:QUESTION_CHARS]}" for text in questions]
        stated = [f"passage: {text[:FACT_CHARS]}" for text in facts]
        found = {key: self._known[key] for key in (*asked, *stated) if key in self._known}
        new = [key for key in dict.fromkeys(asked + stated) if key not in found]
        if new:
            ids = []
            for key, pieces in zip(new, self._tokenizer.ids(new), strict=True):
                cap = _QUESTION_TOKENS if key.startswith("query") else _FACT_TOKENS
                ids.append([self._file.bos, *pieces[:cap], self._file.eos])
            found.update(zip(new, self._reader(ids), strict=True))
        for key in (*asked, *stated):
            if key not in self._known:
                self._known[key] = found[key].clone()  # not a view that would hold the whole batch
            self._known.move_to_end(key)
        while len(self._known) > self._kept:
            self._known.popitem(last=False)
        return [found[key] for key in asked], [found[key] for key in stated]
