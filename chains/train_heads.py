"""Trains the shipped heads, and the difference between the languages' means, anew from their examples: `python -m chains.train_heads` (a minute on two cores).

Run it when `data/intents.jsonl` or `data/sentiment.jsonl` changes; until then a start trains and caches its own.
"""

from pathlib import Path

import numpy as np

from chains.heads import head_key, read_examples, save, train_on
from chains.route import ROUTE_STRENGTH, SENTIMENT_STRENGTH
from knowledge import facts
from knowledge.facts.embeddings import Remembering, open_embedder
from knowledge.languages import detect

JOBS = (
    ("intents", "intents.jsonl", "intent", ROUTE_STRENGTH),
    ("sentiment", "sentiment.jsonl", "label", SENTIMENT_STRENGTH),
)


SHIFT = Path(facts.__file__).with_name("language_shift.npy")


def main() -> None:
    embedder = Remembering(open_embedder("bundled"))
    for name, file, label, strength in JOBS:
        examples = read_examples(file, label)
        head = train_on(examples, embedder, strength=strength)
        target = Path(__file__).with_name("trained") / f"{name}.npz"
        save(head, target, head_key(examples, embedder, strength))
        if name == "intents":
            vectors = embedder.queries([text for text, _ in examples])
            chinese = np.array([detect(text) == "zh" for text, _ in examples])
            np.save(SHIFT, (vectors[chinese].mean(0) - vectors[~chinese].mean(0)).astype(np.float32))
        print(f"{target.name}: {len(examples)} examples, {len(head.labels)} labels")


if __name__ == "__main__":
    main()
