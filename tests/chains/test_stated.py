"""A yes or no of a row as a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chains.stated import speaks_of, stated


@pytest.mark.parametrize(
    ("key", "value", "language", "sentence"),
    [
        ("rain cover included", False, "en", "The rain cover is not included with the Aster."),
        ("batteries included", True, "en", "The batteries are included with the Aster."),
        ("machine washable", True, "en", "The Aster is machine washable."),
        ("safe for cats and dogs", False, "en", "The Aster is not safe for cats and dogs."),
        ("adult help needed", False, "en", "The Aster needs no adult help."),
        ("folds flat", False, "en", "The Aster does not fold flat."),
        ("can be submerged", False, "en", "The Aster cannot be submerged."),
        ("含午餐", False, "zh", "Aster不含午餐。"),
        ("可机洗", True, "zh", "Aster可机洗。"),
        ("有背带钉", False, "zh", "Aster没有背带钉。"),
        ("需要电池", False, "zh", "Aster不需要电池。"),
        ("防水", False, "zh", "Aster不防水。"),
        ("纯素", True, "zh", "Aster是纯素的。"),
        ("dishwasher", False, "en", "The Aster cannot go in the dishwasher."),
        ("tumble dryer", True, "en", "The Aster can go in the tumble dryer."),
        ("MIPS", False, "en", "The Aster has no MIPS."),
        ("pressure gauge", True, "en", "The Aster has a pressure gauge."),
        ("inner pocket", True, "en", "The Aster has an inner pocket."),
        ("USB port", True, "en", "The Aster has a USB port."),
        ("洗碗机", False, "zh", "Aster不能放进洗碗机。"),
        ("机洗", True, "zh", "Aster可以机洗。"),
        ("气压表", False, "zh", "Aster没有气压表。"),
    ],
)
def test_names_of_attributes_become_sentences(key: str, value: bool, language: str, sentence: str) -> None:
    assert stated(key, value, "Aster", language) == sentence


@pytest.mark.parametrize(
    ("key", "language"), [("TÜV", "en"), ("in production", "en"), ("有机认证", "zh"), ("3C 认证", "zh")]
)
def test_other_names_are_left_as_they_are(key: str, language: str) -> None:
    assert stated(key, True, "Aster", language) is None


@given(st.text(max_size=40), st.booleans(), st.text(max_size=20), st.sampled_from(["en", "zh"]))
def test_any_name_and_product_is_said_or_left(key: str, value: bool, product: str, language: str) -> None:
    said = stated(key, value, product, language)
    assert said is None or product in said


@pytest.mark.parametrize(
    ("text", "key", "language", "left"),
    [
        ("It comes without a cable.", "cable included", "en", "cable"),
        ("The map is green.", "lunch included", "en", "lunch included"),
        ("No batteries are needed.", "batteries required", "en", "batteries"),
        ("It has a timer.", "timer", "en", "timer"),
        ("可以充电。", "可充电", "zh", ""),
        ("不能烘干机。", "可烘干", "zh", "可烘干"),
        ("需要充电。", "可充电", "zh", "可充电"),
        ("可以充电（USB。", "可充电（USB", "zh", ""),
        ("It comes without a (cable.", "(cable included", "en", "(cable"),
    ],
)
def test_what_is_left_to_be_named_in_other_words(text: str, key: str, language: str, left: str) -> None:
    assert speaks_of(text, key, language) == left
