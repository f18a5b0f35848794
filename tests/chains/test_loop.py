"""The loop that the small classifiers share: it learns, each parameter at its own rate, and keeps what was learnt."""

from itertools import pairwise
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from chains.encoder.loop import WEIGHTS, Loop, keep


class Line(nn.Module):
    """A line with a gate that is to stay as it is."""

    def __init__(self) -> None:
        super().__init__()
        self.slope, self.shift = nn.Parameter(torch.zeros(1)), nn.Parameter(torch.zeros(1))
        self.gate = nn.Parameter(torch.ones(1))

    def forward(self, x: Tensor) -> Tensor:
        return self.gate * (self.slope * x + self.shift)


def kind(name: str) -> str | None:
    return None if name == "gate" else "fast" if name == "slope" else "slow"


def trained(steps: int) -> tuple[Line, list[float]]:
    line, losses = Line(), list[float]()
    x = torch.linspace(-1, 1, 20)

    def loss(wanted: Tensor) -> Tensor:
        found = ((line(x) - wanted) ** 2).mean()
        losses.append(float(found.detach()))
        return found

    Loop(line, {"fast": 0.1, "slow": 0.001}, kind, steps, 0.1).epoch([2 * x + 1] * steps, loss)
    return line, losses


def test_it_learns_at_each_kinds_rate_and_leaves_the_rest() -> None:
    line, losses = trained(60)
    assert losses[-1] < 0.6 * losses[0]
    assert line.slope.item() > 10 * line.shift.item() > 0
    assert line.gate.item() == 1.0


def test_the_rate_warms_up_and_runs_out() -> None:
    _, losses = trained(60)
    changes = [abs(after - before) for before, after in pairwise(losses)]
    assert changes[0] < max(changes)
    assert changes[-1] < 0.05 * max(changes)


def test_what_was_learnt_is_readable_by_everybody(tmp_path: Path) -> None:
    keep({"slope": torch.ones(2)}, tmp_path / "new")
    path = tmp_path / "new" / WEIGHTS
    assert load_file(path)["slope"].tolist() == [1.0, 1.0]
    assert path.stat().st_mode & 0o777 == 0o644
