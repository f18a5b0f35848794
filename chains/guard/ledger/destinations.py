"""Judges where the shop is said to send: a place that no fact on shipping covers is unsupported, and so is what it costs.

Knows countries and their unions; a city is not looked up.
"""

import re

from chains.guard.ledger.case import Case
from chains.guard.ledger.doubt import unsure
from chains.guard.ledger.topics import negative
from chains.places import lies_in, places_in, places_named

_SENDS = re.compile(
    r"(?<![a-z])(?:ships?|shipping|deliver|delivers|delivery|send|sends|parcels?|postage|post)(?![a-z])|寄|发往|发到|送到|配送|邮到|运费|快递"
)


def judge_destinations(case: Case) -> list[tuple[int, int]]:
    """Enter destinations that no fact knows. Returns the stretches of what sending there is said to cost."""
    telling = [
        fact
        for fact in case.facts
        if fact.family not in ("product", "order", "订单") and _SENDS.search(fact.text)
    ]
    known = frozenset().union(*(places_in(fact.text) for fact in telling))
    if not known:
        return []
    done = []
    for place in places_named(case.text):
        first, last = case.said.reading.clause(place.start)
        clause = case.text[first:last]
        if not _SENDS.search(clause) or any(place.name in fact.text for fact in case.facts):
            continue
        if (
            lies_in(place.codes, known)
            or negative(clause, place.start - first, place.end - first)
            or unsure(case, place.start)
        ):
            continue
        _, stop = case.said.reading.sentence(place.start)
        case.enter(
            first + len(clause) - len(clause.lstrip()),
            place.end,
            "polarity",
            f"sends to {place.name}",
            "unsupported",
            "polarity.destination",
        )
        for one in case.said.amounts:
            if one.kind == "price" and first <= one.start < stop:
                done.append((one.start, one.end))
                case.enter(one.start, one.end, "price", one.normal, "unsupported", "price.of_another")
    return done
