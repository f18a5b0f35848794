"""Trains the shipped heads anew from their examples, and the difference between the languages' means.

    python -m chains.train_heads      (two minutes on two cores)

Run it when `data/intents.jsonl` or `data/sentiment*.jsonl` changes; until then a start trains and caches its own head
of intents, and moods go without theirs.
"""

from pathlib import Path

import numpy as np

from chains.heads import head_key, read_examples, save, train_on
from chains.route import ROUTE_STRENGTH
from chains.sentiment.mood import HEAD, STRENGTH, plain_examples
from knowledge import facts
from knowledge.facts.embeddings import Remembering, open_embedder
from knowledge.languages import detect

SHIFT = Path(facts.__file__).with_name("language_shift.npy")


def main() -> None:
    embedder = Remembering(open_embedder("bundled"))
    examples = read_examples("intents.jsonl", "intent")
    head = train_on(examples, embedder, strength=ROUTE_STRENGTH)
    target = Path(__file__).with_name("trained") / "intents.npz"
    save(head, target, head_key(examples, embedder, ROUTE_STRENGTH))
    vectors = embedder.queries([text for text, _ in examples])
    chinese = np.array([detect(text) == "zh" for text, _ in examples])
    np.save(SHIFT, (vectors[chinese].mean(0) - vectors[~chinese].mean(0)).astype(np.float32))
    print(f"{target.name}: {len(examples)} examples, {len(head.labels)} labels")
    moods = plain_examples()
    save(
        train_on(moods, embedder, strength=STRENGTH),
        target.with_name(f"{HEAD}.npz"),
        head_key(moods, embedder, STRENGTH),
    )
    print(f"{HEAD}.npz: {len(moods)} examples")


if __name__ == "__main__":
    main()
