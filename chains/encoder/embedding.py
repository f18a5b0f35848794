"""Embeds short questions with the encoder that the judge and the mood read with, so that a message is read once for all.

The vectors are those of the bundled embedder to a few parts in ten thousand (its weights, this encoder's rounding), so
they are compared with its passages. Long texts, many at once and passages go to that embedder itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from chains.encoder.backbone import Backbone
from knowledge.facts.embeddings import E5_COSINES, BundledE5, Embedder, Remembering, Vectors
from knowledge.languages import clean

if TYPE_CHECKING:
    from chains.encoder.layers import Upper
    from chains.encoder.texts import Texts

LONGEST = 100  # characters: in no language more pieces than the encoder takes of a question
MOST = 8  # texts at once; more is a training, not a chat


class SharedE5:
    """The bundled embedder's questions, read by the backbone; one may be shared by threads."""

    def __init__(self, inner: Embedder, backbone: Backbone) -> None:
        """`inner` is the bundled embedder, or one that remembers for it."""
        self.name = inner.name
        self.cosines: tuple[float, float] = getattr(inner, "cosines", E5_COSINES)
        self.shift: Vectors | None = getattr(inner, "shift", None)
        self._inner, self._backbone = inner, backbone
        self._loaded: tuple[Texts, Upper] | None = None

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), 384), unit length."""
        return self._inner.passages(texts)

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), 384), unit length."""
        said = [clean(text).strip() for text in texts]
        if not said or len(said) > MOST or not all(0 < len(text) <= LONGEST for text in said):
            return self._inner.queries(texts)
        return self._backbone.alone(lambda: np.stack([self._query(text) for text in said]))

    def _query(self, text: str) -> Vectors:
        import torch

        from chains.encoder.layers import Rows, table_of

        texts, upper = self._ready()
        with torch.inference_mode():
            ((read,), _) = texts.read([text], [])
            tokens = upper.read(Rows(read, *table_of([len(read)])))
            unit: Vectors = torch.nn.functional.normalize(tokens[0].mean(0), dim=0).numpy()
            return unit

    def _ready(self) -> tuple[Texts, Upper]:
        if self._loaded is None:
            from chains.encoder.layers import Upper

            opened = self._backbone.open()
            upper = Upper(opened.file, rank=0)
            opened.ready(upper)
            self._loaded = opened.texts, upper
        return self._loaded


def shared(embedder: Embedder, backbone: Backbone) -> Embedder:
    """What embeds messages: this, remembering, where the embedder is the bundled one, else the embedder itself."""
    return Remembering(SharedE5(embedder, backbone)) if embedder.name == BundledE5.name else embedder
