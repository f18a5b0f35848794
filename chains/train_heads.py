"""Trains the shipped heads anew from their examples: `python -m chains.train_heads` (a minute on two cores).

Run it when `data/intents.jsonl` or `data/sentiment.jsonl` changes; until then a start trains and caches its own.
"""

from pathlib import Path

from chains.heads import head_key, read_examples, save, train_on
from chains.route import ROUTE_STRENGTH, SENTIMENT_STRENGTH
from knowledge.facts.embeddings import open_embedder

JOBS = (
    ("intents", "intents.jsonl", "intent", ROUTE_STRENGTH),
    ("sentiment", "sentiment.jsonl", "label", SENTIMENT_STRENGTH),
)


def main() -> None:
    embedder = open_embedder("bundled")
    for name, file, label, strength in JOBS:
        examples = read_examples(file, label)
        head = train_on(examples, embedder, strength=strength)
        target = Path(__file__).with_name("trained") / f"{name}.npz"
        save(head, target, head_key(examples, embedder, strength))
        print(f"{target.name}: {len(examples)} examples, {len(head.labels)} labels")


if __name__ == "__main__":
    main()
