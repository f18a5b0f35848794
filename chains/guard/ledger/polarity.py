"""Judges yes and no by rule: yes/no attributes and policies, the state of an order, days of rest, what fits in a range.

A statement that no fact bears is unsupported; what a model believes is not asked.
"""

import re
from functools import cache

from chains.guard.ledger.case import Case
from chains.guard.ledger.doubt import unsure
from chains.guard.ledger.entries import Result
from chains.guard.ledger.facts import Fact, words_of
from chains.guard.ledger.fits import judge_fits, judge_lettered, judge_verdicts
from chains.guard.ledger.lexicon import any_of, data, is_han, pattern
from chains.guard.ledger.openings import judge_days_off, judge_round_the_clock
from chains.guard.ledger.states import judge_states
from chains.guard.ledger.topics import free_of, implied_in, negative, spoken_of, topics_in, word

_WRITTEN = re.compile(r"[a-z -]{0,24}\s?[:–-]\s?(?:(?P<yes>yes|是|可以|支持)|no|否|不)")
_LACKING = re.compile(
    r"(?:无|不含|不加|不添加|零|免)$|(?<![a-z])(?:no|without|free of|free from) $"
)  # 无糖: 是
_REPORTED = re.compile(r"(?<![a-z])(?:whether|if|ask)(?![a-z])|是否|问问|([\u4e00-\u9fff])不\1|有没有|[?？]")


def judge_polarity(case: Case) -> list[tuple[int, int]]:
    """Enter statements of yes and no. Returns the stretches of amounts that were judged with them."""
    judge_states(case)
    judge_days_off(case)
    judge_round_the_clock(case)
    judge_lettered(case)
    judged = judge_fits(case)
    judge_verdicts(case)
    _matters(case)
    _attributes(case)
    return judged


def stance(case: Case, topic: str, at: int, said: bool | None = None) -> tuple[bool, Fact] | None:
    """What the facts say of a matter, with the fact that says it: of several the strongest, then the one whose words the
    sentence and the question share; of equals one that agrees with what is `said`."""
    against = dict(data("polarity")["opposites"])
    near = words_of(f"{case.sentence(at)} {case.asked.reading.text}") if at >= 0 else frozenset()
    found: list[tuple[int, int, bool, bool, Fact]] = []
    for fact in case.facts:
        if at >= 0 and (not case.speaks_of(fact, at) or _other_state(case.clause(at), fact.text)):
            continue
        told = _stance_of(fact, topic, near)
        if (
            told is None
            and topic in against
            and (other := _stance_of(fact, against[topic], near)) is not None
        ):
            told = (0, not other[1])
        if told is not None:
            shared = len(words_of(fact.text) & near)
            found.append((told[0], shared, said is not None and told[1] == said, told[1], fact))
    best = max(found, key=lambda one: one[:3], default=None)
    return None if best is None else (best[3], best[4])


_OPENED = re.compile(r"(?<![a-z])(?:opened|used|worn|unsealed)(?![a-z])|(?<![未没不])拆(?:封|开|了)|已拆")
_UNOPENED = re.compile(
    r"(?<![a-z])(?:unopened|unused|unworn|sealed|(?:not|n't) (?:been )?(?:opened|used|worn))(?![a-z])|[未没不]拆"
)


def _other_state(clause: str, fact: str) -> bool:
    """Whether the clause speaks of what was opened and the fact only of what was not, or the other way round."""
    said, told = ((bool(_OPENED.search(t)), bool(_UNOPENED.search(t))) for t in (clause, fact))
    return said != told and sum(said) == 1 and sum(told) == 1


def _stance_of(fact: Fact, topic: str, near: frozenset[str]) -> tuple[int, bool] | None:
    head = f"{fact.attribute} {fact.question}" if fact.family != "prose" else ""
    for name, start, end in topics_in(head):
        if name == topic and fact.yes is not None:
            return 2, fact.yes != (free_of(head, name, end) or bool(_LACKING.search(head[:start])))
    for start, end in fact.parts():
        part = fact.text[start:end]
        for name, a, b in topics_in(part):
            if name == topic and spoken_of(topic, part) and not _WHERE.search(part[:a]):
                without = bool(_WITHOUT.fullmatch(fact.attribute))
                return 3 if fact.question else 1, negative(part, a, b, name) == without
    label = fact.attribute or (fact.subject if fact.family != "product" else "")
    for name, start, end in topics_in(label):
        if name == topic and fact.family != "order":
            if negative(
                label, start, end, name
            ):  # "not returnable: opened games" speaks of games that were opened
                return (1, False) if words_of(fact.value) & near else None
            left_out = topic in data("polarity")["needs"] and _left_out().search(fact.value)
            return 0, not free_of(head, name, end) and not left_out
    return None


_WITHOUT = re.compile(r"free (?:of|from)|without|contains no|不含|不添加|零添加|无添加")
_WHERE = re.compile(r"(?<![a-z])(?:in|at|on|during|into|near|beside|behind) the $")


def _matters(case: Case) -> None:
    incidental = data("polarity")["incidental"]
    seen: set[tuple[str, int]] = set()
    named = [(topic, start, end, True, True) for topic, start, end in topics_in(case.text)]
    other = [(topic, start, end, said, False) for topic, start, end, said in implied_in(case.text)]
    for topic, start, end, so, by_name in (*named, *other):
        first, last = case.said.reading.clause(start)
        clause = case.text[first:last]
        if (topic, first) in seen or _reported(case, clause, start) or _claimed(case, start, end):
            continue
        if not by_name and any(topic == one for one, _ in seen):
            continue  # said by name already
        if by_name and (
            not spoken_of(topic, clause) or (_gratis(topic) and _costs_nothing(case, start, last))
        ):
            continue
        seen.add((topic, first))
        if (
            any(case.text[start:end] in fact.subject for fact in case.facts)
            and stance(case, topic, start) is None
        ):
            continue
        written = _WRITTEN.match(case.text, end) if by_name else None
        said = (
            (written["yes"] is not None) != free_of(case.text, topic, end)
            if written
            else negative(clause, start - first, end - first, topic) != so
        )
        found = stance(case, topic, start, said)
        begin, stop = _statement(case, start, end, first, last)
        if found is None:
            near_number = any(0 <= one.start - end <= 4 for one in case.said.amounts)
            if by_name and topic not in incidental and not near_number:
                case.enter(
                    begin, stop, "polarity", f"{topic}={word(said)}", "unsupported", "polarity.unknown"
                )
            continue
        holds = found[0] == said or _said_beside(found[1], topic, said)
        if holds and _said_by_number(case, topic, end, first, last):
            continue
        result: Result = "supported" if holds else "contradicted"
        rule = f"polarity.{topic.replace(' ', '_')}"
        case.enter(begin, stop, "polarity", f"{topic}={word(said)}", result, rule, found[1])


def _said_beside(fact: Fact, topic: str, said: bool) -> bool:
    """Whether a further part of the fact says of the matter what the text says: "nuts: none, but baked where nuts are used"."""
    beside = [fact.text[start:end] for start, end in fact.parts()[1:]]
    return any(
        name == topic and (not negative(part, a, b, name)) == said
        for part in beside
        for name, a, b in topics_in(part)
    )


def _reported(case: Case, clause: str, at: int) -> bool:
    """Whether a clause asks, doubts or repeats a question, and so states nothing."""
    return bool(_REPORTED.search(clause)) or unsure(case, at)


def _gratis(topic: str) -> bool:
    return topic in data("polarity")["gratis"]


def _costs_nothing(case: Case, start: int, last: int) -> bool:
    """Whether the clause speaks of the price, which was judged as one: returns are free."""
    a, b = case.said.reading.span(start, last)
    return any(e.kind == "price" and e.normal in ("0", "not free") and a <= e.start < b for e in case.entries)


@cache
def _left_out() -> re.Pattern[str]:
    return pattern(tuple(data("polarity")["left_out"]))


def _attributes(case: Case) -> None:
    """Yes/no attributes that no list knows, by their own words: "non-slip: yes", 防滑：是."""
    for fact in case.facts:
        if fact.family == "question":
            _answered(case, fact)
            continue
        name = re.sub(r"^(?:是否|可以|可|能|含)|^(?:is|has|incl\.) | included$", "", fact.attribute)
        if fact.yes is None or fact.family != "product" or len(name) < 2 or topics_in(fact.attribute):
            continue
        for match in re.finditer(rf"(?<![a-z]){_forms(name)}(?![a-z])", case.text):
            first, last = case.said.reading.clause(match.start())
            clause = case.text[first:last]
            if of_supply(fact.value) and not of_supply(clause):
                continue  # that a kit is not included says nothing of whether one is needed
            if (
                _claimed(case, *match.span())
                or _reported(case, clause, match.start())
                or not case.speaks_of(fact, first)
            ):
                continue
            written = _WRITTEN.match(case.text, match.end())
            own = "□" * len(name)  # a 无 within the attribute's own name denies nothing
            bare = f"{clause[: match.start() - first]}{own}{clause[match.end() - first :]}"
            denied = negative(bare, match.start() - first, match.end() - first)
            said = written["yes"] is not None if written else not denied
            result: Result = "supported" if said == fact.yes else "contradicted"
            begin, stop = _statement(case, *match.span(), first, last)
            case.enter(begin, stop, "polarity", f"{name}={word(said)}", result, "polarity.attribute", fact)


_ASKED_OF = re.compile(
    r"(?:[你您]们?家?|店里|请问)?(?:能不能|可不可以|是否|有没有|能|可以|支持|有)?(?P<matter>[\u4e00-\u9fff]{3,8}?)(?:吗|么|不)?[?？]?"
)


def _answered(case: Case, fact: Fact) -> None:
    """Enter what a fact answers with yes or no, where the text says the matter in the question's own words: 货到付款."""
    asked = _ASKED_OF.fullmatch(fact.question.split(":")[-1].strip())
    if fact.yes is None or asked is None or topics_in(fact.question):
        return
    for match in re.finditer(re.escape(asked["matter"]), case.text):
        first, last = case.said.reading.clause(match.start())
        clause = case.text[first:last]
        if _claimed(case, *match.span()) or _reported(case, clause, match.start()):
            continue
        said = not negative(clause, match.start() - first, match.end() - first)
        result: Result = "supported" if said == fact.yes else "contradicted"
        begin, stop = _statement(case, *match.span(), first, last)
        case.enter(
            begin, stop, "polarity", f"{asked['matter']}={word(said)}", result, "polarity.answered", fact
        )


def of_supply(text: str) -> bool:
    """Whether a text says that a thing comes along, or does not."""
    return bool(pattern(tuple(data("polarity")["supply"])).search(text))


def _forms(name: str) -> str:
    """A pattern of a yes/no attribute as a sentence says it: dimmable is said as "can be dimmed", "dims"."""
    if not (able := re.fullmatch(r"(?P<root>[a-z]{3,}?)(?P<twin>[bdgmnprt]?)(?P=twin)(?:able|ible)", name)):
        return re.escape(name)
    root, twin = able["root"], able["twin"]
    return rf"{root}{twin}(?:{twin or 'e?'}(?:able|ible|ed|ing)|able|ible|ed|ing|es|e|s)?"


def _said_by_number(case: Case, topic: str, end: int, first: int, last: int) -> bool:
    """Whether a number or a day of the clause carries the statement: it is judged by itself."""
    figures = [*case.said.amounts, *case.said.days]
    if is_han(case.text[end - 1]) and any(0 <= one.start - end <= 1 for one in figures):
        return True
    return topic in ("returns", "refund", "exchange", "adjustable", "repair", "gift wrap") and any(
        first <= one.start < last for one in figures
    )


def _statement(case: Case, start: int, end: int, first: int, last: int) -> tuple[int, int]:
    """The words around a matter: its negation and its verb, within the clause."""
    text = case.text[first:last]
    raw = data("polarity")
    finder = pattern(tuple(str(word) for word in raw["negations"]))
    hits = [
        first + m.start()
        for m in finder.finditer(text)
        if m.start() + first < start and start - first - m.start() < 40
    ]
    begin = min([start, *hits])
    stop = last - (len(text) - len(text.rstrip(" ,.!?。！？，;；\n")))
    return begin, max(end, min(stop, end + 24))


def _claimed(case: Case, start: int, end: int) -> bool:
    a, b = case.said.reading.span(start, end)
    return any(
        entry.start < b and a < entry.end and entry.kind in ("polarity", "price", "certification")
        for entry in case.entries
    )


@cache
def _opens() -> re.Pattern[str]:
    raw = data("polarity")["opens"]
    return re.compile(
        rf"\W{{0,4}}(?:(?P<yes>{any_of(raw['yes'])})|(?P<no>{any_of(raw['no'])}))(?=[,，.。!！:;；、]|$| (?:i'm afraid|we|it|you|they|sorry))"
    )


def judge_opening(case: Case) -> None:
    """A yes or no that opens the text, against what was asked; where rules can't tell, the rest of the text decides."""
    match = _opens().match(case.text)
    if match is None:
        return
    said = match["yes"] is not None
    opener = match["yes"] or match["no"]
    if not said and opener in ("sorry", "unfortunately", "i'm afraid", "抱歉", "没有", "很遗憾", "not for"):
        return
    start, end = match.end() - len(opener), match.end()
    loose = [entry for entry in case.entries if entry.blocks]
    told = next((entry for entry in case.entries if entry.kind in ("polarity", "stock")), None)
    rule, fact = "polarity.borne_by_the_rest", None
    result: Result | None = None
    if (known := _asked_plainly(case, end)) is not None:
        rule, fact = "polarity.opens", known[1]
        result = "supported" if known[0] == said else "contradicted"
    elif loose:
        result, rule, fact = "contradicted", "polarity.opens_wrong", case.fact(loose[0].fact)
    elif _against_the_rest(case, said, end):
        result, rule = "contradicted", "polarity.opens_against_the_rest"
    elif told is not None:
        result, fact = "supported", case.fact(told.fact)
    elif said and (case.entries or any(_repeated(one, case.text) for one in case.facts)):
        result = "derived"
    elif said and case.asked.reading.text:
        result, rule = "unsupported", "polarity.opens_unknown"
    if result is not None:
        case.enter(start, end, "polarity", word(said), result, rule, fact)


_TURNED = re.compile(  # a question whose yes may mean the opposite, or that asks for more than a yes
    r"(?<![a-z])(?:not|no|never|n't|cannot|without|right|pay|extra|or|only|still|too|else|bring|buy|need|when|how|which|what|why|pack|arent|isnt|dont|doesnt|cant|wont|allerg(?:y|ic|ies)|intolerant|(?:i'm|im|i am|we're|we are) (?:a )?(?:vegan|vegetarian|coeliac|celiac|pregnant))(?![a-z])|n't(?![a-z])"
    r"|[不没未](?!$)|吧|还是|只|才|另|要不要|得|过敏|怎|几|哪|什么|多少|[\u4e00-\u9fff]了[^\u4e00-\u9fff]*$"
)


_MAY = re.compile(r"(?<![a-z])(?:can|may)(?![a-z]|'t| not)|(?<![不没未就才])(?:可以|能(?!量|力))")
_MAY_NOT = re.compile(
    r"(?<![a-z])(?:can't|cannot|can not|may not|isn't allowed|aren't allowed)(?![a-z])|不可以|不能|不支持|不允许"
)
_TURN = re.compile(
    r"(?<![a-z])(?:but|only|just|except|without|unless|until|instead|however|from|after|before)(?![a-z])|但|不过|只|才|除|需|要|得|先|或|后|前|另|代"
)


def _against_the_rest(case: Case, said: bool, at: int) -> bool:
    """Whether the clause behind an opening yes or no says the opposite outright: "Yes, you can't."; the question being plain."""
    asked = _unasked(case.asked.reading.text)
    rest = case.text[at:].lstrip(" ,，!！.。哦呢的亲")
    clause = (
        rest[: case.said.reading.clause(len(case.text) - len(rest))[1] - (len(case.text) - len(rest))]
        if rest
        else ""
    )
    if (
        not asked
        or not _MAY.search(asked)
        or _TURNED.search(asked)
        or not clause
        or _TURN.search(case.sentence(at))
    ):
        return False
    may, not_ = bool(_MAY.search(clause)), bool(_MAY_NOT.search(clause))
    return (not_ and not may) if said else (may and not not_)


def _unasked(asked: str) -> str:
    """A question without its marks: 能不能 asks as 能 does, a last 不 asks too."""
    plain = re.sub(r"([\u4e00-\u9fff])不\1", r"\1", asked.strip(" ?？.。!！"))
    return re.sub("有没有", "有", plain).removesuffix("不").removesuffix("没")


def _asked_plainly(case: Case, at: int) -> tuple[bool, Fact] | None:
    """What a fact answers with yes or no, where the question asks just that and nothing with it."""
    asked = case.asked.reading.text.strip(" ?？.。!！")
    topics = {name for name, _, _ in topics_in(asked)}
    if not asked or len(topics) > 1 or _TURNED.search(_unasked(asked)) or case.asked.amounts:
        return None
    words = words_of(asked)
    for fact in case.facts:
        if fact.yes is None or not case.speaks_of(fact, at):
            continue
        head = f"{fact.attribute} {fact.question}"
        topic = next(((n, e) for n, _, e in topics_in(head) if n in topics), None)
        named = words_of(fact.attribute)
        if topic is not None:
            return fact.yes != (
                free_of(head, topic[0], topic[1]) or bool(_LACKING.search(_before(head, topic[0])))
            ), fact
        if not topics and named and named <= words and not _WHERE.search(asked.partition(fact.attribute)[0]):
            return fact.yes, fact
    return None


def _before(head: str, topic: str) -> str:
    return next((head[:start] for name, start, _ in topics_in(head) if name == topic), "")


def _repeated(fact: Fact, text: str) -> bool:
    """Whether the text repeats what the fact says of its subject, in the fact's words."""
    value = fact.value.strip(" .。")
    return bool(fact.attribute) and len(value) > 1 and value in text and fact.subject in text
