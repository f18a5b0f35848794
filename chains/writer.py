"""Lets the model say one fact in its own words, and lets only words through that the fact bears out.

The belief of the model allows nothing: numbers, yes and no, and the answer's value are checked by rule.
What fails twice is not sent; the fact itself is (see `reply`).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml
from langchain_core.language_models import BaseChatModel
from langchain_core.runnables import Runnable, RunnableLambda

from chains.evidence import Evidence
from chains.guard.claims import values_in
from chains.guard.ledger import ledger
from chains.guard.words_of_claims import unfounded_words
from chains.tasks import Task
from chains.unknowns import says_unknown
from knowledge.facts.lexicon import tokens
from knowledge.languages import detect

LONGEST = 48  # new tokens
FIGURES = frozenset(
    [
        "price",
        "percentage",
        "quantity",
        "duration",
        "count",
        "range",
        "date",
        "time",
        "order_id",
        "warranty",
        "stock",
    ]
)  # kinds of claims that a number decides
_NOBODY = {"en": "the shop", "zh": "本店"}
FIRST_YES = re.compile(
    r"^\W*(yes|yeah|sure|of course|certainly|absolutely)\b|^\W*(是|可以|能|有|会|对|好)", re.I
)
FIRST_NO = re.compile(r"^\W*(no|not|sorry|unfortunately)\b|^\W*(不|没|否|抱歉|无法)", re.I)
NOT = re.compile(r"\b(no|not|never|without|none|cannot)\b|n't\b|不|没|否|无|非|免", re.I)
_OPENS_YES = re.compile(
    r"^\W*(yes|yeah|sure|of course|certainly|absolutely)\b|^(是的?|可以的?|能的?|会的?|对的?|有的?)[，,。]",
    re.I,
)


@cache
def function_words(language: str) -> frozenset[str]:
    """Words that say nothing of a product; in Chinese single characters."""
    raw = yaml.safe_load(resources.files("chains.data").joinpath("function_words.yaml").read_text("utf-8"))
    return frozenset(raw["zh"]) if language == "zh" else frozenset(raw["en"].split())


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

    async def write(asked: Asked) -> Written:
        options = {"max_tokens": LONGEST, "temperature": 0.0 if asked.seed == 0 else 0.6, "seed": asked.seed}
        task = Task(
            "answer",
            asked.language,
            asked.shop or _NOBODY[asked.language],
            [asked.evidence.text],
            asked.question,
        )
        message = await model().bind(**options).ainvoke(task.messages())
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
    fact, language = asked.evidence, asked.language
    if not 2 <= len(text) <= 400:
        return "length"
    if text[-1] not in ".!?。！？":
        return "fragment"
    if detect(text) != language:
        return "language"
    if says_unknown(text, language):
        return "doubt"
    book = ledger(text, [fact.ref()], question=asked.question)
    if any(entry.kind in FIGURES for entry in book.loose):
        return "number"
    if (yes := fact.polarity) is not None:
        if yes == bool(NOT.search(text)) or (FIRST_NO if yes else FIRST_YES).search(text):
            return "polarity"
    elif bool(NOT.search(text)) != bool(NOT.search(fact.value or fact.text)):
        return "polarity"
    elif _OPENS_YES.search(text) or FIRST_NO.search(text):
        return "yes or no"
    if any(entry.kind == "polarity" for entry in book.loose):
        return "polarity"
    if unfounded_words(text, [fact.text], language):
        return "claim"
    words, known = set(tokens(text)), set(tokens(f"{fact.text} {asked.question}"))
    stated = set(tokens(fact.key if fact.polarity is not None else fact.value))
    if not values_in(fact.value) <= values_in(text) or len(stated & words) < 0.6 * len(stated):
        return "value left out"
    plain = function_words(language)
    letters = set(f"{fact.text} {asked.question}") | function_words(
        "zh"
    )  # pairs of Chinese characters may meet anew
    new = [w for w in words - known if w not in plain and not (not w.isascii() and set(w) <= letters)]
    if len(new) > 0.25 * len(words):
        return "new words"
    return None if book.ok else "claim"
