"""Weighs an amount against the facts of its dimension, bound by subject and by the words about them.

Knows what a number may stand on; what may be reckoned from several is for `derive`.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from chains.guard.ledger import derive
from chains.guard.ledger.ages import of_age
from chains.guard.ledger.case import Case
from chains.guard.ledger.dated import current, superseded
from chains.guard.ledger.entail import bears, comparable, implied
from chains.guard.ledger.entries import Result
from chains.guard.ledger.facts import Fact, Told, aspects_of, words_of
from chains.guard.ledger.free import free_by_rule, reached
from chains.guard.ledger.lexicon import data, pattern, units
from chains.guard.ledger.mentions import Amount
from chains.guard.ledger.misplaced import instead, wrong_way
from chains.guard.ledger.operands import basket_totals, cue


def told_by_name(case: Case, one: Amount) -> list[Told[Amount]]:
    """What products' names say in the claim's dimension, where no attribute does: "Larch Daypack 28 L"."""
    named = [
        (a, f) for f in case.facts if f.family == "product" for a in f.scan.amounts if a.end <= len(f.subject)
    ]
    return [Told(a, f, f.subject_words, f.subject) for a, f in named if comparable(a, one)]


def told_of(case: Case, one: Amount) -> list[Told[Amount]]:
    """What facts say in the claim's dimension."""
    found = [told for fact in case.facts for told in fact.told(fact.scan.amounts)]
    return [
        *(told for told in found if comparable(told.mention, one)),
        *(told for bare in found if (told := _implied(bare, one)) is not None),
        *(_what_for(told, one) for told in found if told.mention.per and told.mention.per == one.exact),
    ]


def _what_for(told: Told[Amount], one: Amount) -> Told[Amount]:
    """The measure that a price is for: two jin of "89 for two jin"."""
    per = told.mention.per
    return replace(
        told,
        mention=Amount(
            told.mention.start, told.mention.end, "quantity", per, per, told.mention.per_dimension
        ),
    )


def _implied(told: Told[Amount], one: Amount) -> Told[Amount] | None:
    """A bare number of a fact with the unit that its attribute implies, where it is that of the claim."""
    if told.mention.kind not in ("count", "number") or one.kind not in ("duration", "price"):
        return None
    named = next(iter(units().get(told.fact.attribute, ())), None)
    if named is not None and (named.kind, named.dimension) == (one.kind, one.dimension):  # days: 9
        values = (None if v is None else v * named.factor for v in (told.mention.low, told.mention.high))
        return replace(
            told, mention=replace(told.mention.with_values(*values), kind=one.kind, dimension=one.dimension)
        )
    head = f"{told.fact.attribute} {told.part[: max(0, told.part.rfind(':'))]}"
    for unit in data("units")["implied"]:
        if unit["kind"] == one.kind and pattern(tuple(unit["words"])).search(head):
            known, times = told.mention, unit["times"]
            low, high = (None if v is None else v * times for v in (known.low, known.high))
            dimension = unit["dimension"] or one.dimension
            return replace(
                told, mention=replace(known, kind=one.kind, dimension=dimension, low=low, high=high)
            )
    return None


def weigh(
    case: Case, one: Amount, candidates: Sequence[Told[Amount]], words: frozenset[str] | None = None
) -> tuple[Result, str, Fact | None]:
    """Result, rule and fact of one amount against its candidates."""
    bound = case.bound(candidates, one.start)
    fitting = [
        c
        for c in bound
        if bears(c.mention, one)
        and not wrong_way(one, c)
        and _of_second(case, one, c)
        and _for_that_much(case, one, c)
        and _same_way(case, one, c)
        and (one.kind not in ("price", "percentage") or of_age(case, c, one.start))
    ]
    live = [c for c in fitting if not superseded(case, c, one)]
    if live and one.kind == "price" and _waived(case, one, live):
        return "contradicted", "price.free", live[0].fact
    if live:
        others = [
            c
            for c in bound
            if c not in fitting and (c.mention.exact is None) == (live[0].mention.exact is None)
        ]
        rival = case.rival(live, others, one)
        better = instead(case, one, live)
        if rival is None and not better:
            return "supported", f"{one.kind}.same", live[0].fact
        if better:
            derived = derive.derive(case, one, bound)
            return ("derived", *derived) if derived else ("contradicted", better, live[0].fact)
        if derived := derive.derive(case, one, bound):
            return "derived", *derived
        assert rival is not None
        return "contradicted", f"{one.kind}.of_another", rival.fact
    if fitting:
        return "contradicted", f"{one.kind}.replaced", (current(case, fitting[0]) or fitting[0]).fact
    if bound and one.exact is None and all(implied(c.mention, one) for c in bound):
        return "derived", f"{one.kind}.limit", bound[0].fact
    if (
        one.kind == "price"
        and one.strict
        and (below := next((c for c in bound if _other_side(c, one)), None))
    ):
        return "derived", "price.limit", below.fact
    if one.exact is None and (weaker := _implied_here(case, one, bound)) is not None:
        return "derived", f"{one.kind}.limit", weaker.fact
    if derived := derive.derive(case, one, bound):
        return "derived", *derived
    if (ranging := next((c for c in bound if _end_of(c.mention, one, case.text)), None)) is not None:
        return "supported", f"{one.kind}.limit", ranging.fact
    if (sooner := next((c for c in bound if _sooner(c, one, case.clause(one.start))), None)) is not None:
        return "derived", f"{one.kind}.limit", sooner.fact
    if any(bears(amount, one) for scan in case.derived for amount in scan.amounts):
        return "derived", "given", None
    if bound:
        matter = aspects_of(case.clause(one.start))
        if one.kind == "duration" and matter & _NAMED_TIMES and not any(matter & c.words for c in bound):
            return "unsupported", f"{one.kind}.of_another_matter", None
        return "contradicted", f"{one.kind}.differs", nearest(case, one, bound).fact
    if one.kind == "price" and (free := free_by_rule(case, one.start)):
        return "contradicted", "price.free_said", free
    if one.kind in ("price", "percentage") and (priced := _priced_otherwise(case, one)):
        return "contradicted", f"{one.kind}.differs", priced
    if (
        one.kind == "duration"
        and cue("difference", case.clause(one.start))
        and len(timed := _timed(case)) > 1
    ):
        return "contradicted", "duration.between", timed[0]
    elsewhere = [c for c in candidates if bears(c.mention, one)]
    if rule := next((c for c in elsewhere if c.fact.family not in ("product", "order", "订单")), None):
        return "supported", f"{one.kind}.same", rule.fact
    return "unsupported", f"{one.kind}.of_another" if elsewhere else f"{one.kind}.unknown", None


_SHORTEST = re.compile(
    r"(?<![a-z])(?:shortest|smallest|lowest|minimum|down to|folded|from)(?: (?:is|it's|setting|length|height|of))* ?$|最[短小低少轻矮窄](?:可以?|能|收到|调到|是|缩到|为|约)* ?$"
)
_LONGEST = re.compile(
    r"(?<![a-z])(?:longest|largest|biggest|highest|tallest|maximum|extended|up to)(?: (?:is|it's|setting|length|height|of))* ?$|最[长大高多重宽](?:可以?|能|拉到|调到|是|伸到|为|约)* ?$"
)


_AT_LEAST = re.compile(r" (?:at (?:its|their|the) (?:shortest|smallest|lowest|least)|folded|packed)(?![a-z])")
_AT_MOST = re.compile(
    r" (?:at (?:its|their|the) (?:longest|largest|highest|tallest|most)|(?:fully )?extended)(?![a-z])"
)


def _end_of(known: Amount, one: Amount, text: str) -> bool:
    """Whether the claim gives one end of the fact's range, and calls it that: 最短65厘米 of 65-135."""
    if known.low is None or known.high is None or known.low == known.high or known.dimension != one.dimension:
        return False
    number = re.compile(r"[^\d一二两三四五六七八九十半]*").match(text, one.start, one.end)
    head = text[max(0, one.start - 24) : number.end() if number else one.start]
    tail = text[one.end : one.end + 24]
    return bool(
        (one.edge == known.low and _AT_LEAST.match(tail))
        or (one.edge == known.high and _AT_MOST.match(tail))
        or (one.edge == known.low and _SHORTEST.search(head))
        or (one.edge == known.high and _LONGEST.search(head))
    )


_BELOW = re.compile(
    r"(?<![a-z])(?:otherwise|normally|usually|under|below|less than|instead|else|without|not|if|until|saves?|saved)(?![a-z])|不满|不足|不到|平时|原本|本来|否则|未满|省|如果|没满"
)


def _waived(case: Case, one: Amount, live: Sequence[Told[Amount]]) -> bool:
    """Whether a fee is charged that the basket which facts tell has made free; it may still be told what it was."""
    if any(entry.kind == "price" and entry.normal == "0" for entry in case.entries) or one.exact is None:
        return False
    return (
        bool(basket_totals(case))
        and all(t.mention.exact is not None and reached(case, t.fact, one.start) for t in live)
        and not _BELOW.search(case.clause(one.start))
    )


def _other_side(told: Told[Amount], one: Amount) -> bool:
    """Whether a fact parts prices where the claim does: "below 49" of "free from 49, otherwise 4.90"."""
    return one.high is not None and told.mention.high is None and told.mention.low == one.high


def _implied_here(case: Case, one: Amount, bound: Sequence[Told[Amount]]) -> Told[Amount] | None:
    """A fact that makes a limit true and whose words the clause has, those of the others not: under half an hour of 25 min."""
    weaker = [c for c in bound if implied(c.mention, one)]
    words = words_of(case.clause(one.start))
    others = [c for c in bound if c not in weaker and words & (c.words | words_of(c.part))]
    return next((c for c in weaker if not others and words & (c.words | words_of(c.part))), None)


def _sooner(told: Told[Amount], one: Amount, clause: str) -> bool:
    """Whether a delivery that takes two to four days is said to take no more than a week: true, if less than is known."""
    known = told.mention
    return (
        one.kind == "duration"
        and one.low is None
        and one.high is not None
        and known.low is not None
        and known.high is not None
        and known.low < known.high <= one.high
        and known.dimension == one.dimension
        and "@delivery" in told.words | words_of(told.fact.subject)
        and not aspects_of(clause) & frozenset(["@returns", "@refund"])
    )


def _timed(case: Case) -> list[Fact]:
    """The facts' times of day, one entry a time: how far they lie apart was reckoned in vain."""
    return [fact for fact in case.facts for _ in fact.scan.clocks]


def _for_that_much(case: Case, one: Amount, told: Told[Amount]) -> bool:
    """A price for 100 ml is not the price of a tube of 75 ml."""
    if one.per is None:
        return True
    if told.mention.per is not None:
        return told.mention.per == one.per
    sizes = [
        a
        for f in case.facts
        if f.subject == told.fact.subject
        for a in f.scan.amounts
        if a.dimension == one.per_dimension
    ]
    return any(a.exact == one.per for a in sizes)


def nearest(case: Case, one: Amount, bound: Sequence[Told[Amount]]) -> Told[Amount]:
    """The candidate that the clause's words fit best."""
    words = words_of(case.clause(one.start))
    return max(bound, key=lambda told: len(told.words & words))


_NAMED_TIMES = frozenset(["@charge", "@battery", "@burn", "@shelf", "@delivery", "@extend"])


def _priced_otherwise(case: Case, one: Amount) -> Fact | None:
    """A price of the subject in another currency; for a discount, two prices that make another one."""
    told = [
        t
        for f in case.facts
        for t in f.told(f.scan.amounts)
        if t.mention.kind == "price" and case.speaks_of(f, one.start)
    ]
    if one.kind == "percentage":
        return told[0].fact if one.dimension == "%off" and told else None
    return told[0].fact if told else None


def _same_way(case: Case, one: Amount, told: Told[Amount]) -> bool:
    """Five minutes on foot are not five by car: no way of going is said, or the fact's."""
    if one.kind != "duration":
        return True
    clause, part = case.clause(one.start), f"{told.fact.attribute} {told.part}"
    ways = [pattern(tuple(words)) for words in data("cues")["ways"]]
    said, known = ({n for n, way in enumerate(ways) if way.search(text)} for text in (clause, part))
    return not said or not known or bool(said & known)


def _of_second(case: Case, one: Amount, told: Told[Amount]) -> bool:
    """A price cut for the second piece only must be said so."""
    if not told.mention.second or one.second:
        return True
    return bool(re.search("第[二2]|second", case.sentence(one.start))) and not re.search(
        "都|each|both|every", case.clause(one.start)
    )
