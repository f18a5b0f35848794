"""The fixed words: both languages, always."""

import re

import pytest

from bot.texts import LANGUAGES, _all, keys, say
from knowledge.languages import HAN


@pytest.mark.parametrize("key", keys())
def test_every_text_stands_in_both_languages_with_the_same_variables(key: str):
    """Neither language is a guest."""
    both = _all()[key]
    assert set(both) == set(LANGUAGES)
    variables = [set(re.findall(r"\$(\w+)", both[language])) for language in LANGUAGES]
    assert variables[0] == variables[1]
    assert HAN.search(both["zh"])


def test_values_are_escaped_and_missing_ones_raise():
    """A shop called `<b>` is a shop called `<b>`."""
    assert "&lt;b&gt;" in say("welcome", "en", shop="<b>")
    assert say("help_admin", "fr") == say("help_admin", "en")
    with pytest.raises(KeyError):
        say("welcome", "en")
