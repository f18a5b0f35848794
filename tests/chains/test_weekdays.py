"""Of opening hours written day by day, a question for one day is answered with that day's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chains.evidence import Evidence
from chains.weekdays import on_the_day

WEEK = "Monday: closed; Tuesday: 11:00-19:00; Thursday: 11:00-20:30; note: ring twice"
ZH = "周一：休息；周二：11:00-19:00；周日：10:00-20:00"


def hours(value: str, language: str = "en", key: str = "Opening hours") -> Evidence:
    said = f"{key}: {value}" if language == "en" else f"{key}：{value}"
    return Evidence(f"shop:opening_hours:{language}", said, "s", "public", "shop", language, None, key, value)


@pytest.mark.parametrize(
    ("question", "fact", "value"),
    [
        ("what time do you close on thursdays", hours(WEEK), "Thursday: 11:00-20:30"),
        ("open Mon or Tues?", hours(WEEK), "Monday: closed; Tuesday: 11:00-19:00"),
        ("星期天晚上开门吗", hours(ZH, "zh", "营业时间"), "周日：10:00-20:00"),
        ("are you open tomorrow", hours(WEEK), WEEK),
        ("open on wednesday?", hours(WEEK), WEEK),
        ("and on saturday?", hours("Tue-Fri 10:00-18:30, Sat 9:30-17:00"), "Tue-Fri 10:00-18:30, Sat 9:30-17:00"),
        ("open on friday?", hours("Mon-Fri: 9:00-18:00; Sat: 10:00-12:00"), "Mon-Fri: 9:00-18:00; Sat: 10:00-12:00"),
    ],
)  # fmt: skip
def test_the_day_that_was_asked_for(question: str, fact: Evidence, value: str) -> None:
    found = on_the_day(fact, question)
    assert found.value == value
    assert found.text.endswith(value)


@given(st.text(max_size=60), st.text(max_size=60))
def test_other_rows_stay_as_they_are(value: str, question: str) -> None:
    row = Evidence("faq:1", value, "f.csv:2", "public", "faq", "en", None, question, value)
    assert on_the_day(row, question) is row
