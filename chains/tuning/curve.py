"""Draws the losses of a run as a picture."""

import json
from pathlib import Path


def draw(steps: Path, picture: Path) -> None:
    """A PNG of the training loss (thin, and smoothed) and the validation loss over the steps of a record."""
    from matplotlib.figure import Figure

    lines = [json.loads(line) for line in steps.read_text("utf-8").splitlines()]
    losses = [(line["step"], line["loss"]) for line in lines if "loss" in line]
    looks = [(line["step"], line["eval_loss"]) for line in lines if "eval_loss" in line]
    figure = Figure(figsize=(8, 4.5), dpi=110, layout="constrained")
    axes = figure.add_subplot()
    if losses:
        axes.plot(*zip(*losses, strict=True), color="#9db8d2", linewidth=0.8, label="training, each step")
        axes.plot(
            *zip(*_smooth(losses), strict=True), color="#2b5d8a", linewidth=1.8, label="training, smoothed"
        )
    if looks:
        axes.plot(*zip(*looks, strict=True), color="#c4552d", marker="o", linewidth=1.5, label="validation")
    axes.set(xlabel="step", ylabel="loss, nats a completion token", title="Training the adapter")
    axes.set_ylim(bottom=0)
    axes.grid(alpha=0.25)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False)
    figure.savefig(picture)


def _smooth(points: list[tuple[int, float]], share: float = 0.1) -> list[tuple[int, float]]:
    """Exponential moving average."""
    found: list[tuple[int, float]] = []
    for step, loss in points:
        found.append((step, loss if not found else (1 - share) * found[-1][1] + share * loss))
    return found
