"""Finds numbers of things: digits always, number words before a noun, Chinese ones before a measure word."""

import re

from chains.guard.ledger.lexicon import classifiers, data
from chains.guard.ledger.measured import Number
from chains.guard.ledger.mentions import Amount

_NOUN = re.compile(r"[ -](?P<words>(?:[a-z][a-z'’-]*)(?: [a-z][a-z'-]*){0,2})")


ROOM_FOR = re.compile(r"(?<![a-z])(?:sleeps?|seats?|serves?|feeds?|accommodates?)(?: up to)? $")


_PLACE_AFTER = re.compile(r"\s?[月日号楼路线栋期](?![\u4e00-\u9fff]?[组件])")  # the fifth of them, not five
_PLACE_BEFORE = re.compile(
    r"(?<![a-z])(?:day|floor|page|number|no\.|step|part|chapter|room|platform|bus|line|pier|gate|track|table|stall|unit|suite) $"
)
_VALUE_BEFORE = re.compile(r"[:,;] ?$")
_VALUE_AFTER = re.compile(r"\s*(?:[,.;]|$)")
_NO_THING = re.compile("件[大小]?事|口子|口之|位朋友|句话|回事|头|步")  # said of life, not of goods
_HAN_NOUN = re.compile(r"(?:(?!一共|合计|总共|共|都|就|只要|是|的)[\u4e00-\u9fff]){0,4}")


def counted(text: str, one: Number) -> Amount | None:
    """A number of things: digits always, number words only before a noun, Chinese ones before a measure word."""
    if (
        one.numeral.fraction
        or _PLACE_AFTER.match(text, one.end)
        or _PLACE_BEFORE.search(text[: one.start][-12:])
    ):
        return None
    if measure := re.compile(rf"\s?(?:{classifiers()})(?!月)").match(text, one.end):
        if _NO_THING.match(text, measure.end() - 1):
            return None
        before = re.search(r"[\u4e00-\u9fffa-z]{0,6}$", text[max(0, one.start - 6) : one.start])
        after = _HAN_NOUN.match(text, measure.end())
        noun = f"{before[0] if before else ''} #{measure[0].strip()} {after[0] if after else ''}"
        if (
            one.numeral.how == "han"
            and one.low == 1
            and not re.search("[剩只仅]", text[max(0, one.start - 3) : one.start])
        ):
            return None
        return Amount(one.start, measure.end(), "count", one.low, one.high, "", noun=noun)
    noun_match = _NOUN.match(text, one.end)
    words = noun_match["words"].split() if noun_match else []
    kept: list[str] = []
    for word in words:
        if word in data("cues")["not_counted"]:
            break
        kept.append(word)
    if one.numeral.how == "words":
        if _VALUE_BEFORE.search(text[: one.start][-2:]) and _VALUE_AFTER.match(text, one.end):
            return Amount(one.start, one.end, "count", one.low, one.high, "")  # pockets: two
        able = re.compile(r" (?:can|could|will) ").match(text, one.end)
        if able and one.low > 1:
            return Amount(one.start, one.end, "count", one.low, one.high, "")
        if one.low > 1 and not kept and ROOM_FOR.search(text[: one.start][-24:]):
            return Amount(one.start, one.end, "count", one.low, one.high, "", noun="people")
        if one.low > 1 and re.search(
            r"(?<![a-z])(?:pack|packet|set|box|bag|bundle|tin|case)s? of $", text[: one.start][-12:]
        ):
            return Amount(
                one.start, one.end, "count", one.low, one.high, "", noun=around(text, one.start, one.end)
            )
        if not kept or (one.low == 1):
            return None
        return Amount(
            one.start, one.end + 1 + len(kept[0]), "count", one.low, one.high, "", noun=" ".join(kept)
        )
    if one.numeral.how == "han":
        if text[one.end - 1] == "打":
            after = _HAN_NOUN.match(text, one.end)
            return Amount(
                one.start, one.end, "count", one.low, one.high, "", noun=f"#打 {after[0] if after else ''}"
            )
        long = len(text[one.start : one.end]) >= 2 and any(c in "十百千万" for c in text[one.start : one.end])
        return Amount(one.start, one.end, "number", one.low, one.high, "") if long else None
    end = one.end + 1 + len(kept[0]) if kept else one.end
    kind = "count" if kept else "number"
    return Amount(
        one.start, end, kind, one.low, one.high, "", noun=" ".join(kept) or around(text, one.start, one.end)
    )


def around(text: str, start: int, end: int) -> str:
    """The words next to a number, none of them cut."""
    head = re.sub(r"^[a-z'-]*(?= )", "", text[max(0, start - 20) : start])
    tail = re.sub(r"(?<= )[a-z'-]*$", "", text[end : end + 20])
    return f"{head.rsplit('. ')[-1]} {tail.split('. ')[0]}"
