"""Judges times of day, held to the weekday that the clause names."""

import re

from chains.guard.ledger.case import Case
from chains.guard.ledger.days import Week
from chains.guard.ledger.facts import Fact
from chains.guard.ledger.lexicon import data, pattern
from chains.guard.ledger.mentions import Clock

_HOLIDAY = re.compile(
    r"(?<![a-z])(?:holidays?|easter|christmas|new year|boxing day|thanksgiving|bank holiday)(?![a-z])|国庆|春节|元旦|五一|中秋|端午|节日|假期"
)


def judge_clocks(case: Case) -> list[tuple[int, int]]:
    """Enter times of day, held to the weekday that the clause names. Returns the stretches judged."""
    done = []
    for clock in case.said.clocks:
        done.append((clock.start, clock.end))
        known = [
            (one, fact)
            for fact in case.facts
            for one in fact.scan.clocks
            if case.speaks_of(fact, clock.start)
        ]
        wanted = _weekdays(case, clock)
        open_ = [(one, fact) for one, fact in known if not wanted or _covers(fact, one, wanted)]
        asked = any(one.starts() & clock.starts() for one in case.asked.clocks)
        near = case.sentence(clock.start)
        if _HOLIDAY.search(case.clause(clock.start)) and not any(
            _HOLIDAY.search(fact.text) for _, fact in known
        ):
            case.enter(clock.start, clock.end, "time", clock.normal, "unsupported", "time.holiday")
        elif other := _of_another(case, clock, open_):
            case.enter(clock.start, clock.end, "time", clock.normal, "contradicted", "time.of_another", other)
        elif hit := next((fact for one, fact in open_ if _agrees(case, one, clock, fact.text)), None):
            case.enter(clock.start, clock.end, "time", clock.normal, "supported", "time.same", hit)
        elif hit := _minus(case, clock, open_):
            case.enter(clock.start, clock.end, "time", clock.normal, "derived", "time.before_closing", hit)
        elif hit := _later(case, clock, open_):
            case.enter(clock.start, clock.end, "time", clock.normal, "derived", "time.reckoned", hit)
        elif any(_agrees(case, one, clock) for scan in case.derived for one in scan.clocks):
            case.enter(clock.start, clock.end, "time", clock.normal, "derived", "given")
        elif asked and not re.search(r"(?<![a-z])(?:yes|course)(?![a-z])|可以", near):
            continue
        elif (open_ and not _other_end(case, clock, open_)) or (
            wanted and not open_ and any(fact.scan.weeks for _, fact in known)
        ):
            case.enter(
                clock.start,
                clock.end,
                "time",
                clock.normal,
                "contradicted",
                "time.differs",
                (open_ or known)[0][1],
            )
        else:
            case.enter(clock.start, clock.end, "time", clock.normal, "unsupported", "time.unknown")
    return done


_BEGINS = re.compile(
    r"(?<![a-z])(?:start|starts|begin|begins|kicks? off|on stage|show time|curtain)(?![a-z])|开演|开始|开讲|开场|开赛"
)

_LETS_IN = re.compile(r"(?<![a-z])(?:doors?|admission|entry|let in|let you in)(?![a-z])|入场|检票|进场|开门")


def _of_another(case: Case, clock: Clock, known: list[tuple[Clock, Fact]]) -> Fact | None:
    """The fact with the time that the clause speaks of, where the time said is that of the other: doors and beginning."""
    clause = case.clause(clock.start)
    for mine, other in ((_BEGINS, _LETS_IN), (_LETS_IN, _BEGINS)):
        if not mine.search(clause) or other.search(clause):
            continue
        right = [(one, fact) for one, fact in known if mine.search(fact.attribute)]
        wrong = [(one, fact) for one, fact in known if other.search(fact.attribute)]
        if right and wrong and not any(one.starts() & clock.starts() for one, _ in right):
            return right[0][1] if any(one.starts() & clock.starts() for one, _ in wrong) else None
    return None


def _other_end(case: Case, clock: Clock, known: list[tuple[Clock, Fact]]) -> bool:
    """Whether the clause says when it opens, and all the facts when it closes, or the other way round."""
    closing, opening = (pattern(tuple(data("cues")[name])) for name in ("closing", "opening"))
    near = case.clause(clock.start)
    if clock.until is not None or any(one.until is not None for one, _ in known):
        return False
    heads = [fact.text[max(0, one.start - 12) : one.start] for one, fact in known]
    opens, closes = bool(opening.search(near)), bool(closing.search(near))
    return (opens and not closes and all(closing.search(head) for head in heads)) or (
        closes and not opens and all(opening.search(head) and not closing.search(head) for head in heads)
    )


def _side(text: str, clock: Clock) -> int:
    """-1 before the time, 1 after it, 0 where neither is said."""
    head, tail = text[max(0, clock.start - 8) : clock.start], text[clock.end : clock.end + 3]
    if re.search(r"(?<![a-z])(?:before|until|till|by) $", head) or re.match(r"之?前|为止", tail):
        return -1
    return 1 if re.search(r"(?<![a-z])(?:after|from|since) $", head) or re.match(r"[之以]?后|起", tail) else 0


def _agrees(case: Case, known: Clock, said: Clock, text: str = "") -> bool:
    if said.until is not None:
        return (
            known.until is not None
            and bool(known.starts() & said.starts())
            and bool(known.ends() & said.ends())
        )
    starts, ends = bool(known.starts() & said.starts()), bool(known.ends() & said.starts())
    if known.until is None and _side(text, known) * _side(case.text, said) < 0:
        return False
    if (starts and ends) or known.until is None:
        return starts or ends
    near = case.clause(said.start)
    closing = pattern(tuple(data("cues")["closing"])).search(near)
    opening = pattern(tuple(data("cues")["opening"])).search(near)
    if closing and not opening:
        return ends
    if opening and not closing:
        return starts
    return starts or ends


def _weekdays(case: Case, clock: Clock) -> frozenset[int]:
    start, end = case.said.reading.clause(clock.start)
    mine = [w for w in case.said.weeks if start <= w.start < end]
    if not mine:
        begin, stop = case.said.reading.sentence(clock.start)
        others = [w for w in case.said.weeks if not _day_off(case, w)]
        mine = [w for w in others if begin <= w.start < clock.start][-1:]
        mine = mine or [w for w in others if begin <= w.start < stop]
    if not mine and not case.said.weeks:
        mine = list(case.asked.weeks) if len(case.asked.weeks) == 1 else []
    if not mine:
        return frozenset()
    return min(mine, key=lambda w: (abs(w.start - clock.start), w.start)).days


def _day_off(case: Case, week: Week) -> bool:
    """Whether a clause says of a weekday that the shop is closed: the hours of another clause are not its."""
    return bool(
        pattern(tuple(str(word) for word in data("polarity")["closed"])).search(case.clause(week.start))
    )


def _covers(fact: Fact, clock: Clock, wanted: frozenset[int]) -> bool:
    """Whether the time of a fact holds on the wanted days: of the weekdays last named before it."""
    if not fact.scan.weeks:
        return True
    before = [w for w in fact.scan.weeks if w.end <= clock.start]
    if not before:
        return True
    days = before[-1].days
    if re.search(r"other |其余|其他", fact.text[max(0, before[-1].start - 8) : before[-1].end]):
        named = frozenset().union(*(w.days for w in before[:-1]))
        days -= named
    cut = max(fact.text.rfind(mark, 0, clock.start) for mark in ",;，；")
    group = [w for w in before if w.start > cut] or before[-1:]
    if len(group) > 1:
        days = frozenset().union(*(w.days for w in group))
    return wanted <= days or bool(wanted & days and len(wanted) > 1)


def _minus(case: Case, clock: Clock, known: list[tuple[Clock, Fact]]) -> Fact | None:
    """A time that lies a fact's duration before closing."""
    for fact in case.facts:
        if not re.search(r"before|前", fact.text):
            continue
        for told in fact.scan.amounts:
            if told.dimension == "[time]" and told.exact is not None:
                minutes = int(told.exact // 60)
                for one, other in known:
                    if (
                        one.until is not None
                        and (one.until - minutes) % 1440 in clock.starts()
                        and other is not fact
                    ):
                        return fact
    return None


def _later(case: Case, clock: Clock, known: list[tuple[Clock, Fact]]) -> Fact | None:
    """A fact's time that a fact's duration leads to this one: 18:00 and three hours make 21:00."""
    if clock.until is not None:
        return None
    lengths = [
        a.exact // 60
        for f in case.facts
        for a in f.scan.amounts
        if a.dimension == "[time]" and a.exact is not None
    ]
    return next(
        (
            fact
            for one, fact in known
            for minutes in lengths
            if 0 < minutes < 720 and one.until is None and int(one.minute + minutes) % 1440 in clock.starts()
        ),
        None,
    )
