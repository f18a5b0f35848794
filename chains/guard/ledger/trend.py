"""Judges which way a price has moved, where facts give two dated prices of one thing. Knows no other trend."""

from itertools import pairwise

from chains.guard.ledger.case import Case
from chains.guard.ledger.dated import since
from chains.guard.ledger.entries import Result
from chains.guard.ledger.lexicon import data, pattern
from chains.guard.ledger.operands import cue
from chains.guard.ledger.topics import word


def judge_trend(case: Case) -> None:
    """Enter a rise or a fall: the later price is higher or lower than the one before."""
    told = [
        (begun, one.mention.exact, one.fact)
        for fact in case.facts
        for one in fact.told(fact.scan.amounts)
        if one.mention.kind == "price" and one.mention.exact is not None and (begun := since(one))
    ]
    told.sort(key=lambda one: one[0])
    moves = [(b[1] > a[1], b[2]) for a, b in pairwise(told) if a[2].subject == b[2].subject and a[1] != b[1]]
    if not moves:
        return
    for name, rising in (("rose", True), ("fell", False)):
        for match in pattern(tuple(data("cues")[name])).finditer(case.text):
            clause = case.clause(match.start())
            priced = cue("price_words", clause) or any(
                one.kind == "price" and 0 <= one.start - match.end() < 12 for one in case.said.amounts
            )
            way, fact = moves[-1]
            if priced and case.speaks_of(fact, match.start()):
                result: Result = "derived" if way == rising else "contradicted"
                case.enter(*match.span(), "polarity", f"{name}={word(True)}", result, "polarity.trend", fact)
