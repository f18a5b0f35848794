"""Finds what a rule of the shop leaves out: worn shoes of "exceptions: shoes worn outdoors", 活体 of 活体不支持退货. Judges nothing.

Knows a condition by the words of a list, else by all the words of the exception; what a thing is called otherwise it
does not know.
"""

import re
from functools import cache, lru_cache

from chains.guard.ledger.facts import Fact, words_of
from chains.guard.ledger.lexicon import any_of, data, pattern

_LEFT_OUT = re.compile(
    r"(?<![a-z])(?:exceptions?|excluded|not returnable|non-returnable|no returns|not refundable) ?(?:(?:are|is|on|for|of) )?:? ?(?P<a>[^;.。；]{3,80})"
    r"|(?<![a-z])(?:except(?:ed|ing)?|excluding|apart from)(?: for)? (?P<b>[^;.。；]{3,80})"
    r"|(?P<c>[^;,.。；，:：]{3,60}?) (?:are|is|can|may)?(?: |(?<=can))(?:n't|not|never|excluded)(?: be)?(?: (?:returned|returnable|refunded|refundable|exchanged|taken back|sent back)|(?=\W|$))"
    r"|(?:例外|除外)[:：] ?(?P<d>[^;。；]{2,40})|除了?(?P<e>[^;，。；]{2,20}?)(?:以外|之外|外)"
    r"|(?P<f>[^;，。；:：]{2,20}?)(?:概|一律|均|都)?(?:不支持(?:无理由)?退|不支持换|不退|不可退|不能退|不予退|不换|除外|不在退)"
)


@cache
def _conditions() -> tuple[re.Pattern[str], dict[str, int]]:
    words = {str(word): place for place, line in enumerate(data("exceptions")["conditions"]) for word in line}
    return re.compile(any_of(words)), words


@cache
def _un() -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in data("exceptions")["un"])
    return re.compile(rf"(?:{words})(?: (?:been|yet|been yet|be|even))?[ -]?(?:过)?$")


@lru_cache(maxsize=8192)
def conditions_in(text: str) -> tuple[frozenset[int], frozenset[int]]:
    """The conditions that a text says are met, and those that it says are not: opened, unopened."""
    finder, words = _conditions()
    met: set[int] = set()
    unmet: set[int] = set()
    for match in finder.finditer(text):
        said = words.get(match[0], words.get(match[0].replace("-", " ")))
        if said is not None:
            (unmet if _un().search(text[max(0, match.start() - 16) : match.start()]) else met).add(said)
    for match in _UNDONE.finditer(text):
        said = words.get(match[1])
        if said is not None:
            unmet.add(said)
    return frozenset(met), frozenset(unmet)


_UNDONE = re.compile(r"(?<![a-z])un([a-z]{3,12})(?![a-z])")


@lru_cache(maxsize=4096)
def _left_out(text: str, body: int, attribute: str) -> tuple[str, ...]:
    found = tuple(
        next(group for group in match.groups() if group).strip() for match in _LEFT_OUT.finditer(text, body)
    )
    return (
        (*found, text[body:]) if re.fullmatch(r"exceptions?|excluded|例外|不可退|除外", attribute) else found
    )


def left_out(fact: Fact) -> tuple[str, ...]:
    """The stretches of a rule that name what it does not hold for."""
    return _left_out(fact.text, fact.body, fact.attribute) if fact.family != "order" else ()


def excepted(fact: Fact, said: bool, clause: str, sentence: str, asked: str) -> bool:
    """Whether what the clause speaks of is left out of the rule; the question tells where the sentence does not. A refusal
    needs no more than a word of it anywhere."""
    for stretch in left_out(fact):
        wanted, _ = conditions_in(stretch)
        words = words_of(stretch)
        if wanted:
            here, unmet = conditions_in(sentence)
            near, (before, denied) = conditions_in(clause)[0], conditions_in(asked)
            if wanted & unmet or (wanted & denied and not wanted & near) or _spared(sentence, wanted):
                continue
            in_clause, in_sentence, in_question = (bool(wanted & one) for one in (near, here, before))
        else:
            in_clause, in_sentence, in_question = (
                bool(words) and words <= words_of(one) for one in (clause, sentence, asked)
            )
        if in_clause or (in_question and not in_sentence) or (not said and (in_sentence or in_question)):
            return True
    return False


def _spared(sentence: str, wanted: frozenset[int]) -> bool:
    """Whether the sentence itself leaves out what the rule does: "unless worn outdoors"."""
    finder = pattern(tuple(data("exceptions")["spared"]))
    return any(
        wanted & frozenset().union(*conditions_in(sentence[match.end() : match.end() + 40]))
        for match in finder.finditer(sentence)
    ) or bool(wanted & frozenset().union(*(conditions_in(one[0])[0] for one in _EXCEPTED.finditer(sentence))))


_EXCEPTED = re.compile("[^，,。；;]{2,20}(?:除外|例外)")


def within(fact: Fact, start: int) -> bool:
    """Whether a place of a fact lies in what it leaves out: "worn outdoors" tells nothing of outdoor use."""
    return any(
        fact.text.find(one, fact.body) <= start < fact.text.find(one, fact.body) + len(one)
        for one in left_out(fact)
    )
