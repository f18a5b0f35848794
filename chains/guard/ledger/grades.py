"""Judges steels and papers by their grade alone: SK5 blades of "blade: SK5 steel". Knows no grade but those that facts tell."""

import re

from chains.guard.ledger.case import Case
from chains.guard.ledger.mentions import overlaps
from chains.guard.ledger.worded import negated

_GRADE = re.compile(r"(?<![a-z0-9])(?P<grade>[a-z]{1,4}-?\d{1,4}[a-z]{0,2})[ -]?$")


def judge_grades(case: Case, done: list[tuple[int, int]]) -> None:
    """Enter a steel by its name alone, and another name at the part that a fact tells it of: SK5 blades of blade: SK5 steel."""
    for fact in case.facts:
        for term in fact.scan.materials if fact.family == "product" and fact.attribute else ():
            if term.start < fact.body or not (known := _GRADE.search(fact.text[fact.body : term.start])):
                continue
            part = rf"[ -](?={re.escape(fact.attribute)}s?(?![a-z]))"
            for match in re.finditer(r"(?<![a-z0-9-])[a-z]{1,4}-?\d{1,4}[a-z]{0,2}(?![a-z0-9-])", case.text):
                same = match[0] == known["grade"]
                beside = any(0 <= t.start - match.end() <= 1 for t in case.said.materials)
                if (
                    overlaps(*match.span(), done)
                    or not case.speaks_of(fact, match.start())
                    or negated(case, match.start())
                ):
                    continue
                if same and not beside:
                    done.append(match.span())
                    case.enter(*match.span(), "material", match[0], "supported", "material.same", fact)
                elif not any(match[0] in f.text for f in case.facts) and (
                    beside or re.compile(part).match(case.text, match.end())
                ):
                    done.append(match.span())
                    case.enter(*match.span(), "material", match[0], "contradicted", "material.differs", fact)
