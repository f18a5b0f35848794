"""Judges yes and no by rule: matters that a list knows. The state of an order, days of rest, what fits and what no list knows
are called from here.

A statement that no fact bears is unsupported; what a model believes is not asked.
"""

from chains.guard.ledger.attributes import judge_attributes
from chains.guard.ledger.case import Case
from chains.guard.ledger.denied import judge_denied
from chains.guard.ledger.entries import Result
from chains.guard.ledger.fits import judge_fits, judge_lettered, judge_verdicts
from chains.guard.ledger.hours import judge_days_off, judge_round_the_clock
from chains.guard.ledger.lexicon import data, is_han
from chains.guard.ledger.stances import holds_it, said_beside, stance
from chains.guard.ledger.statements import WRITTEN, claimed, reported, statement
from chains.guard.ledger.states import judge_states
from chains.guard.ledger.supply import judge_supply
from chains.guard.ledger.topics import free_of, implied_in, negative, spoken_of, topics_in, word


def judge_polarity(case: Case) -> list[tuple[int, int]]:
    """Enter statements of yes and no. Returns the stretches of amounts that were judged with them."""
    judge_states(case)
    judge_days_off(case)
    judge_round_the_clock(case)
    judge_lettered(case)
    judged = judge_fits(case)
    judge_verdicts(case)
    _matters(case)
    judge_supply(case)
    judge_attributes(case)
    judge_denied(case)
    return judged


def _matters(case: Case) -> None:
    incidental = data("polarity")["incidental"]
    seen: set[tuple[str, int]] = set()
    named = [(topic, start, end, True, True) for topic, start, end in topics_in(case.text)]
    other = [(topic, start, end, said, False) for topic, start, end, said in implied_in(case.text)]
    for topic, start, end, so, by_name in (*named, *other):
        first, last = case.said.reading.clause(start)
        clause = case.text[first:last]
        if (topic, first) in seen or reported(case, clause, start) or claimed(case, start, end):
            continue
        if not by_name and any(topic == one for one, _ in seen):
            continue  # said by name already
        if by_name and (
            not spoken_of(topic, clause) or (_gratis(topic) and _costs_nothing(case, start, last))
        ):
            continue
        seen.add((topic, first))
        if (
            any(case.text[start:end] in fact.subject for fact in case.facts)
            and stance(case, topic, start) is None
        ):
            continue
        written = WRITTEN.match(case.text, end) if by_name else None
        said = (
            (written["yes"] is not None) != free_of(case.text, topic, end)
            if written
            else negative(clause, start - first, end - first, topic) != so
        )
        found = stance(case, topic, start, said)
        begin, stop = statement(case, start, end, first, last)
        if found is None:
            near_number = any(0 <= one.start - end <= 4 for one in case.said.amounts)
            if by_name and topic not in incidental and not near_number:
                case.enter(
                    begin, stop, "polarity", f"{topic}={word(said)}", "unsupported", "polarity.unknown"
                )
            continue
        holds = found[0] == said or said_beside(found[1], topic, said, clause)
        if holds and _said_by_number(case, topic, end, first, last):
            continue
        either = {topic, *(b for a, b in data("polarity")["opposites"] if a == topic)}
        told = any(name in either for name, _, _ in topics_in(found[1].text)) or holds_it(
            found[1], topic, said
        )
        result: Result = "contradicted" if not holds else "supported" if told else "derived"
        rule = f"polarity.{topic.replace(' ', '_')}"
        case.enter(begin, stop, "polarity", f"{topic}={word(said)}", result, rule, found[1])


def _gratis(topic: str) -> bool:
    return topic in data("polarity")["gratis"]


def _costs_nothing(case: Case, start: int, last: int) -> bool:
    """Whether the clause speaks of the price, which was judged as one: returns are free."""
    a, b = case.said.reading.span(start, last)
    return any(e.kind == "price" and e.normal in ("0", "not free") and a <= e.start < b for e in case.entries)


def _said_by_number(case: Case, topic: str, end: int, first: int, last: int) -> bool:
    """Whether a number or a day of the clause carries the statement: it is judged by itself."""
    figures = [*case.said.amounts, *case.said.days]
    if is_han(case.text[end - 1]) and any(0 <= one.start - end <= 1 for one in figures):
        return True
    return topic in data("polarity")["by_number"] and any(first <= one.start < last for one in figures)
