"""Judges names of things: what an order holds, and models told apart by a size like 8×32.

Knows a name by its beginning in a fact; a name that begins as one and goes on as none is another product.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from chains.guard.ledger.case import Case
from chains.guard.ledger.facts import Fact, words_of
from chains.guard.ledger.lexicon import data, is_han, pattern
from chains.guard.ledger.mentions import Amount, Term, overlaps
from chains.guard.ledger.scan import Scan

_ITEM = re.compile(r"\d+\s?[×x]\s?(?P<name>[^;；,，。×]{2,60})")
_CALLED = re.compile(  # Order 5518 of 26 October, 订单 6042（2026年11月6日）
    r"(?P<head>[a-z]+ |[\u4e00-\u9fff]{1,4}\s?)(?P<number>[a-z]{0,3}-?\d[a-z\d-]*)(?:\s?(?:,|，|\(| of ).{0,60})?"
)
_UNCALLED = re.compile(r"(?<![a-z\d.,€£$¥-])[a-z]{0,3}-?\d[a-z\d-]{0,40}(?![.,]\d)")
_TOKEN = re.compile(r"[a-z]{1,8}-\d[a-z0-9-]*|[a-z]{2,8}\d[a-z0-9-]*")  # OF-23, AF9
_MODEL = re.compile(r"(?<![\d.,×])\d{1,3}×\d{1,3}(?![\d×])(?!\s?(?:mm|cm|m|毫米|厘米|米)(?![a-z]))")


def items_of(fact: Fact) -> list[str]:
    """The names of what an order holds."""
    return [item["name"].strip() for item in _ITEM.finditer(fact.value)]


def unnamed(said: Scan, facts: Sequence[Fact]) -> Scan:
    """The text's mentions without the amounts that stand in a product's name, with the word before or behind them."""
    names = [fact.subject for fact in facts if fact.family == "product"]
    names += [name for fact in facts if fact.family in ("order", "订单") for name in items_of(fact)]
    text = said.reading.text
    whole = [
        match.span()
        for name in {name for name in names if any(map(str.isdigit, name))}
        for match in re.finditer(re.escape(name), text)
    ]
    whole += [
        match.span()
        for token in {token for name in names for token in _TOKEN.findall(name)}
        for match in re.finditer(rf"(?<![a-z0-9]){re.escape(token)}(?![a-z0-9])", text)
    ]
    free = [one for one in said.amounts if not overlaps(one.start, one.end, whole)]
    return replace(said, amounts=[one for one in free if not _in_a_name(text, one, names)])


def numbered(said: Scan, facts: Sequence[Fact]) -> Scan:
    """The text's mentions with the numbers by which facts call an order, a booking or a card, though the word for it is
    left out: 51207 of 订单51207. They are no amounts."""
    heads = pattern(tuple(data("terms")["called"]))
    keys = {
        m["number"]
        for fact in facts
        if (m := _CALLED.fullmatch(fact.subject)) and heads.fullmatch(m["head"].strip())
    }
    spans = [m.span() for m in _UNCALLED.finditer(said.reading.text) if m[0] in keys] if keys else []
    spans = [span for span in spans if not overlaps(*span, [(one.start, one.end) for one in said.ids])]
    if not spans:
        return said
    free = [one for one in said.amounts if not overlaps(one.start, one.end, spans)]
    called = [Term(*span, "order_id", said.reading.text[slice(*span)]) for span in spans]
    return replace(said, amounts=free, ids=sorted([*said.ids, *called], key=lambda one: one.start))


def _in_a_name(text: str, one: Amount, names: Sequence[str]) -> bool:
    said = text[one.start : one.end].strip()
    before = re.search(r"[\w'-]+ ?$", text[: one.start][-20:])
    after = re.compile(r" ?[\w'-]+").match(text, one.end)
    around = [f"{before[0] if before else ''}{said}".strip(), f"{said}{after[0] if after else ''}".strip()]
    short = said.split()[0] if said.split() else said
    around += [f"{before[0]}{short}"] if before else []
    return any(part not in (said, short) and part in name for part in around for name in names)


def judge_models(case: Case) -> list[tuple[int, int]]:
    """Enter models that a size tells apart. Returns the stretches judged."""
    known = {match[0]: fact for fact in case.facts for match in _MODEL.finditer(fact.subject)}
    if not known:
        return []
    done = []
    for match in _MODEL.finditer(case.text):
        done.append(match.span())
        a, b = case.said.reading.span(*match.span())
        if any(entry.kind == "product_name" and entry.start < b and a < entry.end for entry in case.entries):
            continue
        fact = known.get(match[0])
        case.enter(
            *match.span(),
            "product_name",
            match[0],
            "supported" if fact else "unsupported",
            "name.model",
            fact,
        )
    return done


def judge_ordered(case: Case) -> None:
    """Enter what an order is said to hold."""
    items = [
        (fact, name) for fact in case.facts if fact.family in ("order", "订单") for name in items_of(fact)
    ]
    other = " ".join(fact.subject for fact in case.facts if fact.family not in ("order", "订单"))
    done: list[tuple[int, int]] = []
    for fact, name in items:
        head = name[:2] if is_han(name[0]) else name.split()[0]
        for match in re.finditer(rf"(?<![a-z]){re.escape(head)}", case.text):
            if any(a <= match.start() < b for a, b in done) or head in other:
                continue
            same = [(f, n) for f, n in items if n.startswith(head)]
            end, fits = _extent(case.text, match.start(), [n for _, n in same])
            if end <= match.end():
                continue
            done.append((match.start(), end))
            case.enter(
                match.start(),
                end,
                "product_name",
                case.text[match.start() : end],
                "supported" if fits else "contradicted",
                "name.ordered",
                fact,
            )


def _extent(text: str, start: int, names: list[str]) -> tuple[int, bool]:
    """How far the name goes in the text, and whether it is one of those known."""
    if is_han(text[start]):
        whole = next(
            (name for name in sorted(names, key=len, reverse=True) if text.startswith(name, start)), None
        )
        if whole:
            return start + len(whole), True
        partial = max((name for name in names), key=lambda name: _common(text[start:], name))
        shared = _common(text[start:], partial)
        behind = text[start + shared : start + shared + 1]
        if (
            shared >= len(partial) - 1
            and behind
            and is_han(behind)
            and behind not in "的了已是在还都正和与吗呢到"
        ):
            return start + shared + 1, False
        return start, True
    words = re.compile(r"[a-z][a-z'-]*(?: [a-z][a-z'-]*){0,4}").match(text, start)
    kept: list[str] = []
    for word in words[0].split() if words else []:
        if word in data("cues")["name_ends"]:
            break
        kept.append(word)
    known = frozenset().union(*(words_of(name) for name in names))
    said = words_of(" ".join(kept))
    end = start + len(" ".join(kept))
    return (
        (end, True)
        if len(kept) > 1 and said <= known
        else (end, False)
        if len(kept) > 1 and len(said - known) >= len(kept) - 1
        else (start, True)
    )


def _common(a: str, b: str) -> int:
    return next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
