"""Judges superlatives: the largest or smallest of what the facts list is computed, all else needs a fact that says it."""

import re
from collections.abc import Mapping

from chains.guard.ledger.case import Case
from chains.guard.ledger.entries import Result
from chains.guard.ledger.facts import Fact, Told, words_of
from chains.guard.ledger.lexicon import data, pattern
from chains.guard.ledger.listed import LETTERED, SIZES, letter_sizes
from chains.guard.ledger.mentions import Amount, Term
from chains.guard.ledger.terms import superlatives
from chains.guard.ledger.worded import negated

_KIND = {"price": "price", "time": "duration", "age": "duration", "battery": "duration"}
_REFERS = re.compile(  # the smaller one: which one is meant, no claim
    r".*?(?<![a-z])(?:the|a) [a-z-]+er (?:ones?|sizes?|versi|models?|jars?|pots?)(?![a-z]).*|.*[大小长短贵轻重]一点的那?.*",
    re.S,
)


def judge_superlatives(case: Case) -> list[tuple[int, int]]:
    """Enter superlatives, and the product that is said to be the one."""
    done = []
    for one in case.said.superlatives:
        award = any(one.start < c.end + 2 and c.start < one.end + 8 for c in case.said.certifications)
        if negated(case, one.start) or (award and one.key == "best.none"):
            continue  # the best of the year is the name of an award
        if _of_hours(case, one) or _of_its_own(case, one) or _sized(case, one):
            continue
        aspect, _, end = one.key.partition(".")
        said = [
            fact
            for fact in case.facts
            for term in superlatives(fact.text)
            if term.key == one.key and (term.modifier or not _wider(one, fact))
        ]
        if said:
            done.append((one.start, one.end))
            case.enter(one.start, one.end, "superlative", one.key, "supported", "superlative.said", said[0])
            _enter_said(case, one, said[0])
            continue
        values = _values(case, aspect) if end != "none" and not one.modifier else []
        if len({told.fact.subject for told in values}) < 2:
            if any(one.key == term.key for scan in case.derived for term in scan.superlatives):
                continue
            if _REFERS.fullmatch(case.text[max(0, one.start - 4) : one.end + 8]):
                continue
            done.append((one.start, one.end))
            case.enter(one.start, one.end, "superlative", one.key, "unsupported", "superlative.unknown")
            continue
        done.append((one.start, one.end))
        pick = (min if end == "min" else max)(values, key=lambda told: told.mention.edge)
        words = {told.fact.subject: told.fact.subject_words for told in values}
        values = _alike(case, one, values, words)
        pick = (min if end == "min" else max)(values, key=lambda told: told.mention.edge)
        subject = _subject(case, one, words, case.said.reading.clause(one.start))
        best = {told.fact.subject for told in values if told.mention.edge == pick.mention.edge}
        right = subject is None or subject[0] in best
        result: Result = "derived" if right else "contradicted"
        case.enter(one.start, one.end, "superlative", one.key, result, f"superlative.{end}", pick.fact)
        if subject is not None and subject[2] > subject[1]:
            case.enter(
                subject[1], subject[2], "product_name", subject[0], result, f"superlative.{end}", pick.fact
            )
    return done


_COMPARATIVE = re.compile(r".*er|(?:more|less) .*|更.*|.*一点")


def _alike(
    case: Case, one: Term, values: list[Told[Amount]], words: Mapping[str, frozenset[str]]
) -> list[Told[Amount]]:
    """Of a comparison the values of the things that share a word with the one spoken of: tents with tents, no stove."""
    if not _COMPARATIVE.fullmatch(case.text[one.start : one.end]):
        return values
    subject = _subject(case, one, words, case.said.reading.clause(one.start))
    like = [t for t in values if subject and words[t.fact.subject] & words[subject[0]]]
    return like if len(like) > 1 else values


def _of_hours(case: Case, one: Term) -> bool:
    """Whether a comparison is of opening hours: Saturdays are shorter. Times of day are judged by themselves."""
    start, end = case.said.reading.sentence(one.start)
    near = [*case.said.weeks, *case.said.clocks]
    return (
        one.key.startswith("length.")
        and any(start <= week.start < one.start for week in case.said.weeks)
        and sum(start <= mention.start < end for mention in near) > 1
    )


_ITS = re.compile(r"(?<![a-z])(?:its|their|his|her|your) $")
_IS_SO_MUCH = re.compile(
    r"(?: [a-z]+){0,3}(?: (?:is|are|lasts|takes|runs|would be|term is)(?: about)?|[是为要]) ?"
)


def _of_its_own(case: Case, one: Term) -> bool:
    """Whether nothing is compared: at its shortest; the shortest rental is six months, which is judged as an amount."""
    if _ITS.search(case.text[: one.start][-8:]):
        return True
    behind = [
        a for a in case.said.amounts if 0 < a.start - one.end < 40 and a.kind in ("duration", "quantity")
    ]
    return any(_IS_SO_MUCH.fullmatch(case.text, one.end, a.start) for a in behind)


def _sized(case: Case, one: Term) -> bool:
    """Enter the largest or the smallest of letter sizes, as a fact lists them: the biggest frame is the L."""
    aspect, _, end = one.key.partition(".")
    clause = case.clause(one.start)
    if aspect not in ("capacity", "length") or end not in ("min", "max"):
        return False
    for fact in case.facts:
        told = letter_sizes(fact.value) if LETTERED.fullmatch(fact.value.strip(" .。")) else frozenset()
        said = letter_sizes(clause.replace("'s ", "   ").replace("'m ", "   "))
        if len(told) > 1 and len(said) == 1 and case.speaks_of(fact, one.start):
            best = sorted(told, key=SIZES.index)[-1 if end == "max" else 0]
            right: Result = "derived" if said == {best} else "contradicted"
            case.enter(one.start, one.end, "superlative", one.key, right, f"superlative.{end}", fact)
            return True
    return False


def _wider(one: Term, fact: Fact) -> bool:
    """Whether the text compares with all the world where the fact compares within the shop."""
    wide = pattern(tuple(data("terms")["scope"]["wide"]))
    return bool(one.modifier) and not wide.search(fact.text)


def _values(case: Case, aspect: str) -> list[Told[Amount]]:
    """One value a product, of the aspect; where no attribute is called so, of the dimension that it is measured in."""
    told = [
        t
        for fact in case.facts
        if fact.family == "product"
        for t in fact.told(fact.scan.amounts)
        if t.mention.exact is not None
    ]
    named = [
        t
        for t in told
        if f"@{aspect}" in words_of(t.fact.attribute)
        or (_KIND.get(aspect) == t.mention.kind and aspect == "price")
    ]
    if not named and aspect in _KIND:
        named = [t for t in told if t.mention.kind == _KIND[aspect]]
    by_subject: dict[str, Told[Amount]] = {}
    for one in named:
        by_subject.setdefault(one.fact.subject, one)
    dimensions = {one.mention.dimension for one in by_subject.values()}
    return list(by_subject.values()) if len(dimensions) == 1 else []


def _enter_said(case: Case, one: Term, fact: Fact) -> None:
    """The product that the text gives as the one, where the fact that says so names a product."""
    words = {f.subject: f.subject_words for f in case.facts if f.family == "product"}
    named = {name for name, mine in words.items() if name in fact.text or mine <= words_of(fact.text)}
    heads = {name: mine - words_of(name.split()[-1]) or mine for name, mine in words.items()}
    spans = (case.said.reading.clause(one.start), case.said.reading.sentence(one.start))
    subject = next((found for span in spans if (found := _subject(case, one, heads, span))), None)
    if named and subject is not None and subject[2] > subject[1]:
        right: Result = "supported" if subject[0] in named else "contradicted"
        case.enter(subject[1], subject[2], "product_name", subject[0], right, "superlative.said", fact)


def _subject(
    case: Case, one: Term, words: Mapping[str, frozenset[str]], within: tuple[int, int]
) -> tuple[str, int, int] | None:
    """(subject, start, end) of the product said to be the one; nearest to the superlative."""
    start, end = within
    found: list[tuple[int, str, int, int]] = []
    for name in words:
        others = frozenset().union(*(mine for other, mine in words.items() if other != name))
        for word in _names(name, words[name] - others, case):
            for match in re.finditer(re.escape(word), case.text[start:end]):
                found.append(
                    (abs(start + match.start() - one.start), name, start + match.start(), start + match.end())
                )
    before = [
        one_ for one_ in found if not re.search(r"(?:than|比)[^,，]{0,12}$", case.text[start : one_[2]])
    ]
    if not before:
        return None
    _, name, a, b = min(before)
    return name, a, b


def _names(subject: str, own: frozenset[str], case: Case) -> list[str]:
    """The pieces of a subject's name that are its own, as they may stand in a text."""
    if re.search(r"[a-z]", subject):
        return [
            subject,
            *(match[0] for match in [re.match(r"[a-z][\w' -]*? \d[\w.]*(?= |$)", subject)] if match),
        ] + [
            part
            for part in re.split(r"[\s()]+", subject)
            if words_of(part) & own or (any(c.isdigit() for c in part) and "×" in part)
        ]
    return sorted((one for one in own if not one.startswith("@")), key=len, reverse=True) + [
        p for p in subject.split() if "×" in p
    ]
