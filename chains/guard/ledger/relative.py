"""Judges "the next day" and "the same day" where they say how long something takes."""

from chains.guard.ledger.case import Case
from chains.guard.ledger.facts import Fact, words_of
from chains.guard.ledger.lexicon import data, pattern


def judge_relative(case: Case) -> list[tuple[int, int]]:
    """Enter "the next day", "the same day" where they say how long something takes."""
    words = data("cues")
    names = ("same_day", "next_day")
    told = [
        (name, fact) for fact in case.facts for name in names if pattern(tuple(words[name])).search(fact.text)
    ]
    matter = pattern(tuple(words["done"]))
    done = []
    for name in names:
        for match in pattern(tuple(words[name])).finditer(case.text):
            if case.text[: match.start()].endswith("that "):
                continue  # the day just named
            if not told and not matter.search(case.clause(match.start())):
                continue
            done.append(match.span())
            bound = [(known, fact) for known, fact in told if case.speaks_of(fact, match.start())]
            holding = next((fact for known, fact in bound if known == name), None)
            day = {"same_day": 0, "next_day": 86400}[name]
            hours = [
                f
                for f in case.facts
                for a in f.scan.amounts
                if a.dimension == "[time]"
                and a.high is not None
                and a.high <= max(day, 86400)
                and name == "next_day"
            ]
            if holding is None and hours:
                case.enter(
                    *match.span(),
                    "duration",
                    name.replace("_", " "),
                    "derived",
                    "duration.relative",
                    hours[0],
                )
            else:
                against = bound[0][1] if bound else _slower(case, match.start(), day)
                case.enter(
                    *match.span(),
                    "duration",
                    name.replace("_", " "),
                    "supported" if holding else "contradicted" if against else "unsupported",
                    "duration.relative",
                    holding or against,
                )
    return done


def _slower(case: Case, at: int, day: int) -> Fact | None:
    """The fact by which the delivery that the clause speaks of takes longer: overnight, of 2 to 3 working days."""
    if "@delivery" not in words_of(case.clause(at)):
        return None
    return next(
        (
            fact
            for fact in case.facts
            for one in fact.scan.amounts
            if one.kind == "duration"
            and one.low is not None
            and one.low * _SECONDS.get(one.dimension, 0) > day
            if "@delivery" in words_of(fact.text) and case.speaks_of(fact, at)
        ),
        None,
    )


_SECONDS = {"[time]": 1, "working day": 86400, "month": 30 * 86400}
