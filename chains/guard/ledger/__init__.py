"""The claim ledger: what a text claims, and whether the facts bear it. One function, `ledger`; deterministic.

Knows no channel, no advertising law and no model: what a model believes allows nothing here.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from chains.guard.ledger.aligned import judge_aligned
from chains.guard.ledger.case import Case
from chains.guard.ledger.clocked import judge_clocks
from chains.guard.ledger.counting import judge_offers
from chains.guard.ledger.covered import judge_covered
from chains.guard.ledger.cutoff import judge_cutoff
from chains.guard.ledger.destinations import judge_destinations
from chains.guard.ledger.entries import Entry, Ledger, Result
from chains.guard.ledger.facts import read_facts
from chains.guard.ledger.free import judge_free
from chains.guard.ledger.lifetime import judge_lifetime
from chains.guard.ledger.listed import judge_listed
from chains.guard.ledger.names import judge_models, judge_ordered, numbered, unnamed
from chains.guard.ledger.numbers import judge_amounts
from chains.guard.ledger.once import once
from chains.guard.ledger.openers import judge_opening
from chains.guard.ledger.payer import judge_payer
from chains.guard.ledger.picked import judge_picked, judge_unheard
from chains.guard.ledger.polarity import judge_polarity
from chains.guard.ledger.quotes import quoted
from chains.guard.ledger.ranked import judge_superlatives
from chains.guard.ledger.reading import LONGEST, pieces
from chains.guard.ledger.relative import judge_relative
from chains.guard.ledger.retold import judge_retold
from chains.guard.ledger.scan import scan, scan_fact
from chains.guard.ledger.sourced import judge_origins
from chains.guard.ledger.stocked import judge_stock
from chains.guard.ledger.stuff import judge_materials
from chains.guard.ledger.timed import judge_arrivals, judge_conditions, judge_days
from chains.guard.ledger.trend import judge_trend
from chains.guard.ledger.weekly import judge_weeks
from chains.guard.ledger.worded import judge_certifications, judge_ids
from chains.turn import FactRef

MOST_READ = (
    30_000  # characters that are judged; more than any channel takes, and seconds of work at the worst
)
SHOWN = 80  # characters that the entry of an unread rest shows
_WORDS = re.compile(r"\w")

__all__ = ["Entry", "Ledger", "Result", "ledger", "warm_up"]


def ledger(
    text: str,
    facts: Sequence[FactRef],
    *,
    question: str = "",
    today: date | None = None,
    derived: Sequence[str] = (),
) -> Ledger:
    """Every claim of `text` with its result. Spans index `text`. What lies behind MOST_READ characters is not judged: one
    entry says so, unsupported.

    `question` is what was asked: it says whom the text speaks of, and what it repeats is no claim. `today` decides
    which of two dated prices holds. `derived` are texts of values that the caller has computed from rows.
    """
    known = read_facts([(fact.id, fact.text) for fact in facts])
    computed = [scan_fact(one) for one in derived]
    entries: set[Entry] = set()
    read = 0
    for place, stretch in pieces(text):
        if not _WORDS.search(stretch):
            continue
        if read > MOST_READ:
            end = min(len(text), place + SHOWN)
            entries.add(Entry(place, end, text[place:end], "unread", "", "unsupported", "unread"))
            break
        read += len(stretch)
        case = Case(
            numbered(unnamed(scan(stretch), known), known),
            scan_fact(question[:LONGEST]),
            known,
            today,
            computed,
        )
        entries |= {replace(one, start=one.start + place, end=one.end + place) for one in _judged(case)}
    return Ledger(tuple(sorted(entries, key=lambda one: (one.start, one.end, one.kind, one.rule))))


def warm_up() -> None:
    """Read units, lists, cities and the words of Chinese, which takes a second, once: a first check is then as fast as any."""
    fact = FactRef(id="", source="row", text="A - origin: Porto", scope="public")
    ledger("1 kg, made in Porto, 产自广东惠州", [fact])


def _judged(case: Case) -> list[Entry]:
    """Every rule in turn: what words decide before what numbers do, an opening yes or no last; each claim once."""
    judge_ids(case)
    judge_cutoff(case)
    judge_payer(case)
    judge_days(case)
    judge_arrivals(case)
    judge_conditions(case)
    judge_weeks(case)
    judge_clocks(case)
    taken = judge_destinations(case)
    judge_trend(case)
    taken += judge_stock(case) + judge_lifetime(case) + judge_covered(case) + judge_relative(case)
    taken += judge_free(case)
    judge_superlatives(case)
    taken += judge_models(case) + judge_offers(case)
    judge_ordered(case)
    judge_picked(case)
    judge_unheard(case)
    taken += judge_materials(case)
    judge_certifications(case)
    judge_origins(case)
    taken += judge_polarity(case)
    judge_listed(case)
    judge_aligned(case)
    judge_amounts(case, taken)
    judge_retold(case)
    judge_opening(case)
    return once(case, quoted(case))
