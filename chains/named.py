"""Reads what a question says beside the names of products: an attribute's name, nothing, or all that one row has.

Reads rows; searches and judges nothing.
"""

from dataclasses import replace

from chains.certainty import BY_KEY
from chains.evidence import DESCRIPTION, PRICE, STOCK, Evidence, of_product
from chains.plan import Turn
from chains.subject import unexplained
from chains.words import content_words, plain_words
from knowledge.crm.catalogue_view import Item
from knowledge.facts.lexicon import tokens
from knowledge.languages import detect

LIKELY = 3  # found products among which the one that is described may be


def by_its_name(turn: Turn, asked: str, items: list[Item]) -> Evidence | None:
    """The attribute of one product that a question names, where it holds nothing beside the two names: there is nothing
    to search for or to judge."""
    if len(items) != 1:
        return None
    said, names = content_words(asked), content_words(" ".join(items[0].names.values()))
    named = [
        e
        for e in of_product(items[0], turn.language, turn.desk)
        if e.key not in (*PRICE, *STOCK, *DESCRIPTION)
        and said - names == content_words(e.key) - names != set()
    ]
    return replace(named[0], p=BY_KEY) if len(named) == 1 else None


def described(turn: Turn, items: list[Item], found: list[Item]) -> Item | None:
    """The one product whose row has every content word of a question for a price or for stock that names none."""
    if items or not {"price", "stock"} & turn.route.cues or turn.language == "zh":
        return None
    if not set(tokens(turn.route.text)) - plain_words():
        return None
    whole = [item for item in found[:LIKELY] if not unexplained(turn.route.text, item)]
    return whole[0] if len(whole) == 1 else None


def only_names(asked: str, items: list[Item]) -> bool:
    """Whether the question holds little more than the products' names ("do you have the X?")."""
    rest = words_beside(asked, items)
    said = set(tokens(asked)) - plain_words()
    return len(rest) < len(said) and len(rest) <= (5 if detect(asked) == "zh" else 0)


def words_beside(asked: str, items: list[Item]) -> set[str]:
    """The content words of a question that are none of the products' names."""
    names = {word for item in items for name in item.names.values() for word in tokens(name)}
    return set(tokens(asked)) - plain_words() - names
