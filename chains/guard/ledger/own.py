"""Tells what the customer said, said back, from what a text claims: their measure, their basket, what they asked for.

Judges nothing.
"""

import re
from collections.abc import Sequence

from chains.guard.ledger.case import Case
from chains.guard.ledger.entail import comparable
from chains.guard.ledger.facts import Told, words_of
from chains.guard.ledger.lexicon import behind, data, ending, pattern
from chains.guard.ledger.mentions import Amount
from chains.guard.ledger.numerals import numerals


def _words(name: str) -> tuple[str, ...]:
    return tuple(data("own")[name])


def own_measure(case: Case, one: Amount) -> bool:
    """The customer's own measure, said back: "for your 24 m²"."""
    return asked_for(case, one) and bool(
        ending(_words("for")).search(case.text[: one.start][-16:])
        or behind(_words("aged")).match(case.text, one.end)
    )


def asked_for(case: Case, one: Amount) -> bool:
    """Whether the question names this very amount, or its bare number."""
    if any(comparable(a, one) and a.exact is not None and a.exact == one.edge for a in case.asked.amounts):
        return True
    said = {number.value for number in numerals(case.text[one.start : one.end])}
    return any(a.kind in ("number", "count") and a.exact in said for a in case.asked.amounts)


def said_back(case: Case, one: Amount, told: Sequence[Told[Amount]]) -> bool:
    """Whether an amount that no fact bears is the customer's own story said back: "four hours of work gone".

    It stays a claim where the clause speaks of what a fact tells in that unit, and does not deny it."""
    if ending(_words("endured")).search(case.text[: one.start][-8:]):
        return True
    if not asked_for(case, one):
        return False
    clause = case.clause(one.start).replace(case.text[one.start : one.end], " ")
    if pattern(_words("denied")).search(clause):
        return True
    if pattern(_words("granted")).search(clause.replace("好好的", " ")):
        return False  # "yes, 30% off" gives what was asked for
    words = words_of(clause)
    return not any(
        words & (t.words | t.fact.subject_words) for t in told if case.speaks_of(t.fact, one.start)
    )


def own_basket(case: Case, one: Amount) -> bool:
    """What the customer said to spend, said back: "for an order of 75 euros"."""
    return asked_for(case, one) and bool(
        ending(_words("basket")).search(case.text[: one.start][-24:])
        or behind(_words("of_basket")).match(case.text, one.end)
    )


def _price_beside(case: Case, one: Amount) -> bool:
    """Whether a price stands right at it: 一公斤十三块, 一小时55块. The price is judged as one for so much."""
    return any(
        re.fullmatch(r"(?:是|就|才|合|约|只要|不到|将近| is | costs )?", case.text[one.end : other.start])
        for other in case.said.amounts
        if other.start >= one.end and other.kind in ("price", "number")
    )


_PAID = re.compile(r"(?:[元块]|[€£$] ?\d+) ?$")


def one_of_a_rate(case: Case, one: Amount) -> bool:
    """The one unit that a fact's rate is for: a litre of "12 m² per litre"."""
    unit = re.sub(
        r"^(?:1|一|an?|one|each|every|每)[ -]?(?=[a-z\u4e00-\u9fff])", "", case.text[one.start : one.end]
    )
    if unit == case.text[one.start : one.end]:
        return False
    if _price_beside(case, one):
        return True
    if _PAID.search(case.text[: one.start][-4:]) and case.text[one.start] in "一a":
        return True  # 720元一个月
    rate = re.compile(rf"(?:/|(?<![a-z])per (?:an? )?|每){re.escape(unit)}(?![a-z])")
    return any(rate.search(fact.text) for fact in case.facts)
