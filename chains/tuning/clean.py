"""Cleans examples before training: what is kept is in order, what is left out is counted by reason.

normalised   NFC; full-width letters and digits as ASCII; one space where several stood
duplicate    the same task, input and reply
near         MinHash over character 4-grams says at least 0.85 alike (datasketch's LSH)
language     the reply is in the row's language
personal     an e-mail address or a phone number
number       a number of the reply stands in none of its inputs
limits       copy that breaks its channel's limits
banned       a word that the advertising rules block
overlap      shares an 8-word (13 Chinese characters) run with a text that models are measured on
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from chains.guard.check import check_fields, check_text
from chains.guard.claims import values_in
from chains.tasks import fields_in
from chains.tuning.rows import Row
from knowledge.languages import detect

ALIKE = 0.85
RUN = {"en": 8, "zh": 13}
STEPS = ("duplicate", "near", "language", "personal", "number", "limits", "banned", "overlap")
_PERSONAL = re.compile(r"[\w.+-]+@[\w-]+\.\w{2,}|(?<![\d.])(?:\+\d{1,3}[ -]?)?(?:\d[ -]?){10,}\d(?![\d.])")
_WORD_NUMBERS = frozenset(
    {"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "12"}
)  # "both", "one of two", 两


@dataclass
class Cleaned:
    """The rows kept, in order, and how many each step left out."""

    rows: list[Row] = field(default_factory=list)
    removed: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def report(self) -> dict[str, int]:
        """Counts by step, every step named."""
        return {"kept": len(self.rows), **{step: self.removed[step] for step in STEPS}}


def cleaned(rows: Iterable[Row], measured: Iterable[str] = ()) -> Cleaned:
    """The rows that may be trained on. `measured` are texts of evaluation sets."""
    found = Cleaned()
    seen: set[str] = set()
    near = _Near()
    runs = {
        language: frozenset(run for text in measured for run in _runs(text, language)) for language in RUN
    }
    for row in rows:
        row = normalised(row)
        key = "\n".join([row.task, row.language, *row.given, row.reply])
        reason = (
            "duplicate" if key in seen else _objection(row, runs) or ("near" if near.holds(key) else None)
        )
        seen.add(key)
        if reason is None:
            near.add(key)
            found.rows.append(row)
        else:
            found.removed[reason] += 1
            found.examples.setdefault(reason, []).append(row.reply)
    return found


def normalised(row: Row) -> Row:
    """The row with every text in one spelling."""
    texts = {name: _normal(value) for name, value in row.model_dump().items() if name not in _AS_THEY_ARE}
    return Row.model_validate(row.model_dump() | texts)


_AS_THEY_ARE = ("task", "language", "uses", "channel", "shop", "sector")
_WIDE = {ord(c): unicodedata.normalize("NFKC", c) for c in map(chr, range(0xFF10, 0xFF5B)) if unicodedata.normalize("NFKC", c).isalnum()}  # fmt: skip


def _normal(value: object) -> object:
    if isinstance(value, str):
        text = unicodedata.normalize("NFC", value).translate(_WIDE)
        return re.sub(r"[ \t\u00a0\u3000]+", " ", text).strip()
    if isinstance(value, tuple | list):
        return tuple(one if one in ("customer", "shop") else _normal(one) for one in value)
    return value


def _objection(row: Row, runs: dict[str, frozenset[str]]) -> str | None:
    reply = " ".join(text for texts in fields_in(row.reply).values() for text in texts) or row.reply
    if detect(reply, row.language) != row.language and len(reply) > 12:
        return "language"
    if any(_PERSONAL.search(text) for text in (row.reply, *row.given)):
        return "personal"
    if unfounded(row):
        return "number"
    if row.task == "copy" and (wrong := copy_faults(row, row.reply)):
        return "banned" if wrong == "words" else "limits"
    if (
        row.task in ("description", "comment")
        and check_text(row.reply, language=row.language).verdict == "block"
    ):
        return "banned"
    if runs[row.language] and any(
        run in runs[row.language] for run in _runs("\n".join([*row.given, row.reply]), row.language)
    ):
        return "overlap"
    return None


def unfounded(row: Row, reply: str | None = None) -> set[str]:
    """Numbers of a reply that stand in none of the row's inputs; small counts are words, sums are the task's."""
    said = values_in(row.reply if reply is None else reply)
    known = set().union(*(values_in(text) for text in row.given))
    loose = said - known
    if reply is None and row.task in ("answer", "calm", "follow_up"):
        loose -= sums(known)
    return loose - _WORD_NUMBERS


def sums(values: set[str]) -> set[str]:
    """What can be reckoned from up to three numbers: sums, differences, products, shares; and other units."""
    numbers = [float(value) for value in values if re.fullmatch(r"\d+(\.\d+)?", value)][:24]
    pairs = {x for a in numbers for b in numbers for x in (a + b, a - b, a * b, a / b if b else 0.0)}
    more = {x for p in pairs for c in (*numbers, 2.0) for x in (p + c, p - c, p * c)}
    units = {x * factor for x in numbers for factor in (10, 100, 1000, 0.1, 0.01, 0.001, 12)}
    return {f"{x:.2f}".rstrip("0").rstrip(".") for x in pairs | more | units if x > 0}


def copy_faults(row: Row, reply: str) -> str | None:
    """`limits` or `words` where a variant breaks its channel's limits or the advertising rules."""
    fields = fields_in(reply)
    if not fields:
        return "limits"
    report = check_fields(fields, channel=row.channel, language=row.language)
    if any(length.limit is not None and length.length > length.limit for length in report.lengths):
        return "limits"
    blocks = [one for one in report.findings if one.severity == "block"]
    return (
        None
        if not blocks
        else "limits"
        if any(one.field and one.rule.startswith(row.channel) for one in blocks)
        else "words"
    )


def _runs(text: str, language: str) -> set[str]:
    if language == "zh":
        letters = re.sub(r"[^\u4e00-\u9fff]", "", text)
        return {letters[i : i + RUN["zh"]] for i in range(len(letters) - RUN["zh"] + 1)}
    words = re.findall(r"[a-z0-9']+", text.lower())
    return {" ".join(words[i : i + RUN["en"]]) for i in range(len(words) - RUN["en"] + 1)}


class _Near:
    """Texts seen so far, for asking whether one much like another was among them."""

    def __init__(self) -> None:
        from datasketch import MinHashLSH

        self._lsh = MinHashLSH(threshold=ALIKE, num_perm=64)

    def _hash(self, text: str) -> "object":
        from datasketch import MinHash

        made = MinHash(num_perm=64)
        made.update_batch([text[i : i + 4].encode() for i in range(max(1, len(text) - 3))])
        return made

    def holds(self, text: str) -> bool:
        return bool(self._lsh.query(self._hash(text)))

    def add(self, text: str) -> None:
        self._lsh.insert(text, self._hash(text))
