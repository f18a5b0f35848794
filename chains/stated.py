"""Says a yes or no of a row as a sentence: `rain cover included: no` becomes "The rain cover is not included with ...".

What the names of attributes look like stands in `data/stated.yaml`. Knows no question and judges nothing.
"""

import re
from functools import cache
from string import Template

from chains.data import table

_Pattern = tuple[re.Pattern[str], dict[bool, str]]


@cache
def _patterns() -> dict[str, list[_Pattern]]:
    raw = table("stated")
    return {
        language: [(re.compile(one["match"], re.I), {True: one[True], False: one[False]}) for one in some]
        for language, some in raw.items()
    }


def stated(key: str, polarity: bool, product: str, language: str) -> str | None:
    """A sentence that says an attribute of a product with yes or no; None where its name fits no pattern."""
    for pattern, sentences in _patterns()[language]:
        if found := pattern.match(key.strip()):
            groups = {f"g{number}": group for number, group in enumerate(found.groups(), 1)}
            text = re.sub(r"\$(\d)", r"${g\1}", sentences[polarity])
            return Template(text).substitute(groups, product=product)
    return None
