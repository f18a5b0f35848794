"""Works out which products a message is about: those it names, or those the talk was about.

"And the porcelain one?" is a new product with the last question; "is it heavy?" is the last product with a
new question. Knows names and history, not answers.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chains.route import Route
from chains.words import plain_words
from knowledge.crm.catalogue_view import Catalogue, Item, Mention
from knowledge.facts.lexicon import tokens
from knowledge.languages import detect

CLOSE = 0.72  # of the best mention's weight: also meant
FEW = 4


@dataclass(frozen=True)
class Subject:
    """`items` are certain when `named`, by this share of the first one's name; `earlier` is the last full question of
    the person, for an ellipsis."""

    items: tuple[Item, ...]
    named: bool
    focus: tuple[Item, ...]
    earlier: str
    words: frozenset[str]
    category: str | None = None
    share: float = 1.0


def find_subject(route: Route, history: Sequence[tuple[str, str]], catalogue: Catalogue) -> Subject:
    """The products of this message, and of the talk before it."""
    mentions = catalogue.mentions(route.text)
    items = best_of(mentions, catalogue)
    focus, earlier = _focus(history, catalogue)
    words = mentions[0].words if mentions else frozenset[str]()
    category = category_in(route.text, catalogue)
    share = mentions[0].share if mentions else 0.0
    return Subject(tuple(items), bool(items), tuple(focus), earlier, words, category, share)


def best_of(mentions: Sequence[Mention], catalogue: Catalogue) -> list[Item]:
    """The products that are meant: the best-named one, and those named about as well."""
    mentions = [m for m in mentions if m.share >= 0.7 or not m.words <= plain_words()]
    if not mentions:
        return []
    top = mentions[0]
    apart = max((catalogue.weight(word) for word in top.words), default=1.0)
    if top.weight < 0.45 or (apart < 0.4 and top.share < 0.6):
        return []
    if len(top.words) == 1 and top.share < 0.4 and not (next(iter(top.words)).isascii() or top.shortened):
        return []  # one pair of Chinese characters is often a common word
    close = [mention for mention in mentions if mention.weight >= CLOSE * top.weight]
    # of two, the one of which only a part of the same words is said is not meant: "Firefly 600" is no Firefly 1200
    close = [mention for mention in close if not mention.words < top.words]
    return [mention.item for mention in close[:FEW]]


def _focus(history: Sequence[tuple[str, str]], catalogue: Catalogue) -> tuple[list[Item], str]:
    """(products last talked about, the person's last message that names one or is a question of its own)."""
    focus: list[Item] = []
    earlier = ""
    for speaker, text in reversed(history[-8:]):
        if not focus:
            focus = best_of(catalogue.mentions(text), catalogue)
        if speaker not in ("bot", "assistant", "human") and not earlier and len(tokens(text)) > 2:
            earlier = text
    return focus, earlier


def unexplained(text: str, item: Item) -> list[str]:
    """English content words of a text that nothing in a product's row accounts for ("inflatable *kayak*")."""
    known = _row_words(item)
    said = [word for word in tokens(text) if word.isascii() and not any(c.isdigit() for c in word)]
    return [word for word in said if word not in known and word not in plain_words() and len(word) > 2]


def speaks_of(text: str, item: Item) -> bool:
    """Whether a text has a content word of a product's row; where the row is in the other language alone, it may."""
    said = set(tokens(text)) - plain_words()
    return detect(text) not in item.names or not said or bool(said & _row_words(item))


def _row_words(item: Item) -> set[str]:
    rows = [*item.names.values(), *item.categories.values(), *item.descriptions.values()]
    rows += [f"{key} {value}" for pairs in item.attributes.values() for key, value in pairs.items()]
    return set(tokens(" ".join(rows)))


def strange_name(text: str, items: Sequence[Item], words: frozenset[str]) -> str | None:
    """A name beside a product's word that is none of ours: "the *Dorrin kettle*" in a shop with other kettles."""
    spoken = list(re.finditer(r"[A-Za-z][\w'-]*", text))
    for before, here, after in zip([None, *spoken], spoken, [*spoken[1:], None], strict=False):
        word = here[0]
        named = len(word) > 3 and word[0].isupper() and word[1:].islower()
        if before is None or not named or re.search(r"[.!?]\s*$", text[: here.start()]):
            continue
        beside = next((w for w in (after, before) if w is not None and set(tokens(w[0])) & words), None)
        if beside is not None and all(tokens(word)[0] in unexplained(text, item) for item in items):
            return " ".join(w[0] for w in sorted((here, beside), key=lambda w: w.start()))
    return None


def _stands_in(name: str, text: str) -> bool:
    """Whether a name stands in a text, in English as words of its own: there is no tea in a teapot."""
    return bool(
        re.search(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])" if name.isascii() else re.escape(name), text)
    )


def category_in(text: str, catalogue: Catalogue) -> str | None:
    """The category that the text names, by the words of its name (longest first)."""
    said = set(tokens(text))
    flat = text.lower()
    best: tuple[float, str] | None = None
    for name in catalogue.categories:
        words = set(tokens(name))
        single = [word for word in re.split(r"[\s&/、和,]+", name) if word]
        hit = max(
            (
                (len(set(tokens(word)) & said) / max(len(set(tokens(word))), 1))
                for word in single
                if word not in ("and",)
            ),
            default=0.0,
        )
        if len(name) > 1 and _stands_in(name, flat):
            hit = 1.5
        elif words and words <= said:
            hit = 1.2
        if hit >= 0.99 and (best is None or (hit, len(name)) > (best[0], len(best[1]))):
            best = (hit, name)
    return best[1] if best else None
