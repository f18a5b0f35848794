"""Picks the next tokens from the scores of the model; it does not know prompts, text or stop strings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Sampling:
    """How tokens are drawn. `temperature` 0 takes the likeliest token.

    `top_k` then `top_p` cut the tail (Holtzman et al. 2020, arXiv 1904.09751), in the order and with
    the meaning they have in transformers. `repetition_penalty` is that of CTRL (arXiv 1909.05858)
    over the tokens written so far; the prompt is not counted, since an answer copies from its facts.
    """

    temperature: float = 0.7
    top_p: float = 0.95
    top_k: int = 64
    repetition_penalty: float = 1.0

    def __post_init__(self) -> None:
        if self.temperature < 0 or not 0 < self.top_p <= 1 or self.top_k < 1 or self.repetition_penalty <= 0:
            raise ValueError(f"sampling out of range: {self}")


class Sampler:
    """Draws one token a row. Each variant has its own generator, so that its words depend on its seed alone."""

    def __init__(self, sampling: Sampling, seeds: Sequence[int], device: str) -> None:
        import torch

        self.sampling = sampling
        self.generators = [torch.Generator(device=device).manual_seed(seed) for seed in seeds]

    def pick(
        self, logits: torch.Tensor, variants: Sequence[int], written: Sequence[Sequence[int]]
    ) -> list[int]:
        """The next token of each row.

        Args:
            logits: (rows, vocabulary), any float type.
            variants: which variant each row is.
            written: the tokens each variant has so far, indexed by variant.
        """
        import torch

        scores = logits.float()
        penalty = self.sampling.repetition_penalty
        if penalty != 1.0:
            for row, variant in enumerate(variants):
                seen = torch.tensor(sorted(set(written[variant])), dtype=torch.long, device=scores.device)
                values = scores[row, seen]
                scores[row, seen] = torch.where(values > 0, values / penalty, values * penalty)
        if self.sampling.temperature == 0:
            return [int(token) for token in scores.argmax(dim=-1).tolist()]
        top, ids = scores.topk(min(self.sampling.top_k, scores.shape[-1]), dim=-1)
        odds = torch.softmax(top / self.sampling.temperature, dim=-1)
        before = odds.cumsum(dim=-1) - odds
        odds = odds.masked_fill(before >= self.sampling.top_p, 0.0)  # the likeliest has 0 before it and stays
        return [
            int(ids[row, torch.multinomial(odds[row], 1, generator=self.generators[variant])])
            for row, variant in enumerate(variants)
        ]
