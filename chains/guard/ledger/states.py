"""Judges what a text says of the state of an order: processing, shipped, delivered, cancelled."""

import re
from collections.abc import Sequence
from functools import cache

from chains.guard.ledger.case import Case
from chains.guard.ledger.facts import Fact, words_of
from chains.guard.ledger.lexicon import any_of, data
from chains.guard.ledger.names import items_of


@cache
def _state_words() -> tuple[re.Pattern[str], dict[str, str]]:
    words = {word: line["name"] for line in data("polarity")["states"] for word in (*line["en"], *line["zh"])}
    return re.compile(any_of(words)), words


def judge_states(case: Case) -> None:
    """The state of an order, against that of the order spoken of."""
    finder, words = _state_words()
    orders = [
        (fact, states)
        for fact in case.facts
        if (fact.family in ("order", "订单") or fact.scan.ids) and (states := states_of(fact))
    ]
    if not orders:
        return
    several = len(orders) > 1
    for match in finder.finditer(case.text):
        first, _ = case.said.reading.clause(match.start())
        if re.search(
            r"(?<![a-z])(?:once|when|if|until|after|before|will be|can be)(?![a-z])[^,]*$|如果|等|后$",
            case.text[first : match.start()],
        ):
            continue
        bound = _orders_at(case, match.start(), orders) if several else orders
        state = words[match[0] if match[0] in words else match[0].replace("-", " ")]
        before = re.search(
            r"(?<![a-z])(?:not|n't|hasn't been|isn't|yet to be)(?: been| yet)* $|[没未]有?$",
            case.text[first : match.start()],
        )
        begin = match.start() - (len(before[0]) if before else 0)
        for fact, states in bound[:1]:
            if state == "paid" and not states & {"paid", "unpaid"}:
                continue  # what is shipped may well be paid, and is not said to be
            fine = (state in states) != bool(before)
            case.enter(
                begin,
                match.end(),
                "polarity",
                f"status={state}",
                "supported" if fine else "contradicted",
                "polarity.status",
                fact,
            )


def states_of(fact: Fact) -> frozenset[str]:
    """The states of an order that a fact tells."""
    finder, words = _state_words()
    return frozenset(
        words[match[0] if match[0] in words else match[0].replace("-", " ")]
        for match in finder.finditer(fact.value)
    )


def _orders_at(
    case: Case, at: int, orders: Sequence[tuple[Fact, frozenset[str]]]
) -> list[tuple[Fact, frozenset[str]]]:
    """The orders that a place speaks of: by number, else by what was ordered."""
    before = [one for one in case.said.ids if one.start <= at]
    asked = f"{case.sentence(at)} {case.asked.reading.text}"
    by_id = [pair for pair in orders if before and before[-1].key in pair[0].text]
    words = {id(fact): words_of(" ".join(items_of(fact))) for fact, _ in orders}
    shared = frozenset.intersection(*words.values())
    score = {id(fact): len((words[id(fact)] - shared) & words_of(asked)) for fact, _ in orders}
    ranked = sorted(orders, key=lambda pair: -score[id(pair[0])])
    if (by_id and len(case.said.ids) > 1) or score[id(ranked[0][0])] == 0:
        return by_id or list(orders)
    return ranked if not by_id or score[id(ranked[0][0])] > score[id(by_id[0][0])] else by_id
