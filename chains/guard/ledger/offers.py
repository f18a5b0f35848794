"""Reckons with offers: buy so many, pay for fewer. Knows no other discount."""

import re
from collections.abc import Iterator
from fractions import Fraction

from chains.guard.ledger.case import Case
from chains.guard.ledger.facts import Fact
from chains.guard.ledger.numerals import numerals

BUY = re.compile(r"buy (\w+),? (?:pay for|get|pay) (\w+)|买([一二两三四五六\d])[送赠]([一二两三四五六\d])")


def offers(case: Case) -> Iterator[tuple[Fact, Fraction, Fraction]]:
    """(fact, taken, paid for) of "buy 3, pay for 2" and 买二送一."""
    for fact in case.facts:
        for _, take, pay in offers_in(fact.text):
            yield fact, take, pay


def offers_in(text: str) -> Iterator[tuple[tuple[int, int], Fraction, Fraction]]:
    """(span, taken, paid for) of every such offer in a text."""
    for match in BUY.finditer(text):
        said = [next(iter(numerals(g)), None) for g in match.groups() if g]
        if len(said) == 2 and said[0] and said[1] and said[0].value > 0:
            a, b = said[0].value, said[1].value
            yield (match.span(), a + b, a) if match[3] or " get " in match[0] else (match.span(), a, b)
