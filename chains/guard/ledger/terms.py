"""Finds words that claim in folded text: ids, materials, certificates, origin, superlatives. Knows lists, no facts."""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from chains.guard.ledger.lexicon import any_of, data, is_han
from chains.guard.ledger.lexicon import pattern as pattern_of
from chains.guard.ledger.mentions import Term
from chains.places import place_called, places_named

_COMPOUND = re.compile(
    r"\d{1,20}(?:-[a-z]{2,40}){1,9}|[a-z]{1,40}(?:-[a-z]{1,40}){0,9}-\d{1,2}|\d+[a-z]{1,4}|[a-z]{1,2}\d{1,2}|(?:1[89]|20)\d\d-\d\d(?:-\d\d)?"
)
_ID = re.compile(
    r"(?<![a-z0-9_.\-])(?=[a-z0-9_-]{0,40}\d)[a-z0-9]{1,40}(?:[-_][a-z0-9]{1,40}){0,9}(?![a-z0-9_])|(?<![\d.,])\d{8,}(?![\d.,]\d)"
)


def ids(text: str) -> Iterator[Term]:
    """Order numbers, tracking numbers, SKUs: letters with digits, or eight digits and more."""
    for match in _ID.finditer(text):
        said = match[0]
        lettered = re.search("[a-z]", said)
        if (
            (lettered or len(said) >= 8)
            and not _COMPOUND.fullmatch(said)
            and (lettered or "-" not in said)
            and len(said) >= 4
        ):
            if lettered and re.fullmatch(r"[\d.,-]+[a-z]+", said) and not re.search(r"\d{5}", said):
                continue
            yield Term(*match.span(), "order_id", said)


@cache
def _groups(name: str) -> tuple[re.Pattern[str], Mapping[str, str]]:
    words = {str(word).lower(): str(group[0]) for group in data("terms")[name] for word in group}
    return re.compile(any_of(words)), words


def materials(text: str) -> Iterator[Term]:
    """Materials, with "pure" or a steel's number in front of them."""
    pattern, words = _groups("materials")
    pure = re.compile(rf"(?:{any_of(data('terms')['pure'])})[ -]?$")
    for match in pattern.finditer(text):
        start = match.start()
        key = words[_known(match[0], words)]
        behind = text[match.end() : match.end() + 1]
        before = text[start - 1 : start]
        if behind and behind in data("terms")["compounds"].get(match[0], ""):
            continue
        if before and before in data("terms")["compounds_before"].get(match[0], ""):
            continue
        grade = re.search(r"(?:(?<!\d)\d{3} ?)$", text[:start][-4:])
        if grade and "steel" in key:
            start, key = start - len(grade[0]), f"{grade[0].strip()} {key}"
        head = pure.search(text[max(0, start - 14) : start])
        modifier = ""
        if head and not (head[0].strip() in ("all", "solid") and key in ("spruce",)):
            start, modifier = start - len(head[0]), "pure"
        if match[0] in data("terms")["whole"]:
            modifier = "pure"
        yield Term(start, match.end(), "material", key, modifier)


def merged(found: list[Term], text: str) -> list[Term]:
    """Materials that stand side by side as one: laminated maple, 云杉单板."""
    kept: list[Term] = []
    for one in found:
        if kept and text[kept[-1].end : one.start] in ("", " ") and not one.modifier:
            last = kept.pop()
            one = Term(last.start, one.end, "material", f"{last.key}+{one.key}", last.modifier)
        kept.append(one)
    return kept


def certifications(text: str) -> Iterator[Term]:
    """Certificates, norms and awards by name."""
    pattern, words = _groups("certifications")
    norm = re.compile(data("terms")["norm"])
    around = any_of(data("terms")["certified"])
    found: list[tuple[int, int, str]] = [
        (*m.span(), re.sub(r"[\s-]+", " ", m[0]).strip()) for m in norm.finditer(text)
    ]
    found += [
        (*m.span(), words[_known(m[0], words)])
        for m in pattern.finditer(text)
        if not any(a <= m.start() < b for a, b, _ in found)
    ]
    for start, end, key in found:
        if number := re.compile(r" (?:standard \d{1,4}|(?:19|20)\d\d)(?![\d.,]\d)").match(text, end):
            end = number.end()
        if after := re.compile(rf"[ -]?(?:{around})").match(text, end):
            end = after.end()
        if text.startswith(("-free", " free"), end):
            continue
        yield Term(start, end, "certification", key)


def superlatives(text: str) -> Iterator[Term]:
    """Superlatives and comparatives; `key` is aspect and end, `modifier` is `wide` where all the world is compared."""
    pattern, words = _superlatives()
    for match in _WIDEST.finditer(text):
        if not pattern.search(match[0]):
            yield Term(*match.span(), "superlative", f"{match['zh'] or match['en']}.none", "wide")
    wide = re.compile(any_of(data("terms")["scope"]["wide"]))
    for match in pattern.finditer(text):
        said = _known(match[0], words)
        if re.compile(r" (?:than|as)(?![a-z])").match(text, match.end()) and said.endswith("er"):
            continue
        if text.startswith(("价格区间", "before", " before", "-before", " wishes", " regards"), match.end()):
            continue
        if said == "最好" and not _BEST_OF.match(text, match.end()):
            continue  # 最好手洗: advice
        if text[max(0, match.start() - 4) : match.start()].endswith(("at ", " no ", "不是")) and words[
            said
        ].startswith("best"):
            continue
        if said in _ALONE and not _COMPARES.search(text[max(0, match.start() - 24) : match.end() + 40]):
            continue  # if you need it longer
        stretch = (
            text[max(0, match.start() - 6) : match.start()]
            + text[match.end() : match.end() + 40].split(".")[0]
        )
        yield Term(*match.span(), "superlative", words[said], "wide" if wide.search(stretch) else "")


_ALONE = frozenset(
    [
        "longer",
        "shorter",
        "larger",
        "bigger",
        "smaller",
        "faster",
        "quicker",
        "slower",
        "higher",
        "older",
        "wider",
        "taller",
    ]
)
_COMPARES = re.compile(r"(?<![a-z])(?:than|the|is|are|it's|which|by|one|ones|size|version)(?![a-z])|\d")
_BEST_OF = re.compile(r"的|[喝用吃看穿睡卖]|[，。！,!；]|$")
_WIDEST = re.compile(  # any superlative that is said of more than the shop's own goods
    r"(?:[全本][城市省国县镇网球]|国内|县城|世界|业内|同类[\u4e00-\u9fff]{0,3})[\u4e00-\u9fff]{0,5}?(?P<zh>最[\u4e00-\u9fff]{1,2}?)(?=的|[，。！,!]|$)"
    r"|(?<![a-z])the (?P<en>most [a-z]{3,20}|(?!interest|forest|harvest|rest|test|guest|west|east|latest|request|chest|contest)[a-z]{3,20}est)(?: [a-z]{2,20}){0,3}? (?:in the (?:world|country|city|region|market)|on the market|on earth|in europe|in town)(?![a-z])"
)


@cache
def _superlatives() -> tuple[re.Pattern[str], Mapping[str, str]]:
    words = {
        word: f"{one['aspect']}.{one['end']}"
        for one in data("terms")["superlatives"]
        for word in (*one["en"], *one["zh"])
    }
    return re.compile(any_of(words)), words


def _known(said: str, words: Mapping[str, str]) -> str:
    return (
        said
        if said in words
        else next((w for w in (said.replace("-", " "), said.replace(" ", "-")) if w in words), said)
    )


@cache
def _made() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    origin = data("terms")["origin"]
    lead = re.compile(rf"(?P<lead>{any_of(origin['made'])}) (?:the )?")
    adjective = re.compile(
        rf"(?P<who>{any_of(origin['demonyms'])})(?:-| )(?:{any_of(origin['made_after'])})(?![a-z])"
    )
    before = re.compile(rf"(?:{any_of(origin['before_zh'])})[是为在于：: ]*(?P<place>[\u4e00-\u9fff]{{2,6}})")
    after = re.compile(rf"[\u4e00-\u9fff]{{0,3}}?(?P<how>{any_of(origin['after_zh'])})(?![区品量后])(?:的)?")
    own = re.compile(any_of((*origin["hand"], *origin["domestic"])))
    return lead, adjective, before, after, own


def origins(text: str, known: tuple[str, ...] = ()) -> list[Term]:
    """Where a thing is said to come from, and whether by hand. `known`: places that facts name, in no list."""
    lead, adjective, before, after, own = _made()
    found: list[Term] = []
    places = [(one.start, one.end) for one in places_named(text)]
    regions = pattern_of(
        tuple(name for inner in data("terms")["origin"]["regions"].values() for name in inner)
    )
    places += [match.span() for match in regions.finditer(text)]
    for name in known:
        places += [match.span() for match in re.finditer(re.escape(name), text)]
    for match in lead.finditer(text):
        end = next((b for a, b in places if a == match.end()), None) or _city_after(text, match.end())
        word = re.compile(r"[a-z][a-zà-ÿ'-]+").match(text, match.end())
        if end is None and (
            match["lead"] in ("from", "comes from", "come from")
            or word is None
            or word[0] in ("our", "a", "an", "small", "one", "and", "or", "to", "with", "for")
        ):
            continue
        end = end or (word.end() if word else match.end())
        found.append(Term(match.start(), end, "origin", text[match.end() : end], "place"))
    demonyms = data("terms")["origin"]["demonyms"]
    found += [
        Term(*match.span(), "origin", demonyms[match["who"]], "place") for match in adjective.finditer(text)
    ]
    for match in before.finditer(text):
        found.append(Term(*match.span(), "origin", match["place"], "place"))
    for match in pattern_of(tuple(data("terms")["origin"]["true"])).finditer(text):
        for start, end in places:
            if is_han(text[start]) and text[match.end() : start] in ("", "的"):
                found.append(Term(match.start(), end, "origin", text[start:end], "place"))
                break
    sites = re.compile(
        rf"(?<![a-z])(?:in|at) (?:our|their) (?:[a-z]+ )?(?:{any_of(data('terms')['origin']['sites'])}) in "
    )
    for match in sites.finditer(text):
        if end := next((b for a, b in places if a == match.end()), None) or _city_after(text, match.end()):
            found.append(Term(match.start(), end, "origin", text[match.end() : end], "place"))
    places += [span for match in after.finditer(text) for span in _city_before(text, match.start("how"))]
    for start, end in sorted(places):
        if not is_han(text[start]) or any(one.start < end and start < one.end for one in found):
            continue
        if tail := after.match(text, end):
            found.append(
                Term(start, tail.end(), "origin", text[start : tail.end()].removesuffix("的"), "place")
            )
    domestic = data("terms")["origin"]["domestic"]
    for match in own.finditer(text):
        found.append(
            Term(*match.span(), "origin", match[0], "domestic" if match[0] in domestic else "handmade")
        )
    return sorted(found, key=lambda one: one.start)


def _city_after(text: str, at: int) -> int | None:
    """Where the city's name ends that begins at a place of the text."""
    words = re.compile(r"[a-zà-ÿ'-]{3,}(?: [a-zà-ÿ'-]+){0,3}").match(text, at)
    ends = [at + gap.start() for gap in re.finditer(r" |$", words[0])] if words else []
    ends = [
        end for end in ends if not re.search(r" (?:in|of|and|or|with|from|by|to|for) ", text[at:end] + " ")
    ]
    return next((end for end in reversed(ends) if place_called(text[at:end])), None)


def _city_before(text: str, at: int) -> list[tuple[int, int]]:
    """The Chinese city whose name ends at a place of the text."""
    stretches = [(at - size, at) for size in (4, 3, 2) if at >= size]
    return [(a, b) for a, b in stretches if all(map(is_han, text[a:b])) and place_called(text[a:b])][:1]
