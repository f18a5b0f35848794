"""Judges "free" where it means a price of nothing: a threshold in a fact is applied to the basket that is spoken of.

Knows shipping and services; "sugar-free" and "free of lead" belong to polarity.
"""

import re
from fractions import Fraction

from chains.guard.ledger.case import Case
from chains.guard.ledger.doubt import unsure
from chains.guard.ledger.entries import Result
from chains.guard.ledger.facts import Fact, words_of
from chains.guard.ledger.lexicon import any_of, data
from chains.guard.ledger.operands import basket_totals, counts, offers
from chains.guard.ledger.topics import topics_in

_NOT = re.compile(
    r"(?<![a-z])(?:not|no|isn't|never)(?![a-z])[a-z ]{0,14}$|不(?![完准着齐清住到起懂见管论限])[\u4e00-\u9fff]{0,3}$|没有?$|[没未不][到够满足达][到够满]?[\u4e00-\u9fff\d]{0,6}$"
)

_NOT_YET = re.compile(
    r"(?<![a-z])(?:short of|shy of|away from|off|more (?:for|to get|to reach|until)|until|to reach|to get|to qualify for)"
    r"(?: the)? $|(?:还差|差|再买|再凑|凑)[^，。]{1,10}?(?:就|才|即可|可以?|能)[^，。]{0,4}$"
)  # what is said to be still to come

_VACANT = re.compile(
    r"(?<![a-z])(?:(?:places?|seats?|spots?|spaces?|rooms?|tables?)(?: are| is| still)*|(?:you|we|they|who) are|you're|feel) $"
)

_RIGHT = re.compile(r"(?<![a-z])(?:cancel\w*|refund\w*)(?![a-z])|取消|退款|全额退")  # a right, no price


def judge_free(case: Case) -> list[tuple[int, int]]:
    """Enter claims that something costs nothing. Returns the stretches judged."""
    words = data("cues")["free"]
    finder = re.compile(any_of((*words["en"], *words["zh"])))
    done = []
    for match in finder.finditer(case.text):
        if re.compile(r"[- ](?:of(?! charge)|from (?:lead|pfas|bpa))|-range|dom").match(
            case.text, match.end()
        ) or (case.text[max(0, match.start() - 1) : match.start()] in "-–" and match.start()):
            continue
        if _VACANT.search(case.text[: match.start()][-24:]) or _of_stuff(case, match.start(), match.end()):
            continue
        if promised := _nth_free(case, match.start()):
            done.append(match.span())
            case.enter(*match.span(), "price", "0", "supported", "price.offer", promised)
            continue
        start, _ = case.said.reading.clause(match.start())
        negation = _NOT.search(case.text[start : match.start()]) or _NOT_YET.search(
            case.text[start : match.start()]
        )
        done.append(match.span())
        named = [fact for fact in case.facts if finder.search(fact.text)]
        denied = [fact for fact in named if _never_free(fact, finder)]
        telling = [f for f in named if f not in denied and case.speaks_of(f, match.start())]
        other = [fact for fact in telling if _of_another_matter(case, fact, match.start(), finder)]
        telling, denied = [fact for fact in telling if fact not in other], denied + other
        verdicts = [(v, fact) for fact in telling if (v := _holds(case, fact, match.start())) is not None]
        place = match.span()
        kind = "polarity" if _RIGHT.search(case.clause(match.start())) else "price"
        if negation is not None or (negation := _DENIED_AFTER.match(case.text, match.end())) is not None:
            _not_free(case, min(start + negation.start(), match.start()), match.end(), telling, verdicts)
            continue
        if unsure(case, match.start()) or any(finder.search(scan.reading.text) for scan in case.derived):
            continue
        if verdicts and any(v for v, _ in verdicts):
            fact = next(f for v, f in verdicts if v)
            start, end = case.said.reading.sentence(match.start())
            dated = any(
                start <= day.start < end for day in case.said.days
            )  # the day by itself is what is reckoned
            result: Result = "supported" if kind == "polarity" and dated else "derived"
            case.enter(*place, kind, "0", result, "price.free", fact)
        elif verdicts or denied:
            case.enter(
                *place,
                kind,
                "0",
                "contradicted",
                "price.not_free",
                (verdicts[0][1] if verdicts else denied[0]),
            )
        elif included := _included(case, match.start()):
            case.enter(*place, kind, "0", "derived", "price.included", included)
        elif telling:
            case.enter(*place, kind, "0", "supported", "price.free_said", telling[0])
        else:
            priced = next(
                (
                    f
                    for f in case.facts
                    for a in f.scan.amounts
                    if a.kind == "price" and case.speaks_of(f, match.start())
                ),
                None,
            )
            case.enter(
                *place,
                kind,
                "0",
                "contradicted" if priced else "unsupported",
                "price.free_unknown",
                priced,
            )
    return done


_COSTS = re.compile(r"(?<![a-z])costs?(?![a-z])|费用?")
_OF_STUFF = re.compile(r"[a-z]-free(?![a-z])|(?<![a-z])free (?:of|from)(?! charge)")
_INCLUDED = re.compile(
    r"(?<![a-z])(?:is|are|comes|:) (?:included|part of)(?![a-z])|[:：]?\s?(?:已?包含|已含|包括)"
)


def _included(case: Case, at: int) -> Fact | None:
    """The fact that includes what the clause gives: cleaning's on us, cleaning is included."""
    words = words_of(case.clause(at))
    return next(
        (
            fact
            for fact in case.facts
            if (hit := _INCLUDED.search(fact.text))
            and not _NOT.search(fact.text[: hit.start()])
            and words & words_of(fact.text[: hit.start()])
        ),
        None,
    )


def _of_stuff(case: Case, start: int, end: int) -> bool:
    """Whether "free" says that something is not in it: grain free, as a fact's attribute has it or a matter is called."""
    if case.text[start:end] != "free" or not (word := re.search(r"([a-z]{3,}) $", case.text[:start][-24:])):
        return False
    held = re.compile(rf"(?<![a-z]){word[1]}[ -]free|without (?:any )?{word[1]}|{word[1]}: (?:no|none|free)")
    topic = any(
        b == len(word[1]) and name not in data("polarity")["gratis"] for name, _, b in topics_in(word[1])
    )
    return topic or any(held.search(fact.text) for fact in case.facts)


def _never_free(fact: Fact, finder: re.Pattern[str]) -> bool:
    """Whether a fact names what is free only to deny it: 不在免费范围, no free returns."""
    heads = [fact.text[max(0, match.start() - 16) : match.start()] for match in finder.finditer(fact.text)]
    return bool(heads) and all(_NOT.search(head) for head in heads)


def _nth_free(case: Case, at: int) -> Fact | None:
    """The offer that makes the third one free, where the text says just that."""
    word = re.search(r"([a-z]+)(?: (?:one|pair|piece))?(?: is)? $", case.text[max(0, at - 24) : at])
    number = data("numbers")["en"]["ordinals"].get(word[1]) if word else None
    return next((fact for fact, take, _ in offers(case) if take == number), None)


def _of_another_matter(case: Case, fact: Fact, at: int, finder: re.Pattern[str]) -> bool:
    """Whether what the fact gives for free is another matter than the clause's: exchanges, not returns."""
    said = {topic for topic, _, _ in topics_in(case.clause(at))}
    free = {
        t for a, b in fact.parts() if finder.search(fact.text[a:b]) for t, _, _ in topics_in(fact.text[a:b])
    }
    return bool(said and free and not said & free)


def _not_free(
    case: Case, start: int, end: int, telling: list[Fact], verdicts: list[tuple[bool, Fact]]
) -> None:
    """Enter that something is not free, where a fact says that it is, or the basket that is spoken of decides."""
    if verdicts:
        free, fact = any(v for v, _ in verdicts), verdicts[0][1]
        result: Result = "contradicted" if free else "derived"
        case.enter(start, end, "price", "not free", result, "price.free" if free else "price.not_free", fact)
    elif telling and not telling[0].scan.amounts:  # what is free within limits may well not be
        case.enter(start, end, "price", "not free", "contradicted", "price.free_said", telling[0])


def free_by_rule(case: Case, at: int) -> Fact | None:
    """The fact that says of the clause's matter that it costs nothing, whatever the basket: engraving: free, in 3 days."""
    words, clause = data("cues")["free"], case.clause(at)
    finder = re.compile(any_of((*words["en"], *words["zh"])))
    bare = _COSTS.sub(" ", clause)  # what picking up costs is a matter of picking up
    matters, said = {name for name, _, _ in topics_in(bare)}, words_of(bare)
    for fact in case.facts:
        for a, b in fact.parts() if case.speaks_of(fact, at) and not _never_free(fact, finder) else ():
            part = fact.text[a:b]
            own = f"{fact.attribute} {part}"
            priced = any(one.kind == "price" for one in fact.scan.amounts)
            about = matters & {name for name, _, _ in topics_in(own)} or said & words_of(own)
            if finder.search(part) and not priced and not _OF_STUFF.search(part) and about:
                return fact
    return None


def reached(case: Case, fact: Fact, at: int) -> bool:
    """Whether the basket that is spoken of makes free what the fact charges below an amount."""
    limits = [a for a in fact.scan.amounts if a.kind == "price" and a.exact is None and a.low is not None]
    baskets = _basket(case, fact) if limits else []
    return bool(baskets) and max(baskets) >= limits[0].edge and case.speaks_of(fact, at)


def _holds(case: Case, fact: Fact, at: int) -> bool | None:
    """Whether the basket reaches the fact's threshold; None where the fact has none, or the text repeats it itself."""
    limits = [a for a in fact.scan.amounts if a.kind == "price" and a.exact is None and a.low is not None]
    if not limits:
        return _in_time(case, fact, at)
    limit = limits[0].edge
    said = [a for a in case.said.amounts if a.kind == "price"]
    if _on_terms(case, at, limit):
        return None
    baskets = _basket(case, fact)
    baskets += [
        a.exact
        for a in (*said, *case.asked.amounts)
        if a.kind == "price" and a.exact is not None and a.exact != limit
    ]
    if not baskets:
        return None
    return max(baskets) >= limit


_DENIED_AFTER = re.compile(r"[a-z ]{0,24}(?:n't|(?<![a-z])not)(?![a-z])")
_GRANTED = re.compile(r"(?<![a-z])(?:your|so|therefore|already|this)(?![a-z])|您的|已|所以|这单")
_TERMS = re.compile(
    r"(?<![a-z])(?:from|over|above|once|when|if|starts?|for orders|on orders|at)(?![a-z])|满|超过|达到|以上|起|够"
)


def _on_terms(case: Case, at: int, limit: Fraction) -> bool:
    """Whether "free" is said with the fact's own limit as its condition, and not granted to a basket."""
    start, end = case.said.reading.sentence(at)
    clause = case.clause(at)
    named = any(
        one.edge == limit and start <= one.start < end and abs(one.start - at) < 40
        for one in case.said.amounts
    )
    return named and bool(_TERMS.search(clause)) and not _GRANTED.search(clause)


def _basket(case: Case, shipping: Fact) -> list[Fraction]:
    prices = [
        t.mention.exact
        for f in case.facts
        if f is not shipping and f.family == "product"
        for t in f.told(f.scan.amounts)
        if t.mention.kind == "price" and t.mention.exact
    ]
    if totals := [price for price, _ in basket_totals(case)]:
        return totals
    many = [n for n in counts(case) if n <= 50]
    spoken = case.asked.reading.text + case.text
    pieces = [n for n in many if re.search(rf"(?<!\d){n}(?!\d)", spoken)] or many[:1]
    return [price * number for price in prices for number in (pieces or [Fraction(1)])]


def _in_time(case: Case, fact: Fact, at: int) -> bool | None:
    """Free up to so many days before: holds for a day that lies that far before the booked one."""
    days = [a for a in fact.scan.amounts if a.dimension == "[time]" and a.edge > 0]
    if not days or not re.search(r"(?<![a-z])before|前", fact.text):
        return None
    limit = int(days[0].edge // 86400)
    booked = [d.real() for f in case.facts if f is not fact for d in f.scan.days]
    event = next((d for d in booked if d), None)
    start, end = case.said.reading.clause(at)
    spoken = [d for d in case.said.days if start - 40 <= d.start < end + 40] or list(case.asked.days)
    if event is None or not spoken:
        return None
    chosen = spoken[0].real(event.year, event.month)
    return None if chosen is None else (event - chosen).days >= limit
