"""The shape of a variant as the model is held to it: the channel's fields in the order of the table, as often as they are
asked for, each within its limit as the channel counts it. Knows no model and judges no words.
"""

import re
from collections.abc import Callable, Mapping

from chains.copy_brief import Brief
from chains.guard.channels import ChannelField
from chains.guard.counting import count
from chains.guard.segments import cut
from chains.llm.lines import Line
from chains.tasks import asked_of, fields_in
from chains.words import function_words

Fields = dict[str, list[str]]

_SENTENCE = re.compile(r"[.!?…]+[\"'”’)]*(?=\s|$)|[。！？…；]+[”’」）]*")
_CLAUSE = re.compile(r"[,;:](?=\s)|[，、；：]|\s[-–—/](?=\s)")
# of what fits: where whole sentences, or clauses, would leave less than this, the next smaller parts are taken
_SENTENCES = 0.3
_CLAUSES = 0.5


def shape_of(brief: Brief, completed: Callable[[Fields], Fields]) -> tuple[Line, ...]:
    """A line for each field. `completed` is what code adds to a draft; the limit is that of the whole."""
    return tuple(
        _line(field, brief.language, completed)
        for field, times in asked_of(brief.channel)
        for _ in range(times)
    )


def _line(field: ChannelField, language: str, completed: Callable[[Fields], Fields]) -> Line:
    def fits(words: str) -> bool:
        made: Mapping[str, list[str]] = completed(fields_in(f"{field.name}: {words}"))
        text = made.get(field.name, [words])[-1]
        most = field.limit_for(text)
        return most is None or count(text, field.counts) <= most

    return Line(f"{field.name}:", fits, lambda words: shortened(words, fits, language))


def shortened(words: str, fits: Callable[[str], bool], language: str) -> str:
    """The part of `words`, which break off or are too long, that can stand alone: whole sentences, else whole clauses,
    else words, none of which waits for another."""
    high = len(words)
    while high and not fits(words[:high]):
        high -= 1
    room = words[:high]
    sentences = [match.end() for match in _SENTENCE.finditer(words)]
    clauses = [match.start() for match in _CLAUSE.finditer(words)]
    for cuts, worth in ((sentences, _SENTENCES), (clauses, _CLAUSES)):
        best = max((cut for cut in cuts if cut <= high), default=0)
        if best > worth * high:
            return words[:best].strip()
    return _whole_words(words, room, language) or room.strip()


def _whole_words(words: str, room: str, language: str) -> str:
    """`room`, a beginning of `words`, without a last word that is cut and without words that only lead to others."""
    kept: list[str] = []
    size = 0
    for part in cut(words) if language == "zh" else re.findall(r"\s*\S+", words):
        size += len(part)
        if size > len(room):
            break
        kept.append(part)
    while kept and kept[-1].strip(" ,;:-–—，、；：").lower() in {"", *function_words(language)}:
        kept.pop()
    return "".join(kept).strip(" ,;:-–—，、；：")
