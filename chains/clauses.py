"""Parts a message that asks several things: "is it strong, and how much?". Answers none of them."""

import re

from chains.cues import Cues
from chains.words import plain_words
from knowledge.facts.lexicon import tokens

MOST = 3
SHORT = 4  # Chinese characters that say no more than "how much"
CLAUSE = re.compile(
    r"[?？!！。;；]\s*|(?:，|(?<=[一-鿿])\s+(?=[一-鿿]))(?=[^，]*(?:几|多[少大久长重高远快深宽厚]|吗|还是|能不能|怎么|哪|什么|是否|不$|没有$))"
    r"|,?\s+(?:and|n|&)\s+(?=(?:how|what|when|where|which|who|is|are|can|do|does|will|would)\b)"
    r"|,\s+(?=(?:how|what|when|where|which|is|are|can|do|does|will)\b)",
    re.I,
)


def questions_in(asked: str, cues: Cues) -> list[str]:
    """The questions of a message, where there are two or three of them; else nothing."""
    clauses = [clause.strip() for clause in CLAUSE.split(asked) if clause and len(tokens(clause)) >= 2]
    asking = [bool({"asks", "price", "yes_no"} & cues.all(clause)) for clause in clauses]
    if clauses and not asking[0]:  # "the lotus tea, is it strong": what it is about comes first
        clauses = [", ".join(clauses[:2]), *clauses[2:]]
        asking = [any(asking[:2]), *asking[2:]]
    return clauses if 2 <= len(clauses) <= MOST and all(asking) else []


def bare(clause: str) -> bool:
    """Whether a question says nothing of what it is about: "how much", 多少钱."""
    if clause.isascii():
        return not set(tokens(clause)) - plain_words()
    return len(clause.strip("，。？！ ")) <= SHORT
