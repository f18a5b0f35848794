"""Judges warranties for life."""

from chains.guard.ledger.case import Case
from chains.guard.ledger.entries import Result
from chains.guard.ledger.lexicon import data, pattern


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
