"""Judges the product that an answer picks where the question asks which one, and products that bear a brand's name and
are none of those told.

Knows a product by its name in a fact; Chinese names are not parted into brand and model.
"""

import re

from chains.guard.ledger.case import Case
from chains.guard.ledger.counting import like
from chains.guard.ledger.entail import bears
from chains.guard.ledger.topics import negative

_WHICH = re.compile(r"(?<![a-z])which(?![a-z])|哪[一]?[个款种只件台本把双]")
_COMPARES = re.compile(r"(?<![a-z])(?:than|unlike|not|no|while|whereas)(?![a-z])|比|不|没")


def judge_picked(case: Case) -> None:
    """Enter the product named in answer to "which one", held to the value or the yes that was asked for."""
    right = _asked_for(case) if _WHICH.search(case.asked.reading.text) else frozenset()
    if not right:
        return
    for start, end in case.said.reading.clauses():
        clause = case.text[start:end]
        if _COMPARES.search(clause) or any(start <= one.start < end for one in case.said.amounts):
            continue  # a value of its own is judged by itself
        picked = case.named(clause, "product")
        if len(picked) != 1:
            continue
        (name,) = picked
        at = case.text.find(name, start, end)
        fact = next(fact for fact in case.facts if fact.subject == name)
        if name not in right:
            span = (at, at + len(name)) if at >= 0 else (start + len(clause) - len(clause.lstrip()), end)
            case.enter(*span, "product_name", name, "contradicted", "name.picked", fact)
        elif at >= 0:
            case.enter(at, at + len(name), "product_name", name, "supported", "name.picked", fact)
        return


def _asked_for(case: Case) -> frozenset[str]:
    """The products that have the value or the yes/no attribute which the question names; none where all have it."""
    asked = case.asked.reading.text
    goods = {fact.subject for fact in case.facts if fact.family == "product"}
    holding = {
        fact.subject
        for fact in case.facts
        if fact.family == "product"
        for told in fact.told(fact.scan.amounts)
        for one in case.asked.amounts
        if one.exact is not None and one.exact > 1
        if bears(told.mention, like(one, told.mention) if one.kind in ("number", "count") else one)
    }
    if not holding:
        matters = [
            f for f in case.facts if f.family == "product" and f.yes is not None and f.attribute in asked
        ]
        name = matters[0].attribute if matters else ""
        bare = asked.replace(name, "□" * len(name)) if name else asked
        denied = bool(name) and negative(bare, asked.find(name), asked.find(name) + len(name))
        holding = {fact.subject for fact in matters if fact.yes != denied}
        goods &= {fact.subject for fact in matters}
    return frozenset(holding) if holding < goods else frozenset()


def judge_unheard(case: Case) -> None:
    """Enter a product that begins with the brand of several told ones and goes on with a name that nobody has said."""
    firsts = [
        s.split()[0] for s in {fact.subject for fact in case.facts if fact.family == "product"} if " " in s
    ]
    source = case.said.reading.source
    for brand in {one for one in firsts if firsts.count(one) > 1 and re.fullmatch(r"[a-zà-ÿ'-]{3,}", one)}:
        for match in re.finditer(rf"(?i:(?<![a-z]){re.escape(brand)})((?: [A-Z][\w'-]+)+)", source):
            words = match[1].lower().split()
            known = f"{case.asked.reading.text} {' '.join(fact.text for fact in case.facts)}"
            if all(re.search(rf"(?<![a-z]){re.escape(word.removesuffix('s'))}", known) for word in words):
                continue
            start = case.said.reading.at.index(match.start())
            end = start + len(match[0])
            if case.said.reading.span(start, end) == match.span():
                case.enter(start, end, "product_name", match[0], "unsupported", "name.unheard")
