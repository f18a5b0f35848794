"""The labelled questions: reads them and varies them for training; it splits and trains nothing."""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

DATA = Path(__file__).parents[1] / "data"
_CJK = re.compile(r"[一-鿿]")
_PUNCTUATION = re.compile(r"[\s?？!！。.,，、~～]+$")
BRAND_CHARS = "云岚青禾星澜沐川乐屿白榆知夏远山木棉北辰南枝小野晴空松果海棠拾光安和明月清溪橙子竹里半夏"
SYLLABLES = (
    "ka",
    "lo",
    "mi",
    "ver",
    "tan",
    "so",
    "ri",
    "bel",
    "nor",
    "dax",
    "qui",
    "zem",
    "fla",
    "gor",
    "hal",
    "wen",
)


@dataclass(frozen=True)
class Line:
    """A customer's question, what the shop knows, and which of it answers."""

    shop: str
    question: str
    facts: tuple[str, ...]
    answers: frozenset[int]
    near: frozenset[int] = frozenset()
    """Facts that tempt and answer nothing."""
    alike: frozenset[int] = frozenset()
    """Other facts that have letters of the question, or of what answers it."""

    @property
    def language(self) -> str:
        """en, zh, or cross when question and facts differ."""
        question = bool(_CJK.search(self.question))
        facts = sum(bool(_CJK.search(fact)) for fact in self.facts) * 2 > len(self.facts)
        return ("zh" if facts else "en") if question == facts else "cross"


def load(folder: Path = DATA) -> list[Line]:
    """Every line of answerable_*.jsonl, in the order of the files; a shop is named by its file and trade."""
    lines = []
    for path in sorted(folder.glob("answerable_*.jsonl")):
        for text in path.read_text("utf-8").splitlines():
            row = json.loads(text)
            lines.append(
                Line(
                    f"{path.stem.removeprefix('answerable_')}-{row['shop']}",
                    row["question"],
                    tuple(row["facts"]),
                    frozenset(row.get("answers") or ()),
                )
            )
    return lines


def load_pools(folder: Path = DATA) -> list[Line]:
    """Every question of pools_*.jsonl with all statements of its shop, some fifty, as when serving."""
    lines = []
    for path in sorted(folder.glob("pools_*.jsonl")):
        for text in path.read_text("utf-8").splitlines():
            row = json.loads(text)
            for asked in row["questions"]:
                marked = frozenset(asked["answers"]), frozenset(asked["near"])
                lines.append(Line(f"{path.stem}-{row['shop']}", asked["text"], tuple(row["facts"]), *marked))
    return lines


def stamp(folder: Path = DATA) -> str:
    """A digest of the files of labelled questions, which is told without reading what they say."""
    digest = hashlib.sha256()
    for path in sorted([*folder.glob("answerable_*.jsonl"), *folder.glob("pools_*.jsonl")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:24]


def names(facts: Iterable[str]) -> list[str]:
    """The products the facts are about, each once."""
    return list(dict.fromkeys(fact.split(" - ")[0] for fact in facts if " - " in fact))


def _invented(chance: random.Random, chinese: bool) -> str:
    if chinese:
        return "".join(chance.sample(BRAND_CHARS, 2))
    return "".join(chance.sample(SYLLABLES, chance.choice((2, 3)))).capitalize()


def _renamed(line: Line, chance: random.Random) -> Line:
    changes: dict[str, str] = {}
    for name in names(line.facts):
        if _CJK.search(name):
            brand = name.strip("《》")[:2] if len(name.strip("《》")) >= 4 else ""
        else:
            brand = name.split()[0]
        if len(brand) >= 2:
            changes.setdefault(brand, _invented(chance, bool(_CJK.search(brand))))
    question, facts = line.question, list(line.facts)
    for old, new in changes.items():
        pattern = re.compile(re.escape(old) if _CJK.search(old) else rf"\b{re.escape(old)}\b", re.IGNORECASE)
        question = pattern.sub(new, question)
        facts = [pattern.sub(new, fact) for fact in facts]
    return replace(line, question=question, facts=tuple(facts))


def mistyped(text: str, chance: random.Random) -> str:
    """A letter doubled, dropped or swapped with the next; in Chinese the marks go."""
    if _CJK.search(text):
        return re.sub(r"[，。？！?!]", "", text) or text
    places = [i for i in range(1, len(text) - 2) if text[i : i + 2].isalpha()]
    if len(text) < 8 or not places:
        return text
    at = chance.choice(places)
    here, after = text[at], text[at + 1]
    return text[:at] + chance.choice((here * 2 + after, after, after + here)) + text[at + 2 :]


def varied(line: Line, strangers: Sequence[Line], most: int, chance: random.Random) -> Line:
    """The line as training sees it: at most `most` facts, names, typing and company changed now and then.

    A fact of a stranger is of another trade and has no label of this line's facts, so it answers nothing here.
    """
    if chance.random() < 0.4:
        line = _renamed(line, chance)
    question, own = line.question, names(line.facts)
    if chance.random() < 0.15:
        for name in own:
            question = question.replace(name, "这个" if _CJK.search(name) else "it")
    if chance.random() < 0.25:
        question = _PUNCTUATION.sub("", question)
    if chance.random() < 0.25:
        question = question.lower()
    if chance.random() < 0.1:
        question = mistyped(question, chance)
    facts = list(line.facts)
    if len(own) == 1 and chance.random() < 0.15:
        facts = [fact.removeprefix(f"{own[0]} - ") for fact in facts]
    answers = sorted(line.answers)
    if answers and chance.random() < 0.15:
        answers = []  # without its facts the question has no answer
    others = [i for i in range(len(facts)) if i not in line.answers]
    chance.shuffle(others)
    # those that tempt first, then mostly what is alike
    others.sort(key=lambda i: 0 if i in line.near else 1 + (i not in line.alike or chance.random() < 0.3))
    kept = [(facts[i], True) for i in answers] + [(facts[i], False) for i in others[: most - len(answers)]]
    if chance.random() < 0.3:
        stranger = chance.choice(strangers)
        fact = chance.choice(stranger.facts)
        labels = {_label(f) for f in line.facts}
        if stranger.shop != line.shop and _label(fact) not in labels | {"price", "价格", ""}:
            kept.append((fact, False))
    if not kept:
        kept = [(facts[0], 0 in line.answers)]
    chance.shuffle(kept)
    return Line(
        line.shop,
        question,
        tuple(fact for fact, _ in kept),
        frozenset(i for i, (_, right) in enumerate(kept) if right),
    )


def _label(fact: str) -> str:
    head, colon, _ = fact.split(" - ")[-1].replace("：", ":").partition(":")
    return head.strip().lower() if colon else ""
