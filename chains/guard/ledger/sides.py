"""Judges length by width by height said without a unit."""

import re

from chains.guard.ledger.case import Case
from chains.guard.ledger.entries import Result

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
