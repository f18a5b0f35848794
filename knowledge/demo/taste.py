"""The hidden rules of demand in the demo shop: who likes what, when, and which message moves whom.

Pure numbers without dates of their own or files. The values are invented; they
give models something true to find, and say nothing about real shoppers.
"""

from datetime import date, timedelta

# First day of the Chinese year, from the public lunar calendar.
LUNAR_NEW_YEAR = {
    2024: date(2024, 2, 10), 2025: date(2025, 1, 29), 2026: date(2026, 2, 17), 2027: date(2027, 2, 6),
    2028: date(2028, 1, 26), 2029: date(2029, 2, 13), 2030: date(2030, 2, 3),
}  # fmt: skip

_MONTH = (1.0, 0.9, 0.95, 0.9, 0.85, 0.7, 0.65, 0.7, 0.9, 1.1, 1.7, 2.1)

_CATEGORY = {  # segment -> weight of TP, CU, TE, CO, KE, HO
    "gongfu": {"TP": 1.0, "CU": 0.8, "TE": 2.0, "CO": 0.1, "KE": 0.3, "HO": 0.4},
    "everyday": {"TP": 0.8, "CU": 1.0, "TE": 1.6, "CO": 0.3, "KE": 0.8, "HO": 0.4},
    "coffee": {"TP": 0.1, "CU": 0.6, "TE": 0.2, "CO": 2.4, "KE": 0.7, "HO": 0.2},
    "home": {"TP": 0.5, "CU": 0.9, "TE": 0.5, "CO": 0.2, "KE": 0.3, "HO": 2.2},
    "evening": {"TP": 0.4, "CU": 0.6, "TE": 0.6, "CO": 0.2, "KE": 0.4, "HO": 0.8},
}
_FAVOURITES = {
    "gongfu": "TP-07 TP-08 TP-10 TP-11 TP-14 CU-03 CU-04 CU-09 TE-01 TE-07 TE-08 TE-09 TE-14 TE-15 TE-16 HO-05 HO-06",
    "everyday": "TP-01 TP-04 TP-05 CU-05 CU-06 CU-07 TE-03 TE-04 TE-10 TE-11 TE-13 TE-17 KE-01 KE-02 HO-13 HO-17",
    "coffee": "CO-01 CO-02 CO-03 CO-05 CO-08 CO-11 CU-02 CU-13 KE-03 KE-09 KE-12",
    "home": "HO-01 HO-03 HO-07 HO-11 HO-12 HO-16 CU-05 TE-21 TP-09 TP-16",
    "evening": "TE-18 TE-19 TE-20 TE-22 CO-06 HO-07 HO-08 CU-01 CU-07 KE-10",
}
_GIFTS = frozenset(("TE-21", "HO-16", "TP-01", "TP-13", "TE-14", "HO-07", "TE-17", "CU-04"))

CLICK = {  # segment -> (variant A: a story about the maker, variant B: the saving)
    "gongfu": (0.21, 0.08),
    "everyday": (0.10, 0.15),
    "coffee": (0.09, 0.14),
    "home": (0.16, 0.13),
    "evening": (0.12, 0.11),
}
CONVERT = {  # after a click
    "gongfu": (0.24, 0.14),
    "everyday": (0.13, 0.24),
    "coffee": (0.12, 0.20),
    "home": (0.18, 0.20),
    "evening": (0.16, 0.15),
}


def lunar_rush(day: date) -> bool:
    """Tell whether a day is in the five weeks before Chinese New Year, less the last four days."""
    feast = LUNAR_NEW_YEAR.get(day.year)
    return feast is not None and timedelta(days=4) <= feast - day <= timedelta(days=35)


def season(day: date, language: str) -> float:
    """Return the relative demand of a day, about 1.0 on average."""
    weight = _MONTH[day.month - 1] * (1.15 if day.weekday() >= 5 else 1.0)
    if day.month == 12 and day.day > 22:
        weight *= 0.4
    if lunar_rush(day):
        weight *= 2.2 if language == "zh" else 1.1
    return weight


def liking(sku: str, segment: str, day: date, quality: float) -> float:
    """Return the unnormalised chance of a product for a segment; `quality` is a mean rating from 1 to 5."""
    weight = _CATEGORY[segment][sku[:2]]
    if sku in _FAVOURITES[segment].split():
        weight *= 4.0
    if sku in _GIFTS and (day.month in (11, 12) or lunar_rush(day)):
        weight *= 2.5
    return weight * float((quality / 4.0) ** 3)
