"""Judges where things are said to come from. A country bears what a town in it says, not the other way."""

import re

from chains.guard.ledger.case import Case
from chains.guard.ledger.entries import Result
from chains.guard.ledger.facts import Fact
from chains.guard.ledger.lexicon import any_of, data, pattern
from chains.guard.ledger.mentions import Term
from chains.guard.ledger.terms import origins
from chains.guard.ledger.worded import negated
from chains.places import lies_in, place_called, places_in, places_named


def judge_origins(case: Case) -> list[tuple[int, int]]:
    """Enter where things are said to come from; a country bears what a town in it says, not the other way."""
    attributes = pattern(tuple(data("terms")["origin"]["attribute"]))
    telling = [fact for fact in case.facts if attributes.search(fact.attribute) or origins(fact.value)]
    known = tuple({piece for fact in telling for piece in _pieces(fact.value)})
    done = []
    for one in origins(case.text, known):
        done.append((one.start, one.end))
        if negated(case, one.start) or any(
            case.text[one.start : one.end] in fact.subject for fact in case.facts
        ):
            continue
        if one.modifier == "handmade":
            told = [
                fact
                for fact in case.facts
                if re.search(any_of([*data("terms")["origin"]["hand"], "by hand"]), fact.value)
                and fact.yes is not False
            ]
            case.enter(
                one.start,
                one.end,
                "origin",
                one.key,
                "supported" if told else "unsupported",
                "origin.hand",
                told[0] if told else None,
            )
            continue
        bound = [fact for fact in telling if case.speaks_of(fact, one.start)]
        place = _whole(one.key)
        result = next(((r, f) for f in bound if (r := _origin(one, place, f))), None)
        if (
            result is None
            and one.modifier == "place"
            and any(one.key in fact.text for fact in case.facts if fact not in telling or fact in bound)
        ):
            continue
        if result is not None:
            case.enter(
                one.start,
                one.end,
                "origin",
                one.key,
                result[0],
                "origin.same" if result[0] == "supported" else "origin.within",
                result[1],
            )
        else:
            against = (
                None
                if _of_a_part(case, one, bound)
                else next((f for f in bound if not _narrower(place, f)), None)
            )
            case.enter(
                one.start,
                one.end,
                "origin",
                one.key,
                "contradicted" if against else "unsupported",
                "origin.differs" if against else "origin.unknown",
                against,
            )
    return done


def _pieces(value: str) -> list[str]:
    latin = [part.strip(" .") for part in re.split(r"[,;()]", value)]
    return [part for part in latin if re.fullmatch(r"[a-zà-ÿ' -]{3,30}", part)] + [
        run[i : i + 2]
        for run in re.findall(r"[\u4e00-\u9fff]{2,8}", value)
        for i in range(0, len(run) - 1, 2)
    ]


def _origin(one: Term, place: frozenset[str], fact: Fact) -> Result | None:
    if one.modifier == "domestic":
        theirs = places_in(fact.value)
        return "supported" if theirs and lies_in(theirs, frozenset(["CN"])) else None
    said = re.sub(
        r"(?:原装进口|进口|生产|制造|出产|出品|制作|手工|产|制|货|做的|出的|造|的|面料|正宗)+$", "", one.key
    )
    if said and said in fact.value:
        return "supported"
    inner = data("terms")["origin"]["regions"].get(said.strip(" 是正的"), [])
    if any(re.search(rf"(?<![a-z]){re.escape(name)}", fact.value) for name in inner):
        return "derived"
    if any(piece in said for piece in _pieces(fact.value)) and not _other_place(said, fact):
        return "supported"
    if place and (theirs := _whole(fact.value) or places_in(fact.value)) and lies_in(theirs, place):
        return "supported" if theirs == place else "derived"
    return None


def _narrower(place: frozenset[str], fact: Fact) -> bool:
    """Whether the place lies in the one that the fact tells, and so says more than is known: Wellington of New Zealand."""
    theirs = _whole(fact.value) or places_in(fact.value)
    return bool(place and theirs and place != theirs and lies_in(place, theirs))


def _of_a_part(case: Case, one: Term, bound: list[Fact]) -> bool:
    """Whether only a part of the thing is said to come from there, of which no fact tells the origin: imported cloth."""
    part = re.compile(rf"[ 的]?(?P<part>{any_of(data('terms')['origin']['parts'])})").match(
        case.text, one.end
    )
    return part is not None and not any(part["part"] in fact.text[: fact.body] for fact in bound)


def _whole(name: str) -> frozenset[str]:
    """The codes of what a name as a whole, or words in it, call."""
    bare = name.strip(" .。")
    return place_called(bare) or frozenset().union(*(one.codes for one in places_named(bare)))


def _other_place(said: str, fact: Fact) -> bool:
    return any(place.name not in fact.value for place in places_named(said))
