"""Values of a row told in the other language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chains.measures import in_other


@pytest.mark.parametrize(
    ("value", "language", "told"),
    [
        ("180 公斤", "en", "180 kg"), ("6.5 hours", "zh", "6.5 小时"), ("约30分钟", "en", "about 30 minutes"),
        ("up to 12 kg", "zh", "最多 12 公斤"), ("48 × 34 厘米", "en", "48 × 34 cm"), ("no", "zh", "否"),
        ("birch plywood", "zh", None), ("3 节 AA", "en", None), ("44", "en", None), ("", "zh", None),
    ],
)  # fmt: skip
def test_numbers_and_units_alone_are_told(value: str, language: str, told: str | None) -> None:
    assert in_other(value, language) == told


@given(st.text(alphabet="0123456789.,- kgcmhy是否公斤天约abc", max_size=24), st.sampled_from(["en", "zh"]))
def test_numbers_stay_as_they_are(value: str, language: str) -> None:
    told = in_other(value, language)
    assert told is None or [c for c in told if c.isdigit()] == [c for c in value if c.isdigit()]
