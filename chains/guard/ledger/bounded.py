"""Makes an amount the limit that the words around it say: up to, at least, over, under. Knows no unit."""

import re
from dataclasses import dataclass, replace
from functools import cache

from chains.guard.ledger.lexicon import any_of, data
from chains.guard.ledger.mentions import Amount

_HEAD = 22  # characters before a number that may say its limit


@dataclass(frozen=True)
class _Limit:
    name: str
    before: re.Pattern[str]
    after: re.Pattern[str]


@cache
def _limits() -> tuple[_Limit, ...]:
    bounds = data("bounds")
    return tuple(
        _Limit(
            name,
            re.compile(rf"(?:{any_of(bounds[name]['before'])})\s?$"),
            re.compile(rf"\s?(?:{any_of(bounds[name].get('after', [])) or '(?!)'})(?![\u4e00-\u9fff]来)"),
        )
        for name in ("at_most", "under", "over", "at_least")
    )


@cache
def _about() -> re.Pattern[str]:
    return re.compile(rf"(?:{any_of(data('bounds')['about'])}|the|a)\s?$")


def bounded(text: str, one: Amount) -> Amount:
    """The amount with the limit that the words around it make of it."""
    if one.exact is None:
        return one
    head = text[max(0, one.start - _HEAD) : one.start]
    said = _about().sub("", head.rstrip() + " ")
    for limit in _limits():
        hit, after = limit.before.search(said), limit.after.match(text, one.end)
        if hit is None and after is None:
            continue
        strict = limit.name in ("over", "under") and hit is not None
        value = one.exact
        start = one.start - (len(head) - hit.start()) if hit else one.start
        low, high = (value, None) if limit.name in ("over", "at_least") else (None, value)
        return replace(
            one, start=max(start, 0), end=after.end() if after else one.end, low=low, high=high, strict=strict
        )
    return one
