"""Judges numbers of things, bound by what is counted: three doors do not stand on three seasons."""

import re
from collections.abc import Sequence
from dataclasses import replace

from chains.guard.ledger import derive
from chains.guard.ledger.case import Case
from chains.guard.ledger.counted import ROOM_FOR
from chains.guard.ledger.entail import bears, comparable
from chains.guard.ledger.entries import Result
from chains.guard.ledger.facts import Told, words_of
from chains.guard.ledger.lexicon import data, pattern
from chains.guard.ledger.mentions import Amount
from chains.guard.ledger.misplaced import wrong_way
from chains.guard.ledger.operands import cue, cuts, cuts_in, named_once, offers, offers_in

_OF_THE = re.compile(r"(?<![a-z])(?:of the|of these|the|both|these|of our|all) $|^(?:those|these) ")


_ADVICE = re.compile(r"(?<![a-z])(?:suggest|recommend|i'd|we'd)(?![a-z])|建议|推荐")
_HAN = re.compile("[\u4e00-\u9fff]")
_EMPTY_NOUN = re.compile(r"^(?:of|them|ones?|items?|things?)$")


_YOU = re.compile("(?:您|你们|咱们)$")


def like(one: Amount, other: Amount) -> Amount:
    return replace(one, kind=other.kind, dimension=other.dimension)


def as_number(case: Case, one: Amount) -> list[Told[Amount]]:
    return [told for fact in case.facts for told in fact.told(fact.scan.amounts)]


def judge_count(case: Case, one: Amount, candidates: Sequence[Told[Amount]]) -> None:
    head = case.text[max(0, one.start - 12) : one.start]
    echo = (
        any(comparable(asked, one) and asked.low == one.low for asked in case.asked.amounts)
        or _spoken(case, one)
    ) and not ROOM_FOR.search(case.text[: one.start][-24:])
    if 1900 <= (one.exact or 0) <= 2100 and any(str(one.exact) in fact.text for fact in case.facts):
        return  # a year that a fact names
    if echo and _YOU.search(case.text[: one.start][-3:]):
        return  # 您三位: the customer and those who come along
    words = words_of(one.noun) | measure_of(one.noun)
    bound = case.bound(candidates, one.start)
    if _orders_counted(case, one, candidates):
        return
    if turned := next((c for c in bound if bears(c.mention, one) and wrong_way(one, c)), None):
        case.enter(one.start, one.end, "range", one.normal, "contradicted", "count.differs", turned.fact)
        return
    nouns = {
        id(c): measure_of(c.mention.noun) | words_of(c.fact.text[c.mention.start : c.mention.end])
        for c in bound
    }
    about = [c for c in bound if words & (c.words | words_of(c.fact.subject) | nouns[id(c)])]
    own = [c for c in about if words & (c.words | nouns[id(c)])]
    if not own:
        own = [c for c in bound if _named_by_measure(one, c) or _foreign(case, c)]
    if not own and not measure_of(
        one.noun
    ):  # with a measure word of its own, the product's name alone binds nothing
        own = about
    closer = [c for c in own if words & words_of(c.mention.noun)] or own
    fitting = [c for c in closer if bears(c.mention, one)] or [c for c in own if bears(c.mention, one)]
    if one.kind == "number":
        every = case.bound(as_number(case, one), one.start)
        fitting = fitting or [c for c in every if bears(c.mention, like(one, c.mention))]
    if not fitting and closer:  # "2 pages, before it was 14": the noun is said once
        fitting = [
            c
            for c in bound
            if c.fact is closer[0].fact and bears(c.mention, one) and c.mention.kind == "number"
        ]
    if not fitting and not own:
        fitting = [
            c for c in bound if bears(c.mention, one) and (not _informative(words) or _bare_measure(one))
        ]
    kind = "range" if one.exact is None else "count"
    if fitting:
        rival = None if one.kind == "number" else _counted_other(case, fitting, closer, words)
        if rival is None:
            case.enter(one.start, one.end, kind, one.normal, "supported", "count.same", fitting[0].fact)
        elif not echo:
            case.enter(one.start, one.end, kind, one.normal, "contradicted", "count.of_another", rival.fact)
        return
    things = {fact.subject for fact in case.facts if fact.family == "product"}
    if len(things) > 1 and one.exact == len(things) and cue("total", case.clause(one.start)):
        return
    if not own and _OF_THE.search(head) and one.exact is not None and one.exact <= max(len(case.facts), 2):
        return
    if echo:
        return
    shelf = pattern(tuple(data("terms")["stock"]["fact"]))
    if left := next(
        (c for c in bound if shelf.search(c.fact.attribute) and c.mention.exact == one.exact), None
    ):
        case.enter(one.start, one.end, "stock", one.normal, "supported", "stock.number", left.fact)
        return
    if derived := derive.derive(case, one, own or bound):
        if derived[0] == "count.subjects":
            return
        case.enter(one.start, one.end, kind, one.normal, "derived", *derived)
    elif any(bears(amount, like(one, amount)) for scan in case.derived for amount in scan.amounts):
        case.enter(one.start, one.end, kind, one.normal, "derived", "given")
    elif other := next((c for c in bound if _same_shape(one, c.mention)), None):
        case.enter(one.start, one.end, "range", one.normal, "contradicted", "count.differs", other.fact)
    elif [
        c for c in own if one.kind == "count" or (c.mention.kind in ("count", "number") and words & c.words)
    ]:
        case.enter(one.start, one.end, kind, one.normal, "contradicted", "count.differs", closer[0].fact)
    elif course := next((fact for _, fact in derive.meetings(case, one)), None):
        case.enter(one.start, one.end, kind, one.normal, "contradicted", "count.differs", course)
    elif listing := next((fact for _, fact in derive.listings(case, one)), None):
        case.enter(one.start, one.end, kind, one.normal, "contradicted", "count.differs", listing)
    elif (
        _told_of_goods(case, one)
        and not _priced_for(case, one)
        and not _ADVICE.search(case.clause(one.start))
    ):
        case.enter(one.start, one.end, kind, one.normal, "unsupported", "count.unknown")


_ORDERS = re.compile(r"[\w ]{0,10}?(?:(?<![a-z])orders(?![a-z])|订单|单(?![独个价人品一位]))")


def _orders_counted(case: Case, one: Amount, told: Sequence[Told[Amount]]) -> bool:
    """Whether orders are counted, several of which the facts tell; more than these, that nothing else tells, are unknown."""
    orders = {fact.subject for fact in case.facts if fact.family in ("order", "订单")}
    if len(orders) < 2 or one.exact is None or not _ORDERS.match(case.text, one.start):
        return False
    if any(bears(t.mention, one) for t in told if t.fact.family not in ("order", "订单")):
        return False
    if one.exact > len(orders):
        case.enter(one.start, one.end, "count", one.normal, "unsupported", "count.unknown")
    return True


_HAS = re.compile(  # what a thing has is claimed of it; two friends and three wishes are not
    r"(?<![a-z])(?:has|have|had|comes? (?:with|in)|supplied with|includes?|including|contains?|holds?|takes?|seats?|sleeps?|fits|serves|feeds"
    r"|(?:is|are) (?:made )?for|packs? of|box(?:es)? of|sets? of|choose from|available in|there (?:is|are)|offers?)"
    r"(?: up to| about| around| over| only| just| at least| a total of)?(?: [^.!?]{0,40}(?: and|,))? $"
    r"|(?:得下|有|含|带|配|附|赠|送|共|装|分|坐|住|睡|容纳|限|提供|备)(?:了|着|约|近|超过|齐)?$"
)
_HOW_MANY = re.compile(r"(?<![a-z])how many(?![a-z])|几|多少")


def _told_of_goods(case: Case, one: Amount) -> bool:
    """Whether a number that no fact knows is one of the goods: they have so many, are named by it, or that was asked."""
    behind = case.text[one.end : one.end + 3]
    if behind[:1] == "的" and len(behind) == 3 and any(behind[1:] in fact.subject for fact in case.facts):
        return True  # 12轮的头盔
    return bool(_HAS.search(case.text[: one.start][-70:]) or _HOW_MANY.search(case.asked.reading.text))


def _same_shape(one: Amount, known: Amount) -> bool:
    """Whether both are ranges, or both limits of one side: 36 to 48 beside 36 to 47."""
    if one.exact is not None or known.exact is not None or known.kind not in ("count", "number"):
        return False
    return (one.low is None) == (known.low is None) and (one.high is None) == (known.high is None)


def _named_by_measure(one: Amount, told: Told[Amount]) -> bool:
    """Whether a fact's attribute names the measure word: 颗粒数 counts 颗, 片数 counts 片; 6 of "×6" counts any piece."""
    return any(word[1:] in told.fact.attribute for word in measure_of(one.noun)) or bool(
        "#" in one.noun and told.fact.text[: told.mention.start].endswith("×")
    )


def _foreign(case: Case, told: Told[Amount]) -> bool:
    """Whether fact and text are of two languages, so that no noun of the one stands in the other."""
    return bool(_HAN.search(case.text)) != bool(_HAN.search(told.fact.text))


def _bare_measure(one: Amount) -> bool:
    """Whether a number has a Chinese measure word for anything and nothing behind it: 一次12个."""
    return not measure_of(one.noun) and bool(re.search(r"#[\u4e00-\u9fff]{1,2} ?$", one.noun))


def _priced_for(case: Case, one: Amount) -> bool:
    """Whether a price in the clause is for that many: "three are 87 euros" at 29 each; the price is judged by itself."""
    start, end = case.said.reading.clause(one.start)
    said = [a.exact for a in case.said.amounts if a.kind == "price" and a.exact and start <= a.start < end]
    each = [a.exact for f in case.facts for a in f.scan.amounts if a.kind == "price" and a.exact is not None]
    return one.exact is not None and any(price * one.exact in said for price in each)


def _spoken(case: Case, one: Amount) -> bool:
    """A count of the question in other words: "two at 15 cm" asked, "two short ones" answered."""
    from chains.guard.ledger.numerals import numerals

    asked = [number.value for number in numerals(case.asked.reading.text)]
    measures = [
        a
        for a in (*case.asked.amounts, *case.asked.days, *case.asked.clocks)
        if a.kind not in ("count", "number")
    ]
    several = [
        n.value
        for n in numerals(case.asked.reading.text)
        if not any(a.start <= n.start < a.end for a in measures)
    ]
    pieces = [a.exact for a in case.asked.amounts if a.kind == "count" and a.exact is not None]
    party = named_once(case)
    return one.exact is not None and (
        one.exact in asked
        or one.exact in party
        or (len(pieces) > 1 and one.exact == sum(pieces))
        or (bool(pieces) and len(several) > 1 and one.exact == sum(several))
    )


def _counted_other(
    case: Case, fitting: Sequence[Told[Amount]], closer: Sequence[Told[Amount]], words: frozenset[str]
) -> Told[Amount] | None:
    def strength(told: Told[Amount]) -> int:
        return len((told.words | words_of(told.mention.noun)) & words)

    own = max(strength(told) for told in fitting)
    best = max(closer, key=strength, default=None)
    return best if best is not None and best not in fitting and strength(best) > own else None


def measure_of(noun: str) -> frozenset[str]:
    """The Chinese measure word of a count, where it says what is counted."""
    found = re.search(r"#([\u4e00-\u9fff]{1,2})", noun)
    return (
        frozenset([f"#{found[1].replace('位', '人').replace('名', '人')}"])
        if found and found[1] not in ("个", "只", "件", "款", "种", "套", "项", "次", "打")
        else frozenset()
    )


def _informative(words: frozenset[str]) -> bool:
    return any(not _EMPTY_NOUN.match(word) for word in words if not word.startswith(("@", "#")))


def judge_offers(case: Case) -> list[tuple[int, int]]:
    """Enter "buy two, get one": the same offer as a fact's, or another."""
    known = list(offers(case))
    done = []
    for match, take, pay in offers_in(case.text):
        done.append(match)
        holding = next((fact for fact, t, p in known if (t, p) == (take, pay)), None)
        result: Result = "supported" if holding else "contradicted" if known else "unsupported"
        case.enter(
            *match,
            "polarity",
            f"{take} for {pay}",
            result,
            "offer",
            holding or (known[0][0] if known else None),
        )
    reductions = list(cuts(case))
    for match, at, less in cuts_in(case.text):
        done.append(match)
        fact = next((fact for fact, a, b in reductions if (a, b) == (at, less)), None)
        against = fact or (reductions[0][0] if reductions else None)
        verdict: Result = "supported" if fact else "contradicted" if reductions else "unsupported"
        case.enter(*match, "price", f"{less} off from {at}", verdict, "offer", against)
    return done
