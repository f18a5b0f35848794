"""Finds the fixed words of the chat by key and language. Knows no chat and writes none of the words:
they are in `texts.yaml`, as HTML with `$variables`."""

from functools import cache
from html import escape
from importlib.resources import files
from string import Template

import yaml

LANGUAGES = ("en", "zh")


def say(key: str, language: str, **values: object) -> str:
    """The words as HTML, each value escaped. Raises KeyError for an unknown key or a missing variable."""
    template = Template(_all()[key][language if language in LANGUAGES else "en"])
    return template.substitute({name: escape(str(value), quote=False) for name, value in values.items()})


def commands(audience: str, language: str) -> list[tuple[str, str]]:
    """(command, description) of a menu, in order; `audience` is customer, marketer or admin."""
    return [
        (key.removeprefix("menu_"), say(key, language))
        for key in _all()
        if key.startswith("menu_") and audience in _MENUS[key]
    ]


def keys() -> list[str]:
    """Every key, for the test that holds the languages equal."""
    return list(_all())


_EVERYBODY = ("customer", "marketer", "admin")
_MENUS = {
    "menu_start": _EVERYBODY,
    "menu_help": _EVERYBODY,
    "menu_language": _EVERYBODY,
    "menu_copy": ("marketer", "admin"),
    "menu_followup": ("marketer", "admin"),
    "menu_invite": ("admin",),
}


@cache
def _all() -> dict[str, dict[str, str]]:
    raw = files("bot").joinpath("texts.yaml").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = yaml.safe_load(raw)
    return {key: {language: words.strip() for language, words in both.items()} for key, both in found.items()}
