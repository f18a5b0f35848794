"""Judges yes and no by rule: yes/no attributes and policies, the state of an order, days of rest, what fits in a range.

A statement that no fact bears is unsupported; what a model believes is not asked.
"""

import re
from collections.abc import Sequence
from functools import cache

from chains.guard.ledger.case import Case
from chains.guard.ledger.entail import comparable
from chains.guard.ledger.entries import Result
from chains.guard.ledger.facts import Fact, Told, words_of
from chains.guard.ledger.lexicon import any_of, data, is_han, pattern
from chains.guard.ledger.mentions import Amount
from chains.guard.ledger.names import items_of

_FREE = re.compile(r"[- ]free(?![a-z])|[- ]?frei(?![a-z])")
_HAN_NEGATION = re.compile(r"不是不|没有不|并非不|不得不")
_WRITTEN = re.compile(r"[a-z -]{0,8}\s?[:–-]\s?(?:(?P<yes>yes|是|可以|支持)|no|否|不)")
_REPORTED = re.compile(r"(?<![a-z])(?:whether|if|don't know|not sure|can't find|cannot find|ask)(?![a-z])|是否|没有查到|没查到|不清楚|问问|没有资料|[?？]")


@cache
def _topics() -> tuple[re.Pattern[str], dict[str, str]]:
    words = {str(word): name for name, group in data("polarity")["topics"].items() for word in group}
    return re.compile(any_of(words)), words


def topics_in(text: str) -> list[tuple[str, int, int]]:
    """(topic, start, end) of every yes/no matter that a text names."""
    finder, words = _topics()
    found = []
    for match in finder.finditer(text):
        said = match[0] if match[0] in words else match[0].replace("-", " ")
        if said in words or match[0].replace(" ", "-") in words:
            found.append((words.get(said) or words[match[0].replace(" ", "-")], *match.span()))
    return found


def negative(text: str, start: int, end: int) -> bool:
    """Whether what stands at `start:end` of a clause is denied there; two negations cancel."""
    raw = data("polarity")
    free = bool(_FREE.match(text, end))
    finder = pattern(tuple(str(word) for word in raw["negations"]))
    head, tail = text[:start], text[end:]
    others = [(a, b) for _, a, b in topics_in(text)]
    head = head[max((b for _, b in others if b <= start), default=0) :]
    tail = tail[: min((a - end for a, _ in others if a >= end), default=len(tail))]
    tail = re.split(r"(?<![a-z])(?:but|and|while|so)(?![a-z])|[，,;；]", tail)[0]
    if re.search(r"[\u4e00-\u9fff]", text):
        near = head[-8:] + text[start:end] + tail[:4]
        hits = len(finder.findall(near.replace("没问题", "").replace("不错", "").replace("无忧", "").replace("别担心", "").replace("不用担心", "").replace("免费", "").replace("无理由", "")))
        if _HAN_NEGATION.search(near):
            hits = 2
    else:
        plain = re.sub(r"(?<![a-z])(?:no problem|not only|no worries)(?![a-z])", "", head)
        hits = len(finder.findall(plain)) + len(re.findall(r"(?<![a-z])(?:not|never|cannot|can't|isn't|n't|out of)(?![a-z])", tail[:30]))
    also = bool(pattern(tuple(raw["also_no"])).search(text)) and not hits
    return (hits % 2 == 1) != free or (also and not free)


def judge_polarity(case: Case) -> list[tuple[int, int]]:
    """Enter statements of yes and no. Returns the stretches of amounts that were judged with them."""
    _states(case)
    _days_off(case)
    judged = _fits(case)
    _matters(case)
    return judged


def stance(case: Case, topic: str, at: int) -> tuple[bool, Fact] | None:
    """What the facts say of a matter, with the fact that says it."""
    against = {a: b for a, b in data("polarity")["opposites"]}
    best: tuple[int, bool, Fact] | None = None
    for fact in case.facts:
        if at >= 0 and not case.speaks_of(fact, at):
            continue
        said = _stance_of(fact, topic)
        if said is None and topic in against and (other := _stance_of(fact, against[topic])) is not None:
            said = (0, not other[1]) if other[1] else None
        if said is not None and (best is None or said[0] > best[0]):
            best = (said[0], said[1], fact)
    return None if best is None else (best[1], best[2])


def _stance_of(fact: Fact, topic: str) -> tuple[int, bool] | None:
    head = f"{fact.attribute} {fact.question}" if fact.family != "prose" else ""
    for name, _, end in topics_in(head):
        if name == topic and fact.yes is not None:
            return 2, fact.yes != bool(_FREE.match(head, end))
    for start, end in fact.parts():
        part = fact.text[start:end]
        for name, a, b in topics_in(part):
            if name == topic:
                return 3 if fact.question else 1, not negative(part, a, b)
    for name, _, end in topics_in(f"{fact.attribute} {fact.subject if fact.family != 'product' else ''}"):
        if name == topic and fact.family != "order":
            return 0, not _FREE.match(head, end)
    return None


def _matters(case: Case) -> None:
    incidental = data("polarity")["incidental"]
    seen: set[tuple[str, int]] = set()
    for topic, start, end in topics_in(case.text):
        first, last = case.said.reading.clause(start)
        if (topic, first) in seen or _REPORTED.search(case.text[first:last]) or _claimed(case, start, end):
            continue
        seen.add((topic, first))
        if any(case.text[start:end] in fact.subject for fact in case.facts) and stance(case, topic, start) is None:
            continue
        written = _WRITTEN.match(case.text, end)
        said = written["yes"] is not None if written else not negative(case.text[first:last], start - first, end - first)
        found = stance(case, topic, start)
        begin, stop = _statement(case, start, end, first, last)
        if found is None:
            if topic in incidental:
                continue
            case.enter(begin, stop, "polarity", f"{topic}={_word(said)}", "unsupported", "polarity.unknown")
            continue
        result: Result = "supported" if found[0] == said else "contradicted"
        if result == "supported" and _said_by_number(case, topic, end, first, last):
            continue
        case.enter(begin, stop, "polarity", f"{topic}={_word(said)}", result, f"polarity.{topic.replace(' ', '_')}", found[1])


def _said_by_number(case: Case, topic: str, end: int, first: int, last: int) -> bool:
    """Whether a number or a day of the clause carries the statement: it is judged by itself."""
    figures = [*case.said.amounts, *case.said.days]
    if is_han(case.text[end - 1]) and any(0 <= one.start - end <= 1 for one in figures):
        return True
    return topic in ("returns", "refund", "exchange", "adjustable", "repair", "gift wrap") and any(first <= one.start < last for one in figures)


def _statement(case: Case, start: int, end: int, first: int, last: int) -> tuple[int, int]:
    """The words around a matter: its negation and its verb, within the clause."""
    text = case.text[first:last]
    raw = data("polarity")
    finder = pattern(tuple(str(word) for word in raw["negations"]))
    hits = [first + m.start() for m in finder.finditer(text) if m.start() + first < start and start - first - m.start() < 40]
    begin = min([start, *hits])
    stop = last - (len(text) - len(text.rstrip(" ,.!?。！？，;；\n")))
    return begin, max(end, min(stop, end + 24))


def _claimed(case: Case, start: int, end: int) -> bool:
    a, b = case.said.reading.span(start, end)
    return any(entry.start < b and a < entry.end and entry.kind in ("polarity", "price", "certification") for entry in case.entries)


def _word(said: bool) -> str:
    return "yes" if said else "no"


@cache
def _state_words() -> tuple[re.Pattern[str], dict[str, str]]:
    words = {word: line["name"] for line in data("polarity")["states"] for word in (*line["en"], *line["zh"])}
    return re.compile(any_of(words)), words


def _states(case: Case) -> None:
    """The state of an order, against that of the order spoken of."""
    finder, words = _state_words()
    orders = [(fact, states) for fact in case.facts if (fact.family in ("order", "订单") or fact.scan.ids) and (states := _states_of(fact))]
    if not orders:
        return
    several = len(orders) > 1
    for match in finder.finditer(case.text):
        first, last = case.said.reading.clause(match.start())
        if re.search(r"(?<![a-z])(?:once|when|if|until|after|before|will be|can be)(?![a-z])[^,]*$|如果|等|后$", case.text[first : match.start()]):
            continue
        bound = _orders_at(case, match.start(), orders) if several else orders
        state = words[match[0] if match[0] in words else match[0].replace("-", " ")]
        before = re.search(r"(?<![a-z])(?:not|n't|hasn't been|isn't|yet to be)(?: been| yet)* $|[没未]有?$", case.text[first : match.start()])
        begin = match.start() - (len(before[0]) if before else 0)
        for fact, states in bound[:1]:
            fine = (state in states) != bool(before)
            case.enter(begin, match.end(), "polarity", f"status={state}", "supported" if fine else "contradicted", "polarity.status", fact)


def _states_of(fact: Fact) -> frozenset[str]:
    finder, words = _state_words()
    return frozenset(words[match[0] if match[0] in words else match[0].replace("-", " ")] for match in finder.finditer(fact.value))


def _orders_at(case: Case, at: int, orders: Sequence[tuple[Fact, frozenset[str]]]) -> list[tuple[Fact, frozenset[str]]]:
    """The orders that a place speaks of: by number, else by what was ordered."""
    before = [one for one in case.said.ids if one.start <= at]
    asked = f"{case.sentence(at)} {case.asked.reading.text}"
    by_id = [pair for pair in orders if before and before[-1].key in pair[0].text]
    words = {id(fact): words_of(" ".join(items_of(fact))) for fact, _ in orders}
    shared = frozenset.intersection(*words.values())
    score = {id(fact): len((words[id(fact)] - shared) & words_of(asked)) for fact, _ in orders}
    ranked = sorted(orders, key=lambda pair: -score[id(pair[0])])
    if by_id and len(case.said.ids) > 1 or score[id(ranked[0][0])] == 0:
        return by_id or list(orders)
    return ranked if not by_id or score[id(ranked[0][0])] > score[id(by_id[0][0])] else by_id


def _days_off(case: Case) -> None:
    """Open or closed on a weekday."""
    closed = pattern(tuple(str(word) for word in data("polarity")["closed"]))
    telling = [fact for fact in case.facts if fact.scan.weeks and (fact.scan.clocks or closed.search(fact.text))]
    if not telling:
        return
    for week in case.said.weeks:
        first, last = case.said.reading.clause(week.start)
        clause = case.text[first:last]
        if week.spanned or any(first <= clock.start < last for clock in case.said.clocks):
            continue
        off = closed.search(clause)
        if not off and not re.search(r"(?<![a-z])(?:open|come|welcome|drop in)(?![a-z])|开门|营业|收件|开放|来", clause):
            continue
        days = frozenset().union(*(one.days for fact in telling for one in fact.scan.weeks if not _closed_day(fact, one.end)))
        is_open = week.days <= days
        result: Result = "supported" if is_open != bool(off) else "contradicted"
        begin, stop = min(week.start, first + off.start() if off else week.start), max(week.end, first + off.end() if off else last)
        case.enter(begin, stop, "polarity", f"open={_word(not off)}", result, "polarity.weekday", telling[0])


def _closed_day(fact: Fact, end: int) -> bool:
    """Whether the part of the fact that names a weekday says closed."""
    closed = pattern(tuple(str(word) for word in data("polarity")["closed"]))
    return any(a < end <= b and closed.search(fact.text[a:b]) for a, b in fact.parts())


def _fits(case: Case) -> list[tuple[int, int]]:
    """The customer's own measure against a range of the facts: size 47 of 37-46 does not fit."""
    judged = []
    raw = data("polarity")
    fits, unfit = pattern(tuple(map(str, raw["fits"]))), pattern(tuple(map(str, raw["unfit"])))
    for one in case.said.amounts:
        if one.exact is None:
            continue
        told = [t for f in case.facts for t in f.told(f.scan.amounts) if case.speaks_of(f, one.start) and _meets(t.mention, one)]
        limits = [(t, limit) for t in told if (limit := _limit(t)) is not None]
        own = any(_meets(asked, one) and asked.exact == one.exact for asked in case.asked.amounts)
        if not limits or not own:
            continue
        first, last = case.said.reading.clause(one.start)
        clause = case.text[first:last]
        no, yes = unfit.search(clause), fits.search(clause)
        if not no and not yes:
            continue
        fact, limit = limits[0][0].fact, limits[0][1]
        inside = _inside(limit, one)
        said = not no or bool(re.search("没问题|no problem", clause))
        judged.append((one.start, one.end))
        result: Result = "derived" if said == inside else "contradicted"
        hit = no or yes
        begin = min(one.start, first + hit.start()) if hit else one.start
        stop = max(one.end, first + hit.end()) if hit else one.end
        case.enter(begin, stop, "polarity", f"fits={_word(said)}", result, "polarity.range", fact)
    return judged


def _limit(told: Told[Amount]) -> Amount | None:
    """The limits that a fact sets: a range, or a comfort temperature, or a load."""
    value = told.mention.exact
    if value is None:
        return told.mention
    if "@warmth" in told.words:
        return told.mention.with_values(value, None)
    return told.mention.with_values(None, value) if "@load" in told.words else None


def _meets(a: Amount, b: Amount) -> bool:
    return comparable(a, b) or {a.kind, b.kind} <= {"count", "number"} or ("shoe size" in (a.dimension, b.dimension) and "" in (a.dimension, b.dimension))


def _inside(limit: Amount, one: Amount) -> bool:
    value = one.edge
    return (limit.low is None or value >= limit.low) and (limit.high is None or value <= limit.high)


@cache
def _opens() -> re.Pattern[str]:
    raw = data("polarity")["opens"]
    return re.compile(rf"\W{{0,4}}(?:(?P<yes>{any_of(raw['yes'])})|(?P<no>{any_of(raw['no'])}))(?=[,，.。!！:;；、]|$| (?:i'm afraid|we|it|you|they|sorry))")


def judge_opening(case: Case) -> None:
    """A yes or no that opens the text, against what was asked; where rules can't tell, the rest of the text decides."""
    match = _opens().match(case.text)
    if match is None:
        return
    said = match["yes"] is not None
    word = match["yes"] or match["no"]
    if not said and word in ("sorry", "unfortunately", "i'm afraid", "抱歉", "没有", "很遗憾", "not for"):
        return
    start, end = match.end() - len(word), match.end()
    asked = case.asked.reading.text
    known = [found for topic, a, b in topics_in(asked) if (found := stance(case, topic, -1)) is not None]
    loose = [entry for entry in case.entries if entry.result in ("contradicted", "unsupported")]
    if known:
        result: Result = "supported" if known[0][0] == said else "contradicted"
        case.enter(start, end, "polarity", _word(said), result, "polarity.opens", known[0][1])
    elif (fact := _yes_no_fact(case)) is not None:
        case.enter(start, end, "polarity", _word(said), "supported" if fact.yes == said else "contradicted", "polarity.opens", fact)
    elif loose:
        case.enter(start, end, "polarity", _word(said), "contradicted", "polarity.opens_wrong", case.fact(loose[0].fact))
    elif said and not case.entries and asked:
        case.enter(start, end, "polarity", _word(said), "unsupported", "polarity.unknown")
    elif (told := next((e for e in case.entries if e.kind in ("polarity", "stock")), None)) is not None:
        case.enter(start, end, "polarity", _word(said), "supported", "polarity.borne_by_the_rest", case.fact(told.fact))
    elif case.entries and said:
        case.enter(start, end, "polarity", _word(said), "derived", "polarity.borne_by_the_rest")


def _yes_no_fact(case: Case) -> Fact | None:
    quoted = [f for f in case.facts if f.yes is not None and f.attribute and f.attribute in case.text]
    if quoted:
        return quoted[0]
    asked = words_of(case.asked.reading.text)
    best = max((fact for fact in case.facts if fact.yes is not None), key=lambda f: len(words_of(f.attribute + " " + f.question) & asked), default=None)
    return best if best is not None and len(words_of(best.attribute + " " + best.question) & asked) >= 2 else None


__all__ = ["Told", "judge_opening", "judge_polarity", "negative", "stance", "topics_in"]
