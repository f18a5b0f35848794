"""Fits how the judge's and the reader's opinions become one, and measures what the second reading brings.

    python -m chains.relevance.second --adapter DIR [--cache DIR] [--out FILE]

Fitted by logistic regression on the lines of the validation and test shops, which neither learnt from; measured on
whole shops of fifty statements, which neither saw. Writes weights/reader.json. It serves nobody.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from platformdirs import user_cache_path

from chains.llm.local import LocalChatModel
from chains.llm.opening import open_model
from chains.relevance.examples import Line, load
from chains.relevance.judge import Judge
from chains.relevance.reader import READ, WEIGHTS, WORTH, Reader, Weighed, combined, log_odds
from chains.relevance.train import best_threshold, by_language, pools_by_part
from chains.tuning.shops import part_of

Scores = list[float]


def opinions(lines: Sequence[Line], judge: Judge, reader: Reader) -> list[tuple[Scores, dict[int, float]]]:
    """The judge's probability of every fact of each line, and the reader's log odds of those it is shown."""
    found = []
    for line in lines:
        first = judge.scores(line.question, line.facts)
        best = sorted(range(len(first)), key=lambda i: -first[i])[:READ]
        best = [i for i in best if first[i] >= WORTH]
        odds = reader.odds(line.question, [line.facts[i] for i in best]) if best else []
        if odds is None:
            raise SystemExit("the reader gave no opinion")
        found.append((first, dict(zip(best, odds, strict=True))))
    return found


def fitted(lines: Sequence[Line], said: Sequence[tuple[Scores, dict[int, float]]]) -> Weighed:
    """The weights under which the facts that were read twice are told best."""
    from sklearn.linear_model import LogisticRegression

    pairs = [
        (log_odds(first[i]), odd, i in line.answers)
        for line, (first, odds) in zip(lines, said, strict=True)
        for i, odd in odds.items()
    ]
    model = LogisticRegression(C=10.0).fit(
        [(judge, odd) for judge, odd, _ in pairs], [right for *_, right in pairs]
    )
    (judge, reader), shift = model.coef_[0], model.intercept_[0]
    return Weighed(*(round(float(value), 4) for value in (judge, reader, shift)))


def main() -> None:
    """Reads, fits, measures, writes."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--adapter", type=Path, required=True)
    options.add_argument("--cache", type=Path, default=user_cache_path("marketeer"))
    options.add_argument("--out", type=Path, default=WEIGHTS)
    chosen = options.parse_args()
    model = open_model("bundled", cache=chosen.cache, adapter=chosen.adapter)
    assert isinstance(model, LocalChatModel)
    judge, reader = Judge(), Reader(lambda: model)
    apart = [line for line in load() if part_of(line.shop) != "train"]
    pools = pools_by_part()["test"]
    started = time.perf_counter()
    known = opinions(apart, judge, reader)
    weights = fitted(apart, known)
    shown = opinions(pools, judge, reader)
    seconds = time.perf_counter() - started

    def measured(score: Callable[[Scores, dict[int, float]], Scores]) -> dict[str, Any]:
        check = [np.array(score(*one)) for one in known]
        cut = best_threshold(check, apart)
        return by_language([np.array(score(*one)) for one in shown], pools, cut) | {
            "threshold": round(cut, 3)
        }

    metrics = {
        "weights": asdict(weights),
        "lines": {"fitted on": len(apart), "measured on": len(pools)},
        "judge": measured(lambda first, _: first),
        "both": measured(lambda first, odds: combined(first, odds, weights)),
        "seconds a line, both": round(seconds / (len(apart) + len(pools)), 3),
    }
    chosen.out.write_text(json.dumps(metrics, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(json.dumps(metrics, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
