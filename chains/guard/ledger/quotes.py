"""Lets stand what is quoted: a claim within a stretch that repeats a fact whole is that fact's own.

Knows no kind of claim; a quotation beside the name of another product is none.
"""

from dataclasses import replace

from chains.guard.ledger.case import Case
from chains.guard.ledger.entries import Entry
from chains.guard.ledger.facts import Fact

SHORTEST = 12  # characters of a value that counts as a quotation
NEAR = 40  # characters before it within which its attribute must stand: brushed aluminium of the shade is not the base's


def quoted(case: Case) -> list[Entry]:
    """The entries, those within quotations supported by the fact quoted."""
    stretches = [(*span, fact) for fact in case.facts for span in _spans(case, fact)]
    if not stretches or not any(entry.result in ("contradicted", "unsupported") for entry in case.entries):
        return case.entries
    places = [(*case.said.reading.span(a, b), fact) for a, b, fact in stretches]
    found = []
    for entry in case.entries:
        fact = next((fact for a, b, fact in places if a <= entry.start and entry.end <= b), None)
        loose = entry.result in ("contradicted", "unsupported")
        found.append(
            replace(entry, result="supported", rule="quoted", fact=fact.id) if fact and loose else entry
        )
    return found


def _spans(case: Case, fact: Fact) -> list[tuple[int, int]]:
    """Where the text repeats the fact's value whole."""
    value = fact.value.strip(" .。")
    if len(value) < SHORTEST:
        return []
    found = []
    at = case.text.find(value)
    while at >= 0:
        labelled = fact.family != "product" or fact.attribute in case.text[max(0, at - NEAR) : at]
        if labelled and case.speaks_of(fact, at):
            found.append((at, at + len(value)))
        at = case.text.find(value, at + len(value))
    return found
