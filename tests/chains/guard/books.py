"""The ledger of a text as tests ask for it: facts as plain texts. Checks nothing."""

from collections.abc import Sequence
from datetime import date

from chains.guard.ledger import Ledger, ledger
from chains.turn import FactRef


def refs(facts: Sequence[str]) -> list[FactRef]:
    """The facts as rows of a shop, with ids f0, f1 and so on."""
    return [FactRef(id=f"f{n}", source="row", text=fact, scope="public") for n, fact in enumerate(facts)]


def book(
    text: str,
    facts: Sequence[str],
    question: str = "",
    today: date | None = None,
    derived: Sequence[str] = (),
) -> Ledger:
    """The ledger of a text with these facts."""
    return ledger(text, refs(facts), question=question, today=today, derived=derived)
