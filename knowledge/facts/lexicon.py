"""BM25 over words, with Chinese as character n-grams. Knows tokens, not meaning."""

import math
import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import yaml

from knowledge.facts.kept import Arrays
from knowledge.facts.names import Names, names_of

IRREGULAR = Path(__file__).with_name("irregular.yaml")
K1, B = 0.9, 0.4  # BM25: repetition and length say little in short facts (docs/bench.md)
_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+|[a-z0-9]+(?:[-_.'][a-z0-9]+)*")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


@cache
def _irregular() -> dict[str, str]:
    found: dict[str, str] = yaml.safe_load(IRREGULAR.read_text("utf-8"))
    return found


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    from snowballstemmer import stemmer

    return str(stemmer("english").stemWord(_irregular().get(word, word)))


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


def index(ids: Sequence[str], texts: Sequence[str]) -> Arrays:
    """The arrays of a `Lexicon` of passages (100,000 short ones take seconds)."""
    vocabulary: dict[str, int] = {}
    corpus = [[vocabulary.setdefault(token, len(vocabulary)) for token in tokens(text)] for text in texts]
    arrays = names_of(ids, "ids") | names_of(list(vocabulary), "words")
    if not vocabulary:
        nothing = np.zeros(0, dtype=np.int32)
        return arrays | {"starts": np.zeros(1, dtype=np.int32), "passages": nothing, "shares": nothing}
    import bm25s

    model = bm25s.BM25(method="lucene", k1=K1, b=B)
    model.index((corpus, vocabulary), show_progress=False)
    found = model.scores
    return arrays | {"starts": found["indptr"], "passages": found["indices"], "shares": found["data"]}


class Lexicon:
    """A BM25 index of passages."""

    def __init__(self, arrays: Arrays) -> None:
        """`arrays` as `index` made them."""
        self.ids = Names(arrays, "ids")
        self._words = Names(arrays, "words")
        self._starts, self._passages, self._shares = (
            arrays[name] for name in ("starts", "passages", "shares")
        )

    def _information(self, number: int) -> float:
        """The inverse document frequency of a token, as Lucene's BM25 has it; the highest for an unknown one (-1)."""
        passages = len(self.ids)
        seen = 0 if number < 0 else int(self._starts[number + 1] - self._starts[number])
        return math.log(1 + (passages - seen + 0.5) / (seen + 0.5))

    def scores(self, query: str) -> npt.NDArray[np.float32]:
        """BM25 of every passage as a share of all that the query says, 0 to 1, shape (len(ids),).

        A few numbers and names that a question in one language shares with passages in another are a small
        share of it; divided by the best score instead, they would count as much as a perfect match.
        """
        scores = np.zeros(len(self.ids), dtype=np.float32)
        asked = self._words.places(tokens(query))
        if not any(number >= 0 for number in asked):
            return scores
        # as bm25s adds them up, in a third of the time: a passage stands once under each token
        for number in asked:
            if number >= 0:
                part = slice(self._starts[number], self._starts[number + 1])
                scores[self._passages[part]] += self._shares[part]
        return scores / np.float32(sum(self._information(number) for number in asked))


def highest(scores: npt.NDArray[np.float32], count: int) -> list[int]:
    """Where the `count` highest scores above zero stand, best first; of equal ones the first."""
    some = np.flatnonzero(scores > 0)
    if len(some) > count:
        values = scores[some]
        last = np.partition(values, -count)[-count]
        over, equal = some[values > last], some[values == last]
        some = np.concatenate([over, equal[: count - len(over)]])
    found: list[int] = some[np.lexsort((some, -scores[some]))].tolist()
    return found
