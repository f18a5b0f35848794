"""Runs one prompt through the model, a step a token, for all its variants at once; it knows no queue.

The prompt is read once; its cache is then repeated for each variant, and a variant that has ended
leaves the batch. The loop is a generator, so that the engine can turn to another chat between steps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from chains.llm.sampling import Sampler
from chains.llm.text_stream import TextStream

if TYPE_CHECKING:
    import torch

PREFILL_CHUNK = 512  # tokens of a prompt read in one step: about half a second on two cores

FinishReason = Literal["stop", "length", "cancelled"]


@dataclass(frozen=True)
class Piece:
    """New text of one variant; the last one of a variant carries why it ended."""

    variant: int
    text: str
    finish_reason: FinishReason | None = None


def decode(
    model: Any,
    prompt: list[int],
    streams: list[TextStream],
    sampler: Sampler,
    *,
    max_new_tokens: int,
    eos: set[int],
) -> Iterator[list[Piece]]:
    """Yield the pieces of each step; steps that only read the prompt yield an empty list.

    Args:
        model: a causal language model of transformers, in evaluation mode.
        prompt: the token ids of the prompt, beginning-of-text included.
        streams: one for each variant; they end up holding the tokens and the text.
        eos: tokens that end a text and are not part of it.
    """
    import torch
    from transformers import DynamicCache

    with torch.inference_mode():
        cache = DynamicCache(config=model.config)
        for start in range(0, len(prompt), PREFILL_CHUNK):
            if start:
                yield []
            chunk = torch.tensor([prompt[start : start + PREFILL_CHUNK]], device=model.device)
            logits = _forward(model, chunk, cache)
        rows = list(range(len(streams)))
        if len(rows) > 1:
            cache.batch_repeat_interleave(len(rows))
            logits = logits.expand(len(rows), -1).clone()
        while True:
            tokens = sampler.pick(logits, rows, [stream.tokens for stream in streams])
            pieces, staying = [], []
            for place, (variant, token) in enumerate(zip(rows, tokens, strict=True)):
                piece = _advance(variant, streams[variant], token, max_new_tokens, eos)
                pieces.append(piece)
                if piece.finish_reason is None:
                    staying.append(place)
            yield pieces
            if not staying:
                return
            if len(staying) < len(rows):
                cache.batch_select_indices(torch.tensor(staying, device=model.device))
                rows = [rows[place] for place in staying]
            column = torch.tensor([[streams[variant].tokens[-1]] for variant in rows], device=model.device)
            logits = _forward(model, column, cache)


def _forward(model: Any, ids: torch.Tensor, cache: Any) -> torch.Tensor:
    """The scores after the last token of each row: (rows, vocabulary)."""
    scores: torch.Tensor = model(
        input_ids=ids, past_key_values=cache, use_cache=True, logits_to_keep=1
    ).logits
    return scores[:, -1]


def _advance(variant: int, stream: TextStream, token: int, limit: int, eos: set[int]) -> Piece:
    if token in eos:
        return Piece(variant, stream.finish(), "stop")
    text = stream.push(token)
    if stream.stopped:
        return Piece(variant, text, "stop")
    if len(stream.tokens) >= limit:
        return Piece(variant, text + stream.finish(), "length")
    return Piece(variant, text)
