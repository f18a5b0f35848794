"""Judges a clause of nothing but that what was just named comes along, or does not: "two AA batteries, which aren't included"."""

import re

from chains.guard.ledger.attributes import of_supply
from chains.guard.ledger.case import Case
from chains.guard.ledger.entries import Result
from chains.guard.ledger.facts import Fact, words_of
from chains.guard.ledger.lexicon import any_of, data, pattern
from chains.guard.ledger.stances import stance
from chains.guard.ledger.topics import topics_in, word


def judge_supply(case: Case) -> None:
    """Enter such clauses, each with what the clauses before it name last."""
    comes, lacks = (any_of(map(str, data("polarity")[name])) for name in ("comes_along", "left_out"))
    alone = re.compile(
        rf"\W*(?:they |these |those |it |both |but |均|都|并)?(?:(?P<no>{lacks})|(?P<yes>{comes}))\W*"
    )
    spans = case.said.reading.clauses()
    for n, (start, end) in enumerate(spans[1:], 1):
        match = alone.fullmatch(case.text, start, end)
        first, last = case.said.reading.span(start, end)
        if match is None or any(e.kind == "polarity" and first <= e.start < last for e in case.entries):
            continue
        said = match["no"] is None
        found = next(
            (one for a, b in reversed(spans[:n]) if (one := _named(case, case.text[a:b], start, said))), None
        )
        if found is not None:
            name, there, fact = found
            result: Result = "supported" if there == said else "contradicted"
            place = match.span("yes" if said else "no")
            case.enter(*place, "polarity", f"{name}={word(said)}", result, "polarity.attribute", fact)


def _named(case: Case, clause: str, at: int, said: bool) -> tuple[str, bool, Fact] | None:
    """(name, whether it comes along, fact) of what a clause names: a matter that a list knows, else a fact's attribute."""
    for topic, _, _ in topics_in(clause):
        if topic in data("polarity")["needs"] and (found := stance(case, topic, at, said)) is not None:
            return topic, *found
    words = words_of(clause)
    for fact in case.facts:
        own = words_of(fact.attribute)
        if own and own <= words and case.speaks_of(fact, at):
            if pattern(tuple(data("polarity")["left_out"])).search(fact.value):
                return fact.attribute, False, fact
            if of_supply(fact.value) or (of_supply(fact.attribute) and fact.yes is not None):
                return fact.attribute, fact.yes is not False, fact
    return None
