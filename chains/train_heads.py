"""Trains the shipped heads anew from their examples, and the difference between the languages' means.

    python -m chains.train_heads      (two minutes on two cores)

Run it when `data/intents.jsonl` or `data/sentiment*.jsonl` changes; until then a start trains and caches its own head
of intents, and moods go without theirs.
"""

from pathlib import Path

import numpy as np

from chains.heads import head_key, read_examples, save, train_on
from chains.route import ROUTE_STRENGTH, question_examples, question_stamp
from chains.sentiment.mood import HEAD, STRENGTH, plain_examples
from knowledge import facts
from knowledge.facts.embeddings import Remembering, open_embedder
from knowledge.languages import detect

SHIFT = Path(facts.__file__).with_name("language_shift.npy")


def main() -> None:
    embedder = Remembering(open_embedder("bundled"))
    examples = read_examples("intents.jsonl", "intent")
    folder = Path(__file__).with_name("trained")
    for name, some, made_of in (
        ("intents", examples, examples), ("questions", question_examples(), question_stamp()),
    ):  # fmt: skip
        head = train_on(some, embedder, strength=ROUTE_STRENGTH)
        save(head, folder / f"{name}.npz", head_key(made_of, embedder, ROUTE_STRENGTH))
        print(f"{name}.npz: {len(some)} examples, {len(head.labels)} labels")
    vectors = embedder.queries([text for text, _ in examples])
    chinese = np.array([detect(text) == "zh" for text, _ in examples])
    np.save(SHIFT, (vectors[chinese].mean(0) - vectors[~chinese].mean(0)).astype(np.float32))
    moods = plain_examples()
    save(
        train_on(moods, embedder, strength=STRENGTH),
        folder / f"{HEAD}.npz",
        head_key(moods, embedder, STRENGTH),
    )
    print(f"{HEAD}.npz: {len(moods)} examples")


if __name__ == "__main__":
    main()
