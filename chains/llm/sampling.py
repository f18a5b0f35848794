"""Picks the next token from the scores of the model; it does not know prompts, text or stop strings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

_GROUP = 256


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
    """Draws the tokens of one text. It has its own generator, so that the words depend on the seed alone."""

    def __init__(self, sampling: Sampling, seed: int, device: str) -> None:
        import torch

        self.sampling = sampling
        self._generator = torch.Generator(device=device).manual_seed(seed)

    @property
    def greedy(self) -> bool:
        """Whether the likeliest token by the bare scores is the one that is drawn."""
        return self.sampling.temperature == 0 and self.sampling.repetition_penalty == 1

    def pick(self, scores: torch.Tensor, written: Sequence[int]) -> int:
        """The next token of a text.

        Args:
            scores: (vocabulary,).
            written: the tokens that the text has so far, without its prompt.
        """
        import torch

        scores = self._penalised(scores, written)
        if self.sampling.temperature == 0:
            return int(scores.argmax())
        top, ids = _best(scores, self.sampling.top_k)
        odds = torch.softmax(top / self.sampling.temperature, dim=-1)
        before = odds.cumsum(dim=-1) - odds
        odds = odds.masked_fill(before >= self.sampling.top_p, 0.0)  # the likeliest has 0 before it and stays
        return int(ids[torch.multinomial(odds, 1, generator=self._generator)])

    def _penalised(self, scores: torch.Tensor, written: Sequence[int]) -> torch.Tensor:
        import torch

        penalty = self.sampling.repetition_penalty
        if penalty == 1 or not written:
            return scores
        seen = torch.tensor(sorted(set(written)), dtype=torch.long, device=scores.device)
        values = scores[seen]
        return scores.index_copy(0, seen, torch.where(values > 0, values / penalty, values * penalty))


def _best(scores: torch.Tensor, k: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The `k` highest scores, falling, and their tokens.

    They lie in the `k` groups with the highest peaks; sorting those alone is several times faster.
    """
    k = min(k, len(scores))
    groups, rest = divmod(len(scores), _GROUP)
    if rest or groups <= k:
        top, ids = scores.topk(k)
        return top, ids
    grouped = scores.view(groups, _GROUP)
    chosen = grouped.amax(dim=1).topk(k).indices
    top, places = grouped[chosen].flatten().topk(k)
    return top, chosen[places // _GROUP] * _GROUP + places % _GROUP
