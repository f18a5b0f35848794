"""Judges the yes or no that opens a text, against what was asked; where rules can't tell, the rest of the text decides."""

import re
from functools import cache

from chains.guard.ledger.case import Case
from chains.guard.ledger.entries import Result
from chains.guard.ledger.facts import Fact, words_of
from chains.guard.ledger.lexicon import any_of, data
from chains.guard.ledger.stances import LACKING, WHERE
from chains.guard.ledger.topics import free_of, topics_in, word


@cache
def _opens() -> re.Pattern[str]:
    raw = data("polarity")["opens"]
    return re.compile(
        rf"\W{{0,4}}(?:(?P<yes>{any_of(raw['yes'])})|(?P<no>{any_of(raw['no'])}))(?=[,，.。!！:;；、]|$| ?[—–]| - | (?:i'm afraid|we|it|you|they|sorry))"
    )


def judge_opening(case: Case) -> None:
    """A yes or no that opens the text, against what was asked; where rules can't tell, the rest of the text decides."""
    match = _opens().match(case.text)
    if match is None:
        return
    said = match["yes"] is not None
    opener = match["yes"] or match["no"]
    if not said and opener in ("sorry", "unfortunately", "i'm afraid", "抱歉", "没有", "很遗憾", "not for"):
        return
    start, end = match.end() - len(opener), match.end()
    loose = [entry for entry in case.entries if entry.blocks]
    told = next((entry for entry in case.entries if entry.kind in ("polarity", "stock")), None)
    rule, fact = "polarity.borne_by_the_rest", None
    result: Result | None = None
    if (known := _asked_plainly(case, end)) is not None:
        rule, fact = "polarity.opens", known[1]
        result = "supported" if known[0] == said else "contradicted"
    elif loose:
        result, rule, fact = "contradicted", "polarity.opens_wrong", case.fact(loose[0].fact)
    elif _against_the_rest(case, said, end):
        result, rule = "contradicted", "polarity.opens_against_the_rest"
    elif told is not None:
        result, fact = "supported", case.fact(told.fact)
    elif said and (case.entries or any(_repeated(one, case.text) for one in case.facts)):
        rest = {entry.result for entry in case.entries}
        result = "supported" if rest == {"supported"} else "derived"
    elif said and case.asked.reading.text:
        result, rule = "unsupported", "polarity.opens_unknown"
    if result is not None:
        case.enter(start, end, "polarity", word(said), result, rule, fact)


_TURNED = re.compile(  # a question whose yes may mean the opposite, or that asks for more than a yes
    r"(?<![a-z])(?:not|no|never|n't|cannot|without|right|pay|extra|or|only|still|too|else|bring|buy|need|when|how|which|what|why|pack|arent|isnt|dont|doesnt|cant|wont|allerg(?:y|ic|ies)|intolerant|(?:i'm|im|i am|we're|we are) (?:a )?(?:vegan|vegetarian|coeliac|celiac|pregnant))(?![a-z])|n't(?![a-z])"
    r"|[不没未](?!$)|吧|还是|只|才|另|要不要|得|过敏|怎|几|哪|什么|多少|[\u4e00-\u9fff]了[^\u4e00-\u9fff]*$"
)

_MAY = re.compile(r"(?<![a-z])(?:can|may)(?![a-z]|'t| not)|(?<![不没未就才])(?:可以|能(?!量|力))")

_MAY_NOT = re.compile(
    r"(?<![a-z])(?:can't|cannot|can not|may not|isn't allowed|aren't allowed)(?![a-z])|不可以|不能|不支持|不允许"
)

_TURN = re.compile(
    r"(?<![a-z])(?:but|only|just|except|without|unless|until|instead|however|from|after|before)(?![a-z])|但|不过|只|才|除|需|要|得|先|或|后|前|另|代"
)


def _against_the_rest(case: Case, said: bool, at: int) -> bool:
    """Whether the clause behind an opening yes or no says the opposite outright: "Yes, you can't."; the question being plain."""
    asked = _unasked(case.asked.reading.text)
    rest = case.text[at:].lstrip(" ,，!！.。哦呢的亲")
    clause = (
        rest[: case.said.reading.clause(len(case.text) - len(rest))[1] - (len(case.text) - len(rest))]
        if rest
        else ""
    )
    if (
        not asked
        or not _MAY.search(asked)
        or _TURNED.search(asked)
        or not clause
        or _TURN.search(case.sentence(at))
    ):
        return False
    may, not_ = bool(_MAY.search(clause)), bool(_MAY_NOT.search(clause))
    return (not_ and not may) if said else (may and not not_)


def _unasked(asked: str) -> str:
    """A question without its marks: 能不能 asks as 能 does, a last 不 asks too."""
    plain = re.sub(r"([\u4e00-\u9fff])不\1", r"\1", asked.strip(" ?？.。!！"))
    return re.sub("有没有", "有", plain).removesuffix("不").removesuffix("没")


def _asked_plainly(case: Case, at: int) -> tuple[bool, Fact] | None:
    """What a fact answers with yes or no, where the question asks just that and nothing with it."""
    asked = case.asked.reading.text.strip(" ?？.。!！")
    topics = {name for name, _, _ in topics_in(asked)}
    if not asked or len(topics) > 1 or _TURNED.search(_unasked(asked)) or case.asked.amounts:
        return None
    words = words_of(asked)
    for fact in case.facts:
        if fact.yes is None or not case.speaks_of(fact, at):
            continue
        head = f"{fact.attribute} {fact.question}"
        topic = next(((n, e) for n, _, e in topics_in(head) if n in topics), None)
        named = words_of(fact.attribute)
        if topic is not None:
            return fact.yes != (
                free_of(head, topic[0], topic[1]) or bool(LACKING.search(_before(head, topic[0])))
            ), fact
        if not topics and named and named <= words and not WHERE.search(asked.partition(fact.attribute)[0]):
            return fact.yes, fact
    return None


def _before(head: str, topic: str) -> str:
    return next((head[:start] for name, start, _ in topics_in(head) if name == topic), "")


def _repeated(fact: Fact, text: str) -> bool:
    """Whether the text repeats what the fact says of its subject, in the fact's words."""
    value = fact.value.strip(" .。")
    return bool(fact.attribute) and len(value) > 1 and value in text and fact.subject in text
