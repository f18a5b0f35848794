"""Keys and values of running texts, and attention over them; knows neither the model around it nor who asks.

Every text has a strip of its own, so that one joins, leaves, waits or is thrown away without a word to the
others, pays for its own length alone, and reads the same numbers whatever else is in the batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

    Block = tuple[torch.Tensor, ...]  # keys and values of some tokens, one tensor a layer


class Strip:
    """Keys and values of one text: for each layer (2 * key heads, room, width), keys first.

    The room is taken at once and never moved. On a CPU the system gives a page when it is first written, so
    that room kept for an answer that ends early costs nothing.
    """

    def __init__(self, room: int) -> None:
        self.room = room
        self.layers: list[torch.Tensor] = []

    def extend(self, layer: int, start: int, fresh: torch.Tensor) -> torch.Tensor:
        """Put `fresh`, (tokens, 2 * key heads, width), at `start`; all up to its end: (2 * key heads, end, width).

        Layers come in order the first time.
        """
        end = start + len(fresh)
        if layer == len(self.layers):
            self.layers.append(fresh.new_empty(fresh.shape[1], self.room, fresh.shape[2]))
        whole = self.layers[layer]
        whole[:, start:end] = fresh.transpose(0, 1)
        return whole[:, :end]

    def copy(self, start: int, end: int) -> Block:
        """What tokens `start` to `end` left here."""
        return tuple(layer[:, start:end].clone() for layer in self.layers)

    def branch(self, read: int) -> Strip:
        """A strip as roomy as this one that holds its first `read` tokens, for a text that begins alike."""
        other = Strip(self.room)
        other.paste(0, self.copy(0, read))
        return other

    def paste(self, start: int, block: Block) -> None:
        """Put back what `copy` took, of this text or of one that begins alike."""
        for number, piece in enumerate(block):
            self.extend(number, start, piece.transpose(0, 1))


@dataclass(frozen=True)
class Span:
    """Tokens of one text that the model reads in one step.

    Attributes:
        strip: holds the keys and values of all tokens before.
        start: the place of the first token in its text.
        tokens: what is read, at least one.
        wanted: after how many of the last tokens scores are asked for.
    """

    strip: Strip
    start: int
    tokens: Sequence[int]
    wanted: int = 1


@dataclass(frozen=True)
class Layout:
    """Spans laid end to end, as the layers of a model see them."""

    spans: Sequence[Span]
    device: str
    _masks: dict[tuple[int, int, int | None], torch.Tensor] = field(default_factory=dict)

    @cached_property
    def ids(self) -> torch.Tensor:
        """The tokens: (tokens,)."""
        return self._integers(token for span in self.spans for token in span.tokens)

    @cached_property
    def positions(self) -> torch.Tensor:
        """The place of each token in its text: (tokens,)."""
        return self._integers(span.start + place for span in self.spans for place in range(len(span.tokens)))

    @cached_property
    def wanted(self) -> torch.Tensor:
        """The tokens after which scores are asked for: (rows,)."""
        ends = accumulate(len(span.tokens) for span in self.spans)
        return self._integers(
            row for span, end in zip(self.spans, ends, strict=True) for row in range(end - span.wanted, end)
        )

    def attend(
        self, layer: int, queries: torch.Tensor, fresh: torch.Tensor, scale: float, window: int | None
    ) -> torch.Tensor:
        """Each token's attention over its own text: (tokens, heads * width of a value).

        Heads that share a key head are laid under each other as queries of that head, so no key is repeated.

        Args:
            queries: (tokens, heads, width).
            fresh: keys and values of these tokens, (tokens, 2 * key heads, width); they go into the strips.
            window: how many tokens a token sees, itself included; None: all before it.
        """
        import torch
        from torch.nn.functional import scaled_dot_product_attention

        width, key_heads = queries.shape[2], fresh.shape[1] // 2
        group = queries.shape[1] // key_heads
        found, at = [], 0
        for number, span in enumerate(self.spans):
            count = len(span.tokens)
            seen = span.strip.extend(layer, span.start, fresh[at : at + count])
            if window is not None:
                seen = seen[:, max(0, span.start + 1 - window) :]
            mine = queries[at : at + count].view(count, key_heads, group, width).permute(1, 2, 0, 3)
            out = scaled_dot_product_attention(
                mine.reshape(1, key_heads, group * count, width),
                seen[None, :key_heads],
                seen[None, key_heads:],
                attn_mask=None if count == 1 else self._mask(number, seen.shape[1], group, window),
                scale=scale,
            )
            found.append(out.view(key_heads, group, count, width).permute(2, 0, 1, 3).reshape(count, -1))
            at += count
        return found[0] if len(found) == 1 else torch.cat(found)

    def _mask(self, number: int, seen: int, group: int, window: int | None) -> torch.Tensor:
        """Which of the `seen` last keys each query of span `number` may look at: (group * tokens, seen)."""
        import torch

        key = (number, seen, window)
        if key not in self._masks:
            count = len(self.spans[number].tokens)
            behind = torch.arange(seen, device=self.device) - torch.arange(
                seen - count, seen, device=self.device
            ).view(-1, 1)
            allowed = behind <= 0 if window is None else (behind <= 0) & (behind > -window)
            self._masks[key] = allowed.repeat(group, 1)
        return self._masks[key]

    def _integers(self, values: object) -> torch.Tensor:
        import torch

        return torch.tensor(list(values), dtype=torch.long, device=self.device)  # type: ignore[call-overload]
