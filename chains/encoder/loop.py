"""The loop that trains small classifiers on the encoder: parameter groups, warm-up and cosine, clipped steps, a line now
and then. It knows neither the examples nor what is to be learnt from them: a batch goes to the loss as it comes."""

import math
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from statistics import fmean
from typing import TypeVar

import torch
from safetensors.torch import save_file
from torch import Tensor

Batch = TypeVar("Batch")
WEIGHTS = "weights.safetensors"
_DECAY, _LONGEST, _EVERY = 0.01, 1.0, 25


class Loop:
    """Trains a model in place, epoch after epoch, over `steps` steps in all."""

    def __init__(
        self, model: torch.nn.Module, rates: Mapping[str, float], kind: Callable[[str], str | None],
        steps: int, warmup: float,
    ) -> None:  # fmt: skip
        """`kind` tells by a parameter's name whose of the `rates` it learns at; None leaves it as it is. `warmup` is a
        share of the steps."""
        groups: dict[str, list[Tensor]] = {name: [] for name in rates}
        for name, parameter in model.named_parameters():
            if parameter.requires_grad and (found := kind(name)) is not None:
                groups[found].append(parameter)
        self._model, self._steps, self._done = model, steps, 0
        self._optimizer = torch.optim.AdamW(
            [{"params": some, "lr": rates[name]} for name, some in groups.items()], weight_decay=_DECAY
        )
        self._schedule = torch.optim.lr_scheduler.LambdaLR(
            self._optimizer, lambda step: min(1.0, (step + 1) / (warmup * steps)) * _cosine(step / steps)
        )
        self._losses: deque[float] = deque(maxlen=_EVERY)
        self._started = time.monotonic()

    def epoch(self, batches: Iterable[Batch], loss_of: Callable[[Batch], Tensor]) -> None:
        """A step a batch."""
        self._model.train()
        for batch in batches:
            loss = loss_of(batch)
            self._optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(self._model.parameters(), _LONGEST)
            self._optimizer.step()
            self._schedule.step()
            self._losses.append(float(loss.detach()))
            self._done += 1
            if self._done % _EVERY == 0:
                seconds = time.monotonic() - self._started
                print(
                    f"step {self._done}/{self._steps} loss {fmean(self._losses):.3f} {seconds:.0f}s",
                    flush=True,
                )


def _cosine(share: float) -> float:
    return 0.5 + 0.5 * math.cos(math.pi * min(1.0, share))


def keep(learnt: dict[str, Tensor], folder: Path) -> None:
    """Writes what learned into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / WEIGHTS
    save_file(learnt, path)
    path.chmod(0o644)  # safetensors leaves it to its owner alone
