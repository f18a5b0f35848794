"""Judges what a text says of stock: sold out, in stock, so many left, room for so many. Knows no other state."""

import re

from chains.guard.ledger.case import Case
from chains.guard.ledger.doubt import unsure
from chains.guard.ledger.entries import Result
from chains.guard.ledger.facts import Fact, Told, words_of
from chains.guard.ledger.lexicon import any_of, data, pattern
from chains.guard.ledger.mentions import Amount, overlaps
from chains.guard.ledger.numerals import numerals
from chains.guard.ledger.varieties import judge_varieties, varieties

_NOT = re.compile(r"(?<![a-z])(?:not|no|isn't|aren't|none)(?![a-z])(?: [a-z]+)? ?$|[不没未]$")

_UNWORRIED = re.compile(
    r"(?:不怕|不愁|不用担心|别担心|不会|不必担心|免得)$|(?<![a-z])(?:no fear of|no risk of|before (?:it|they)(?:'s| is|'re| are| get| gets)?) $"
)
_COMING = re.compile(
    r"(?:(?<![a-z])(?:will|is expected|are expected|expected|due|once|when|as soon as|until|if|whether|in case)|'ll)(?![a-z])[^,.;]{0,24}$"
    r"|(?:会|将|才|等到?|一旦|如果|若|要是|预计|预定)[^，。；]{0,6}$"
)
_GONE = re.compile(r" (?:us|our|the|here|on|at|for you|your)(?![a-z])")  # left us on Monday
_LEFT = re.compile(r"剩\s?\d|\d\s?(?:left|remaining)(?![a-z])")
_SIZE = re.compile(r"(?<![a-z'’])(?:x{0,3}[sl]|m)(?![a-z'’])")


def judge_stock(case: Case) -> list[tuple[int, int]]:
    """Enter claims of stock; a number in the clause is the number left. Returns the stretches judged."""
    words = data("terms")["stock"]
    finder = re.compile(
        rf"(?P<none>{any_of(words['none'])})|(?P<room>{any_of(words['room'])})|(?P<plenty>{any_of(words['plenty'])})|(?P<some>{any_of(words['some'])})|(?P<short>{any_of(words['short'])})"
    )
    told = _told(case)
    done = judge_varieties(case)
    for match in finder.finditer(case.text):
        if overlaps(*match.span(), done):
            continue
        start, end = case.said.reading.clause(match.start())
        if any(start <= a < end for a, _ in done) and not match["short"]:
            continue
        group = match.lastgroup or "some"
        near = [
            a
            for a in case.said.amounts
            if start <= a.start < end and a.kind in ("count", "number") and abs(a.start - match.start()) < 40
        ]
        ahead = group == "room" or match[0] in ("还有", "还剩", "只剩", "仅剩", "就剩", "剩下", "剩余")
        amount = min(
            near,
            key=lambda a: (ahead and a.start < match.start(), abs(a.start - match.start())),
            default=None,
        )
        if amount is None and group in ("short", "some"):
            amount = _bare_number(case, start, end, match)
        if not told and (
            (amount is None and (group == "room" or "剩" in match[0])) or _GONE.match(case.text, match.end())
        ):
            continue
        if not told and _NOT.search(case.text[start : match.start()]):
            continue
        if _UNWORRIED.search(case.text[start : match.start()]):
            continue
        if match["some"] and _COMING.search(case.text[start : match.start()]):
            continue  # back in stock on 8 June: the day is judged by itself
        if not _meant(case, match, group, told, amount) or unsure(case, match.start()):
            continue
        if (
            group in ("some", "plenty")
            and _NOT.search(case.text[start : match.start()])
            and match[0] not in ("left",)
        ):
            group = "none"
        if re.search(r"(?<![a-z])no (?:[a-z]+ ){0,3}$", case.text[start : match.start()]):
            group = "none"
        first = min(match.start(), amount.start) if amount is not None and group != "none" else match.start()
        last = max(match.end(), amount.end) if amount is not None and group != "none" else match.end()
        result, rule, fact = _weigh(case, group, amount, told, match.start())
        done.append((first, last))
        case.enter(
            first,
            last,
            _kind(rule, amount, fact),
            group if amount is None or group == "none" else amount.normal,
            result,
            rule,
            fact,
        )
    return done


def _kind(rule: str, amount: Amount | None, fact: Fact | None) -> str:
    """Room is stock where places are left of some that are taken; else it is how many a place holds, or what limits it."""
    if rule != "stock.room" or amount is None:
        return "stock"
    if amount.exact is None:
        return "range"
    return "stock" if fact is not None and pattern(_TAKEN).search(fact.text) else "count"


_TAKEN = ("registered", "booked", "taken", "已报名", "报名", "已预订")


def _bare_number(case: Case, start: int, end: int, match: re.Match[str]) -> Amount | None:
    """A number word without a noun: "one short", 一台."""
    found = [n for n in numerals(case.text[start:end]) if abs(start + n.start - match.start()) < 24]
    clear = [
        n
        for n in found
        if n.how != "digits"
        and not any(d.start <= start + n.start < d.end for d in (*case.said.days, *case.said.clocks))
    ]
    if not clear or any(
        start <= a.start < end and a.kind not in ("count", "number") for a in case.said.amounts
    ):
        return None
    one = min(clear, key=lambda n: abs(start + n.start - match.start()))
    return Amount(start + one.start, start + one.end, "count", one.value, one.value, "")


def _told(case: Case) -> list[tuple[Fact, Told[Amount] | None]]:
    attribute = pattern(tuple(data("terms")["stock"]["fact"]))
    none = pattern(tuple(data("terms")["stock"]["none"]))
    some = pattern(tuple(data("terms")["stock"]["some"]))
    found: list[tuple[Fact, Told[Amount] | None]] = []
    for fact in case.facts:
        if attribute.search(fact.attribute) or (
            fact.family != "order"
            and (none.search(fact.value) or some.search(fact.value) or _LEFT.search(fact.value))
            and not fact.question
        ):
            numbers = [t for t in fact.told(fact.scan.amounts) if t.mention.kind in ("count", "number")]
            numbers = [t for t in numbers if _LEFT.search(t.part)] or numbers
            found += [(fact, told) for told in numbers] or [(fact, None)]
    return found


def _meant(
    case: Case,
    match: re.Match[str],
    group: str,
    told: list[tuple[Fact, Told[Amount] | None]],
    amount: Amount | None,
) -> bool:
    """Whether the word speaks of stock here: "left" and "available" need a number or a fact on stock."""
    if match[0] in (
        "none left",
        "is out",
        "are out",
        "run out",
        "ran out",
        "out at present",
        "out for now",
        "currently out",
        "no longer in stock",
    ):
        return bool(told)
    if match[0] == "还有":
        return bool(told) and amount is not None
    if match[0] in (
        "left",
        "still got",
        "still have",
        "remaining",
        "available",
        "to go",
        "on hand",
        "on the shelf",
        "short",
        "在售",
        "is out",
        "are out",
        "gone",
        "很多",
        "充足",
        "plenty",
        "by",
    ):
        return (
            bool(told)
            or (amount is not None and match[0] in ("left", "remaining"))
            or (group == "some" and match[0] == "available" and False)
        )
    if group == "short":
        return bool(told) and amount is not None
    return not re.search(r"预计|预定|when|until|if ", case.text[max(0, match.start() - 10) : match.start()])


def _weigh(
    case: Case, group: str, amount: Amount | None, told: list[tuple[Fact, Told[Amount] | None]], at: int
) -> tuple[Result, str, Fact | None]:
    bound = _of_size(case.clause(at), [(fact, one) for fact, one in told if case.speaks_of(fact, at)])
    if not bound:
        room = _room(case, amount) if group == "room" or amount is not None else None
        if room is not None:
            return room
        return "unsupported", "stock.unknown", None
    words = words_of(case.clause(at))
    fact, one = max(
        bound,
        key=lambda pair: (
            len(words_of(pair[1].part if pair[1] else "") & words) - (0.5 if pair[1] is None else 0)
        ),
    )
    left = one.mention.edge if one is not None else None
    empty = (
        left == 0
        if left is not None
        else bool(pattern(tuple(data("terms")["stock"]["none"])).search(fact.value)) or fact.yes is False
    ) and not varieties(fact)
    if group == "none":
        return ("supported" if empty else "contradicted"), "stock.none", fact
    if group == "short":
        wanted = [n.value for n in numerals(case.asked.reading.text)]
        fine = amount is not None and left is not None and any(w - left == amount.edge for w in wanted)
        return ("derived" if fine else "contradicted"), "stock.short", fact
    if amount is not None and left is not None and amount.edge == left and group != "plenty":
        return "supported", "stock.number", fact
    if empty:
        return "contradicted", "stock.none", fact
    if amount is not None and left is not None and group != "plenty":
        enough = amount.edge == left
        return ("supported" if enough else "contradicted"), "stock.number", fact
    if group == "plenty" and left is not None:
        return ("supported" if left > 10 else "contradicted"), "stock.plenty", fact
    return "supported", "stock.some", fact


def _of_size(
    clause: str, told: list[tuple[Fact, Told[Amount] | None]]
) -> list[tuple[Fact, Told[Amount] | None]]:
    """Those of the size that the clause names, where facts tell sizes apart: "S 4, M 0", M码0件."""
    wanted = set(_SIZE.findall(clause))
    fitting = [pair for pair in told if pair[1] is not None and wanted & set(_SIZE.findall(pair[1].part))]
    return fitting or told


def _room(case: Case, amount: Amount | None) -> tuple[Result, str, Fact | None] | None:
    """Places free: the group's limit less those registered."""
    limit = [
        t
        for f in case.facts
        for t in f.told(f.scan.amounts)
        if t.mention.kind == "count" or t.mention.kind == "number"
    ]
    limits = [
        t
        for t in limit
        if pattern(
            (
                "group size",
                "capacity",
                "班额",
                "定员",
                "limit",
                "max",
                "limited to",
                "人数上限",
                "上限",
                "限",
                "名额",
                "容纳",
                "places",
                "seats",
            )
        ).search(f"{t.fact.attribute} {t.part}")
    ]
    taken = [t for t in limit if pattern(_TAKEN).search(f"{t.fact.attribute} {t.part}")]
    if not limits or amount is None:
        return None
    top = max(limits[0].mention.high or 0, limits[0].mention.low or 0)
    if not taken:
        return ("supported" if amount.edge == top else "contradicted"), "stock.room", limits[0].fact
    free = top - taken[0].mention.edge
    return ("derived" if amount.edge == free else "contradicted"), "stock.room", taken[0].fact
