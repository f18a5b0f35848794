"""BM25 over words, with Chinese as character n-grams. Knows tokens, not meaning."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+|[a-z0-9]+(?:[-_.'][a-z0-9]+)*")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    from snowballstemmer import stemmer

    return str(stemmer("english").stemWord(word))


def fold(text: str) -> str:
    """Lower case without accents or wide forms: Käse and kase, ＴＰ－１ and tp-1 are the same words."""
    if text.isascii():
        return text.lower()
    wide = unicodedata.normalize("NFKD", text.translate(_WIDE)).replace("’", "'").lower()
    return "".join(letter for letter in wide if not unicodedata.combining(letter))


def tokens(text: str) -> list[str]:
    """Stemmed words, SKU-like words whole and in parts, and Chinese single characters and pairs."""
    found: list[str] = []
    for run in _RUN.findall(fold(text)):
        if run[0].isascii():
            word = run.removesuffix("'s")
            found.append(_stem(word))
            parts = re.split(r"[-_.']", word)
            if len(parts) > 1:
                found += [_stem(part) for part in parts if part]
        else:
            found += [run[n : n + 2] for n in range(len(run) - 1)] or [run]
            found += list(run) if len(run) <= 2 else []
    return found


class Lexicon:
    """A BM25 index of passages; made anew when they change (100,000 short ones take seconds)."""

    def __init__(self, ids: Sequence[str], texts: Sequence[str]) -> None:
        self.ids = list(ids)
        self.position = {name: n for n, name in enumerate(self.ids)}
        self._vocabulary: dict[str, int] = {}
        self._model: Any = None
        corpus = [[self._number(token) for token in tokens(text)] for text in texts]
        if any(corpus):
            import bm25s

            self._model = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
            self._model.index((corpus, self._vocabulary), show_progress=False)

    def _number(self, token: str) -> int:
        return self._vocabulary.setdefault(token, len(self._vocabulary))

    def scores(self, query: str) -> npt.NDArray[np.float32]:
        """BM25 of the query against every passage, shape (len(ids),)."""
        known = [self._vocabulary[token] for token in tokens(query) if token in self._vocabulary]
        if self._model is None or not known:
            return np.zeros(len(self.ids), dtype=np.float32)
        scores: npt.NDArray[np.float32] = self._model.get_scores_from_ids(known)
        return scores
