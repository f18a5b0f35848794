"""How good is the adapter on shops it never saw, beside the base it came from, and as served?

Reads the evaluations kept beside the shipped adapter; with MARKETEER_BENCH_ROWS set it makes one anew over so many rows
first (an hour and more for all systems). Each system's rows are named: figures over fewer rows are another sample.
"""

import os
import subprocess
import sys
from pathlib import Path

from bench.public_data import Skip
from bench.report import Cell, Result, Table
from chains.llm.adapters import hash_of, shipped_adapter
from chains.tuning.evaluate import Evaluation
from chains.tuning.metrics import Figure
from chains.tuning.promotion import paired

AIMS = {
    "answer_accuracy_en": "0.90", "answer_accuracy_zh": "0.85", "unsupported_numbers": "under 0.03",
    "unknown_recall": "0.90", "false_unknown": "under 0.08", "language_match": "0.99", "limits_kept": "0.95",
    "copy_coverage": "0.86", "self_bleu": "under 0.5",
}  # fmt: skip
SYSTEMS = "zero,few,tuned,served"


def run() -> Result:
    """A table an evaluation, with what each was aimed at."""
    adapter = shipped_adapter()
    if adapter is None:
        raise Skip("the package carries no adapter")
    if rows := os.environ.get("MARKETEER_BENCH_ROWS"):
        command = [
            sys.executable,
            "-m",
            "bot.cli",
            "evaluate",
            "--adapter",
            str(adapter),
            "--systems",
            SYSTEMS,
        ]
        subprocess.run([*command, "--rows", rows], check=True)
    kept = sorted(adapter.glob("evaluation*.json"), key=lambda path: -Evaluation.read(path).rows)
    if not kept:
        raise Skip("the shipped adapter was not evaluated: run `marketeer evaluate`")
    result = Result("tuning", "The model's adapter on unseen shops")
    result.notes.append(f"Adapter {adapter.name}, sha256 {hash_of(adapter)[:12]}; 95 % intervals.")
    for path in kept:
        _table(result, path)
    return result


def _table(result: Result, path: Path) -> None:
    evaluation = Evaluation.read(path)
    names = list(evaluation.systems)
    metrics = list(dict.fromkeys(metric for one in evaluation.systems.values() for metric in one))
    rows: list[list[Cell]] = [
        [metric.replace("_", " "), AIMS.get(metric, ""), *(_cell(evaluation.systems[name].get(metric)) for name in names)]
        for metric in metrics
    ]  # fmt: skip
    title = f"{evaluation.rows} rows, test set {evaluation.test}, {evaluation.made_at[:10]}"
    result.tables.append(Table(title, ["figure", "aimed at", *names], rows))
    tuned = evaluation.systems.get("tuned", {}).get("answer_accuracy")
    for name in names:
        other = evaluation.systems[name].get("answer_accuracy")
        if name != "tuned" and tuned and other and tuned.each and len(tuned.each) == len(other.each):
            p = paired(tuned.each, other.each)
            result.notes.append(
                f"{evaluation.rows} rows, answers right, {name} against tuned: {other.value:.3f} and {tuned.value:.3f}, "
                f"exact McNemar p {p:.3f}."
            )


def _cell(figure: Figure | None) -> Cell:
    if figure is None or figure.n == 0 or figure.value != figure.value:
        return "–"
    if figure.value > 1.5:
        return f"{figure.value:.1f}"
    return f"{figure.value:.3f} ({figure.low:.3f}–{figure.high:.3f})"
