"""A fact before it is stored, and the id that makes stored text and vector one thing."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class FactDraft:
    """`entity` names the row it is made of; `part` tells the facts of one row apart."""

    kind: str
    entity: str
    scope: str
    language: str
    text: str
    details: dict[str, Any] = field(default_factory=dict)
    line: int | None = None
    part: int = 0

    @property
    def id(self) -> str:
        """Entity plus a digest of all that the fact says: a changed fact is another fact."""
        said = json.dumps(
            [self.text, self.scope, self.language, self.details], ensure_ascii=False, sort_keys=True
        )
        return f"{self.entity}/{self.part}@{hashlib.sha256(said.encode()).hexdigest()[:12]}"
