"""Names of people and where they live: how they may be written, and when a run of characters is a name at all.

A Chinese name of two characters is often a word (安静, 方圆) or the end and the beginning of two; an English one may be
two (Grace Bell). Words of the dictionary need a word such as "customer" or 先生 beside them; others need edges. Knows no
customer.
"""

import re
from collections.abc import Iterator
from functools import cache

from chains.guard.folding import is_han
from chains.guard.personal.readings import Stream, disguises, needle
from chains.guard.segments import is_word, stands_alone

SHORT = 7  # letters below which the words of a name must stand apart
NEAR = 12  # characters in which a word tells what follows


def forms(name: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """(the name in a stream of letters, where its words begin), surname last and first."""
    parts = [said for part in re.split(r"[\s,，·・]+", name) if (said := needle(part))]
    if sum(map(len, parts)) < 2:
        return
    orders = [parts] if len(parts) == 1 else [parts, [parts[-1], *parts[:-1]]]
    for words in orders:
        begun, at = [], 0
        for word in words:
            begun.append(at)
            at += len(word)
        yield "".join(words), tuple(begun)


def is_telling(name: str, words: tuple[int, ...]) -> bool:
    """Whether a name is one by itself, and not a word that anybody may use."""
    if is_han(name[0]):
        return not is_word(name)
    return len(words) > 1


def stands(stream: Stream, start: int, end: int, words: tuple[int, ...], alone: bool) -> bool:
    """Whether the name at this place of a text is one."""
    text = stream.text
    if is_han(text[start]):
        if named := _named_zh(text, start, end):
            return named
        if stream.backwards:
            return alone and end - start > 2
        return alone and stands_alone(text, start, end)
    apart = bool(stream.edge[start] and stream.edge[end])
    if stream.backwards:
        words = tuple(end - start - (later if later else end - start) for later in words)
    if not apart or (end - start < SHORT and not all(stream.edge[start + word] for word in words)):
        return False
    return alone or is_named(stream, start, "before_name_en") or _followed(text, end, "after_name_en")


def is_named(stream: Stream, start: int, by: str = "before_id") -> bool:
    """Whether the words before a place say what follows."""
    return _before(by).search(stream.text[max(0, start - NEAR) : start]) is not None


def parts_of_address(line: str) -> Iterator[str]:
    """The line, and what of it tells a house: up to the first comma, or after province, city and district."""
    yield from (part for part in {line, line.split(",")[0], line.split("，")[0]} if _tells_a_house(part))
    tail = re.split(r"[省市区县]", line)[-1]
    if tail != line and _tells_a_house(tail):
        yield tail


def _tells_a_house(text: str) -> bool:
    said = needle(text)
    numbered = any(char.isdigit() or char in "一二三四五六七八九十" for char in text)
    return numbered and len(said) >= (5 if any(map(is_han, text)) else 8)


def _named_zh(text: str, start: int, end: int) -> bool:
    return _before("before_name").search(text[max(0, start - NEAR) : start]) is not None or _followed(
        text, end, "after_name"
    )


def _followed(text: str, end: int, by: str) -> bool:
    return _after(by).match(text[end : end + NEAR]) is not None


@cache
def _before(by: str) -> re.Pattern[str]:
    return re.compile(
        f"(?:{'|'.join(re.escape(word) for one in disguises()[by] if (word := needle(one)))})(?:是|为)?$"
    )


@cache
def _after(by: str) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for one in disguises()[by] if (word := needle(one))))
