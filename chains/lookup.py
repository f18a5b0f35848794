"""Looks facts up for a turn: by search, by the shop's setting, within the scope of who asks. Judges nothing."""

from chains.plan import Turn
from knowledge.crm.catalogue_view import Item
from knowledge.crm.desk import Desk
from knowledge.facts.retriever import FactIndex, Hit

POOL = 48  # facts looked through
HITS = 12  # of them judged, and those few that only the other language has
FOREIGN = 4


class Lookup:
    """The facts that a turn may see; synchronous."""

    def __init__(self, index: FactIndex) -> None:
        self._index = index

    def search(self, turn: Turn, query: str) -> list[Hit]:
        """The facts nearest to a query, best first."""
        retriever = self._index.retriever(turn.question.principal, k=POOL)
        vector = turn.route.vector if query == turn.route.text else None
        hits = retriever.search(query, vector=vector)
        # notes are the team's words about a customer: for marketers, not for reading back to the customer
        hits = [hit for hit in hits if hit.kind != "note" or turn.question.role == "marketer"]
        foreign = [hit for hit in hits[HITS:] if self._only_there(hit, turn)]
        return hits[:HITS] + foreign[:FOREIGN]

    @staticmethod
    def _only_there(hit: Hit, turn: Turn) -> bool:
        """Whether a fact is in the other language only, where words cannot have helped to find it."""
        if hit.language == turn.language:
            return False
        item = turn.desk.catalogue.items.get(str(hit.details.get("sku")))
        return item is None or turn.language not in item.names

    def setting(self, turn: Turn, key: str) -> list[Hit]:
        """A setting of the shop as facts, in the turn's language where it has it."""
        found = self._index.retriever(turn.question.principal).entities(
            {f"shop:{key}:{c}" for c in ("en", "zh")}
        )
        own = [hit for hit in found if hit.language == turn.language]
        return own or found


def items_of(hits: list[Hit], desk: Desk) -> list[Item]:
    """The products that facts are of, each once, in their order."""
    skus = dict.fromkeys(hit.details["sku"] for hit in hits if hit.kind == "product")
    return [desk.catalogue.items[sku] for sku in skus if sku in desk.catalogue.items]
