"""Judges amounts: each against the facts of its dimension, what no fact bears once more when the rest is judged.

Knows which rule an amount is for; what a number may stand on is for `weighing`, what may be reckoned for `derive`.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from chains.guard.ledger.case import Case
from chains.guard.ledger.counting import as_number, judge_count, like
from chains.guard.ledger.entail import bears
from chains.guard.ledger.entries import LOOSE
from chains.guard.ledger.lexicon import data, pattern
from chains.guard.ledger.mentions import Amount, overlaps
from chains.guard.ledger.money import as_money, priced_by_words, unit_price_of
from chains.guard.ledger.own import one_of_a_rate, own_basket, own_measure, said_back
from chains.guard.ledger.sides import judge_sides
from chains.guard.ledger.weighing import told_by_name, told_of, weigh


def judge_amounts(case: Case, taken: Sequence[tuple[int, int]]) -> None:
    """Enter every amount of the text, save stretches that other rules have judged and echoes of the question.

    What no fact bears by itself is looked at again when the rest is judged: a total stands before its parts."""
    taken = [*taken, *judge_sides(case)]
    waiting = [one for one in case.said.amounts if not overlaps(one.start, one.end, taken)]
    for _ in range(_PASSES):
        left, waiting = waiting, [one for one in waiting if not _borne(case, one)]
        if len(waiting) == len(left):
            break
    for one in waiting:
        _judge(case, one)


def _borne(case: Case, one: Amount) -> bool:
    """Enter the amount where the facts bear it, or it claims nothing; else leave it out for now."""
    before = len(case.entries)
    _judge(case, one)
    loose = any(entry.result in LOOSE for entry in case.entries[before:])
    if loose:
        del case.entries[before:]
    return not loose


_SHORT = 3 * 86400  # seconds; no warranty is shorter
_PASSES = 3  # a total of a total stands two steps from the facts


def _judge(case: Case, one: Amount) -> None:
    candidates = told_of(case, one) or told_by_name(case, one)
    if one.kind == "number":
        candidates = as_number(case, one)
        priced = next(
            (c for c in candidates if c.mention.kind == "price" and bears(c.mention, like(one, c.mention))),
            None,
        )
        if priced is not None or priced_by_words(case, one):
            unit = (
                priced.mention.dimension
                if priced
                else next((c.mention.dimension for c in candidates if c.mention.kind == "price"), "")
            )
            if unit:
                bare, one = one, replace(one, kind="price", dimension=unit)
                case.take_as(bare, one)
                candidates = told_of(case, one)
    if one.kind in ("count", "number"):
        before = len(case.entries)
        judge_count(case, one, candidates)
        made = case.entries[before:]
        if not any(entry.result in ("supported", "derived") for entry in made) and (
            found := as_money(case, one)
        ):
            del case.entries[before:]
            case.take_as(one, found[0])
            case.enter(found[0].start, found[0].end, "price", found[0].normal, "derived", *found[1])
        elif not made and (against := unit_price_of(case, one)) is not None:
            case.enter(one.start, one.end, "price", one.normal, "contradicted", "price.differs", against)
        return
    if one.kind in ("quantity", "duration") and (own_measure(case, one) or one_of_a_rate(case, one)):
        return
    if one.kind == "price" and own_basket(case, one):
        return
    kind = kind_of(case, one)
    if (
        one.kind == "price"
        and case.text[one.end - 1] == "块"
        and not any(bears(c.mention, one) for c in candidates)
    ):
        pieces = replace(one, kind="count", dimension="", noun="#块")
        if any(bears(c.mention, pieces) and "块" in c.mention.noun for c in told_of(case, pieces)):
            judge_count(case, pieces, told_of(case, pieces))
            return
    result, rule, fact = weigh(case, one, candidates)
    if result in ("contradicted", "unsupported"):
        named = next(
            (
                t
                for t in told_by_name(case, one)
                if bears(t.mention, one) and (case.speaks_of(t.fact, one.start) or case.compared(one.start))
            ),
            None,
        )
        result, rule, fact = ("supported", f"{one.kind}.same", named.fact) if named else (result, rule, fact)
    if result in ("contradicted", "unsupported") and said_back(case, one, candidates):
        return
    case.enter(one.start, one.end, kind, one.normal, result, rule, fact)
    if one.kind == "price" and one.per is not None and result in ("supported", "derived"):
        _enter_measure(case, one)


_FOR = re.compile(r" for (?=\d)|[元块](?=\d)")


def _enter_measure(case: Case, price: Amount) -> None:
    """Enter the measure that a price is said for, where a fact tells it of the thing: 18 euros for 500 ml, a bottle's content."""
    gap = _FOR.search(case.text, price.start, price.end)
    if gap is None or price.per is None:
        return
    one = Amount(gap.end(), price.end, "quantity", price.per, price.per, price.per_dimension)
    told = [t for fact in case.facts for t in fact.told(fact.scan.amounts) if bears(t.mention, one)]
    if bound := case.bound(told, one.start):
        case.enter(one.start, one.end, "quantity", one.normal, "supported", "quantity.same", bound[0].fact)


def kind_of(case: Case, one: Amount) -> str:
    """The kind a claim is filed under: a limit or two ends make a range; warranty words make a duration one."""
    if one.kind == "duration" and _warranty(case, one):
        return "warranty"
    if one.kind == "duration" and (one.low is None or one.high is None):
        return "duration"
    if one.exact is None and one.kind != "percentage":
        return "range"
    if one.kind == "quantity" and _CERTIFIED.search(case.clause(one.start)):
        told = [c for c in told_of(case, one) if bears(c.mention, one)]
        if told and all(_CERTIFIED.search(c.fact.attribute) for c in told):
            return "certification"
    return "count" if one.kind == "number" else one.kind


_CERTIFIED = re.compile(r"(?<![a-z])(?:certif|accredit)|认证|证书")


def _warranty(case: Case, one: Amount) -> bool:
    if one.dimension == "[time]" and one.edge < _SHORT:
        return False  # 热水能保24小时
    words = pattern(tuple(data("terms")["warranty"]))
    near = case.clause(one.start)
    told = [c for c in told_of(case, one) if bears(c.mention, one)]
    return bool(words.search(near)) or bool(
        told and all(words.search(c.fact.attribute or c.fact.text) for c in told)
    )
