"""Judges claims made in words: ids, materials, certificates, origin. Lists decide what is a claim, facts what holds."""

import re
from collections.abc import Sequence

from chains.guard.ledger.case import Case
from chains.guard.ledger.doubt import unsure
from chains.guard.ledger.entries import Result
from chains.guard.ledger.facts import Fact, words_of
from chains.guard.ledger.mentions import Term
from chains.guard.ledger.names import items_of
from chains.guard.ledger.states import states_of

_NOT = re.compile(
    r"(?<![a-z])(?:not|no|without|never|isn't|aren't|don't|doesn't|rather than|instead of|avoid|neither|nor)(?![a-z])(?: (?:a|an|any|the|made of|of|from|certified|certified as|have|carry|any of))?[ ]?(?:[a-z]+ )?$|(?:不是|并非|没有|无|非|不含|不算|未获|没|不带|未)[\u4e00-\u9fff]{0,2}$"
)
_TYPED = re.compile(  # a certificate by its kind of word alone: 通过了某某认证
    r"(?:通过|获得|获|取得|拿到|是|(?:^|[，,。、；])(?=国家|国际|欧盟|权威))(?:的是|了)?(?P<name>[a-z\d\u4e00-\u9fff]{2,8}?)(?:认证|认可证书)"
)
_VALID = re.compile(r"(?<![a-z])(?:still valid|valid one|is valid|stands)(?![a-z])|有效")
_OVER = frozenset(["cancelled", "returned", "refunded"])


def negated(case: Case, at: int) -> bool:
    """Whether a word stands under a negation or a doubt."""
    start, _ = case.said.reading.clause(at)
    return bool(_NOT.search(case.text[start:at])) or unsure(case, at)


def judge_ids(case: Case) -> list[tuple[int, int]]:
    """Enter order and tracking numbers; one of another order than the one spoken of is contradicted."""
    done = []
    for one in case.said.ids:
        done.append((one.start, one.end))
        if case.text[: one.start].endswith("#") and any(one.key in _joined(fact.text) for fact in case.facts):
            continue  # a hashtag of a product's name
        holding = [
            fact
            for fact in case.facts
            if one.key in (term.key for term in fact.scan.ids) or one.key in fact.text
        ]
        states = states_of(holding[0]) if holding and _VALID.search(case.clause(one.start)) else frozenset()
        wrong = _of_another_order(case, one, holding) if holding and not states else None
        like = [fact for fact in case.facts for term in fact.scan.ids if _shape(term.key) == _shape(one.key)]
        result: Result
        fact: Fact | None
        if states:
            result, rule, fact = "contradicted" if states & _OVER else "derived", "id.valid", holding[0]
        elif wrong is not None:
            result, rule, fact = "contradicted", "id.of_another", wrong
        elif holding:
            result, rule, fact = "supported", "id.same", holding[0]
        elif any(one.key in scan.reading.text for scan in (*case.derived, case.asked)):
            result, rule, fact = "derived", "id.asked", None
        elif like:
            result, rule, fact = "contradicted", "id.differs", like[0]
        else:
            result, rule, fact = "unsupported", "id.unknown", None
        case.enter(one.start, one.end, "order_id", one.key.upper(), result, rule, fact)
    return done


def _joined(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


def _shape(key: str) -> str:
    return re.sub(r"\d+", "0", key)


def _of_another_order(case: Case, one: Term, holding: Sequence[Fact]) -> Fact | None:
    """The order that the clause's product belongs to, where it is not the one named."""
    orders = [fact for fact in case.facts if fact.family in ("order", "订单") and fact.scan.ids]
    if len(orders) < 2 or holding[0] not in orders:
        return None
    numbers = {fact.place: m[0] for fact in orders if (m := _NUMBER.search(fact.subject))}
    said = {place for place, key in numbers.items() if _stands(key, case.text)}
    said = said or {place for place, key in numbers.items() if _stands(key, case.asked.reading.text)}
    if len(said) == 1 and holding[0].place not in said:
        return next(fact for fact in orders if fact.place in said)
    named = words_of(case.sentence(one.start))
    if len(case.said.ids) > 1:
        return None
    words = {fact.place: words_of(" ".join(items_of(fact))) for fact in orders}
    shared = frozenset.intersection(*words.values())
    score = {
        fact.place: len((words[fact.place] - shared) & (named | words_of(case.asked.reading.text)))
        for fact in orders
    }
    best = max(orders, key=lambda fact: score[fact.place])
    return best if score[best.place] > score[holding[0].place] else None


_NUMBER = re.compile(r"(?<![a-z0-9])[a-z]*-?\d[\w-]*")


def _stands(key: str, text: str) -> bool:
    """Whether an order's number stands in a text by itself."""
    return bool(re.search(rf"(?<![a-z0-9-]){re.escape(key)}(?![a-z0-9])", text))


def judge_certifications(case: Case) -> list[tuple[int, int]]:
    """Enter certificates, norms and awards."""
    done = []
    for one in case.said.certifications:
        done.append((one.start, one.end))
        if negated(case, one.start) or _in_subject(case, one) or _is_a_matter(case, one):
            continue
        holding = [
            fact for fact in case.facts if any(_same(term, one, fact) for term in fact.scan.certifications)
        ]
        denied = [
            fact for fact in holding
            if all(_NOT.search(fact.text[: t.start]) for t in fact.scan.certifications if _same(t, one, fact))
        ]  # fmt: skip
        bound = [
            fact for fact in holding
            if case.speaks_of(fact, one.start) and fact.yes is not False and fact not in denied
        ]  # fmt: skip
        if bound:
            case.enter(
                one.start, one.end, "certification", one.key, "supported", "certification.same", bound[0]
            )
            continue
        if any(one.key in scan.reading.text for scan in case.derived):
            continue
        borne = any(entry.kind == "certification" and entry.result == "supported" for entry in case.entries)
        rivals = [
            fact
            for fact in case.facts
            if case.speaks_of(fact, one.start) and (_alike(fact, one, borne) or fact in holding)
        ]
        if rivals:
            case.enter(
                one.start,
                one.end,
                "certification",
                one.key,
                "contradicted",
                "certification.differs",
                rivals[0],
            )
        else:
            case.enter(one.start, one.end, "certification", one.key, "unsupported", "certification.unknown")
    for match in _TYPED.finditer(case.text):
        name, span = match["name"], (match.start("name"), match.end())
        if any(a < span[1] and span[0] < b for a, b in done) or negated(case, span[0]):
            continue
        told = next((fact for fact in case.facts if name in fact.text), None)
        result: Result = "supported" if told else "unsupported"
        rule = "certification.same" if told else "certification.unknown"
        case.enter(*span, "certification", name, result, rule, told)
    return done


def _is_a_matter(case: Case, one: Term) -> bool:
    """Whether a fact answers it with yes or no (vegan: yes): polarity then judges it."""
    return any(
        fact.yes is not None
        and re.search(
            rf"(?<![a-z]){re.escape(case.text[one.start : one.end])}", f"{fact.attribute} {fact.question}"
        )
        for fact in case.facts
    )


def _same(known: Term, said: Term, fact: Fact) -> bool:
    return known.key == said.key


def _alike(fact: Fact, one: Term, borne: bool) -> bool:
    """Whether a fact names a certificate in its place: another number of a norm, another seal; beside one that is
    borne out, a further one is merely unknown."""
    first = _series(one.key)
    if any(_series(term.key) == first and term.key != one.key for term in fact.scan.certifications):
        return True
    return not borne and bool(re.search(r"certif|证书|认证", fact.attribute))


def _series(key: str) -> str:
    """A norm without its number: "en 892" and "en 564", "ipx5" and "ipx7"."""
    return re.sub(r"[\d-]+$", "", key.split()[0])


def _in_subject(case: Case, one: Term) -> bool:
    said = case.text[one.start : one.end]
    return any(said in fact.subject for fact in case.facts)
