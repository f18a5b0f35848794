"""Places in texts, and the shipping region a place belongs to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chains.places import nearest, places_in, region_of
from tests.chains.conftest import Ask


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("do you ship to Portugal", {"PT"}), ("发到葡萄牙", {"PT"}), ("寄到上海要多少钱", {"CN.23"}), ("中国大陆", {"CN"}),
        ("Other EU countries", {"EU"}), ("欧盟其他国家", {"EU"}), ("Northern Ireland", {"GB.NIR"}), ("Republic of Ireland", {"IE"}),
        ("Germany, Austria and the Benelux", {"DE", "AT", "BE", "NL", "LU"}), ("can you help us", set()),
        ("my nan lives in antwerp", {"BE.VLG/antwerp"}), ("我人在拉萨", {"CN.14/lhasa"}), ("a reading lamp for bath time", set()),
        ("posting to Reading", {"GB.ENG/reading"}), ("Rest of the country", set()), ("寄到大理几天", {"CN.29/dali"}),
    ],
)  # fmt: skip
def test_places(text: str, codes: set[str]) -> None:
    assert places_in(text) == codes


REGIONS = [
    places_in(name)
    for name in (
        "Belgium",
        "Rest of the EU",
        "United Kingdom",
        "Mainland China",
        "worldwide",
        "新疆、西藏",
        "Kunming city",
    )
]


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("Brussels", 0),
        ("to lisbon", 1),
        ("Scotland", 2),
        ("深圳", 3),
        ("USA", 4),
        ("somewhere", None),
        ("拉萨", 5),
        ("in kashgar", 5),
        ("昆明", 6),
        ("大理", 3),
        ("Belfast", 4),
        ("krakow", 1),
    ],
)
def test_the_nearest_region(text: str, region: int | None) -> None:
    assert nearest(places_in(text), REGIONS) == ([] if region is None else [region])


def test_outside_a_place_is_no_place_in_it() -> None:
    regions = [
        region_of(name)
        for name in ("Rest of British Columbia", "Rest of Canada", "Shipping to Outside Canada", "加拿大以外")
    ]
    assert nearest(places_in("my aunt in Halifax"), regions) == [1]
    assert nearest(places_in("to Kelowna"), regions) == [0]


@given(st.text(max_size=80))
def test_any_text_is_read(text: str) -> None:
    assert all(code[:2].isalpha() for code in places_in(text))


def test_shipping_is_told_for_the_place(ask: Ask) -> None:
    assert "Germany" in ask("how much is shipping to Berlin?").reply
    assert "中国" not in ask("运费寄到柏林多少").reply
