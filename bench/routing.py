"""Is a message's intent recognised? The method on banking77, the shipped examples on the project's own messages.

Knows nothing of what is done with an intent.
"""

import tempfile
from pathlib import Path

import numpy as np

from bench.embedding_cache import CachedEmbedder
from bench.public_data import Skip, banking77, own_messages, unseen
from bench.report import Cell, Result, Table
from bench.scores import accuracy, macro_f1, precision_recall
from chains.cues import packaged_cues
from chains.heads import head_for, read_examples, train_on
from chains.route import ROUTE_STRENGTH, Router
from chains.sentiment.mood import Moods
from knowledge.principal import Principal


def run() -> Result:
    """Accuracy of head and route by language, precision and recall by intent."""
    result = Result("routing", "Intents")
    embedder = CachedEmbedder()
    try:
        _banking(result, embedder)
    except Skip as reason:
        result.notes.append(f"Left out: {reason}.")
    for name in ("messages", "messages_hard"):
        _own(result, embedder, name)
    return result


def _banking(result: Result, embedder: CachedEmbedder) -> None:
    learnt, asked = banking77("train"), banking77("test")
    head = train_on(learnt, embedder, strength=ROUTE_STRENGTH)
    probabilities = head.probabilities(embedder.queries([text for text, _ in asked]))
    said = [head.labels[n] for n in probabilities.argmax(axis=1)]
    true = [label for _, label in asked]
    rows: list[list[Cell]] = [["linear head on the embedding", accuracy(said, true), macro_f1(said, true)]]
    rows.append(["TF-IDF and logistic regression (data README)", 0.908, "-"])
    title = f"banking77: {len(learnt)} messages to train on, {len(asked)} to test, {len(head.labels)} intents"
    result.tables.append(Table(title, ["method", "accuracy", "macro-F1"], rows))


def _own(result: Result, embedder: CachedEmbedder, name: str) -> None:
    every = own_messages(name)
    examples = read_examples("intents.jsonl", "intent")
    learnt = [text for text, _ in examples]
    messages = [every[n] for n in unseen([row["text"] for row in every], learnt)]
    result.notes.append(
        f"{len(every) - len(messages)} of {len(every)} messages of tests/data/{name}.jsonl stand in "
        "chains/data/intents.jsonl too and are left out."
    )
    true = [row["intent"] for row in messages]
    with tempfile.TemporaryDirectory() as cache:
        head = head_for("intents", examples, embedder, Path(cache), strength=ROUTE_STRENGTH)
        router = Router(embedder, Path(cache), packaged_cues(), Moods(embedder))
        vectors = embedder.queries([row["text"] for row in messages])
        by_head = [head.labels[n] for n in head.probabilities(vectors).argmax(axis=1)]
        by_route = []
        for row in messages:
            principal = Principal("marketer" if row["as"] == "marketer" else "customer")
            by_route.append(router.route(row["text"], principal).intent)
    languages = np.array([row["language"] for row in messages])
    rows: list[list[Cell]] = []
    for name, said in (("head alone", by_head), ("route with rules", by_route)):
        line: list[Cell] = [name]
        for language in ("en", "zh", None):
            chosen = np.flatnonzero(languages == language) if language else np.arange(len(messages))
            line.append(accuracy([said[n] for n in chosen], [true[n] for n in chosen]))
        rows.append([*line, macro_f1(said, true)])
    counts = f"{int((languages == 'en').sum())} English, {int((languages == 'zh').sum())} Chinese"
    title = f"tests/data/{name}.jsonl ({counts}), from {len(examples)} examples in chains/data/intents.jsonl"
    result.tables.append(Table(title, ["method", "English", "Chinese", "both", "macro-F1"], rows))
    by_intent: list[list[Cell]] = [
        [label, true.count(label), *precision_recall(label, by_route, true)] for label in sorted(set(true))
    ]
    result.tables.append(
        Table(
            f"{name}: by intent, route with rules", ["intent", "messages", "precision", "recall"], by_intent
        )
    )
