"""The shop's own settings as the chains need them. Knows how owners may shape them, not what is said with them."""

import re
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from knowledge.crm.sources import ShopProfile


@dataclass(frozen=True)
class Shop:
    """A shop without a file is called by no name, trades in EUR and lives in UTC."""

    name: str = ""
    currency: str = "EUR"
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    languages: tuple[str, ...] = ("en", "zh")
    jurisdictions: tuple[str, ...] = ()
    return_days: int | None = None
    settings: dict[str, Any] = field(default_factory=dict)

    def name_in(self, language: str) -> str:
        """The shop's name in a language, where it has one."""
        return str(self.settings.get(f"name_{language}") or self.name)

    @property
    def brand_voice(self) -> dict[str, Any]:
        """The brand voice as a table; a bare sentence is its `tone`."""
        voice = self.settings.get("brand_voice")
        return voice if isinstance(voice, dict) else {"tone": voice} if voice else {}


def read_shop_profile(session: Session) -> Shop:
    """The shop of this database, or the defaults."""
    row = session.get(ShopProfile, 1)
    if row is None:
        return Shop()
    settings = row.settings
    languages = tuple(str(code)[:2].lower() for code in listed(settings.get("languages"))) or ("en", "zh")
    return Shop(
        name=row.name,
        currency=row.currency,
        zone=ZoneInfo(row.timezone),
        languages=languages,
        jurisdictions=tuple(str(code).lower() for code in listed(settings.get("jurisdictions"))),
        return_days=_days(settings.get("returns")),
        settings=settings,
    )


def listed(value: Any) -> list[Any]:
    """A setting that is a list, or words with commas between them."""
    if isinstance(value, str):
        return [part for part in re.split(r"[,;\s]+", value) if part]
    return list(value) if isinstance(value, list) else []


def _days(value: Any, depth: int = 0) -> int | None:
    """The return window in days, however it is written down: 30, "30 days", {window_days: 30}."""
    if isinstance(value, bool) or value is None or depth > 2:
        return None
    if isinstance(value, int):
        return value if 0 <= value < 4000 else None
    if isinstance(value, str):
        match = re.fullmatch(r"\s*(\d{1,4})\s*(?:days?|天|日)?\.?\s*", value) or re.search(
            r"(\d{1,4})[ -]?(?:days?|天|日)", value
        )
        return int(match[1]) if match else None
    if isinstance(value, dict):
        ranked = sorted(value, key=lambda key: 0 if "day" in key or "window" in key or "天" in key else 1)
        found = (_days(value[key], depth + 1) for key in ranked if "refund" not in key)
        return next((days for days in found if days is not None), None)
    return None
