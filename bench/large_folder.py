"""Fills a data folder with 100,000 facts of a generated catalogue, each with a vector near those of real texts.

Writes rows and vectors as an import does, but reads no files: how fast an import is, `bench ingest` says. Run as a
program it fills the folder it is given, so that building has a process and a peak of memory of its own.
"""

import csv
import json
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from bench.public_data import ROOT, Skip
from knowledge.crm.database import Database
from knowledge.crm.sources import Fact
from knowledge.facts.embeddings import BundledE5, Vectors
from knowledge.facts.store import VectorStore
from knowledge.languages import detect
from knowledge.principal import CUSTOMER, INTERNAL, PUBLIC

SHOPS = ROOT / "tests" / "shops"
NAMED = ("bikes", "cloudrest", "halfstop", "music_store", "outdoor", "pharmacy_beauty", "plants", "toys")
"""Whose texts: a shop that comes later must not change what a folder filled before holds."""
FACTS = 100_000
TOPICS = 400  # texts embedded in earnest
SHARES = ((PUBLIC, 0.8), (INTERNAL, 0.1), (CUSTOMER, 0.1))
NOTES_EACH = 4  # facts of one customer
AWAY, OTHER = 0.3, 0.3  # how far a vector lies from its topic's: at random, and towards another topic's
PART = 2_000


@dataclass(frozen=True)
class Made:
    """A part of the generated facts, row by row."""

    ids: list[str]
    scopes: list[str]
    languages: list[str]
    texts: list[str]
    vectors: Vectors


def topics() -> list[str]:
    """Sentences of the named test shops' products and questions, TOPICS of them, evenly taken."""
    found: list[str] = []
    files = [
        path for name in NAMED for kind in ("products", "faq") for path in (SHOPS / name).glob(f"{kind}*.csv")
    ]
    for path in sorted(files):
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as handle:
            for row in csv.DictReader(handle):
                cells = [row.get(name) for name in ("name", "description", "question", "answer")]
                said = " ".join(cell.strip() for cell in cells if isinstance(cell, str) and cell.strip())
                found.append(said[:200])
    found = list(dict.fromkeys(text for text in found if len(text) > 12))
    if len(found) < TOPICS:
        raise Skip(f"{SHOPS} holds {len(found)} texts, {TOPICS} are needed")
    return [found[int(n * len(found) / TOPICS)] for n in range(TOPICS)]


def generated(count: int, texts: list[str], known: Vectors) -> Iterator[Made]:
    """The facts in parts: a topic's words shortened and mixed with another's, and a vector near the topic's."""
    dice, noise = Random(14), np.random.default_rng(14)
    spoken = ["zh" if detect(text) == "zh" else "en" for text in texts]
    same = {code: [n for n, each in enumerate(spoken) if each == code] for code in ("en", "zh")}
    for start in range(0, count, PART):
        size = min(PART, count - start)
        first = [dice.randrange(len(texts)) for _ in range(size)]
        second = [dice.choice(same[spoken[n]]) for n in first]
        away = noise.normal(size=(size, known.shape[1])).astype(np.float32)
        away *= AWAY / np.linalg.norm(away, axis=1, keepdims=True)
        near = noise.uniform(0, OTHER, size=(size, 1)).astype(np.float32)
        vectors = known[first] + near * known[second] + away
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        made = Made([], [], [], [], vectors)
        for n in range(size):
            number = start + n
            made.ids.append(f"product:SKU-{number}:{spoken[first[n]]}/0@{number:012x}")
            made.scopes.append(_scope(number))
            made.languages.append(spoken[first[n]])
            made.texts.append(_mixed(texts[first[n]], texts[second[n]], spoken[first[n]], dice))
        yield made


def _scope(number: int) -> str:
    """Scopes in the shares of SHARES, mixed evenly; customers' facts NOTES_EACH at a time."""
    turn = number % 10
    if turn < 8:
        return PUBLIC
    return INTERNAL if turn == 8 else f"{CUSTOMER}C-{number // 10 // NOTES_EACH}"


def _mixed(one: str, other: str, language: str, dice: Random) -> str:
    if language == "zh":
        return one[: dice.randint(12, 80)] + other[: dice.randint(4, 20)] + f"，{dice.randrange(900)}克"
    words = one.split()[: dice.randint(5, 20)] + other.split()[: dice.randint(2, 6)]
    return " ".join(words) + f", {dice.randrange(900)} g"


def fill(folder: Path, count: int = FACTS) -> dict[str, Any]:
    """Write the facts; seconds for rows and for vectors, and the most memory held."""
    embedder = BundledE5()
    texts = topics()
    known = embedder.passages(texts)
    database = Database.in_folder(folder)
    database.migrate()
    store = VectorStore(folder / "chroma", embedder.name)
    spent = {"rows": 0.0, "vectors": 0.0}
    for made in generated(count, texts, known):
        began = time.perf_counter()
        store.put(made.ids, made.scopes, made.languages, made.vectors)
        between = time.perf_counter()
        with database.writing() as session:
            for name, scope, language, text in zip(
                made.ids, made.scopes, made.languages, made.texts, strict=True
            ):
                entity = name.partition("/")[0]
                session.add(
                    Fact(id=name, kind="product", entity=entity, scope=scope, language=language, text=text)
                )
        spent["vectors"] += between - began
        spent["rows"] += time.perf_counter() - between
    np.save(folder / "topics.npy", known)
    store.close()
    database.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {name: round(seconds) for name, seconds in spent.items()} | {"peak_mb": peak}


if __name__ == "__main__":
    print(json.dumps(fill(Path(sys.argv[1]), int(sys.argv[2]))))
