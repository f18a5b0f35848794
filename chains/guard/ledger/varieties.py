"""Judges which sizes or colours are there, where one fact tells several: "S, M in stock; L sold out". Knows no number left."""

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from chains.guard.ledger.case import Case
from chains.guard.ledger.doubt import unsure
from chains.guard.ledger.entries import Result
from chains.guard.ledger.facts import Fact
from chains.guard.ledger.lexicon import any_of, data

_JOIN = r"(?:[\s,、/&和及跟与码号色]|(?<![a-z])(?:and|or|in)(?![a-z])){1,8}"
_BREAK = re.compile(r"[;；.。!！?？]|(?<![a-z])(?:but|while|whereas)(?![a-z])|但|不过|可惜")
_FILLER = re.compile(
    r"^(?:\W|sizes?(?![a-z])|colou?rs?(?![a-z])|尺码|颜色)+|(?:\W|(?<![a-z])(?:is|are|all|both|currently|now|still)(?![a-z])|[都均全已还码号])+$"
)
_LEAD_NO = re.compile(r"(?:(?<![a-z])(?:no|out of|without)(?: size| more)?|没有|缺|无) $|(?:没有|缺|无)$")
_LEAD_SOME = re.compile(
    r"(?<![a-z])(?:have|have got|got|there is|there are|there's)(?: the| size| sizes)? $|(?<![没无])有$"
)
_SIZED = re.compile(r"(?<![a-z])sizes?(?![a-z])|尺码|码数|尺寸")
_LATER = re.compile(
    r"(?<![a-z])(?:will|back|soon|again|when|whether|if|until|once|next|from|should|expected)(?![a-z])|预计|等|补|再|会|下周|下个?月|之后|是否|要是|如果"
)
_NOT = re.compile(r"(?:n't|(?<![a-z])(?:not|no longer|never)|[不没])\s?(?:[a-z]+ )?$")


@cache
def _states() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What facts say of stock, and what texts do, each as `none` or `some`."""
    words, more = data("terms")["stock"], data("terms")["varieties"]
    return tuple(  # type: ignore[return-value]
        re.compile(
            rf"(?P<none>{any_of([*words['none'], *none])})|(?P<some>{any_of([*words['some'], *some])})"
        )
        for none, some in ((more["none"], []), (more["none"], more["some"]))
    )


def judge_varieties(case: Case) -> list[tuple[int, int]]:
    """Enter which of the sizes or colours are said to be there. Returns the stretches judged."""
    done: list[tuple[int, int]] = []
    for fact in case.facts:
        told = varieties(fact)
        for start, end, names, there in _said(case, told) if told else ():
            if not case.speaks_of(fact, start) or unsure(case, start):
                continue
            result: Result = "supported" if all(told[name] == there for name in names) else "contradicted"
            normal = f"{'+'.join(sorted(names))} {'some' if there else 'none'}"
            case.enter(start, end, "stock", normal, result, "stock.some" if there else "stock.none", fact)
            done.append((start, end))
    return done


def varieties(fact: Fact) -> Mapping[str, bool]:
    """Whether each of the fact's sizes or colours is there; empty where the fact does not tell some from others."""
    return (
        _read(fact.value, bool(_SIZED.search(fact.attribute))) if fact.family not in ("order", "订单") else {}
    )


@lru_cache(maxsize=4096)
def _read(value: str, sized: bool) -> Mapping[str, bool]:
    """What `varieties` gives, of a value; numbers alone are names where it tells sizes."""
    finder, _ = _states()
    found: dict[str, bool] = {}
    for part in _BREAK.split(value):
        at = 0
        for match in finder.finditer(part):
            there = match["some"] is not None and not _NOT.search(part[: match.start()])
            named = part[at : match.start()]
            if not named.strip() and part[match.end() : match.end() + 1] in (":", "："):
                named = part[match.end() + 1 :]
            found |= dict.fromkeys((name for name in _names(named) if sized or not name.isdigit()), there)
            at = match.end()
    return found if len(set(found.values())) == 2 else {}


def _names(text: str) -> Iterator[str]:
    for piece in re.split(r"[,，、/&]| and |[和及]", text):
        name = _FILLER.sub("", _FILLER.sub("", piece)) if len(piece) < 40 else ""
        if 0 < len(name) <= 16 and len(name.split()) <= 2:
            yield name


def _said(case: Case, told: Mapping[str, bool]) -> Iterator[tuple[int, int, frozenset[str], bool]]:
    """(start, end, names, whether they are there) of every statement of the text on names that the fact tells."""
    _, finder = _states()
    one = rf"(?<![a-z'])(?:{'|'.join(map(re.escape, sorted(told, key=len, reverse=True)))})(?![a-z'])"
    shades = re.compile(rf"(?:{any_of(data('terms')['varieties']['shades'])})[ -]?$")
    runs = [
        run
        for run in re.finditer(rf"{one}(?:{_JOIN}{one}){{0,9}}", case.text)
        if _written(case, run) and not shades.search(case.text[max(0, run.start() - 12) : run.start()])
    ]
    for n, run in enumerate(runs):
        names = frozenset(re.findall(one, run[0]))
        stop = min(
            [hit.start() for hit in [_BREAK.search(case.text, run.end())] if hit]
            + [runs[n + 1].start() if n + 1 < len(runs) else len(case.text), run.end() + 40]
        )
        head = case.text[max(0, run.start() - 24) : run.start()]
        if lead := _LEAD_NO.search(head) or _LEAD_SOME.search(head):
            tail = finder.match(case.text, run.end() + case.text[run.end() : run.end() + 1].isspace())
            yield run.start() - len(lead[0]), tail.end() if tail else run.end(), names, lead.re is _LEAD_SOME
        elif state := finder.search(case.text, run.end(), stop):
            if _LATER.search(case.text, max(0, run.start() - 12), state.start()) or case.text[
                state.end() : state.end() + 1
            ] in tuple("?？吗"):
                continue
            denied = _NOT.search(case.text[run.end() : state.start()])
            yield run.start(), state.end(), names, state["some"] is not None and not denied


def _written(case: Case, run: re.Match[str]) -> bool:
    """Whether a letter alone is written as a size is: L, not l."""
    first, last = case.said.reading.span(*run.span())
    return not re.search(r"(?<![A-Za-z])[a-z](?![A-Za-z])", case.said.reading.source[first:last])
