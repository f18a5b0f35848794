"""What the engine needs of a model, whichever library runs it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from chains.llm.attention import Span, Strip

if TYPE_CHECKING:
    import torch


class Runner(Protocol):
    """A causal language model that reads some tokens of many texts in one step. One thread uses it."""

    device: str  # where scores are, by its torch name
    window: int  # tokens of the longest text
    token_bytes: int  # what a token leaves in a strip
    why: str  # which weights run where, and why, as a sentence

    def strip(self, room: int) -> Strip:
        """What remembers a text of up to `room` tokens, for as long as anybody holds it."""

    def step(self, spans: Sequence[Span]) -> torch.Tensor:
        """Scores after the wanted tokens of each span, in their order: (rows, vocabulary). They hold until the next step.

        A span may be read again over what it left before: the same tokens or others, from the same place.
        """
