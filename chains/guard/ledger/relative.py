"""Judges "the next day" and "the same day" where they say how long something takes."""

from chains.guard.ledger.case import Case
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
                case.enter(
                    *match.span(),
                    "duration",
                    name.replace("_", " "),
                    "supported" if holding else "contradicted" if bound else "unsupported",
                    "duration.relative",
                    holding or (bound[0][1] if bound else None),
                )
    return done
