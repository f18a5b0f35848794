"""Finds what the facts say of a yes/no matter. Judges nothing."""

import re
from functools import cache

from chains.guard.ledger.case import Case
from chains.guard.ledger.exceptions import excepted, within
from chains.guard.ledger.facts import Fact, words_of
from chains.guard.ledger.lexicon import data, pattern
from chains.guard.ledger.topics import free_of, implied_in, negative, spoken_of, topics_in

LACKING = re.compile(
    r"(?:无|不含|不加|不添加|零|免)$|(?<![a-z])(?:no|without|free of|free from) $"
)  # 无糖: 是


def stance(case: Case, topic: str, at: int, said: bool | None = None) -> tuple[bool, Fact] | None:
    """What the facts say of a matter, with the fact that says it: of several the strongest, then the one whose words the
    sentence and the question share; of equals one that agrees with what is `said`."""
    against = dict(data("polarity")["opposites"])
    near = words_of(f"{case.sentence(at)} {case.asked.reading.text}") if at >= 0 else frozenset()
    found: list[tuple[int, int, bool, bool, Fact]] = []
    for fact in case.facts:
        if at >= 0 and (not case.speaks_of(fact, at) or _other_state(case.clause(at), fact.text)):
            continue
        told = _stance_of(fact, topic, near)
        if at >= 0 and topic in data("exceptions")["topics"] and _refused(case, fact, at, said):
            told = (3, False)
        if (
            told is None
            and topic in against
            and (other := _stance_of(fact, against[topic], near)) is not None
        ):
            told = (0, not other[1])
        if told is not None:
            shared = len(words_of(fact.text) & near)
            found.append((told[0], shared, said is not None and told[1] == said, told[1], fact))
    best = max(found, key=lambda one: one[:3], default=None)
    return None if best is None else (best[3], best[4])


def _refused(case: Case, fact: Fact, at: int, said: bool | None) -> bool:
    """Whether the rule leaves out what the place speaks of."""
    if not any(name in data("exceptions")["topics"] for name, _, _ in topics_in(fact.text)):
        return False
    return excepted(fact, said is not False, case.clause(at), case.sentence(at), case.asked.reading.text)


_OPENED = re.compile(r"(?<![a-z])(?:opened|used|worn|unsealed)(?![a-z])|(?<![未没不])拆(?:封|开|了)|已拆")

_UNOPENED = re.compile(
    r"(?<![a-z])(?:unopened|unused|unworn|sealed|(?:not|n't) (?:been )?(?:opened|used|worn))(?![a-z])|[未没不]拆"
)


def _other_state(clause: str, fact: str) -> bool:
    """Whether the clause speaks of what was opened and the fact only of what was not, or the other way round."""
    said, told = ((bool(_OPENED.search(t)), bool(_UNOPENED.search(t))) for t in (clause, fact))
    return said != told and sum(said) == 1 and sum(told) == 1


def _stance_of(fact: Fact, topic: str, near: frozenset[str]) -> tuple[int, bool] | None:
    head = f"{fact.attribute} {fact.question}" if fact.family != "prose" else ""
    for name, start, end in topics_in(head):
        if name == topic and fact.yes is not None:
            return 2, fact.yes != (free_of(head, name, end) or bool(LACKING.search(head[:start])))
    for start, end in fact.parts():
        part = fact.text[start:end]
        for name, a, b in topics_in(part):
            if topic not in data("exceptions")["topics"] and within(fact, start + a):
                continue
            if name == topic and spoken_of(topic, part) and not WHERE.search(part[:a]):
                without = bool(_WITHOUT.fullmatch(fact.attribute))
                return 3 if fact.question else 1, negative(part, a, b, name) == without
    if (told := _in_other_words(fact, topic)) is not None:
        return told
    label = fact.attribute or (fact.subject if fact.family != "product" else "")
    for name, start, end in topics_in(label):
        if name == topic and fact.family != "order":
            if negative(
                label, start, end, name
            ):  # "not returnable: opened games" speaks of games that were opened
                return (1, False) if words_of(fact.value) & near else None
            left_out = topic in data("polarity")["needs"] and _left_out().search(fact.value)
            return 0, not free_of(head, name, end) and not left_out
    return _contained(fact, topic)


def _in_other_words(fact: Fact, topic: str) -> tuple[int, bool] | None:
    """What a fact says of a matter that it does not name: "care: hand wash only" keeps it out of the machine."""
    for start, end in fact.parts() if topic in data("polarity")["told_so"] else ():
        part = fact.text[start:end]
        for name, a, b, so in implied_in(part):
            if name == topic:
                return 0, negative(part, a, b, name) != so
    return None


def _contained(fact: Fact, topic: str) -> tuple[int, bool] | None:
    """What a list of allergens or ingredients says of a matter that it does not name: who holds rye holds gluten. A list of
    allergens is whole, so that what is not in it is not held."""
    raw = data("polarity")["contained"]
    labels = {name for name in ("whole", "part") if pattern(tuple(raw[name])).fullmatch(fact.attribute)}
    if topic not in raw["by"] or not labels:
        return None
    held = bool(pattern(tuple(raw["by"][topic])).search(fact.value))
    turned = topic in raw["turned"]
    return (0, held != turned) if held or ("whole" in labels and not turned) else None


def holds_it(fact: Fact, topic: str, said: bool) -> bool:
    """Whether the fact lists one of the very things that the matter names, as is said: hazelnuts are nuts."""
    raw = data("polarity")["contained"]
    return said and topic in raw["by"] and topic not in raw["turned"] and _contained(fact, topic) == (0, True)


_WITHOUT = re.compile(r"free (?:of|from)|without|contains no|不含|不添加|零添加|无添加")

WHERE = re.compile(r"(?<![a-z])(?:in|at|on|during|into|near|beside|behind) the $")


def said_beside(fact: Fact, topic: str, said: bool, clause: str) -> bool:
    """Whether the clause says again a further part of the fact, in all its words: "nuts: none, but baked where nuts are used"."""
    words = words_of(clause)
    beside = [fact.text[start:end] for start, end in fact.parts()[1:]]
    return any(
        name == topic and (not negative(part, a, b, name)) == said
        for part in beside
        if len(words_of(part)) > 2 and words_of(part) <= words
        for name, a, b in topics_in(part)
    )


@cache
def _left_out() -> re.Pattern[str]:
    return pattern(tuple(data("polarity")["left_out"]))
