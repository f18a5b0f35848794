"""Judges what a fact denies in its own words, said in a text with the denial or without it: "caps: not compulsory", 素饺：不含蛋奶.

Knows no list of matters: the fact's label and its own words must both stand in the clause.
"""

import re

from chains.guard.ledger.case import Case
from chains.guard.ledger.entries import Result
from chains.guard.ledger.facts import Fact, words_of
from chains.guard.ledger.lexicon import data, is_han, pattern
from chains.guard.ledger.statements import claimed, reported
from chains.guard.ledger.topics import topics_in

_EN = re.compile(r"\s*(?:is |are )?not (?P<what>[a-z]{4,20})(?![a-z])(?P<rest>[^.;]{0,60})")
_ZH = re.compile(r"\s*(?:不|无|没有|未)(?P<what>[\u4e00-\u9fff]{2,6})\W*")
_MUST = ("needed", "required", "necessary", "compulsory", "mandatory", "obligatory")
_NEEDS = r"need(?:s|ed)?|require[sd]?|necessary|compulsory|mandatory|obligatory"
_NOT = re.compile(r"(?<![a-z])(?:not|no|never|without|nor|neither|none|nobody|hardly)(?![a-z])|n't(?![a-z])")
_NOT_ZH = re.compile(r"[不没无未非免别勿][\u4e00-\u9fff]{0,2}$")
_TURN = re.compile(
    r"(?<![a-z])(?:only|if|unless|except|otherwise|whether|or|but|than|instead)(?![a-z])|[只才除若吗？?]|如果|的话|还是"
)


def _nouns() -> re.Pattern[str]:
    """Words that begin as a denial and deny nothing: 不锈钢."""
    return pattern(tuple(data("polarity")["answers"]["nouns"]))


def judge_denied(case: Case) -> None:
    """Enter such statements: with the denial they are borne, without it they are against the fact."""
    for fact in case.facts:
        if (
            not fact.attribute
            or fact.family in ("question", "order", "订单", "prose")
            or topics_in(fact.attribute)
        ):
            continue
        for start, end in fact.parts():
            part = fact.text[start:end]
            if topics_in(part):
                continue
            if match := _EN.match(part):
                _said_en(case, fact, match)
            elif (match := _ZH.fullmatch(part)) and not _nouns().match(part.strip()):
                _said_zh(case, fact, match["what"])


def _said_en(case: Case, fact: Fact, told: re.Match[str]) -> None:
    name, rest = words_of(fact.attribute), words_of(told["rest"])
    what = _NEEDS if told["what"] in _MUST else re.escape(told["what"])
    for match in re.finditer(rf"(?<![a-z])(?:{what})(?![a-z])", case.text):
        first, last = case.said.reading.clause(match.start())
        clause = case.text[first:last]
        words = words_of(clause)
        if not name or not name <= words or not rest <= words or is_han(match[0][0]):
            continue
        _enter(case, fact, match, clause, bool(_NOT.search(clause)))


def _said_zh(case: Case, fact: Fact, what: str) -> None:
    for match in re.finditer(re.escape(what), case.text):
        first, last = case.said.reading.clause(match.start())
        clause = case.text[first:last]
        if fact.attribute in clause:
            denied = bool(_NOT_ZH.search(case.text[first : match.start()]))
            _enter(case, fact, match, clause, denied)


def _enter(case: Case, fact: Fact, match: re.Match[str], clause: str, denied: bool) -> None:
    if (
        claimed(case, *match.span())
        or reported(case, clause, match.start())
        or not case.speaks_of(fact, match.start())
        or (not denied and _TURN.search(clause))
    ):
        return
    result: Result = "supported" if denied else "contradicted"
    said = f"{match[0]}={'no' if denied else 'yes'}"
    case.enter(*match.span(), "polarity", said, result, "polarity.attribute", fact)
