"""Judges a statement by the words that it shares with a yes/no fact: whoever names all of "handle on back" or most of "Can I
pause my membership?" says yes or no to it, whatever else the clause holds.

For matters that no list knows. Knows no synonyms: what is worded otherwise it does not see.
"""

import re

from chains.guard.ledger.attributes import of_supply
from chains.guard.ledger.case import Case
from chains.guard.ledger.doubt import unsure
from chains.guard.ledger.entries import Result
from chains.guard.ledger.facts import Fact, words_of
from chains.guard.ledger.lexicon import data, pattern
from chains.guard.ledger.topics import topics_in, word

_NEED = re.compile(
    r"(?<![a-z])(?:need|needs|needed|required|require|have to|must|necessary)(?![a-z])|需|用|必"
)
_NO_NEED = re.compile(
    r"(?<![a-z])(?:no need|needn't|don't need|don't have to|not needed|not required|not necessary)(?![a-z])|不用|不需要|无需|不必"
)
_APART = re.compile(r"(?<![a-z])(?:sold separately|extra|optional)(?![a-z])|另购|另售|自备|选配")
MOST = 0.6  # share of a question's words that a clause names
NEARLY = 0.75  # share of them that clause and customer's question name together
_BOUNDED = re.compile(  # a condition, a contrast or a comparison: what is denied need not be the fact's matter
    r"(?<![a-z])(?:if|unless|when|once|until|before|after|only|but|except|than|instead|rather|or|either|apart)(?![a-z])"
    r"|如果|要是|除非|只|仅|才|但|不过|比|后|前|或|除|另|不仅|若"
)
_NO_DENIAL = re.compile(
    r"(?<![a-z])(?:no problem|not only|no worries|don't worry|not to worry|free of charge|(?:at )?no (?:extra |additional )?(?:cost|charge)|no surcharge|without (?:any )?[a-z]+)(?![a-z])"
    r"|没问题|不加钱|不另收费|不收费|不错|别担心|不用担心|免费|无理由|[\u4e00-\u9fff]不[完准着齐清住到起懂见]"
)


def judge_aligned(case: Case) -> None:
    """Enter clauses that name a yes/no fact's matter in its words and deny what it says, or say what it says."""
    for start, end in case.said.reading.clauses():
        clause = case.text[start:end]
        if len(clause) > 200 or _BOUNDED.search(clause) or _taken(case, start, end):
            continue
        said = _plain(words_of(clause))
        for fact in case.facts:
            matter = _matter(fact)
            if of_supply(fact.value) and not of_supply(clause):
                continue
            if (
                not matter
                or fact.yes is None
                or not (_named(fact, matter, said) or _asked_too(case, fact, matter, said))
                or not case.speaks_of(fact, start)
            ):
                continue
            if unsure(case, start):
                break
            about = f"{fact.attribute} {fact.question}"
            needed = bool(_NEED.search(about) or _NEED.search(fact.value))
            yes = _denials(clause, needed) % 2 == 0
            told = fact.yes == (_denials(about, needed) % 2 == 0)
            result: Result = "supported" if yes == told else "contradicted"
            first = start + len(clause) - len(clause.lstrip())
            last = start + len(clause.rstrip(" ,.!?。！？，;；\n"))
            if last > first:
                case.enter(
                    first,
                    last,
                    "polarity",
                    f"{fact.attribute or fact.question}={word(yes)}",
                    result,
                    "polarity.aligned",
                    fact,
                )
            break


def _plain(words: frozenset[str]) -> frozenset[str]:
    return frozenset(one for one in words if not one.startswith("@"))


def _matter(fact: Fact) -> frozenset[str]:
    """What a yes/no fact is about; none where its value says more than yes or no, or a list knows the matter."""
    about = fact.question or fact.attribute
    if fact.family in ("order", "订单", "prose") or topics_in(about):
        return frozenset()
    return (
        _plain(words_of(about)) - fact.subject_words if fact.family == "product" else _plain(words_of(about))
    )


def _named(fact: Fact, matter: frozenset[str], said: frozenset[str]) -> bool:
    shared = len(matter & said)
    return shared >= 2 and shared >= len(matter) * (MOST if fact.question else 1)


def _asked_too(case: Case, fact: Fact, matter: frozenset[str], said: frozenset[str]) -> bool:
    """Whether the customer asked nearly what the fact answers, and the clause names two words of it."""
    asked = _plain(words_of(case.asked.reading.text))
    return (
        bool(fact.question)
        and len(matter & said) >= 2
        and len(matter & asked) >= 2
        and len(matter & (asked | said)) >= len(matter) * NEARLY
    )


def _denials(text: str, needed: bool) -> int:
    """How often a clause denies; that nothing is needed denies only what speaks of need."""
    nouns = pattern(tuple(data("polarity")["answers"]["nouns"]))
    finder = pattern(tuple(str(one) for one in data("polarity")["negations"]))
    bare = _NO_DENIAL.sub(" ", text if needed else _NO_NEED.sub(" ", text))
    return len(finder.findall(nouns.sub(" ", bare))) + len(_APART.findall(bare))


def _taken(case: Case, start: int, end: int) -> bool:
    a, b = case.said.reading.span(start, end)
    return any(one.kind == "polarity" and one.start < b and a < one.end for one in case.entries)
