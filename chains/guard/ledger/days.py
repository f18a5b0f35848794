"""Finds dates, weekdays, times of day and opening ranges in folded text. Knows the calendar; knows no shop."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from chains.guard.ledger.lexicon import any_of, classifiers, data, unit_pattern
from chains.guard.ledger.mentions import Clock, Day, Mention
from chains.guard.ledger.numerals import han, words

_HAN_DIGIT = "零〇一二三四五六七八九"
_HAN_NUMBER = "[零〇一二两三四五六七八九十]"
_HOURS = re.compile(
    r"(?<![a-z])(?:open|opens|opening|reopen|close[sd]?|closing|shut|shuts|hours|here|o'clock|drop-off|counter|desk|today|come)(?![a-z])"
    r"|营业|开门|关门|打烊|开放|上班|下班|点"
)


_ONE_OCLOCK = re.compile(r"[前后钟整半到至~-]|以[前后]|之[前后]|[开关]门|[开上下]课|打烊|营业|见")
_HOUR_TO = re.compile(r"(?<![\d.:])(\d{1,2})[-~至到]$")
_UP_TO = re.compile(r"[到至~-]$|截止$")


@dataclass(frozen=True)
class Week(Mention):
    """Days of the week; `spanned` where a range is said."""

    days: frozenset[int]
    spanned: bool = False

    @property
    def normal(self) -> str:
        return ",".join(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][day] for day in sorted(self.days))


@cache
def _dates() -> re.Pattern[str]:
    calendar, numbers = data("calendar"), data("numbers")
    months, weekdays = any_of(calendar["months"]), any_of(calendar["weekdays"]["en"])
    ordinals = any_of(numbers["en"]["ordinals"])
    day = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?(?![\d:%])|{ordinals})"
    zh = any_of(calendar["weekdays"]["zh"])
    return re.compile(
        rf"(?P<iso>(?<!\d)(?P<y1>\d{{4}})[-/.](?P<m1>\d{{1,2}})[-/.](?P<d1>\d{{1,2}})(?!\d))"
        rf"|(?P<slash>(?<![\d.])(?P<d2>\d{{1,2}})[/.](?P<m2>\d{{1,2}})[/.](?P<y2>\d{{4}})(?!\d))"
        rf"|(?:(?P<w1>{weekdays}),? (?:the )?)?(?P<d3>{day})(?: of)?[ -](?P<n1>{months})\.?(?:,? (?P<y3>\d{{4}})(?!\d))?"
        rf"|(?:(?P<w2>{weekdays}),? )?(?P<n2>{months})\.? (?:the )?(?P<d4>{day})(?:,? (?P<y4>\d{{4}})(?!\d))?"
        rf"|(?:the )?(?P<edge>end|start|beginning) of (?P<n3>{months})"
        rf"|(?P<n4>{months}) (?P<y5>\d{{4}})"
        rf"|(?<![a-z])(?:the|on the) (?P<d5>\d{{1,2}}(?:st|nd|rd|th)|(?<=(?:on|by|er|il|om|re) the )(?:{ordinals})(?! (?:one|two|of|time|day|item|piece|pair|floor|half|quarter)))(?= *(?:[,.;:!?)]|$|and|of|at|it|we|is|to|until|there))"
        rf"|(?:(?P<y6>\d{{2,4}}|{_HAN_NUMBER}{{4}})\s?年\s?)?(?P<m3>\d{{1,2}}|{_HAN_NUMBER}{{1,3}})\s?月(?:\s?(?P<d6>\d{{1,2}}|{_HAN_NUMBER}{{1,3}})\s?(?:日|号)?|(?P<edge2>[上中下]旬|底|末|初))(?:\s?\(?(?P<w3>{zh}))?"
        rf"|(?P<y7>\d{{4}}|{_HAN_NUMBER}{{4}})年(?P<m4>\d{{1,2}}|{_HAN_NUMBER}{{1,3}})月"
        rf"|(?<![\d第])(?P<d7>\d{{1,2}}|(?<!{_HAN_NUMBER}){_HAN_NUMBER}{{1,3}})\s?号(?![线楼码店机电])"
        rf"|(?<![a-z])(?:since|in|from|until|before|after|of|founded|established|founded:|established:|since:|vintage:) (?P<y8>(?:1[6-9]|20)\d\d)(?![\d.,/-]\d|\d| [a-z]{{2,}}s\b)"
        rf"|(?P<y9>(?:1[6-9]|20)\d\d|[一二][{_HAN_DIGIT}]{{3}})\s?年"
        rf"|(?<![\d./个]|{_HAN_NUMBER})(?:去年|今年|明年|前年)?(?P<m5>\d{{1,2}}|{_HAN_NUMBER}{{1,3}})月(?![龄嫂供租费薪饼季])"
        rf"|(?<=[每月日号至到、]) ?(?P<d8>\d{{1,2}})日(?![游内元元本式])"
    )


def days(text: str) -> Iterator[Day]:
    """Dates, whole or in part."""
    for match in _dates().finditer(text):
        got = match.groupdict()
        names, weekdays = data("calendar")["months"], data("calendar")["weekdays"]
        year = _first(got, "y1", "y2", "y3", "y4", "y5", "y6", "y7", "y8", "y9")
        month = _first(got, "m1", "m2", "m3", "m4", "m5") or next(
            (names[got[n]] for n in ("n1", "n2", "n3", "n4") if got[n]), None
        )
        day = _first(got, "d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8")
        if got["slash"] and month and day and month > 12 >= day:
            month, day = day, month
        week = next(
            (weekdays["en"][got[w]] for w in ("w1", "w2") if got[w]), weekdays["zh"].get(got["w3"] or "")
        )
        if (month and not 1 <= month <= 12) or (day and not 1 <= day <= 31):
            continue
        if year and year < 100:
            year += 2000
        edge = (
            "end"
            if got["edge"] == "end" or got["edge2"] in ("底", "末")
            else "start"
            if got["edge"] or got["edge2"]
            else ""
        )
        if got["d3"] and month and (before := _DAY_BEFORE.search(text[: match.start("d3")][-20:])):
            start = match.start("d3") - len(before[0])
            yield Day(start, start + len(before["day"]), "date", year, month, int(before["day"]))
        yield Day(*match.span(), "date", year, month, day, week, edge)


_DAY_BEFORE = re.compile(  # between 3 and 5 May
    r"(?<![\w.,:/€£$¥-])(?P<day>[1-3]?\d)(?:st|nd|rd|th)?(?: (?:and|to|or) | ?[-–] ?)(?:the )?$"
)


def _first(got: dict[str, str | None], *names: str) -> int | None:
    return next((_whole(said) for name in names if (said := got[name])), None)


def _whole(said: str) -> int:
    ordinals = data("numbers")["en"]["ordinals"]
    if said[0].isdigit():
        return int(re.sub(r"\D", "", said))
    return int(ordinals[said]) if said in ordinals else int(han(said)[0])


@cache
def _clocks() -> re.Pattern[str]:
    calendar, en = data("calendar"), data("numbers")["en"]["small"]
    hour = (
        rf"(?:\d{{1,2}}|{'|'.join(sorted((w for w, n in en.items() if 0 < n < 13), key=len, reverse=True))})"
    )
    half = r"\s?(?:a\.m\.|p\.m\.|am|pm)(?![a-z])|(?: in the (?:morning|afternoon|evening)| at night)"
    before = any_of([w for w in (*calendar["morning"], *calendar["afternoon"]) if w[0] > "z"])
    minute = rf"(?:\d{{1,2}}|{_HAN_NUMBER}{{1,3}})"
    return re.compile(
        rf"(?<![\d.,a-z€£$¥])(?<!\d:)(?P<h1>\d{{1,2}})(?P<sep>[:.])(?P<m1>\d{{2}})(?![\d.,]\d|\d|%)(?P<x1>{half})?"
        rf"|(?<![a-z])(?P<rel>half|quarter|(?:a quarter)|ten|twenty|five)(?: minutes)? (?P<dir>past|to) (?P<h2>{hour})(?![\d.:]\d|[a-z])(?P<x2>{half})?(?! (?:euro|pound|dollar|piece|minute))"
        rf"|(?<![\d.,a-z])(?<!\d:)(?P<h3>{hour})(?:(?P<x3>{half})| ?o'clock(?P<x4>{half})?)"
        rf"|(?P<z1>{before})?(?P<less>差[一三]刻|差{minute}分(?:钟)?)?(?<!周)(?<!星期)(?<!礼拜)(?P<h4>\d{{1,2}}|{_HAN_NUMBER}{{1,3}})点(?:(?P<zh>半|一刻|三刻|整|钟)|(?P<m2>{minute})分?(?![公千毫厘斤克米升度开倍成个天小瓦万寸尺两]))?(?!\d|[零〇一二三四五六七八九][公千毫厘斤克米升度开倍成瓦万寸尺两]|[心子击评赞餐缀])"
    )


def clocks(text: str) -> list[Clock]:
    """Times of day; two joined by a dash or "to" are a range."""
    found: list[Clock] = []
    calendar = data("calendar")
    morning, afternoon = tuple(calendar["morning"]), tuple(calendar["afternoon"])
    for match in _clocks().finditer(text):
        got = match.groupdict()
        if got["sep"] == "." and (
            unit_pattern().match(text, match.end()) or not (got["x1"] or _about_hours(text, match.start()))
        ):
            continue
        if got["dir"] == "to" and text.endswith("from ", 0, match.start()):
            continue
        if match[0] in ("一点", "早一点", "晚一点") and not (
            _ONE_OCLOCK.match(text, match.end()) or _UP_TO.search(text[: match.start()][-2:])
        ):
            continue  # a little
        said = next(got[h] for h in ("h1", "h2", "h3", "h4") if got[h])
        if (
            got["h4"]
            and not got["z1"]
            and (opened := _HOUR_TO.search(text[: match.start()][-4:]))
            and said.isdigit()
        ):
            a, b, since = int(opened[1]), int(said), match.start() - len(opened[0])
            if a < b <= 24:
                found.append(Clock(since, match.end(), "time", 60 * a, 60 * b, b > 12, b > 12))  # 9-12点
                continue
        hour = int(said) if said.isdigit() else int(words(said)) if said[0] < "\x80" else int(han(said)[0])
        minute = _minute(got)
        if hour > 24 or minute > 59:
            continue
        total = 60 * hour + minute
        total -= _less(got["less"]) if got["less"] else 0
        if got["rel"] and got["dir"] == "to":
            total -= 2 * minute
        mark = (next((got[x] for x in ("x1", "x2", "x3", "x4") if got[x]), None) or "").strip()
        mark = mark.replace("in the ", "in the ")
        before = got["z1"] or ""
        late = mark.startswith("p") or mark in afternoon or before in afternoon
        early = mark.startswith("a") or mark in morning or before in morning
        if late and total < 720 and not (before == "中午" and hour >= 10):
            total += 720
        if early and hour == 12:
            total -= 720
        sure = late or early or hour > 12 or (got["sep"] == ":" and len(got["h1"] or "") == 2)
        found.append(
            Clock(*match.span(), "time", total % 1440 if total != 1440 else 1440, sure=sure or hour == 0)
        )
    found += _bare(text, found)
    return _ranged(text, sorted(found, key=lambda one: one.start))


def _minute(got: dict[str, str | None]) -> int:
    if got["m1"]:
        return int(got["m1"])
    if rel := got["rel"]:
        return {"half": 30, "quarter": 15, "a quarter": 15}.get(rel) or int(words(rel))
    if got["m2"]:
        return int(got["m2"]) if got["m2"].isdigit() else int(han(got["m2"])[0])
    return {"半": 30, "一刻": 15, "三刻": 45}.get(got["zh"] or "", 0)


def _less(said: str) -> int:
    body = said[1:].removesuffix("钟").removesuffix("分")
    return {"一刻": 15, "三刻": 45}.get(body) or (int(body) if body.isdigit() else int(han(body)[0]))


def _about_hours(text: str, at: int) -> bool:
    near = text[max(0, at - 80) : at + 40]
    return bool(_HOURS.search(near) or weeks(near))


@cache
def _bare_pattern() -> re.Pattern[str]:
    en = data("numbers")["en"]["small"]
    hour = (
        rf"(?:\d{{1,2}}|{'|'.join(sorted((w for w, n in en.items() if 0 < n < 13), key=len, reverse=True))})"
    )
    return re.compile(
        rf"(?<![\d.,a-z€£$¥-])(?<!\d:)(?:(?:from |between )?(?P<a>{hour})(?P<x1> ?(?:am|pm|a\.m\.|p\.m\.))? ?(?:-|–|to|till|until) ?(?P<b>{hour})"
        rf"|(?<![a-z])(?P<word>at|by|until|till|from|before|after|past|since)(?P<gap> )(?P<c>{hour}))(?![\d.,:]\d|\d|[a-z%€£$¥×-]|[.]\d)"
    )


def _bare(text: str, found: list[Clock]) -> list[Clock]:
    """Hours that only their company makes times: "9-18", "nine till six", "at seven"."""
    more: list[Clock] = []
    for match in _bare_pattern().finditer(text):
        if any(one.start < match.end() and match.start() < one.end for one in found):
            continue
        if not _about_hours(text, match.start()) or _followed_by_thing(text, match.end()):
            continue
        if match["c"]:
            hour = _hour(match["c"])
            if hour <= 24:
                more.append(Clock(match.start("c"), match.end("c"), "time", 60 * hour, sure=hour > 12))
            continue
        a, b = _hour(match["a"]), _hour(match["b"])
        if a <= 24 and b <= 24 and a != b:
            sure = b > 12 or a > 12 or match["a"].startswith("0")
            more.append(
                Clock(match.start("a"), match.end(), "time", 60 * a, 60 * b, sure=sure, until_sure=sure)
            )
    return more


def _followed_by_thing(text: str, end: int) -> bool:
    if unit_pattern().match(text, end) or re.compile(rf"\s?(?:{classifiers()})").match(text, end):
        return True
    after = re.compile(r" ([a-z]+)").match(text, end)
    return bool(after and after[1] not in ("on", "in", "and", "at", "every", "each", "or", "so", "but", "with", "for", "from", "till", "until",
                                           "to", "o'clock", "sharp", "daily", "as", "by", "we", "when", "mon", "tue", "wed", "thu", "fri", "sat", "sun",
                                           *data("calendar")["weekdays"]["en"]))  # fmt: skip


def _hour(said: str) -> int:
    return int(said) if said.isdigit() else int(words(said))


def _ranged(text: str, found: list[Clock]) -> list[Clock]:
    made: list[Clock] = []
    for one in found:
        gap = text[made[-1].end : one.start].strip(" ") if made else ""
        if (
            made
            and made[-1].until is None
            and one.until is None
            and gap in ("-", "–", "~", "to", "till", "until", "至", "到", "—")
        ):
            first = made.pop()
            minute = first.minute + (
                720
                if not first.sure
                and one.sure
                and first.minute + 720 < one.minute
                and "点" in text[one.start : one.end]
                and first.minute < 360
                else 0
            )
            made.append(Clock(first.start, one.end, "time", minute, one.minute, first.sure, one.sure))
        else:
            made.append(one)
    return made


@cache
def _weeks() -> re.Pattern[str]:
    calendar = data("calendar")
    one = rf"(?:{any_of(calendar['weekdays']['en'])}|{any_of(calendar['weekdays']['zh'])})"
    return re.compile(
        rf"(?P<a>{one})\s?(?:to|till|through|-|–|~|至|到)\s?(?P<b>{one}|[一二三四五六日天])|(?P<c>{one})|(?P<g>{any_of(calendar['groups'])})"
    )


def weeks(text: str) -> list[Week]:
    """Weekdays and their ranges."""
    calendar = data("calendar")
    number = {**calendar["weekdays"]["en"], **calendar["weekdays"]["zh"]}
    found = []
    for match in _weeks().finditer(text):
        if match["a"]:
            a, b = number[match["a"]], number.get(match["b"], number.get("周" + match["b"], 0))
            span = range(a, b + 1) if a <= b else [*range(a, 7), *range(b + 1)]
            found.append(Week(*match.span(), "range", frozenset(span), True))
        elif match["c"]:
            found.append(Week(*match.span(), "weekday", frozenset([number[match["c"]]])))
        else:
            found.append(Week(*match.span(), "weekday", frozenset(calendar["groups"][match["g"]])))
    return found
