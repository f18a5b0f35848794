"""Is the mood of a text recognised, and is the score honest? Public reviews and the project's own labelled texts.

The head learns chains/data/sentiment.jsonl only; a test text that also stands there is left out and counted.
"""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.embedding_cache import CachedEmbedder
from bench.public_data import Skip, own_messages, two_class_reviews, unseen
from bench.report import Cell, Result, Table
from bench.scores import accuracy, calibration_error, macro_f1
from chains.cues import packaged_cues
from chains.heads import read_examples
from chains.route import Router

REVIEWS = {
    "amazon": ("Amazon, English", "0.820"),
    "yelp": ("Yelp, English", "0.808"),
    "waimai": ("waimai, Chinese", "0.899"),
}
Moods = list[dict[str, float]]


def run() -> Result:
    """Two-class accuracy on public reviews; three-class accuracy, macro-F1 and calibration on the project's own."""
    result = Result("sentiment", "Sentiment")
    embedder = CachedEmbedder()
    with tempfile.TemporaryDirectory() as cache:
        router = Router(embedder, Path(cache), packaged_cues())
        learnt = [text for text, _ in read_examples("sentiment.jsonl", "label")]
        _reviews(result, router, embedder, learnt)
        _own(result, router, learnt)
    result.notes.append(f"Trained on the {len(learnt)} texts of chains/data/sentiment.jsonl alone.")
    return result


def _moods(router: Router, texts: Sequence[str]) -> Moods:
    found = []
    for text in texts:
        scores = router.sentiment(text)["scores"]
        assert isinstance(scores, dict)
        found.append(scores)
    return found


def _reviews(result: Result, router: Router, embedder: CachedEmbedder, learnt: list[str]) -> None:
    rows: list[list[Cell]] = []
    for name, (title, known) in REVIEWS.items():
        try:
            every = two_class_reviews(name)
        except Skip as reason:
            result.notes.append(f"Left out: {reason}.")
            continue
        reviews = [every[n] for n in unseen([text for text, _ in every], learnt)]
        result.notes.append(
            f"{title}: {len(every) - len(reviews)} texts that stand in the examples left out."
        )
        print(f"  {title}: {len(reviews)} texts", file=sys.stderr, flush=True)
        texts, true = [text for text, _ in reviews], [label for _, label in reviews]
        embedder.queries(texts)  # all at once; one by one is slower
        moods = _moods(router, texts)
        said = ["positive" if mood["positive"] > mood["negative"] else "negative" for mood in moods]
        neutral = sum(max(mood, key=lambda label: mood[label]) == "neutral" for mood in moods) / len(moods)
        rows.append([title, len(texts), accuracy(said, true), macro_f1(said, true), neutral, known])
    if rows:
        columns = ["reviews", "texts", "accuracy", "macro-F1", "called neutral", "TF-IDF, trained on them"]
        title = "Two classes: whichever of negative and positive is likelier"
        result.tables.append(Table(title, columns, rows))


def _own(result: Result, router: Router, learnt: list[str]) -> None:
    every = own_messages("sentiment")
    texts = [every[n] for n in unseen([row["text"] for row in every], learnt)]
    result.notes.append(f"tests/data/sentiment.jsonl: {len(every) - len(texts)} such texts left out.")
    moods = _moods(router, [row["text"] for row in texts])
    said = [max(mood, key=lambda label: mood[label]) for mood in moods]
    true = [row["label"] for row in texts]
    groups: dict[str, list[int]] = {"English": [], "Chinese": [], "both": list(range(len(texts)))}
    for number, row in enumerate(texts):
        groups["Chinese" if row["language"] == "zh" else "English"].append(number)
        if kind := row.get("kind"):
            groups.setdefault(f"kind: {kind}", []).append(number)
    rows: list[list[Cell]] = []
    for group, chosen in groups.items():
        right = [said[n] == true[n] for n in chosen]
        own, label = [said[n] for n in chosen], [true[n] for n in chosen]
        error = calibration_error([moods[n][said[n]] for n in chosen], right)
        rows.append([group, len(chosen), accuracy(own, label), macro_f1(own, label), error])
    title = "Three classes: tests/data/sentiment.jsonl (ECE: expected calibration error over ten bins)"
    result.tables.append(Table(title, ["texts", "number", "accuracy", "macro-F1", "ECE"], rows))
