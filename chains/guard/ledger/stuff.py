"""Judges materials: each held to product and part. Lists decide what is a claim, facts what holds."""

import re
from collections.abc import Sequence

from chains.guard.ledger.case import Case
from chains.guard.ledger.doubt import unsure
from chains.guard.ledger.entries import Result
from chains.guard.ledger.facts import Fact, words_of
from chains.guard.ledger.grades import judge_grades
from chains.guard.ledger.lexicon import data, pattern
from chains.guard.ledger.mentions import Term, overlaps
from chains.guard.ledger.worded import negated

_NEXT = re.compile(r" [a-z]{3,}")


def _said_back(case: Case, one: Term) -> bool:
    """Whether the word and the next are the name by which the question calls the thing: the walnut crackers."""
    name = _NEXT.match(case.text, one.end)
    return name is not None and f"{case.text[one.start : one.end]}{name[0]}" in case.asked.reading.text


def _counted(case: Case, one: Term) -> bool:
    """Whether the word stands in the name of what a fact counts and the text counts too: two dozen pieces of glass."""
    start, _ = case.said.reading.clause(one.start)
    said = case.text[one.start : one.end]
    return any(
        start <= a.start < one.start for a in case.said.amounts if a.kind in ("count", "number")
    ) and any(
        re.search(rf"(?<![a-z]){re.escape(said)}(?![a-z])", fact.attribute)
        and fact.value.strip(" .").isdigit()
        for fact in case.facts
    )


def judge_materials(case: Case) -> list[tuple[int, int]]:
    """Enter materials. Part and product must fit: oak of the frame says nothing of the seat."""
    done: list[tuple[int, int]] = []
    for one in case.said.materials:
        if (
            any(a < one.end and one.start < b for a, b in done)
            or _in_name(case, one)
            or _no_stuff(case, one)
            or _said_back(case, one)
            or any(f.yes is not None and case.text[one.start : one.end] in f.attribute for f in case.facts)
            or _counted(case, one)
            or unsure(case, one.start)
        ):
            continue
        told = [
            (fact, term, part)
            for fact in case.facts
            if case.speaks_of(fact, one.start)
            for term, part in _stuff(fact)
        ]
        told += [
            (f, one, f.value) for f in case.facts if _in_words(case, f, one) and case.speaks_of(f, one.start)
        ]
        holding = [(f, t, p) for f, t, p in told if _is_a(t.key, one.key) or _mix_of(f, one)]
        if (denied := _denied(case, one.start)) is not None:
            if told:
                whole = one.modifier == "pure" and any(_mixed(f) for f, _, _ in holding)
                result: Result = (
                    "contradicted"
                    if holding and not whole and len({id(f) for f, _, _ in told}) == 1
                    else "derived"
                )
                case.enter(denied, one.end, "polarity", f"not {one.key}", result, "material.not", told[0][0])
            continue
        if negated(case, one.start):
            continue
        done.append((one.start, one.end))
        if holding:
            rival = _other_part(case, one, holding, told)
            mixed = one.modifier == "pure" and (
                any(_mixed(f) for f, _, _ in holding) or _laminated(one, told)
            )
            wrong = rival is not None or mixed
            rule = "material.part" if rival else "material.mixed" if mixed else "material.same"
            case.enter(
                one.start,
                one.end,
                "material",
                one.key,
                "contradicted" if wrong else "supported",
                rule,
                rival or holding[0][0],
            )
            continue
        if any(
            one.key in scan.reading.text or one.key in (m.key for m in scan.materials)
            for scan in case.derived
        ):
            continue
        _unheld(case, one, [f for f, _, _ in told])
    _as_told(case, done)
    judge_grades(case, done)
    return done


def _as_told(case: Case, done: list[tuple[int, int]]) -> None:
    """Enter what a fact on materials names and no list does, where the text says the same."""
    attributes = pattern(tuple(data("terms")["material_attributes"]))
    for fact in case.facts:
        if fact.family != "product" or fact.yes is not None or not attributes.search(fact.attribute):
            continue
        for name in re.split(r"[,;、，；/]| and | with |[和及与]", fact.value):
            said = name.strip(" .。")
            if not 2 <= len(said) <= 24 or any(map(str.isdigit, said)):
                continue
            for match in re.finditer(rf"(?<![a-z]){re.escape(said)}(?![a-z])", case.text):
                fresh = not overlaps(*match.span(), done)
                if fresh and not negated(case, match.start()) and case.speaks_of(fact, match.start()):
                    done.append(match.span())
                    case.enter(*match.span(), "material", said, "supported", "material.same", fact)


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


def _in_words(case: Case, fact: Fact, one: Term) -> bool:
    """Whether attribute and value together name it: "wax: rapeseed" is rapeseed wax."""
    said = words_of(case.text[one.start : one.end])
    key = words_of(one.key)
    digits = any(map(str.isdigit, case.text[one.start : one.end]))
    return (
        len(said) > 1
        and not digits
        and fact.family == "product"
        and any(
            words <= words_of(f"{fact.attribute} {fact.value}") for words in (said, key) if len(words) > 1
        )
    )


def _named_stuff(fact: Fact) -> list[Term]:
    """The materials in a product's name, in whichever language: 黄麻地毯 is a jute rug."""
    return (
        [one for one in fact.scan.materials if one.end <= len(fact.subject)]
        if fact.family == "product"
        else []
    )


def _mix_of(fact: Fact, one: Term) -> bool:
    """Whether a blend's every material stands in the fact: cotton and linen."""
    return "+" in one.key and _is_a("+".join(term.key for term, _ in _stuff(fact)), one.key)


def _is_a(known: str, said: str) -> bool:
    """Whether every material said is among those known, or is the larger kind of one of them."""
    mine = known.split("+")
    larger = {kind for key in mine for kind in data("terms")["kinds_of"].get(key, [])} | {
        key.split(" ", 1)[-1] for key in mine if key[:1].isdigit()
    }
    return all(key in mine or key in larger for key in said.split("+"))


def _denied(case: Case, at: int) -> int | None:
    """Where a negation that stands right before the material begins: "not beeswax", 不是牛皮."""
    start, _ = case.said.reading.clause(at)
    match = re.search(
        r"(?<![a-z])(?:not|isn't|aren't|no|neither) (?:made of |made from |of |any )?$|(?:不是|并非|不算|没有|不含|无)$",
        case.text[start:at],
    )
    return start + match.start() if match else None


def _laminated(one: Term, told: Sequence[tuple[Fact, Term, str]]) -> bool:
    return one.key == "solid wood" and any("plywood" in term.key for _, term, _ in told)


def _part_named(case: Case, one: Term) -> frozenset[str]:
    after = re.compile(
        r" (handle|lid|frame|base|sole|strap|lining|cover|blade|top|seat|legs|body|grip|case|cap|neck)s?(?![a-z])"
    ).match(case.text, one.end)
    before = re.search(
        r"(手柄|盖子|杯盖|底座|鞋底|表带|内衬|刀身|桌面|腿|支架|把手)[是为用]?$",
        case.text[max(0, one.start - 8) : one.start],
    )
    return words_of(after[1]) if after else words_of(before[1]) if before else frozenset()


def _beside(case: Case, one: Term) -> frozenset[str]:
    """The word that the material stands at: "carbon steel head", 手柄是胡桃木."""
    after = re.compile(r" ([a-z]{3,20})(?![a-z])").match(case.text, one.end)
    before = re.search(
        r"([\u4e00-\u9fff]{2,4}?)(?:是|为|用|采用)$", case.text[max(0, one.start - 6) : one.start]
    )
    return words_of(after[1]) if after else words_of(before[1]) if before else frozenset()


def _in_name(case: Case, one: Term) -> bool:
    """Whether the word belongs to a product's name as a fact has it: "leather care oil"."""
    said = case.text[one.start : one.end]
    if any(_mix_of(fact, one) for fact in case.facts):
        return False
    if any(
        _is_a(term.key, one.key)
        for fact in case.facts
        for term, _ in _stuff(fact)
        if fact.family not in ("order", "订单")
    ):
        return False
    if any(_is_a("+".join(term.key for term in _named_stuff(fact)), one.key) for fact in case.facts):
        return True
    after = re.compile(r"[ -][a-z]+").match(case.text, one.end)
    held = f"{said}{after[0]}".rstrip("s") if after else said
    return any(
        said in fact.subject or (fact.family in ("order", "订单") and held in fact.text)
        for fact in case.facts
    )


_TOOL = re.compile(r" (?:it|to|on|at|them|set)(?![a-z])")


def _no_stuff(case: Case, one: Term) -> bool:
    """Whether the word is no material here: an iron to press with, a name that a fact spells with a capital."""
    said = case.text[one.start : one.end]
    if said == "iron" and (_TOOL.match(case.text, one.end) or any(f.attribute == "iron" for f in case.facts)):
        return True
    first, last = case.said.reading.span(one.start, one.end)
    named = case.said.reading.source[first:last]
    return named[:1].isupper() and any(
        re.search(rf"(?<![a-z]){re.escape(said)}(?![a-z])", fact.subject) for fact in case.facts
    )


def _stuff(fact: Fact) -> list[tuple[Term, str]]:
    found = []
    for one in fact.scan.materials:
        if _LEFT_OUT.search(fact.text[: one.start][-10:]) or fact.text.startswith(
            ("-free", " free"), one.end
        ):
            continue  # wrapped without plastic: of plastic is nothing
        if fact.body > one.start >= len(fact.subject) and fact.yes is None:  # "wool: 5-ply worsted"
            found.append((one, fact.text[fact.body :]))
        elif one.start >= fact.body or fact.family != "product":
            start, end = next(
                ((a, b) for a, b in fact.parts() if a <= one.start < b), (fact.body, len(fact.text))
            )
            found.append((one, fact.text[start:end]))
    return found


_LEFT_OUT = re.compile(
    r"(?<![a-z])(?:no|not|without|free of|neither|nor|never) (?:any )?$|(?:无|不含|不用|没有|非|不加)$"
)


def _mixed(fact: Fact) -> bool:
    return len({term.key for term, _ in _stuff(fact) if term.start >= fact.body}) > 1 or any(
        a.kind == "percentage" and a.exact is not None and a.exact < 100 for a in fact.scan.amounts
    )


def _other_part(
    case: Case, one: Term, holding: Sequence[tuple[Fact, Term, str]], told: Sequence[tuple[Fact, Term, str]]
) -> Fact | None:
    """A part that the clause names and that is of another material."""
    if all(f.family != "product" for f, _, _ in holding):
        return None
    clause = words_of(case.clause(one.start)) - frozenset().union(*(f.subject_words for f, _, _ in told))
    about = {
        id(f): words_of(f.attribute)
        | (words_of(part) - words_of(t.key) if len(f.parts()) > 1 else frozenset())
        for f, t, part in told
    }
    others = [f for f, _, _ in told if all(f is not h for h, _, _ in holding)]
    beside = _beside(case, one)
    if beside and not any((words_of(f.attribute) | words_of(p)) & beside for f, _, p in holding):
        speaking = (f for f in case.facts if f.family == "product" and case.speaks_of(f, one.start))
        if named := next((f for f in speaking if words_of(f.attribute) & beside), None):
            return named
    if not others:
        return None
    shared = frozenset.intersection(*about.values())
    own = max(len((about[id(f)] - shared) & clause) for f, _, _ in holding)
    best = max(others, key=lambda f: len((about[id(f)] - shared) & clause))
    strength = len((about[id(best)] - shared) & clause)
    everything = (
        bool(
            re.search(
                r"(?<![a-z])(?:all round|throughout|both|all over)(?![a-z])|都是|也是|全身|整体",
                case.clause(one.start),
            )
        )
        and strength > 0
    )
    return best if strength > own or everything else None
