"""Prompts as files, one .md each, with `$variables`. Knows no model."""

from functools import cache
from importlib import resources
from string import Template

from chains.errors import MissingVariable

LANGUAGES = ("en", "zh")


@cache
def _template(name: str) -> Template:
    return Template(resources.files("chains.prompts").joinpath(f"{name}.md").read_text("utf-8").strip())


def render(name: str, language: str, **values: str) -> str:
    """The prompt `name.language.md` with its variables filled.

    Raises: MissingVariable when one of them is not given.
    """
    template = _template(f"{name}.{'zh' if language == 'zh' else 'en'}")
    try:
        return template.substitute(values)
    except KeyError as error:
        raise MissingVariable(f"The prompt {name} needs a value for {error.args[0]}.") from None


def names() -> list[str]:
    """Every prompt, without its language."""
    files = (file.name for file in resources.files("chains.prompts").iterdir() if file.name.endswith(".md"))
    return sorted({name.rsplit(".", 2)[0] for name in files})


def variables(name: str, language: str) -> set[str]:
    """The variables a prompt needs."""
    return set(_template(f"{name}.{language}").get_identifiers())
