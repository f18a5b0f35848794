"""Figures for replies against the rows they answer; each a mean over rows with a 95 % interval. Writes no reply.

Shares have Wilson intervals (scipy), other means a bootstrap percentile interval (1,000 draws, seed 0).
"""

import re
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from chains.guard.check import check_fields, check_text
from chains.guard.claims import values_in
from chains.tasks import fields_in
from chains.tuning.clean import unfounded
from chains.tuning.rows import Row
from chains.unknowns import says_unknown
from knowledge.facts.lexicon import tokens
from knowledge.languages import detect

LENGTH_RULES = ("limit.over", "limit.few", "limit.many", "sms.parts")
DRAWN_FROM = "catalogue-"  # how shops of drawn examples are called; the others are written one by one
ENOUGH = 0.5  # of the words that a right answer takes from its facts
_OPENED = re.compile(r"^\W*(?:(?:抱歉|不好意思|您好|好的)[，,。！!\s]*)?")
_YES = re.compile(
    r"yes\b|yep\b|sure\b|no problem\b|of course\b|that's (?:fine|right)\b|没错|没问题|没事|不用担心|可以|能|有|会|是|支持|对|行|够|要|管|包|算|[\u4e00-\u9fff]得[下进上着到住了开过]",
    re.I,
)
_NO = re.compile(
    r"(?:no|not|sorry|unfortunately|nope|never)\b|[\u4e00-\u9fff]{0,2}不(?![超低少多高止晚早限另])|没|否|无|非",
    re.I,
)
_NEGATED = re.compile(r"n't\b|\bnot\b|\bno\b|\bnever\b|不|没", re.I)
_UNDENIED = re.compile(  # words with a "no" in them that deny nothing
    r"\bno (?:more|less|later|earlier|fewer) than\b|\bnot only\b|\bno (?:problem|extra)\b"
    r"|不(?:超过|低于|少于|多于|高于|止|晚于|早于|限|另|仅|只|用担心)|没错|没问题|没事",
    re.I,
)


@dataclass(frozen=True)
class Figure:
    """A mean with its interval over `n` rows; `each` are their own values, by which two systems are compared row by row."""

    value: float
    low: float
    high: float
    n: int
    each: tuple[float, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Rounded, the rows' own values as one text."""
        numbers = {name: round(getattr(self, name), 4) for name in ("value", "low", "high", "n")}
        return numbers | ({"each": " ".join(f"{one:.4g}" for one in self.each)} if self.each else {})

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> "Figure":
        """One that was written as JSON."""
        each = tuple(float(one) for one in str(given.get("each", "")).split())
        return cls(float(given["value"]), float(given["low"]), float(given["high"]), int(given["n"]), each)


def share(results: Sequence[bool]) -> Figure:
    """The share of true ones."""
    from scipy.stats import binomtest

    if not results:
        return Figure(float("nan"), 0.0, 1.0, 0)
    interval = binomtest(sum(results), len(results)).proportion_ci(method="wilson")
    value, each = sum(results) / len(results), tuple(float(one) for one in results)
    return Figure(value, float(interval.low), float(interval.high), len(results), each)


def mean(values: Sequence[float]) -> Figure:
    """The mean."""
    from scipy.stats import bootstrap

    if len(values) < 2 or max(values) == min(values):
        one = statistics.fmean(values) if values else float("nan")
        return Figure(one, one, one, len(values), tuple(values))
    found = bootstrap(
        (values,), statistics.fmean, n_resamples=1000, method="percentile", rng=0, vectorized=False
    )
    low, high = found.confidence_interval
    return Figure(statistics.fmean(values), float(low), float(high), len(values), tuple(values))


def is_right(row: Row, reply: str) -> bool:
    """Whether a reply to an answerable question holds the expected value: the numbers that the written answer takes
    from its facts and none of another fact, its yes or no, and half of the words it takes from them.

    It does not read: "doesn't work without" counts as "works without", since both deny something."""
    if says_unknown(reply, row.language) or not reply.strip():
        return False
    facts = " ".join(row.facts[i] for i in row.uses or ())
    wanted = values_in(row.reply) & values_in(facts) or (
        values_in(row.reply) if values_in(row.reply) else set()
    )
    if not wanted <= values_in(reply) and not wanted - values_in(reply) <= _ordinals(row):
        return False
    if values_in(reply) - values_in(" ".join((facts, row.reply, row.question))) - _ordinals(row):
        return False  # a number of another fact
    yes_no = says_yes(row.reply) == says_yes(reply) or not _is_yes_no(row)
    subject = set(tokens(" ".join(fact.split(" - ")[0] for fact in row.facts if " - " in fact)))
    words = (set(tokens(row.reply)) & set(tokens(facts))) - subject
    enough = not words or len(words & set(tokens(reply))) >= ENOUGH * len(words)
    return yes_no and enough


def says_yes(text: str) -> bool:
    """Whether it agrees: by how it begins where that says yes or no, else by whether anything in it is denied."""
    said = _OPENED.sub("", text)
    if _YES.match(said):
        return True
    if _NO.match(said):
        return False
    return not _NEGATED.search(_UNDENIED.sub("", text))


def _ordinals(row: Row) -> set[str]:
    """Numbers of a product's name: naming it less fully is not wrong."""
    return (
        set().union(*(values_in(fact.split(" - ")[0]) for fact in row.facts if " - " in fact))
        if row.facts
        else set()
    )


def _is_yes_no(row: Row) -> bool:
    said = _OPENED.sub("", row.reply)
    return bool(_YES.match(said) or _NO.match(said))


def coverage(row: Row, reply: str) -> float:
    """The share of the facts' values that copy holds: verbatim, spaces and case aside, or all their words."""
    said, words = _bare(reply), set(tokens(reply))
    values = [re.split(r" - [^:：]+[:：]\s*|[:：]\s*", fact, maxsplit=1)[-1] for fact in row.facts]
    return statistics.fmean(_held(value, said, words) for value in values) if values else 1.0


def _held(value: str, said: str, words: set[str]) -> bool:
    if _bare(value) in said:
        return True
    wanted = set(tokens(value))
    numbers = values_in(value)
    return bool(wanted) and numbers <= values_in(said) and len(wanted & words) >= 0.75 * len(wanted)


def _bare(text: str) -> str:
    return re.sub(r"[\s,，。.、;；]+", "", text).lower()


def self_bleu(variants: Sequence[str], language: str) -> float:
    """Mean BLEU (0 to 1, sacrebleu) of each of two or more variants against the others: how alike they are."""
    from sacrebleu import BLEU

    bleu = BLEU(effective_order=True, tokenize="zh" if language == "zh" else "13a")
    scores = [
        bleu.sentence_score(one, [other for j, other in enumerate(variants) if j != i]).score
        for i, one in enumerate(variants)
    ]
    return statistics.fmean(scores) / 100


def distinct(variants: Iterable[str], n: int = 2) -> float:
    """Different n-grams among all n-grams of the variants."""
    grams = [
        tuple(words[i : i + n])
        for text in variants
        if (words := tokens(text))
        for i in range(len(words) - n + 1)
    ]
    return len(set(grams)) / len(grams) if grams else 0.0


def rouge_l(reply: str, wanted: str) -> float:
    """ROUGE-L F1 (rouge-score) over this project's own words, which exist for Chinese as well."""
    return float(_rouge().score(wanted, reply)["rougeL"].fmeasure)


@cache
def _rouge() -> Any:
    from rouge_score.rouge_scorer import RougeScorer

    class Words:
        """rouge-score asks for an object that tokenizes."""

        def tokenize(self, text: str) -> list[str]:
            return tokens(text)

    return RougeScorer(["rougeL"], tokenizer=Words())


class Copied:
    """How long the runs are that a reply shares with what was trained on."""

    def __init__(self, trained: Iterable[str]) -> None:
        self._text = "\n".join(_bare(text) for text in trained)

    def longest(self, reply: str, given: str = "") -> int:
        """Characters of the longest run that stands in a training reply and not in the reply's own inputs."""
        said, given = _bare(reply), _bare(given)
        best = 0
        for start in range(len(said)):
            while (
                (run := said[start : start + best + 1])
                and len(run) > best
                and run in self._text
                and run not in given
            ):
                best += 1
        return best


def of_answers(rows: Sequence[Row], replies: Sequence[str]) -> dict[str, Figure]:
    """What is measured on questions."""
    pairs = [(row, reply) for row, reply in zip(rows, replies, strict=True) if row.task == "answer"]
    known = [(row, reply) for row, reply in pairs if row.uses]
    unknown = [(row, reply) for row, reply in pairs if row.unknown]
    found = {
        "unsupported_numbers": share([bool(unfounded(row, r) - values_in(row.reply)) for row, r in pairs]),
        "unknown_recall": share([says_unknown(r, row.language) for row, r in unknown]),
        "false_unknown": share([says_unknown(r, row.language) for row, r in known]),
        "rouge_l": mean([rouge_l(r, row.reply) for row, r in known]),
    }
    right = [(row, is_right(row, r)) for row, r in known]
    found["answer_accuracy"] = share([ok for _, ok in right])
    for language in ("en", "zh"):
        found[f"answer_accuracy_{language}"] = share([ok for row, ok in right if row.language == language])
    found["answer_accuracy_written"] = share([ok for row, ok in right if not row.shop.startswith(DRAWN_FROM)])
    found["answer_accuracy_drawn"] = share([ok for row, ok in right if row.shop.startswith(DRAWN_FROM)])
    return found


def of_all(rows: Sequence[Row], replies: Sequence[str], copied: Copied) -> dict[str, Figure]:
    """What is measured on every reply."""
    pairs = list(zip(rows, replies, strict=True))
    plain = [(row, " ".join(text for one in fields_in(r).values() for text in one) or r) for row, r in pairs]
    return {
        "language_match": share([detect(text, "none") == row.language for row, text in plain]),
        "banned_words": share([_has_banned(row, text) for row, text in plain]),
        "longest_copied": mean([float(copied.longest(r, " ".join(row.given))) for row, r in pairs]),
    }


def _has_banned(row: Row, text: str) -> bool:
    return any(one.severity == "block" for one in check_text(text, language=row.language).findings)


def of_copy(rows: Sequence[Row], variants: Sequence[Sequence[str]]) -> dict[str, Figure]:
    """What is measured on copy: `variants` are several wordings a row."""
    pairs = list(zip(rows, variants, strict=True))
    each = [(row, one) for row, wordings in pairs for one in wordings]
    bodies = [[" ".join(t for f in fields_in(one).values() for t in f) or one for one in w] for _, w in pairs]
    return {
        "limits_kept": by_rows(
            share([keeps_limits(row, one) for row, one in each]), [len(w) for _, w in pairs]
        ),
        "copy_coverage": by_rows(mean([coverage(row, one) for row, one in each]), [len(w) for _, w in pairs]),
        "copy_unsupported_numbers": by_rows(
            share([bool(unfounded(row, one)) for row, one in each]), [len(w) for _, w in pairs]
        ),
        "self_bleu": mean(
            [self_bleu(w, row.language) for (row, _), w in zip(pairs, bodies, strict=True) if len(w) > 1]
        ),
        "distinct_2": mean([distinct(w) for w in bodies]),
    }


def by_rows(figure: Figure, sizes: Sequence[int]) -> Figure:
    """A figure over variants with the means of each row's variants as what is compared: variants have no counterpart."""
    ends = [sum(sizes[: i + 1]) for i in range(len(sizes))]
    rows = [figure.each[end - size : end] for end, size in zip(ends, sizes, strict=True)]
    return replace(figure, each=tuple(statistics.fmean(one) for one in rows if one))


def keeps_limits(row: Row, reply: str) -> bool:
    """Whether a variant has its channel's fields, as many as are asked for, each within its limit."""
    fields = fields_in(reply)
    report = check_fields(fields, channel=row.channel, language=row.language) if fields else None
    broken = (*LENGTH_RULES, f"{row.channel}.")
    return report is not None and not any(
        one.rule.startswith(broken) and (one.severity == "block" or one.rule in LENGTH_RULES)
        for one in report.findings
    )
