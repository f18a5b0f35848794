"""Lets the model say one fact in its own words, and lets only words through that the fact bears out.

The belief of the model allows nothing: numbers, yes and no, and the answer's value are checked by rule.
What fails is not sent; the fact itself is (see `saying`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chains.evidence import STOCK, Evidence
from chains.guard.claims import values_in
from chains.guard.ledger import ledger
from chains.guard.words_of_claims import unfounded_words
from chains.objections import Objection, Violation, claimed, loose, strange
from chains.permission import unfounded_permission
from chains.phrases import wordings
from chains.stance import decides, stance, without_lead
from chains.stated import speaks_of
from chains.tasks import Task
from chains.unknowns import says_unknown
from chains.words import function_words
from knowledge.facts.lexicon import tokens
from knowledge.languages import detect

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.runnables import Runnable

LONGEST = 48  # new tokens of a sentence on a short fact
LONGEST_REPLY = 400  # characters
MOST_OF = 0.6  # of the words of what has to be said
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


_LATIN = re.compile(r"[A-Za-z][\w'.&-]*")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_WORD = re.compile(r"[^\W\d_]")
_LISTED = re.compile(r"[A-Za-z]: ?\d+\W?$")  # "The keys are supplied: 3." is a form, no sentence
_OF_IT = re.compile(r"It('s| \w+(?:n't)?)(?=\s)")


@dataclass(frozen=True)
class Asked:
    """One sentence to be written: for whom, from what."""

    shop: str
    question: str
    evidence: Evidence
    language: str
    plainly: str = ""
    """The question that just this fact answers, where another try is to ask that"""
    must: tuple[str, ...] = ()
    """What has to be said; without it, the fact's value"""
    apart: frozenset[str] = frozenset()
    """Words of the product's name, of which one has to be said"""
    others: frozenset[str] = frozenset()
    """Words of other products' names, of which none may be"""
    bare: bool = False
    """Without a yes or no in front"""
    topic: frozenset[str] = frozenset()
    """Words of which half have to be said"""
    seed: int = 0
    rejected: str = ""
    """A text that may not leave, to be repaired rather than written anew"""
    violation: str = ""
    """What is wrong with it"""


@dataclass(frozen=True)
class Written:
    """What the model wrote, with its costs."""

    text: str
    prompt_tokens: int
    completion_tokens: int
    first_token_ms: int | None
    """None where the model does not say"""


def build_writer(model: Callable[[], BaseChatModel]) -> Runnable[Asked, Written]:
    """A chain from a fact to one sentence. The model is opened on first use."""
    from langchain_core.runnables import RunnableLambda

    async def write(asked: Asked) -> Written:
        task = task_of(asked)
        again = asked.seed > 0 and not asked.rejected
        options = {"max_tokens": longest(asked), "temperature": 0.6 if again else 0.0, "seed": asked.seed}
        message = await model().bind(**options, speakers=task.speakers).ainvoke(task.messages())
        usage = message.usage_metadata or {"input_tokens": 0, "output_tokens": 0}
        first = message.response_metadata.get("first_token_seconds")
        text = unasked(tidy(str(message.text)), asked.evidence)
        return Written(
            text, usage["input_tokens"], usage["output_tokens"], None if first is None else int(1000 * first)
        )

    def write_here(asked: Asked) -> Written:
        raise NotImplementedError("the writer is asynchronous")

    return RunnableLambda(write_here, afunc=write)


def task_of(asked: Asked) -> Task:
    """What the model is asked: an answer, or the repair of one."""
    shop = asked.shop or _NOBODY[asked.language]
    if asked.rejected:
        values = {"text": asked.rejected, "violation": asked.violation}
        return Task("rewrite", asked.language, shop, [asked.evidence.text], values=values)
    return Task("answer", asked.language, shop, [asked.evidence.text], asked.question)


def longest(asked: Asked) -> int:
    """New tokens that a sentence on this fact may take: a long one's value, said again, and a few."""
    size = len(asked.evidence.value) / (1.2 if asked.language == "zh" else 3.2)
    return max(LONGEST, round(size) + 16)


def named(text: str, name: str, language: str) -> str:
    """A sentence that leaves out what it speaks of, with the name in front and no yes or no: "It holds 650 ml." is "The jug
    holds 650 ml.". Empty where that would be no sentence."""
    text = without_lead(text, language) or text
    if language == "zh":
        return f"{name}{text[1:]}" if text.startswith("它") else f"{name}：{text}"
    if (of_it := _OF_IT.match(text)) and not name.lower().endswith("s"):
        verb = "is" if of_it[1] == "'s" else of_it[1].strip()
        return f"{'' if name.lower().startswith('the ') else 'The '}{name} {verb}{text[of_it.end() :]}"
    if ": " in text or text.startswith("The "):
        return ""
    return f"{name}: {text[0].lower()}{text[1:]}" if text[1:2].islower() else f"{name}: {text}"


def tidy(text: str) -> str:
    """The first paragraph, without list marks, and without a last sentence that was cut off."""
    line = next((part for part in text.strip().split("\n") if part.strip()), "").strip()
    line = re.sub(r"^[-*•\s]+", "", line).strip().strip('"“”')
    line = re.sub(
        r"\b(is|are|contains|costs): ", r"\1 ", line
    )  # "the status is: shipped" is a form, no sentence
    if line and line[-1] not in ".!?。！？…~":
        cut = max(line.rfind(stop) for stop in ".!?。！？")
        line = line[: cut + 1] if cut > 0 and not line[cut - 1].isdigit() else line
    return line


def unasked(text: str, fact: Evidence) -> str:
    """A text without the entry's own question, which a small model likes to say first: "Do you ship? We ship to the EU."."""
    question = fact.key.rstrip("?？ ")
    if fact.kind != "faq" or not text.lower().startswith(question.lower()):
        return text
    rest = text[len(question) :].lstrip("?？,，。.:： ")
    return rest[:1].upper() + rest[1:] if rest else text


def objection(text: str, asked: Asked) -> Objection | None:
    """Why a sentence may not leave; None when it may."""
    fact, language = asked.evidence, asked.language
    if not 2 <= len(text) <= LONGEST_REPLY:
        told = {"length": str(len(text)), "limit": str(LONGEST_REPLY)}
        return Objection("length", [Violation("long", told)] if len(text) > 2 else ())
    if text[-1] not in ".!?。！？":
        return Objection("fragment")
    if fact.item is not None and _LISTED.search(text):
        return Objection("listed")
    if detect(_own_words(text, fact)) != language:
        return Objection("language")
    if says_unknown(text, language):
        return Objection("doubt")
    book = ledger(text, [fact.ref()], question=asked.question)
    found = loose(book, [fact.ref()])
    if any(entry.kind in FIGURES for entry in book.loose):
        return Objection("number", found)
    if (wrong := stance(text, fact, book, found)) is not None:
        return wrong
    if any(entry.kind == "polarity" for entry in book.loose):
        return Objection("polarity", found)
    if words := unfounded_words(text, [fact.text], language):
        return Objection("claim", [*found, *map(claimed, words)])
    if not decides(fact) and (allowed := unfounded_permission(text, fact.text, language)):
        return Objection("permission", [*found, claimed(allowed)])
    if (left_out := _left_out(text, asked)) is not None:
        return left_out
    if new := _new_words(text, asked):
        return Objection("new words", [strange(text, new)])
    return None if book.ok else Objection("claim", found)


def _own_words(text: str, fact: Evidence) -> str:
    """A text without the names that its fact has in the other script, where words of its own are left."""
    names = _LATIN if fact.language == "zh" else _HAN
    own = names.sub(lambda name: " " if name[0] in fact.text else name[0], text)
    return own if _WORD.search(own) else text


def _left_out(text: str, asked: Asked) -> Objection | None:
    """The objection to an answer without what it has to say; that there is nothing needs no figure."""
    fact, said = asked.evidence, set(tokens(text))
    if asked.others & said:
        return Objection("another product", [strange(text, asked.others & said)])
    if asked.apart and not asked.apart & said:
        name = fact.item.name(asked.language) if fact.item is not None else fact.text
        return Objection("unnamed", [Violation("missing", {"what": name})])
    if fact.key in STOCK and fact.value == "0":
        return None
    if 2 * len(asked.topic & said) < len(asked.topic):
        return Objection("topic", [Violation("missing", {"what": fact.key})])
    if asked.must:
        missing = [one for one in asked.must if not _says(text, said, set(tokens(one)), one)]
    else:
        decided = fact.polarity is not None
        value = speaks_of(text, fact.key, asked.language) if decided else fact.value
        # a value of two characters has to stand apart: "is oily skin" is not "for oily skin"
        words = _words(value) if decided or fact.item is None else set(tokens(value))
        whole = values_in(fact.value) <= values_in(text) and _says(text, said, words, value)
        missing = [] if whole else [f"{fact.key} {fact.value}".strip()]
    return (
        Objection("value left out", [Violation("missing", {"what": ", ".join(missing)})]) if missing else None
    )


def _says(text: str, said: set[str], words: set[str], what: str) -> bool:
    """Whether a text holds every figure of something, and most of its words."""
    return values_in(what) <= values_in(text) and len(words & said) >= MOST_OF * len(words)


def _words(text: str) -> set[str]:
    """The words of a text; of a Chinese word of two characters, which is known by each of them too, the word."""
    found = set(tokens(text))
    pairs = "".join(word for word in found if len(word) > 1)
    return {word for word in found if len(word) > 1 or not _HAN.match(word) or word not in pairs}


def _new_words(text: str, asked: Asked) -> set[str]:
    """Words that neither fact nor question holds, where they are too many."""
    given = f"{asked.evidence.text} {asked.question}"
    if asked.evidence.key in STOCK:  # as shops say it
        given += " ".join(
            one for key in ("in_stock", "out_of_stock") for one in wordings(key)[asked.language]
        )
    words, known, plain = set(tokens(text)), set(tokens(given)), function_words(asked.language)
    letters = set(given) | function_words("zh")  # pairs of Chinese characters may meet anew
    new = {w for w in words - known if w not in plain and not (not w.isascii() and set(w) <= letters)}
    return new if len(new) > 0.25 * len(words) else set()
