"""Lets the model say one fact in its own words, and lets only words through that the fact bears out.

The belief of the model allows nothing: numbers, yes and no, and the answer's value are checked by rule.
What fails twice is not sent; the fact itself is (see `reply`).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from langchain_core.runnables import Runnable, RunnableLambda

from chains.evidence import Evidence
from chains.guard.claims import claims_in, values_in
from chains.prompts import examples, render
from knowledge.facts.lexicon import tokens
from knowledge.languages import detect

LONGEST = 32  # new tokens
FIRST_YES = re.compile(
    r"^\W*(yes|yeah|sure|of course|certainly|absolutely)\b|^\W*(是|可以|能|有|会|对|好)", re.I
)
FIRST_NO = re.compile(r"^\W*(no|not|sorry|unfortunately)\b|^\W*(不|没|否|抱歉|无法)", re.I)
NOT = re.compile(r"\b(no|not|never|without|none|cannot)\b|n't\b|不|没|否|无|非|免", re.I)
PLAIN = frozenset(
    [
        "the",
        "a",
        "an",
        "it",
        "it'",
        "is",
        "are",
        "be",
        "was",
        "of",
        "in",
        "on",
        "for",
        "to",
        "and",
        "or",
        "with",
        "you",
        "your",
        "we",
        "our",
        "this",
        "that",
        "at",
        "from",
        "by",
        "as",
        "can",
        "will",
        "has",
        "have",
        "do",
        "does",
        "yes",
        "no",
        "not",
        "there",
        "here",
        "they",
        "them",
        "its",
        "i",
        "me",
        "my",
        "so",
        "if",
        "any",
        "all",
        "per",
        "than",
        "then",
        "also",
        "just",
        "only",
        "please",
        "hello",
        "thank",
        "product",
        "item",
        "shop",
        "store",
        "customer",
        "come",
        "made",
        "use",
        "about",
        "up",
        "out",
        "into",
        "which",
        "each",
        "one",
    ]
)
PLAIN_ZH = frozenset("的是了在有和也都我您你们这那它一个为与及就可以能会还请吗呢哦很款商品产品我们您好")


@dataclass(frozen=True)
class Asked:
    """One sentence to be written: for whom, from what."""

    shop: str
    question: str
    evidence: Evidence
    language: str
    seed: int = 0


@dataclass(frozen=True)
class Written:
    """What the model wrote, with its costs."""

    text: str
    prompt_tokens: int
    completion_tokens: int
    first_token_ms: int


def build_writer(model: Callable[[], BaseChatModel]) -> Runnable[Asked, Written]:
    """A chain from a fact to one sentence. The model is opened on first use."""

    def prompt(asked: Asked) -> list[BaseMessage]:
        language = asked.language
        turns: list[BaseMessage] = [SystemMessage(render("reply", language, shop=asked.shop or "the shop"))]
        for shown in examples("reply", language):
            turn = render("reply_turn", language, fact=shown["fact"], question=shown["question"])
            turns += [HumanMessage(turn), AIMessage(shown["reply"])]
        turn = render("reply_turn", language, fact=asked.evidence.text, question=asked.question)
        return [*turns, HumanMessage(turn)]

    async def write(asked: Asked) -> Written:
        options = {"max_tokens": LONGEST, "temperature": 0.0 if asked.seed == 0 else 0.6, "seed": asked.seed}
        message = await model().bind(**options).ainvoke(prompt(asked))
        usage = message.usage_metadata or {"input_tokens": 0, "output_tokens": 0}
        first = message.response_metadata.get("first_token_seconds") or 0
        text = tidy(str(message.text))
        return Written(text, usage["input_tokens"], usage["output_tokens"], int(1000 * first))

    def write_here(asked: Asked) -> Written:
        raise NotImplementedError("the writer is asynchronous")

    return RunnableLambda(write_here, afunc=write)


def tidy(text: str) -> str:
    """The first paragraph, without list marks, and without a last sentence that was cut off."""
    line = next((part for part in text.strip().split("\n") if part.strip()), "").strip()
    line = re.sub(r"^[-*•\s]+", "", line).strip().strip('"“”')
    if line and line[-1] not in ".!?。！？…~":
        cut = max(line.rfind(stop) for stop in ".!?。！？")
        line = line[: cut + 1] if cut > 0 and not line[cut - 1].isdigit() else line
    return line


def objection(text: str, asked: Asked) -> str | None:
    """Why a sentence may not leave; None when it may."""
    fact = asked.evidence
    if not 2 <= len(text) <= 400:
        return "length"
    if text[-1] not in ".!?。！？":
        return "fragment"
    if detect(text) != asked.language:
        return "language"
    if any(claim.result != "supported" for claim in claims_in(text, [fact.ref()])):
        return "number"
    if bool(NOT.search(text)) != bool(NOT.search(fact.value or fact.text)):
        return "polarity"
    if (FIRST_YES.search(text) and asked.language == "en") or FIRST_NO.search(text):
        return "yes or no"
    if not values_in(fact.value) <= values_in(text):
        return "value left out"
    words, known = set(tokens(text)), set(tokens(f"{fact.text} {asked.question}"))
    value = set(tokens(fact.value))
    if value and len(value & words) < 0.6 * len(value):
        return "value left out"
    letters = set(f"{fact.text} {asked.question}") | PLAIN_ZH  # pairs of Chinese characters may meet anew
    new = [w for w in words - known if w not in PLAIN and not (not w.isascii() and set(w) <= letters)]
    if len(new) > 0.25 * len(words):
        return "new words"
    return None
