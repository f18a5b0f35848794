"""Tells what the customer said, said back, from what a text claims: their measure, their basket, what they asked for.

Judges nothing.
"""

import re
from collections.abc import Sequence

from chains.guard.ledger.case import Case
from chains.guard.ledger.entail import comparable
from chains.guard.ledger.facts import Told, words_of
from chains.guard.ledger.mentions import Amount
from chains.guard.ledger.numerals import numerals

_AGED = re.compile(r"[ -]?olds?(?![a-z])|的?(?:孩子|小孩|宝宝|小朋友)")
_FOR = re.compile(r"(?<![a-z])(?:for|with|at)(?: your| the| about)* $|(?:您的?|按|给)$")
DENIED = re.compile(
    r"(?<![a-z])(?:not|no|isn't|don't|doesn't|can't|cannot|never|unfortunately)(?![a-z])|[不没无]"
)
_ENDURED = re.compile(
    r"(?:等|坐|开|跑|站|排|找|过|拖|晚|迟到|耽误)了\s?$|(?<![a-z])these $|[这那头]$"
)  # what the customer went through
_GRANTS = re.compile(
    r"(?<![a-z])(?:yes|sure|of course|certainly|yep|no problem|can do)(?![a-z])|可以|没问题|行|(?<!好)好的|是的|[有能]的"
)
_THE_BASKET = re.compile(r" (?:orders?|basket|cart|purchase)(?![a-z])|的?(?:订单|购物车)|已经?满")
_BASKET = re.compile(
    r"(?<![a-z])(?:orders?|budget|basket|cart|purchase|total|spend|spending)(?: (?:is|of|at|for|comes to|worth|over))? $|(?:买了?|消费了?|花了?|订单|购物车|预算|合计|凑了?)(?:是|有)?$"
)


def own_measure(case: Case, one: Amount) -> bool:
    """The customer's own measure, said back: "for your 24 m²"."""
    return asked_for(case, one) and bool(
        _FOR.search(case.text[: one.start][-16:]) or _AGED.match(case.text, one.end)
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
    if _ENDURED.search(case.text[: one.start][-4:]):
        return True
    if not asked_for(case, one):
        return False
    clause = case.clause(one.start).replace(case.text[one.start : one.end], " ")
    if DENIED.search(clause):
        return True
    if _GRANTS.search(clause):
        return False  # "yes, 30% off" gives what was asked for
    words = words_of(clause)
    return not any(
        words & (t.words | t.fact.subject_words) for t in told if case.speaks_of(t.fact, one.start)
    )


def own_basket(case: Case, one: Amount) -> bool:
    """What the customer said to spend, said back: "for an order of 75 euros"."""
    return asked_for(case, one) and bool(
        _BASKET.search(case.text[: one.start][-24:]) or _THE_BASKET.match(case.text, one.end)
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
