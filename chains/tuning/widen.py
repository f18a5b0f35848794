"""Widens examples: other names, other numbers, other distractors, typos, facts taken away; writes no new reply.

What is changed is changed everywhere in the row, so that the reply still stands in its facts: a model that saw one
price a thousand times learns the price, one that sees a thousand prices learns to copy. Knows nothing of training.
"""

import random
import re
from collections import defaultdict
from collections.abc import Callable, Sequence

from chains.guard.claims import values_in
from chains.relevance.examples import BRAND_CHARS, SYLLABLES, mistyped
from chains.tuning.clean import copy_faults, unfounded
from chains.tuning.rows import Row
from knowledge.facts.lexicon import tokens

MOST_FACTS = 6
_NUMBER = re.compile(r"(?<![\w.,:/-])\d+(?:[.,]\d+)?(?![\w:/-]*\d)")
_LOGIC = re.compile(r"\d|半|两|双|half|twice|both|a week|month|一|二|三|四|五|六|七|八|九|十")
_UNKNOWN = {
    "en": (
        "That isn't in my notes, sorry.", "I don't have that written down.", "Our files don't say, I'm afraid.",
        "I can't tell you that; it isn't recorded here.", "I don't know that one.", "Nothing here says so either way.",
    ),
    "zh": ("这个资料里没有写。", "抱歉，这一点我这边没有记录。", "这个我不清楚，资料里没提。", "这边查不到这一项。",
           "没有写明，我不能乱说。", "这点暂时没有资料。"),
}  # fmt: skip


def widened(rows: Sequence[Row], most: int, seed: int) -> list[Row]:
    """Up to `most` variations of the answers among `rows`, each of another row as far as they reach."""
    chance = random.Random(seed)
    answers = [row for row in rows if row.task == "answer" and row.uses is not None]
    strangers: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in answers:
        strangers[row.shop, _script(row)] += row.facts
    found: list[Row] = []
    while answers and len(found) < most:
        chance.shuffle(answers)
        made = [varied for row in answers if (varied := _varied(row, strangers, chance)) is not None]
        if not made:
            break
        found += made[: most - len(found)]
    return found


def redrawn(row: Row, strangers: Sequence[str], chance: random.Random) -> Row:
    """The row with 1 to 6 facts in a new order: those that answer, and others of the row and its shop."""
    assert row.uses is not None
    kept = [row.facts[i] for i in row.uses][:MOST_FACTS]
    names = {_subject(fact) for fact in kept}
    told = set(tokens(row.reply)) - set(tokens(" ".join(kept)))
    own = [fact for i, fact in enumerate(row.facts) if i not in row.uses]
    leaned = [
        fact for fact in own if kept and told & set(tokens(_stated(fact)))
    ]  # the reply has words of it too
    others = [fact for fact in own if fact not in leaned]
    far = [fact for fact in dict.fromkeys(strangers) if fact not in row.facts and _subject(fact) not in names]
    stay = [*kept, *leaned][:MOST_FACTS]
    room = chance.randint(max(1, len(stay)), MOST_FACTS) - len(stay)
    if not kept:  # what makes it unknown is that the near facts don't answer: they stay
        drawn = others[:MOST_FACTS]
    else:
        near = chance.sample(others, min(room, len(others)))
        drawn = near + chance.sample(far, min(len(far), max(0, min(room - len(near), 2))))
    facts = [*stay, *drawn]
    chance.shuffle(facts)
    return row.model_copy(
        update={"facts": tuple(facts), "uses": tuple(sorted(facts.index(one) for one in kept))}
    )


def recast(rows: Sequence[Row], seed: int) -> list[Row]:
    """Each piece of copy once more with other numbers and names, where it still keeps its channel's limits."""
    chance = random.Random(seed)
    found = []
    for row in (row for row in rows if row.task == "copy"):
        other = renamed(_everywhere(row, _renumber(chance)), chance)
        if other != row and not unfounded(other) and copy_faults(other, other.reply) is None:
            found.append(other)
    return found


def _varied(row: Row, strangers: dict[tuple[str, str], list[str]], chance: random.Random) -> Row | None:
    """One variation, or None where the row lends itself to none."""
    if row.uses and chance.random() < 0.12 and len(row.facts) >= 3:
        return _without_answer(row, chance)
    varied = renamed(renumbered(redrawn(row, strangers[row.shop, _script(row)], chance), chance), chance)
    if chance.random() < 0.25:
        varied = varied.model_copy(update={"question": mistyped(varied.question, chance)})
    return varied if varied != row and unfounded(varied) <= unfounded(row) else None


def _without_answer(row: Row, chance: random.Random) -> Row:
    """The same question with the facts that answer it taken away."""
    assert row.uses is not None
    others = tuple(fact for i, fact in enumerate(row.facts) if i not in row.uses)
    if not others or row.history:
        return row
    update = {"facts": others, "uses": (), "reply": chance.choice(_UNKNOWN[row.language])}
    return row.model_copy(update=update)


def renumbered(row: Row, chance: random.Random) -> Row:
    """Other numbers of the same shape, the same everywhere; only where nothing is compared or reckoned with."""
    asked = " ".join([row.question, *(text for _, text in row.history)])
    in_facts = set().union(*(values_in(fact) for fact in row.facts)) if row.facts else set()
    if (
        row.unknown
        or _LOGIC.search(asked)
        or not values_in(row.reply) <= in_facts
        or row.reply[:3].lower() in ("yes", "no,", "no.")
    ):
        return row
    return _everywhere(row, _renumber(chance))


def _renumber(chance: random.Random) -> Callable[[str], str]:
    """Swaps numbers, each for the same one wherever it stands."""
    new: dict[str, str] = {}

    def other(match: re.Match[str]) -> str:
        return new.setdefault(match[0], _other_number(match[0], chance))

    return lambda text: _NUMBER.sub(other, text)


def _other_number(text: str, chance: random.Random) -> str:
    whole, point, part = re.fullmatch(r"(\d+)([.,]?)(\d*)", text).groups()  # type: ignore[union-attr]
    if (point == "," and len(part) == 3) or len(whole) > 4 or 1900 <= int(whole) <= 2100:
        return text
    low, high = (1, 9) if len(whole) == 1 else (10 ** (len(whole) - 1), 10 ** len(whole) - 1)
    round_ = (
        10 if len(whole) > 1 and whole.endswith("0") else 5 if len(whole) > 1 and whole.endswith("5") else 1
    )
    made = max(low, chance.randint(low, high) // round_ * round_)
    return f"{made}{point}{''.join(str(chance.randint(1, 9)) for _ in part)}"


def renamed(row: Row, chance: random.Random) -> Row:
    """Another invented name for each thing the facts are about, the same everywhere it is named whole or in part."""
    changed = row
    for subject in dict.fromkeys(_subject(fact) for fact in row.facts):
        if not subject:
            continue
        if re.search(r"[\u4e00-\u9fff]", subject):
            head = re.match(r"[\u4e00-\u9fff]{2}", subject)
            texts = [*changed.facts, changed.question, changed.reply, *(text for _, text in changed.history)]
            if (
                head is None
                or len(subject) < 4
                or any(head[0] in text.replace(subject, "") for text in texts)
            ):
                continue
            new = "".join(chance.sample(BRAND_CHARS, 2))
            changed = _everywhere(changed, _swap(head[0], new))
        else:
            first = re.match(r"[A-Z][a-z]{3,}(?= )", subject)
            everything = " ".join([changed.name, changed.reply, changed.question])
            if first is None or first[0].lower() in everything.replace(first[0], "").lower():
                continue
            changed = _everywhere(changed, _swap(first[0], "".join(chance.sample(SYLLABLES, 2)).capitalize()))
    return changed


def _swap(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new)


def _everywhere(row: Row, change: Callable[[str], str]) -> Row:
    return row.model_copy(
        update={
            "facts": tuple(map(change, row.facts)),
            "question": change(row.question),
            "product": change(row.product),
            "history": tuple((who, change(text)) for who, text in row.history),
            "reply": change(row.reply),
        }
    )


def _subject(fact: str) -> str:
    return fact.split(" - ")[0].strip() if " - " in fact else ""


def _stated(fact: str) -> str:
    """What a fact says of its subject."""
    return fact.split(" - ", 1)[-1]


def _script(row: Row) -> str:
    return "zh" if any(re.search(r"[\u4e00-\u9fff]", fact) for fact in row.facts) else "en"
