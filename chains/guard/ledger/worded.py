"""Judges claims made in words: ids, materials, certificates, origin. Lists decide what is a claim, facts what holds."""

import re
from collections.abc import Sequence

from chains.guard.ledger.case import Case
from chains.guard.ledger.entries import Result
from chains.guard.ledger.facts import Fact, words_of
from chains.guard.ledger.lexicon import any_of, data, pattern
from chains.guard.ledger.mentions import Term
from chains.guard.ledger.names import items_of
from chains.guard.ledger.terms import origins
from chains.places import lies_in, places_in, places_named

_NOT = re.compile(r"(?<![a-z])(?:not|no|without|never|isn't|aren't|don't|doesn't|rather than|instead of|avoid|neither|nor)(?![a-z])(?: (?:a|an|any|the|made of|of|from|certified|certified as|have|carry|any of))?[ ]?(?:[a-z]+ )?$|(?:不是|并非|没有|无|非|不含|不算|未获|没|不带|未)[\u4e00-\u9fff]{0,2}$")
_DOUBT = re.compile(r"(?<![a-z])(?:don't know|do not know|no information|can't find|cannot find|can't say|not sure|couldn't find|have no)(?![a-z])|没有查到|没查到|不清楚|没有资料|没有相关|未查到|不确定")


def negated(case: Case, at: int) -> bool:
    """Whether a word stands under a negation or a doubt."""
    start, _ = case.said.reading.clause(at)
    return bool(_NOT.search(case.text[start:at]) or _DOUBT.search(case.clause(at)))


def judge_ids(case: Case) -> list[tuple[int, int]]:
    """Enter order and tracking numbers; one of another order than the one spoken of is contradicted."""
    done = []
    for one in case.said.ids:
        done.append((one.start, one.end))
        holding = [fact for fact in case.facts if one.key in (term.key for term in fact.scan.ids) or one.key in fact.text]
        if holding:
            wrong = _of_another_order(case, one, holding)
            case.enter(one.start, one.end, "order_id", one.key.upper(), "contradicted" if wrong else "supported", "id.of_another" if wrong else "id.same", wrong or holding[0])
        elif any(one.key in scan.reading.text for scan in (*case.derived, case.asked)):
            case.enter(one.start, one.end, "order_id", one.key.upper(), "derived", "id.asked")
        else:
            like = [fact for fact in case.facts for term in fact.scan.ids if _shape(term.key) == _shape(one.key)]
            case.enter(one.start, one.end, "order_id", one.key.upper(), "contradicted" if like else "unsupported", "id.differs" if like else "id.unknown", like[0] if like else None)
    return done


def _shape(key: str) -> str:
    return re.sub(r"\d+", "0", key)


def _of_another_order(case: Case, one: Term, holding: Sequence[Fact]) -> Fact | None:
    """The order that the clause's product belongs to, where it is not the one named."""
    orders = [fact for fact in case.facts if fact.family in ("order", "订单") and fact.scan.ids]
    if len(orders) < 2 or holding[0] not in orders:
        return None
    named = words_of(case.sentence(one.start))
    if len(case.said.ids) > 1:
        return None
    words = {fact.place: words_of(" ".join(items_of(fact))) for fact in orders}
    shared = frozenset.intersection(*words.values())
    score = {fact.place: len((words[fact.place] - shared) & (named | words_of(case.asked.reading.text))) for fact in orders}
    best = max(orders, key=lambda fact: score[fact.place])
    return best if score[best.place] > score[holding[0].place] else None


def judge_materials(case: Case) -> list[tuple[int, int]]:
    """Enter materials. Part and product must fit: oak of the frame says nothing of the seat."""
    done: list[tuple[int, int]] = []
    for one in case.said.materials:
        if any(a < one.end and one.start < b for a, b in done) or _in_name(case, one) or _DOUBT.search(case.clause(one.start)):
            continue
        told = [(fact, term, part) for fact in case.facts if case.speaks_of(fact, one.start) for term, part in _stuff(fact)]
        holding = [(f, t, p) for f, t, p in told if _is_a(t.key, one.key)]
        if (denied := _denied(case, one.start)) is not None:
            if told:
                result: Result = "contradicted" if holding and len({id(f) for f, _, _ in told}) == 1 else "derived"
                case.enter(denied, one.end, "polarity", f"not {one.key}", result, "material.not", told[0][0])
            continue
        if negated(case, one.start):
            continue
        done.append((one.start, one.end))
        if holding:
            rival = _other_part(case, one, holding, told)
            mixed = one.modifier == "pure" and (any(_mixed(f) for f, _, _ in holding) or _laminated(one, told))
            wrong = rival is not None or mixed
            rule = "material.part" if rival else "material.mixed" if mixed else "material.same"
            case.enter(one.start, one.end, "material", one.key, "contradicted" if wrong else "supported", rule, rival or holding[0][0])
            continue
        if any(one.key in scan.reading.text or one.key in (m.key for m in scan.materials) for scan in case.derived):
            continue
        _unheld(case, one, [f for f, _, _ in told])
    return done


def _unheld(case: Case, one: Term, told: list[Fact]) -> None:
    """A material that no fact bears: another one is told of the same part, or nothing is."""
    attributes = pattern(tuple(data("terms")["material_attributes"]))
    clause = words_of(case.clause(one.start))
    rivals = told + [f for f in case.facts if attributes.search(f.attribute) and case.speaks_of(f, one.start)]
    part = _part_named(case, one)
    fitting = [f for f in rivals if not part or part & words_of(f.attribute + " " + f.value)]
    if fitting:
        against = max(fitting, key=lambda f: len(words_of(f.attribute) & clause))
        case.enter(one.start, one.end, "material", one.key, "contradicted", "material.differs", against)
    else:
        case.enter(one.start, one.end, "material", one.key, "unsupported", "material.unknown")


def _is_a(known: str, said: str) -> bool:
    """Whether every material said is among those known, or is the larger kind of one of them."""
    mine = known.split("+")
    larger = {kind for key in mine for kind in data("terms")["kinds_of"].get(key, [])} | {key.split(" ", 1)[-1] for key in mine if key[0].isdigit()}
    return all(key in mine or key in larger for key in said.split("+"))


def _denied(case: Case, at: int) -> int | None:
    """Where a negation that stands right before the material begins: "not beeswax", 不是牛皮."""
    start, _ = case.said.reading.clause(at)
    match = re.search(r"(?<![a-z])(?:not|isn't|aren't|no|neither) (?:made of |made from |of |any )?$|(?:不是|并非|不算|没有|不含|无)$", case.text[start:at])
    return start + match.start() if match else None


def _laminated(one: Term, told: Sequence[tuple[Fact, Term, str]]) -> bool:
    return one.key == "solid wood" and any("plywood" in term.key for _, term, _ in told)


def _part_named(case: Case, one: Term) -> frozenset[str]:
    after = re.compile(r" (handle|lid|frame|base|sole|strap|lining|cover|blade|top|seat|legs|body|grip|case|cap|neck)s?(?![a-z])").match(case.text, one.end)
    before = re.search(r"(手柄|盖子|杯盖|底座|鞋底|表带|内衬|刀身|桌面|腿|支架|把手)[是为用]?$", case.text[max(0, one.start - 8) : one.start])
    return words_of(after[1]) if after else words_of(before[1]) if before else frozenset()


def _in_name(case: Case, one: Term) -> bool:
    """Whether the word belongs to a product's name as a fact has it: "leather care oil"."""
    said = case.text[one.start : one.end]
    if any(_is_a(term.key, one.key) for fact in case.facts for term, _ in _stuff(fact) if fact.family not in ("order", "订单")):
        return False
    after = re.compile(r"[ -][a-z]+").match(case.text, one.end)
    held = f"{said}{after[0]}".rstrip("s") if after else said
    return any(said in fact.subject or (fact.family in ("order", "订单") and held in fact.text) for fact in case.facts)


def _stuff(fact: Fact) -> list[tuple[Term, str]]:
    found = []
    for one in fact.scan.materials:
        if one.start >= fact.body or fact.family != "product":
            start, end = next(((a, b) for a, b in fact.parts() if a <= one.start < b), (fact.body, len(fact.text)))
            found.append((one, fact.text[start:end]))
    return found


def _mixed(fact: Fact) -> bool:
    return len({term.key for term, _ in _stuff(fact)}) > 1 or any(a.kind == "percentage" and a.exact is not None and a.exact < 100 for a in fact.scan.amounts)


def _other_part(case: Case, one: Term, holding: Sequence[tuple[Fact, Term, str]], told: Sequence[tuple[Fact, Term, str]]) -> Fact | None:
    """A part that the clause names and that is of another material."""
    clause = words_of(case.clause(one.start))
    about = {id(f): words_of(f.attribute) | (words_of(part) - words_of(t.key) if len(f.parts()) > 1 else frozenset()) for f, t, part in told}
    others = [f for f, _, _ in told if all(f is not h for h, _, _ in holding)]
    if not others:
        return None
    shared = frozenset.intersection(*about.values())
    own = max(len((about[id(f)] - shared) & clause) for f, _, _ in holding)
    best = max(others, key=lambda f: len((about[id(f)] - shared) & clause))
    strength = len((about[id(best)] - shared) & clause)
    everything = bool(re.search(r"(?<![a-z])(?:all round|throughout|both|all over)(?![a-z])|都是|也是|全身|整体", case.clause(one.start))) and strength > 0
    return best if strength > own or everything else None


def judge_certifications(case: Case) -> list[tuple[int, int]]:
    """Enter certificates, norms and awards."""
    done = []
    for one in case.said.certifications:
        done.append((one.start, one.end))
        if negated(case, one.start) or _in_subject(case, one) or _is_a_matter(case, one):
            continue
        holding = [fact for fact in case.facts if any(_same(term, one, fact) for term in fact.scan.certifications)]
        bound = [fact for fact in holding if case.speaks_of(fact, one.start) and fact.yes is not False]
        if bound:
            case.enter(one.start, one.end, "certification", one.key, "supported", "certification.same", bound[0])
            continue
        if any(one.key in scan.reading.text for scan in case.derived):
            continue
        borne = any(entry.kind == "certification" and entry.result == "supported" for entry in case.entries)
        rivals = [fact for fact in case.facts if case.speaks_of(fact, one.start) and (_alike(fact, one, borne) or fact in holding)]
        if rivals:
            case.enter(one.start, one.end, "certification", one.key, "contradicted", "certification.differs", rivals[0])
        else:
            case.enter(one.start, one.end, "certification", one.key, "unsupported", "certification.unknown")
    return done


def _is_a_matter(case: Case, one: Term) -> bool:
    """Whether a fact answers it with yes or no (vegan: yes): polarity then judges it."""
    return any(fact.yes is not None and re.search(rf"(?<![a-z]){re.escape(case.text[one.start : one.end])}", f"{fact.attribute} {fact.question}") for fact in case.facts)


def _same(known: Term, said: Term, fact: Fact) -> bool:
    return known.key == said.key


def _alike(fact: Fact, one: Term, borne: bool) -> bool:
    """Whether a fact names a certificate in its place: another number of a norm, another seal; beside one that is
    borne out, a further one is merely unknown."""
    first = one.key.split()[0]
    if any(term.key.split()[0] == first and term.key != one.key for term in fact.scan.certifications):
        return True
    return not borne and bool(re.search(r"certif|证书|认证", fact.attribute))


def _in_subject(case: Case, one: Term) -> bool:
    said = case.text[one.start : one.end]
    return any(said in fact.subject for fact in case.facts)


def judge_origins(case: Case) -> list[tuple[int, int]]:
    """Enter where things are said to come from; a country bears what a town in it says, not the other way."""
    attributes = pattern(tuple(data("terms")["origin"]["attribute"]))
    telling = [fact for fact in case.facts if attributes.search(fact.attribute) or origins(fact.value)]
    known = tuple({piece for fact in telling for piece in _pieces(fact.value)})
    done = []
    for one in origins(case.text, known):
        done.append((one.start, one.end))
        if negated(case, one.start) or any(case.text[one.start : one.end] in fact.subject for fact in case.facts):
            continue
        if one.modifier == "handmade":
            told = [fact for fact in case.facts if re.search(any_of(data("terms")["origin"]["hand"]), fact.text) and fact.yes is not False]
            case.enter(one.start, one.end, "origin", one.key, "supported" if told else "unsupported", "origin.hand", told[0] if told else None)
            continue
        bound = [fact for fact in telling if case.speaks_of(fact, one.start)]
        place = places_in(one.key)
        result = next(((r, f) for f in bound if (r := _origin(one, place, f))), None)
        if result is None and one.modifier == "place" and any(one.key in fact.text for fact in case.facts):
            continue
        if result is not None:
            case.enter(one.start, one.end, "origin", one.key, result[0], "origin.same" if result[0] == "supported" else "origin.within", result[1])  # type: ignore[arg-type]
        else:
            case.enter(one.start, one.end, "origin", one.key, "contradicted" if bound else "unsupported", "origin.differs" if bound else "origin.unknown", bound[0] if bound else None)
    return done


def _pieces(value: str) -> list[str]:
    return [run[i : i + 2] for run in re.findall(r"[\u4e00-\u9fff]{2,8}", value) for i in range(0, len(run) - 1, 2)]


def _origin(one: Term, place: frozenset[str], fact: Fact) -> str:
    if one.modifier == "domestic":
        return "supported" if places_in(fact.value) <= {"CN"} and places_in(fact.value) else ""
    said = re.sub(r"(?:原装进口|进口|生产|制造|出产|出品|制作|手工|产|制|货|做的|出的|造|的|面料|正宗)+$", "", one.key)
    if said and said in fact.value:
        return "supported"
    inner = data("terms")["origin"]["regions"].get(said.strip(" 是正的"), [])
    if any(re.search(rf"(?<![a-z]){re.escape(name)}", fact.value) for name in inner):
        return "derived"
    if any(piece in said for piece in _pieces(fact.value)) and not _other_place(said, fact):
        return "supported"
    named = places_named(one.key)
    if place and not any(p.small for p in named) and (theirs := places_in(fact.value)) and lies_in(theirs, place):
        return "derived"
    return ""


def _other_place(said: str, fact: Fact) -> bool:
    return any(place.name not in fact.value for place in places_named(said))
