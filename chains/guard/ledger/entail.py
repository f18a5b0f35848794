"""Whether one amount bears another: equal values, limits within limits. Knows no text."""

from collections.abc import Mapping
from fractions import Fraction

from chains.guard.ledger.mentions import ONE_MONTH, Amount

_CLOSE = Fraction(1, 400)
_DAY = 86400
_SCALES: Mapping[
    str, tuple[Fraction, Fraction]
] = {  # degrees: less so much, times so much, is degrees Celsius
    "celsius": (Fraction(0), Fraction(1)),
    "fahrenheit": (Fraction(32), Fraction(5, 9)),
    "kelvin": (Fraction(27315, 100), Fraction(1)),
}


def comparable(a: Amount, b: Amount) -> bool:
    """Whether two amounts are of one dimension; months and days meet, discounts and shares do not."""
    if a.dimension == b.dimension:
        return a.kind == b.kind or {a.kind, b.kind} <= {"count", "number"}
    if {a.dimension, b.dimension} == {"shoe size", ""} or {a.dimension, b.dimension} <= set(_SCALES):
        return True
    return (
        {a.dimension, b.dimension} == {"[time]", "month"}
        or {a.dimension, b.dimension} == {"%", "%off"}
        or ({a.dimension, b.dimension} == {"[time]", "working day"})
    )


def same(a: Fraction | None, b: Fraction | None, one: Amount, other: Amount) -> bool:
    """Whether two values are equal, in what their dimensions have in common."""
    if a is None or b is None:
        return False
    if one.dimension != other.dimension and {one.dimension, other.dimension} <= set(_SCALES):
        return abs(_celsius(a, one) - _celsius(b, other)) <= 1
    left, right = _common(a, one, other), _common(b, other, one)
    return left == right or (
        one.dimension != ""
        and one.kind == "quantity"
        and abs(left - right) <= _CLOSE * abs(right)
        and _rounded(one, other)
    )


def _celsius(value: Fraction, one: Amount) -> Fraction:
    less, times = _SCALES[one.dimension]
    return (value - less) * times


def _rounded(one: Amount, other: Amount) -> bool:
    return one.dimension == other.dimension and one.dimension.startswith("[")


def _common(value: Fraction, mine: Amount, theirs: Amount) -> Fraction:
    if mine.dimension == "month" and theirs.dimension == "[time]":
        years, months = divmod(value, 12)
        return (years * 365 + months * ONE_MONTH) * _DAY
    return value


def bears(fact: Amount, claim: Amount) -> bool:
    """Whether what the fact says makes the claim true, by value alone."""
    if not comparable(fact, claim):
        return False
    if (
        fact.dimension == "%"
        and claim.dimension == "%off"
        and fact.exact is not None
        and claim.exact is not None
    ):
        return fact.exact == claim.exact
    if {fact.dimension, claim.dimension} == {"%", "%off"}:
        return (
            claim.exact is not None
            and fact.exact is not None
            and (claim.exact == fact.exact or (claim.exact == 100 - fact.exact and claim.dimension == "%"))
        )
    if fact.exact is not None:
        if claim.low is not None and claim.high is not None:
            return same(claim.low, fact.exact, claim, fact) and same(claim.high, fact.exact, claim, fact)
        return same(claim.edge, fact.exact, claim, fact) and not claim.strict
    if fact.low is not None and fact.high is not None:
        if claim.exact is not None:
            return claim.kind == "count" and fact.low <= claim.exact <= fact.high
        if claim.low is not None and claim.high is not None:
            return same(claim.low, fact.low, claim, fact) and same(claim.high, fact.high, claim, fact)
        return (
            same(claim.low, fact.low, claim, fact)
            if claim.high is None
            else same(claim.high, fact.high, claim, fact)
        )
    if claim.exact is not None:
        return same(claim.exact, fact.edge, claim, fact)
    if (claim.low is None) != (fact.low is None) or (claim.low is not None and claim.high is not None):
        return False
    return same(claim.edge, fact.edge, claim, fact)


def implied(fact: Amount, claim: Amount) -> bool:
    """Whether the claim is weaker than the fact and true: "under 700 g" of 690 g."""
    if (
        not comparable(fact, claim)
        or claim.exact is not None
        or fact.dimension != claim.dimension
        or not claim.strict
    ):
        return False
    low, high = fact.low, fact.high
    if claim.high is None and claim.low is not None:
        return low is not None and low > claim.low
    if claim.low is None and claim.high is not None:
        return high is not None and high < claim.high
    return False
