"""Finds yes/no matters in a text and what it says of them: the topic, and whether it is denied."""

import re
from functools import cache

from chains.guard.ledger.lexicon import any_of, data, pattern

FREE = re.compile(r"[- ]free(?![a-z])|[- ]?frei(?![a-z])")


_CHARGE = re.compile(  # another matter: what returning costs, whom nuts harm
    r" (?:label|costs?|fee|postage|address)(?![a-z])|[ -](?:allerg|intoleran)|运费|费用|费|标签|地址|过敏|不耐"
)
_FAILED = re.compile(
    "[\u4e00-\u9fff]不[完准着齐清住到起懂见](?!$)"
)  # 吃不完就冷冻: nothing is denied of the freezer
_MAY = re.compile("(?<![不没未非禁])(?:可以|可|能)$")
_MAY_SELF = re.compile("^[^不没未非禁](?:可以|可|能)")
_LATE = re.compile(
    "[^，,。不没无未]{0,10}(?:是|都|也|可)?(?:不(?:能|可以|支持|含|保|承保|带|送|提供|行|予)|没有|无法)"
)
_HAN_NEGATION = re.compile(r"不是不|没有不|并非不|不得不")


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
        if (said in words or match[0].replace(" ", "-") in words) and not _CHARGE.match(text, match.end()):
            if text.startswith(tuple(data("polarity")["behind"].get(match[0], ())), match.end()):
                continue
            found.append((words.get(said) or words[match[0].replace(" ", "-")], *match.span()))
    return found


@cache
def _implied() -> tuple[re.Pattern[str], dict[str, list[tuple[str, bool]]]]:
    words: dict[str, list[tuple[str, bool]]] = {}
    for topic, ways in data("polarity")["implied"].items():
        for said, phrases in ways.items():
            for phrase in phrases:
                words.setdefault(str(phrase), []).append((topic, said == "yes"))
    return re.compile(any_of(words)), words


def implied_in(text: str) -> list[tuple[str, int, int, bool]]:
    """(topic, start, end, whether it is so) of every matter that a text speaks of in other words: "leave it in the rain"."""
    finder, words = _implied()
    return [
        (topic, *match.span(), said)
        for match in finder.finditer(text)
        for topic, said in words.get(match[0]) or words[match[0].replace("-", " ")]
    ]


def free_of(text: str, topic: str, end: int) -> bool:
    """Whether "free" behind a matter denies it: gluten free has none, free returns cost nothing."""
    return bool(FREE.match(text, end)) and topic not in data("polarity")["gratis"]


def spoken_of(topic: str, clause: str) -> bool:
    """Whether a clause that names the matter says whether it is so; some take a word for it."""
    needed = data("polarity")["needs"].get(topic)
    return needed is None or bool(pattern(tuple(needed)).search(clause))


def negative(text: str, start: int, end: int, topic: str = "") -> bool:
    """Whether what stands at `start:end` of a clause is denied there; two negations cancel."""
    raw = data("polarity")
    free = free_of(text, topic, end)
    finder = pattern(tuple(str(word) for word in raw["negations"]))
    head, tail = text[:start], text[end:]
    others = [(a, b) for _, a, b in topics_in(text)]
    head = head[max((b for _, b in others if b <= start), default=0) :]
    tail = tail[: min((a - end for a, _ in others if a >= end), default=len(tail))]
    tail = re.split(r"(?<![a-z])(?:but|and|while|so)(?![a-z])|[，,;；]", tail)[0]
    if re.search(r"[\u4e00-\u9fff]", text):
        head = _FAILED.sub("□", head)
        if _MAY.search(head) or _MAY_SELF.search(f"{head[-1:]}{text[start:end]}"):
            head = ""  # 未穿着可退: what stands before "may" is another matter
        near = pattern(tuple(data("polarity")["answers"]["nouns"])).sub(
            "□", head[-8:] + text[start:end] + tail[:4]
        )
        hits = len(
            finder.findall(
                near.replace("没问题", "")
                .replace("不错", "")
                .replace("无忧", "")
                .replace("别担心", "")
                .replace("不用担心", "")
                .replace("免费", "")
                .replace("无理由", "")
            )
        )
        if _HAN_NEGATION.search(near):
            hits = 2
        if not hits and _LATE.match(tail[:14]):
            hits = 1
    else:
        plain = re.sub(
            r"(?<![a-z])(?:no problem|not only|no worries|without (?:any )?[a-z]+(?= [a-z]))(?![a-z])",
            "",
            head,
        )
        hits = len(finder.findall(plain)) + len(
            re.findall(r"(?:(?<![a-z])(?:not|never|cannot|out of)|n't)(?![a-z])", tail[:30])
        )
    also = topic != "toxic" and bool(pattern(tuple(raw["also_no"])).search(text)) and not hits
    return (hits % 2 == 1) != free or (also and not free)


def word(said: bool) -> str:
    """Yes or no, in a word."""
    return "yes" if said else "no"
