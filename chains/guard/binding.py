"""Holds a number to what it counts: "3 persons" does not stand on "seasons: 3", though both hold a 3.

The next word after a number, if it says something, must stand in a fact that holds the number. A first net for copy; the
claim ledger of a later issue takes it over.
"""

import re
from collections.abc import Collection, Iterable

from chains.guard.claims import flat, values_in
from knowledge.facts.lexicon import tokens

_NUMBER = re.compile(r"(?<![A-Za-z0-9_.])\d+(?:[.,:]\d+)*")
_NEXT = re.compile(r"[ -]?([A-Za-z][A-Za-z'-]*|[\u4e00-\u9fff]{1,3})")


def unbound(text: str, facts: Iterable[str], plain: Collection[str]) -> list[str]:
    """Numbers, with the word after them, of which no fact holds both; `plain` words bind nothing."""
    known = [(values_in(fact), set(tokens(fact)), flat(fact).lower()) for fact in facts]
    found = []
    text = flat(text)
    for match in _NUMBER.finditer(text):
        after = _NEXT.match(text, match.end())
        if after is None:
            continue
        word = after[1].lower()
        han = not word.isascii()
        if (word[0] if han else word) in plain:
            continue
        holding = [(words, said) for values, words, said in known if values_in(match[0]) <= values]
        stems = set(tokens(word))
        if not any((word[0] in said if han else word in said or stems & words) for words, said in holding):
            found.append(match[0] + after[0])
    return found
