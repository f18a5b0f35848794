"""Which month a message speaks of."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chains.months import NAMES, Month, month_in

TODAY = date(2026, 1, 20)


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("what was it i bought back in April", Month(4)),
        ("what were the things i bought in may 2025", Month(5, 2025)),
        ("what did I order last month?", Month(12, 2025)),
        ("我四月份买的是什么", Month(4)),
        ("2025年11月我买了什么", Month(11, 2025)),
        ("去年十二月买的那个", Month(12, 2025)),
        ("上个月我买了啥", Month(12, 2025)),
        ("may I return it", None),
        ("what did i buy", None),
        ("用了3个月坏了", None),
    ],
)
def test_month(text: str, month: Month | None) -> None:
    assert month_in(text, TODAY) == month


@given(st.text(max_size=60), st.dates())
def test_any_text_is_read(text: str, today: date) -> None:
    month = month_in(text, today)
    assert month is None or 1 <= month.month <= 12


@given(st.integers(1, 12), st.one_of(st.none(), st.integers(2000, 2099)))
def test_both_languages_agree(month: int, year: int | None) -> None:
    english = f"what did i buy in {NAMES[month - 1]}{f' {year}' if year else ''}"
    chinese = f"{f'{year}年' if year else ''}{month}月买的什么"
    assert month_in(english, TODAY) == month_in(chinese, TODAY) == Month(month, year)
