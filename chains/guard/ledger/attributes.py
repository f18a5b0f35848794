"""Judges yes/no attributes and answered questions that no list knows, by their own words."""

import re

from chains.guard.ledger.case import Case
from chains.guard.ledger.entries import Result
from chains.guard.ledger.facts import Fact
from chains.guard.ledger.lexicon import data, pattern
from chains.guard.ledger.statements import WRITTEN, claimed, reported, statement
from chains.guard.ledger.topics import negative, topics_in, word


def judge_attributes(case: Case) -> None:
    """Yes/no attributes that no list knows, by their own words: "non-slip: yes", 防滑：是."""
    for fact in case.facts:
        if fact.family == "question":
            _answered(case, fact)
            continue
        name = re.sub(r"^(?:是否|可以|可|能|含)|^(?:is|has|incl\.) | included$", "", fact.attribute)
        ruled = fact.family == "product" or _PLAIN.fullmatch(fact.value) is not None
        if fact.yes is None or not ruled or len(name) < 2 or topics_in(fact.attribute):
            continue
        for match in re.finditer(rf"(?<![a-z]){_forms(name)}(?![a-z])", case.text):
            first, last = case.said.reading.clause(match.start())
            clause = case.text[first:last]
            if of_supply(fact.value) and not of_supply(clause):
                continue  # that a kit is not included says nothing of whether one is needed
            if (
                claimed(case, *match.span())
                or reported(case, clause, match.start())
                or not case.speaks_of(fact, first)
            ):
                continue
            written = WRITTEN.match(case.text, match.end())
            own = "□" * len(name)  # a 无 within the attribute's own name denies nothing
            bare = f"{clause[: match.start() - first]}{own}{clause[match.end() - first :]}"
            denied = negative(bare, match.start() - first, match.end() - first)
            said = written["yes"] is not None if written else not denied
            result: Result = "supported" if said == fact.yes else "contradicted"
            begin, stop = statement(case, *match.span(), first, last)
            case.enter(begin, stop, "polarity", f"{name}={word(said)}", result, "polarity.attribute", fact)


_PLAIN = re.compile(r"\s*(?:yes|no|none|有|无|没有|是|否|需要|不需要|不用|支持|不支持)\W*")  # 押金：无
_ASKED_OF = re.compile(
    r"(?:[你您]们?家?|店里|请问)?(?:能不能|可不可以|是否|有没有|能|可以|支持|有)?(?P<matter>[\u4e00-\u9fff]{3,8}?)(?:吗|么|不)?[?？]?"
)


def _answered(case: Case, fact: Fact) -> None:
    """Enter what a fact answers with yes or no, where the text says the matter in the question's own words: 货到付款."""
    asked = _ASKED_OF.fullmatch(fact.question.split(":")[-1].strip())
    if fact.yes is None or asked is None or topics_in(fact.question):
        return
    for match in re.finditer(re.escape(asked["matter"]), case.text):
        first, last = case.said.reading.clause(match.start())
        clause = case.text[first:last]
        if claimed(case, *match.span()) or reported(case, clause, match.start()):
            continue
        said = not negative(clause, match.start() - first, match.end() - first)
        result: Result = "supported" if said == fact.yes else "contradicted"
        begin, stop = statement(case, *match.span(), first, last)
        case.enter(
            begin, stop, "polarity", f"{asked['matter']}={word(said)}", result, "polarity.answered", fact
        )


def of_supply(text: str) -> bool:
    """Whether a text says that a thing comes along, or does not."""
    return bool(pattern(tuple(data("polarity")["supply"])).search(text))


def _forms(name: str) -> str:
    """A pattern of a yes/no attribute as a sentence says it: dimmable is said as "can be dimmed", "dims"."""
    if not (able := re.fullmatch(r"(?P<root>[a-z]{3,}?)(?P<twin>[bdgmnprt]?)(?P=twin)(?:able|ible)", name)):
        return re.escape(name)
    root, twin = able["root"], able["twin"]
    return rf"{root}{twin}(?:{twin or 'e?'}(?:able|ible|ed|ing)|able|ible|ed|ing|es|e|s)?"
