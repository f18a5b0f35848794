"""One sentence of an answer before it is said: the row's own words, and the fact that the model may word instead.

Knows what a row answers when it is asked plainly (`data/asked.yaml`); chooses no fact and judges no words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from string import Template

from chains.data import table
from chains.evidence import DESCRIPTION, PRICE, STOCK, Evidence, passages, sentences
from chains.framing import full_stop
from chains.words import content_words
from knowledge.facts.lexicon import tokens

MOST = 6  # statements of one answer that are put in words; more would take too long
WRITABLE = {"en": 200, "zh": 90}  # characters of a value that the model is given to word
SHORT = {"en": 25, "zh": 8}  # characters below which a sentence says too little alone
FEWEST, AROUND = 12, 4  # tokens of a short sentence; of one's words around what it has to hold
COSTS = (
    (re.compile(r"\d"), 1.0),
    (re.compile(r"[\u3400-\u9fff]"), 0.5),
    (re.compile(r"[A-Za-z]+"), 0.7),
    (re.compile(r"[^\w\s]"), 0.8),
)  # tokens that a figure, a character, a word or a mark takes: of a wording, all figures and about six in ten of the rest
_NAMED = {"price": PRICE, "stock": STOCK}
_COLON = {
    "faq": {"en": " ", "zh": ""},
    "shop": {"en": ": ", "zh": "："},
    "document": {"en": ": ", "zh": "："},
}


@dataclass(frozen=True)
class Statement:
    """What one sentence is to say.

    Attributes:
        text: the row's own words, said where the model's do not hold.
        fact: what the model may word; without one the text stands.
        question: what the model is asked; empty for the customer's own words.
        plainly: the question that just this row answers, for a second try.
        must: what the sentence has to hold, figures whole; without it, the fact's value.
        apart: words of the name that no other product of the answer bears: one of them has to be said.
        others: such words of the other products: none of them may be.
        bare: said without a yes or no in front, as one of several.
        topic: words of which half have to be said, lest it be taken for an answer to something else.
    """

    text: str
    fact: Evidence | None = None
    question: str = ""
    plainly: str = ""
    must: tuple[str, ...] = ()
    apart: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()
    bare: bool = False
    topic: frozenset[str] = frozenset()

    @property
    def tokens(self) -> int:
        """About how many tokens the shortest sentence takes that says it."""
        held = " ".join(self.must) or (self.fact.value if self.fact is not None else "")
        return max(FEWEST, AROUND + round(sum(cost * len(part.findall(held)) for part, cost in COSTS)))


def stated_plainly(fact: Evidence) -> str:
    """The question that just this row answers."""
    language = fact.language
    if fact.item is not None:
        key = next((one for one, names in _NAMED.items() if fact.key in names), "")
        key = key or ("yes_no" if fact.polarity is not None else "attribute")
        return ask(key, language, key=fact.key, product=fact.item.name(language))
    if fact.kind == "faq":
        return fact.key
    kind = f"setting_{fact.id.split(':')[1]}" if fact.kind == "shop" else "setting"
    return ask(kind if kind in table("asked") else "setting", language, key=fact.key)


def ask(name: str, language: str, /, **values: object) -> str:
    """A plain question of `asked.yaml`. Raises KeyError for an unknown key or a missing variable."""
    return Template(table("asked")[name]["zh" if language == "zh" else "en"]).substitute(values)


def reckoned(name: str, row: Evidence, subject: str, /, **values: object) -> tuple[Evidence, str]:
    """What was reckoned from a row, as a fact of it by `reckoned.yaml`, and what a sentence has to hold besides its
    figures; `subject` is what it is said of. Raises KeyError for an unknown name or a missing variable."""
    told, code = table("reckoned")[name], "zh" if row.language == "zh" else "en"
    key, value = told["key"][code], Template(told["value"][code]).substitute(values)
    text = f"{subject} - {key}：{value}" if code == "zh" else f"{subject} - {key}: {value}"
    fact = replace(row, text=text, key=key, value=value)
    return fact, Template(told.get("must", {code: ""})[code]).substitute(values)


def told_of(fact: Evidence, text: str) -> tuple[Statement, ...]:
    """An answer that stands on one row, a sentence at a time: an entry's or a document's sentences, what shipping costs
    and how long it takes; `text` is the row's own words for the whole."""
    if fact.key in STOCK:
        fact = _on_hand(fact)
    parts = _parts(fact)
    if len(parts) < 2:
        return (Statement(text, fact, plainly=stated_plainly(fact)),)
    found = []
    for number, part in enumerate(parts):
        one = replace(fact, text=f"{fact.key}{_COLON[fact.kind][fact.language]}{part}", value=part)
        prose = fact.kind in ("faq", "document")
        key = "else" if prose else f"shipping_{number}"
        question = "" if prose and number == 0 else ask(key, fact.language, key=fact.key)
        found.append(
            Statement(
                full_stop(part, fact.language) if prose else full_stop(one.text, fact.language),
                one,
                question,
                stated_plainly(fact),
            )
        )
    return tuple(found)


def _on_hand(fact: Evidence) -> Evidence:
    """What is in stock, as a person would write it: a model takes a bare 0 for a number of pieces."""
    zh = fact.language == "zh"
    if fact.value != "0" or fact.item is None:
        return replace(fact, text=fact.text + ("件" if zh else " left"))
    return replace(fact, text=reckoned("sold_out", fact, fact.item.name(fact.language))[0].text)


def _parts(fact: Evidence) -> list[str]:
    if fact.kind == "faq":
        return _joined(sentences(fact.value), fact.language)
    if fact.kind == "document":
        return _joined(passages(fact.value), fact.language)
    if fact.kind == "shop" and fact.id.startswith("shop:shipping:"):
        comma = "，" if fact.language == "zh" else ", "
        cost, _, days = fact.value.rpartition(comma)
        return [cost, days] if cost else [days]
    return [fact.value]


def _joined(parts: Sequence[str], language: str) -> list[str]:
    """Sentences, a short one ("Yes, free of charge.") with the one behind it."""
    found: list[str] = []
    for part in parts:
        if found and len(found[-1]) < SHORT[language]:
            found[-1] += part if language == "zh" else f" {part}"
        else:
            found.append(part)
    return found


def of_several(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """Statements of which each answers a part of what was asked: each is asked plainly for its own."""
    return tuple(
        replace(one, question=one.question or one.plainly, bare=True) if one.fact is not None else one
        for one in statements
    )


def told_apart(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """Statements of several products, each to name its own and no other; those of one product as they are."""
    names = {
        one.fact.item.sku: frozenset(tokens(one.fact.item.name(one.fact.language)))
        for one in statements
        if one.fact is not None and one.fact.item is not None
    }
    if len(names) < 2:
        return tuple(statements)
    found = []
    for one in statements:
        if one.fact is None or one.fact.item is None:
            found.append(one)
            continue
        own = names[one.fact.item.sku]
        rest = frozenset[str]().union(*(words for sku, words in names.items() if sku != one.fact.item.sku))
        found.append(replace(one, apart=(own - rest) or own, others=rest - own))
    return tuple(found)


def in_its_terms(statements: Sequence[Statement], lead: str, asked: str) -> tuple[Statement, ...]:
    """An entry's statements where it was written for another question than `asked`: its first sentence is to answer the
    entry's own question, and to name what that is about and the customer's is not. `lead` opens the row's own words."""
    first = statements[0]
    about = content_words(first.plainly)
    topic = about - content_words(asked) or about
    return (replace(first, text=lead + first.text, question=first.plainly, topic=topic), *statements[1:])


def introduced(statements: Sequence[Statement], message: str) -> tuple[Statement, ...]:
    """The statements, the first to name its product where the message has no word of its name."""
    first = next(iter(statements), None)
    if first is None or first.apart or first.fact is None or first.fact.item is None:
        return tuple(statements)
    name = frozenset(tokens(first.fact.item.name(first.fact.language)))
    said = set(tokens(message))
    if any(set(tokens(one)) & said for one in first.fact.item.names.values()):
        return tuple(statements)
    return (replace(first, apart=name), *statements[1:])


def wordable(statements: Sequence[Statement], language: str) -> tuple[Statement, ...]:
    """The statements where the model may word every one of them; else none, and the rows speak."""
    fit = 0 < len(statements) <= MOST and all(
        one.fact is not None
        and one.fact.language == language
        and one.fact.key not in DESCRIPTION  # prose that a small model bends
        and len(one.fact.value) <= WRITABLE[language]
        for one in statements
    )
    return tuple(statements) if fit else ()
