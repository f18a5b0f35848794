"""What it costs to send goods somewhere, by the shop's shipping rows: the price of the place's region, nothing from its
limit on. Rows are read as `knowledge.ingest.shop_words` writes them; those that are only words cost nothing known. Chooses
no products and says nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from chains.evidence import Evidence
from chains.places import nearest, places_in, region_of

_PRICE = re.compile(r"^(?:运费 )?(\d+(?:\.\d+)?) ([A-Z]{3})(?=[,，]|$)")
_FREE = re.compile(r"^(?:free|免运费)(?=[,，]|$)")
_LIMIT = re.compile(r"(?:free from|满) (\d+(?:\.\d+)?) ([A-Z]{3})")


@dataclass(frozen=True)
class Postage:
    """The terms of one region; `currency` is empty where it always costs nothing."""

    price: Decimal
    currency: str
    free_from: Decimal | None
    row: Evidence

    def for_goods(self, total: Decimal, currency: str) -> Decimal | None:
        """What sending goods of this value costs; None where the currencies differ."""
        if self.currency not in ("", currency):
            return None
        return Decimal(0) if self.free_from is not None and total >= self.free_from else self.price


def postage_to(text: str, regions: Sequence[Evidence]) -> Postage | None:
    """The terms of the one region that the place of a text lies in; None where there is none, or they are only words."""
    near = nearest(places_in(text), [region_of(e.key) for e in regions])
    if len(near) != 1:
        return None
    row = regions[near[0]]
    price, limit = _PRICE.search(row.value), _LIMIT.search(row.value)
    if price is None:
        return Postage(Decimal(0), "", None, row) if _FREE.search(row.value) else None
    if limit is not None and limit[2] != price[2]:
        return None
    return Postage(Decimal(price[1]), price[2], Decimal(limit[1]) if limit else None, row)
