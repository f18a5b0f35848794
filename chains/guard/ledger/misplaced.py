"""Says why a value that stands in a fact does not stand for what the clause says: of one piece, of a pair, of a part."""

import re
from collections.abc import Sequence

from chains.guard.ledger.case import Case
from chains.guard.ledger.facts import Told, words_of
from chains.guard.ledger.mentions import Amount
from chains.guard.ledger.operands import cue

_GROUP = re.compile(
    r"(?<![a-z])(?:per|each|every|a|single|whole) (?P<en>[a-z]+)|(?<![a-z])(?P<each>each|pair)(?![a-z])|[每单/一整](?P<zh>[块只个件支双对盒包瓶层袋条片张套杆架])"
)


_SEVERAL = re.compile(
    r"[两二三四五六七八九十2-9][个只件条支台张套块瓶包盒双对副本颗片枚袋罐桶箱份杯组](?:只要|只需|就|才|共|总共|一共|要)$"
)
_REST = re.compile(r"(?<![a-z])(?:balance|remainder|remaining|left to pay)(?![a-z])|尾款|余款")
_BUNDLES = frozenset(
    ["pair", "pack", "box", "set", "whole", "stand", "双", "对", "盒", "包", "袋", "套", "整", "架"]
)


def instead(case: Case, one: Amount, live: Sequence[Told[Amount]]) -> str:
    """Why a value that stands in a fact does not stand for what the clause says: of one piece, of a pair or pack."""
    clause = case.clause(one.start)
    if one.kind == "price":
        several = cue("total", clause) or _SEVERAL.search(case.text[: one.start][-12:])
        if several and (many := _single(case, one, live)):
            return many
        if _REST.search(clause) and not any(_REST.search(f"{t.fact.attribute} {t.part}") for t in live):
            return "price.not_the_rest"
    if re.search(r"(?<![a-z])(?:whole|entire)(?![a-z])|整机|全机", clause) and all(
        re.search(r" on (?:the )?[a-z]+", t.part) for t in live
    ):
        return f"{one.kind}.of_a_part"
    said = _groups(clause)
    if not said:
        return ""
    for told in live:
        known = _groups(f"{told.fact.attribute} {told.part}")
        if not known or known & said or bool(known & _BUNDLES) == bool(said & _BUNDLES):
            return ""
    return f"{one.kind}.per_another"


def _single(case: Case, one: Amount, live: Sequence[Told[Amount]]) -> str:
    """A price of one thing given as the total of several: pieces that the question counts, or parts that it names."""
    if cue("each", case.text[max(0, one.start - 8) : one.start] + case.text[one.end : one.end + 6]):
        return ""
    if any(
        cue("total", t.fact.value)
        or cue("total", t.fact.attribute)
        or cue("total", t.fact.subject)
        or "×" in t.fact.value
        for t in live
    ):
        return ""
    parts = [
        t
        for fact in case.facts
        for t in fact.told(fact.scan.amounts)
        if t.mention.kind == "price" and t.mention.exact is not None
    ]
    shared = frozenset.intersection(*(t.words for t in parts)) if parts else frozenset()
    words = words_of(case.sentence(one.start))
    named = {t.part for t in parts if (t.words - shared) & words}
    pieces = [a for a in case.asked.amounts if a.kind == "count" and a.exact is not None and a.exact > 1]
    pieces += [
        a
        for a in case.said.amounts
        if a.kind == "count" and a.end <= one.start < a.end + 6 and (a.exact or 0) > 1
    ]
    return (
        "price.not_the_total" if (len(named) > 1 and len({t.fact.id for t in parts}) == 1) or pieces else ""
    )


_CEILING = re.compile(
    r"(?<![a-z])(?:max|maximum|limit|limited to|up to|at most)(?![a-z])|最大|最多|最高|上限|限|≤"
)
_FLOOR = re.compile(r"(?<![a-z])(?:min|minimum|at least|from)(?![a-z])|最小|最少|最低|至少|≥|起")


def wrong_way(one: Amount, told: Told[Amount]) -> bool:
    """Whether the claim makes a least of what the fact calls a most, or the other way round: from 15 kg, max load 15 kg."""
    if told.mention.exact is None or one.exact is not None or (one.low is not None and one.high is not None):
        return False
    start, end = told.mention.start, told.mention.end
    near = f"{told.fact.attribute} {told.fact.text[max(0, start - 10) : start].split(',')[-1]} {told.fact.text[end : end + 2]}"
    ceiling, floor = _CEILING.search(near), _FLOOR.search(near)
    return bool(ceiling and not floor) if one.low is not None else bool(floor and not ceiling)


def _groups(text: str) -> frozenset[str]:
    found = (next(g for g in match.groups() if g) for match in _GROUP.finditer(text))
    return frozenset("whole" if match == "pair" else match for match in found)
