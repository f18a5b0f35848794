"""Tells where a text says that it does not know, or only asks: neither claims anything. Judges nothing."""

import re

from chains.guard.ledger.case import Case
from chains.guard.ledger.lexicon import data, pattern

_LACKS = re.compile(  # nothing of it is written down
    r"(?<![a-z])(?:not?|nothing|none|neither|n't|cannot)(?: [a-z'-]+){0,5} (?:notes?|information|data|records?|details|given|listed|stated|mentioned|mention|noted|written|documented|anything)(?![a-z])"
    r"|n't(?: [a-z'-]+){0,4} (?:notes?|information|data|records?|details|listed|stated|mentioned|mention|noted|written|documented|anything)(?![a-z])"
    r"|[没未](?:有|见|看)?[\u4e00-\u9fff]{0,5}(?:资料|信息|记录|数据|说明|注明|标注|标明|提到|提及|写|标(?!准|题|签|配)|收录|记载|列出)"
    r"|(?:资料|记录|信息|说明)[\u4e00-\u9fff]{0,5}[没未]"
)
_ASKS = re.compile(
    r"([\u4e00-\u9fff])不\1|有没有|是否|能否|可否|[?？]|(?<![a-z])(?:whether|if|what|which|how)(?![a-z])"
)


def unsure(case: Case, at: int) -> bool:
    """Whether the clause around a place doubts, or asks something that its sentence leaves open."""
    words = pattern(tuple(data("cues")["unsure"]))
    clause, sentence = case.clause(at), case.sentence(at)
    if words.search(clause) or _LACKS.search(clause):
        return True
    return bool(
        _ASKS.search(clause)
        and (re.search("[?？]", clause) or words.search(sentence) or _LACKS.search(sentence))
    )
