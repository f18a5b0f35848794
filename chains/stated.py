"""Says a yes or no of a row as a sentence: `rain cover included: no` becomes "The rain cover is not included with ...".

Knows as well which other words say the same. What the names of attributes look like stands in `data/stated.yaml`. Knows no
question and no yes from a no.
"""

import re
from dataclasses import dataclass
from functools import cache
from string import Template

from chains.data import table


@dataclass(frozen=True)
class _Pattern:
    match: re.Pattern[str]
    sentences: dict[bool, str]
    of: str = ""
    by: str = ""


@cache
def _patterns() -> dict[str, list[_Pattern]]:
    return {
        language: [
            _Pattern(
                re.compile(one["match"], re.I),
                {yes: one[yes] for yes in (True, False)},
                one.get("of", ""),
                one.get("by", ""),
            )
            for one in some
        ]
        for language, some in table("stated").items()
    }


def stated(key: str, polarity: bool, product: str, language: str) -> str | None:
    """A sentence that says an attribute of a product with yes or no; None where its name fits no pattern."""
    for pattern in _patterns()[language]:
        if found := pattern.match.match(key.strip()):
            return _filled(pattern.sentences[polarity], found, product=product)
    return None


def speaks_of(text: str, key: str, language: str) -> str:
    """What a sentence that says an attribute with yes or no has to name: the attribute's own name, or the part of it that
    is enough in a text that says the rest in other words."""
    for pattern in _patterns()[language]:
        if found := pattern.match.match(key.strip()):
            by = _by(pattern, found)
            return _filled(pattern.of, found) if by and re.search(by, text, re.I) else key
    return key


def _by(pattern: _Pattern, found: re.Match[str]) -> str:
    groups = [re.escape(group or "") for group in found.groups()]
    return re.sub(r"\$(\d)", lambda at: groups[int(at[1]) - 1], pattern.by)


def _filled(template: str, found: re.Match[str], **values: str) -> str:
    groups = {f"g{number}": group for number, group in enumerate(found.groups(), 1)}
    return Template(re.sub(r"\$(\d)", r"${g\1}", template)).substitute(groups, **values)
