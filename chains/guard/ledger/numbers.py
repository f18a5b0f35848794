"""Judges amounts: each against the facts of its dimension, bound by subject and by the words about them.

Knows what a number may stand on; what may be reckoned from several is for `derive`.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from chains.guard.ledger import derive
from chains.guard.ledger.case import Case
from chains.guard.ledger.counting import as_number, judge_count, like
from chains.guard.ledger.dated import current, superseded
from chains.guard.ledger.entail import bears, comparable, implied
from chains.guard.ledger.entries import Result
from chains.guard.ledger.facts import Fact, Told, aspects_of, words_of
from chains.guard.ledger.lexicon import data, pattern, units
from chains.guard.ledger.mentions import Amount, overlaps
from chains.guard.ledger.misplaced import instead, wrong_way
from chains.guard.ledger.operands import cue, exact
from chains.guard.ledger.own import asked_for, one_of_a_rate, own_basket, own_measure, said_back
from chains.guard.ledger.searched import unit_prices


def judge_amounts(case: Case, taken: Sequence[tuple[int, int]]) -> None:
    """Enter every amount of the text, save stretches that other rules have judged and echoes of the question.

    What no fact bears by itself is looked at again when the rest is judged: a total stands before its parts."""
    later = []
    taken = [*taken, *judge_sides(case)]
    for one in case.said.amounts:
        if overlaps(one.start, one.end, taken):
            continue
        before = len(case.entries)
        _judge(case, one)
        if any(entry.result in ("contradicted", "unsupported") for entry in case.entries[before:]):
            del case.entries[before:]
            later.append(one)
    for _ in range(_PASSES):
        left, later = later, []
        for one in left:
            before = len(case.entries)
            _judge(case, one)
            if any(entry.result in ("contradicted", "unsupported") for entry in case.entries[before:]):
                later.append(one)
                del case.entries[before:]
        if len(later) == len(left):
            break
    for one in later:
        _judge(case, one)


_SIDES = re.compile(
    r"(?<![\d.×x*])\d[\d.]*(?:\s?[×x*]\s?\d[\d.]*){2}(?![\d×x*])(?!\s?(?:[cmd]?m|厘米|毫米|米|公分|寸|英寸)(?![a-z]))"
)


def judge_sides(case: Case) -> list[tuple[int, int]]:
    """Enter length by width by height said without a unit, where a fact has three sides. Returns the stretches judged."""
    known = [(re.findall(r"\d[\d.]*", m[0]), f) for f in case.facts for m in _THREE.finditer(f.text)]
    done = []
    for match in _SIDES.finditer(case.text) if known else ():
        said = re.findall(r"\d[\d.]*", match[0])
        bound = [(sides, fact) for sides, fact in known if case.speaks_of(fact, match.start())]
        holding = next((fact for sides, fact in bound if sorted(sides) == sorted(said)), None)
        result: Result = "supported" if holding else "contradicted" if bound else "unsupported"
        against = holding or (bound[0][1] if bound else None)
        case.enter(*match.span(), "quantity", match[0], result, "quantity.sides", against)
        done.append(match.span())
    return done


_THREE = re.compile(r"\d[\d.]*(?:\s?[×x*]\s?\d[\d.]*){2}")
_PASSES = 2  # a total of a total stands two steps from the facts


def _judge(case: Case, one: Amount) -> None:
    candidates = told_of(case, one) or _told_by_name(case, one)
    if one.kind == "number":
        candidates = as_number(case, one)
        priced = next(
            (c for c in candidates if c.mention.kind == "price" and bears(c.mention, like(one, c.mention))),
            None,
        )
        if priced is not None or _priced(case, one):
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
            found := _as_money(case, one)
        ):
            del case.entries[before:]
            case.take_as(one, found[0])
            case.enter(found[0].start, found[0].end, "price", found[0].normal, "derived", *found[1])
        elif not made and (against := _unit_price_of(case, one)) is not None:
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
                for t in _told_by_name(case, one)
                if bears(t.mention, one) and (case.speaks_of(t.fact, one.start) or case.compared(one.start))
            ),
            None,
        )
        result, rule, fact = ("supported", f"{one.kind}.same", named.fact) if named else (result, rule, fact)
    if result in ("contradicted", "unsupported") and said_back(case, one, candidates):
        return
    case.enter(one.start, one.end, kind, one.normal, result, rule, fact)


def _unit_price_of(case: Case, one: Amount) -> Fact | None:
    """The priced fact, where a bare number is given as the price of one unit that the facts' price can be shared out over:
    "12.50 a month" of 138 a year."""
    if one.kind != "number" or one.exact is None or asked_for(case, one):
        return None
    money = [
        Told(a, f, words_of(f.attribute), f.text) for f in case.facts for a in f.scan.amounts
        if a.kind == "price" and case.speaks_of(f, one.start)
    ]  # fmt: skip
    return next((fact for _, _, fact in unit_prices(case, one, exact(money))), None)


def _as_money(case: Case, one: Amount) -> tuple[Amount, derive.Found] | None:
    """A number without a unit as the price that it comes to, where the facts know one currency: 两块104. 八十一张 is eighty for
    one."""
    money = {a.dimension for f in case.facts for a in f.scan.amounts if a.kind == "price"}
    if len(money) != 1 or one.exact is None or one.exact < 2:
        return None
    said = case.text[one.start : one.end]
    price = replace(one, kind="price", dimension=next(iter(money)), noun="")
    if one.kind == "count" and (tail := re.match("(.*?)[一](?=[\u4e00-\u9fff]$)", said)) and len(tail[1]) > 1:
        price = replace(price, end=one.start + len(tail[1])).with_values(one.exact - 1, one.exact - 1)
    elif one.kind == "count" and re.search("[\u4e00-\u9fff]$|[a-z]", said):
        return None
    candidates = told_of(case, price)
    held = next((c for c in case.bound(candidates, one.start) if bears(c.mention, price)), None)
    found = (
        ("price.same", held.fact) if held else derive.derive(case, price, case.bound(candidates, one.start))
    )
    return (price, found) if found else None


def _told_by_name(case: Case, one: Amount) -> list[Told[Amount]]:
    """What products' names say in the claim's dimension, where no attribute does: "Larch Daypack 28 L"."""
    named = [
        (a, f) for f in case.facts if f.family == "product" for a in f.scan.amounts if a.end <= len(f.subject)
    ]
    return [Told(a, f, f.subject_words, f.subject) for a, f in named if comparable(a, one)]


def kind_of(case: Case, one: Amount) -> str:
    """The kind a claim is filed under: a limit or two ends make a range; warranty words make a duration one."""
    if one.kind == "duration" and _warranty(case, one):
        return "warranty"
    if one.kind == "duration" and (one.low is None or one.high is None):
        return "duration"
    if one.exact is None and one.kind != "percentage":
        return "range"
    return "count" if one.kind == "number" else one.kind


def _warranty(case: Case, one: Amount) -> bool:
    words = pattern(tuple(data("terms")["warranty"]))
    near = case.clause(one.start)
    told = [c for c in told_of(case, one) if bears(c.mention, one)]
    return bool(words.search(near)) or bool(
        told and all(words.search(c.fact.attribute or c.fact.text) for c in told)
    )


def told_of(case: Case, one: Amount) -> list[Told[Amount]]:
    """What facts say in the claim's dimension."""
    found = [told for fact in case.facts for told in fact.told(fact.scan.amounts)]
    return [
        *(told for told in found if comparable(told.mention, one)),
        *(told for bare in found if (told := _implied(bare, one)) is not None),
    ]


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
    ]
    live = [c for c in fitting if not superseded(case, c, one)]
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
    if (sooner := next((c for c in bound if _sooner(c, one, case.clause(one.start))), None)) is not None:
        return "derived", f"{one.kind}.limit", sooner.fact
    if any(bears(amount, one) for scan in case.derived for amount in scan.amounts):
        return "derived", "given", None
    if bound:
        matter = aspects_of(case.clause(one.start))
        if one.kind == "duration" and matter & _NAMED_TIMES and not any(matter & c.words for c in bound):
            return "unsupported", f"{one.kind}.of_another_matter", None
        return "contradicted", f"{one.kind}.differs", nearest(case, one, bound).fact
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


def _of_second(case: Case, one: Amount, told: Told[Amount]) -> bool:
    """A price cut for the second piece only must be said so."""
    if not told.mention.second or one.second:
        return True
    return bool(re.search("第[二2]|second", case.sentence(one.start))) and not re.search(
        "都|each|both|every", case.clause(one.start)
    )


def _priced(case: Case, one: Amount) -> bool:
    """Whether a bare number stands for money: in a clause on prices, or after another price."""
    head = case.text[max(0, one.start - 16) : one.start]
    if case.text[one.end : one.end + 1].isascii() and case.text[one.end : one.end + 1].isalpha():
        return False  # a unit that no list knows
    return bool(
        re.search(
            r"(?:价|费|省|减|付|押金?|交|尾款|定金|便宜|合计|一共|共计|总共|只要|到手|收|满|涨到|降到|元变|加一块儿?|加起来|加一起)[\u4e00-\u9fff]{0,3}$"
            r"|(?<![a-z])(?:price|prices|priced|cost|costs|pay|pays|paid|for only|only|now|charge|charges)(?: (?:is|are|was|at|just|only|about|of|from))? $",
            head,
        )
    )


def judge_lifetime(case: Case) -> list[tuple[int, int]]:
    """Enter warranties for life."""
    words, guarantee = pattern(tuple(data("terms")["lifetime"])), pattern(tuple(data("terms")["warranty"]))
    done = []
    for match in words.finditer(case.text):
        if not guarantee.search(case.clause(match.start())):
            continue
        done.append(match.span())
        bound = [
            f
            for f in case.facts
            if guarantee.search(f.attribute or f.text) and case.speaks_of(f, match.start())
        ]
        holding = [f for f in bound if words.search(f.value)]
        result: Result = "supported" if holding else "contradicted" if bound else "unsupported"
        case.enter(
            *match.span(),
            "warranty",
            "lifetime",
            result,
            "warranty.lifetime",
            next(iter(holding or bound), None),
        )
    return done
