"""Who is asking, and which scopes they may read. The only place where that is decided."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

PUBLIC = "public"
INTERNAL = "internal"
CUSTOMER = "customer:"


@dataclass(frozen=True)
class Principal:
    """A customer (known by id, or not at all) or a marketer."""

    role: Literal["customer", "marketer"] = "customer"
    customer_id: str | None = None

    def may_read(self, scope: str) -> bool:
        """Public is everybody's; a customer's scope is theirs and the marketers'; the rest is the marketers'."""
        if scope == PUBLIC or self.role == "marketer":
            return True
        return self.customer_id is not None and scope == CUSTOMER + self.customer_id

    def readable(self, scopes: Collection[str]) -> list[str]:
        """Those of these scopes that may be read, without a look at each of a customer's neighbours."""
        if self.role == "marketer":
            return list(scopes)
        own = (PUBLIC, f"{CUSTOMER}{self.customer_id}")
        return [scope for scope in own if scope in scopes and self.may_read(scope)]


MARKETER = Principal("marketer")
STRANGER = Principal()
