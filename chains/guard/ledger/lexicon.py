"""The word lists of the ledger, read once from YAML, with the patterns made of them. Knows no text and no fact."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Unit:
    """`value * factor` is in the base of `dimension`; two amounts compare where their dimensions agree."""

    kind: str
    dimension: str
    factor: Fraction


@cache
def data(name: str) -> Any:
    """One of the lists, as YAML has it."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = resources.files("chains.guard.ledger").joinpath(f"{name}.yaml").read_text("utf-8")
    return yaml.load(text, Loader=loader)


def any_of(words: Iterable[str]) -> str:
    """A pattern of any of the words, the longest first; Latin ones stand whole."""
    return _alternation(tuple(map(str, words)))


@cache
def _alternation(words: tuple[str, ...]) -> str:
    latin = [word for word in words if re.match(r"[a-z]", word)]
    others = [word for word in words if not re.match(r"[a-z]", word)]
    parts = [rf"(?<![a-z0-9]){_trie(latin)}"] * bool(latin) + [_trie(others)] * bool(others)
    return "|".join(parts)


def _trie(words: Iterable[str]) -> str:
    """A pattern that shares the words' beginnings, so that a text is tried against a letter, not against each word; the
    longest word wins."""
    root: dict[str, Any] = {}
    for word in words:
        node = root
        for char in word:
            node = node.setdefault("[ -]" if char in " -" else re.escape(char), {})
        node[""] = r"(?![a-z])" if re.search(r"[a-z]$", word) else ""
    return _branch(root)


def _branch(node: dict[str, Any]) -> str:
    end = node.get("")
    ways = [letter + _branch(rest) for letter, rest in node.items() if letter]
    ways += [end] if end is not None else []
    return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"


@cache
def pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """`any_of`, compiled; a pattern that never matches for no words."""
    return re.compile(any_of(words) or r"(?!)")


@cache
def ending(words: tuple[str, ...]) -> re.Pattern[str]:
    """`any_of` at the end of a text, a blank behind it or none."""
    return re.compile(rf"(?:{any_of(words)})\s?$")


@cache
def behind(words: tuple[str, ...]) -> re.Pattern[str]:
    """`any_of` from a place on, a blank or a hyphen before it or none."""
    return re.compile(rf"[ -]?(?:{any_of(words)})")


@cache
def units() -> Mapping[str, tuple[Unit, ...]]:
    """Units by spoken form; "pound" may be money or, in a shop that sells by it, something else."""
    from pint import UnitRegistry

    registry: Any = UnitRegistry(non_int_type=Fraction)
    found: dict[str, tuple[Unit, ...]] = {}
    for kind in ("quantity", "duration", "price"):
        for entry in data("units")[kind]:
            unit = _unit(registry, kind, entry)
            for form in (*_plural(entry.get("en", [])), *entry.get("zh", [])):
                found[form] = (*found.get(form, ()), unit)
    return found


def _unit(registry: Any, kind: str, entry: Mapping[str, Any]) -> Unit:
    if "alone" in entry:
        return Unit(kind, str(entry["alone"]), Fraction(str(entry.get("times", 1))))
    base = (Fraction(1) * registry.parse_expression(entry["unit"])).to_base_units()
    names = sorted((name, int(power)) for name, power in base.dimensionality.items())
    dimension = "".join(name if power == 1 else f"{name}^{power}" for name, power in names)
    return Unit(kind, dimension, Fraction(base.magnitude))


def _plural(forms: Iterable[str]) -> list[str]:
    return [
        one
        for form in forms
        for one in (
            [form, form + "s"]
            if (len(form) > 3 or form in ("day", "sec", "min")) and form[-1].isalpha()
            else [form]
        )
    ]


@cache
def unit_pattern() -> re.Pattern[str]:
    """A unit as it stands behind a number, with the blank or hyphen before it."""
    latin = [form for form in units() if form.isascii() or not _is_han(form[0])]
    han = [form for form in units() if _is_han(form[0])]
    words = "|".join(re.escape(form).replace(r"\ ", "[ -]") for form in sorted(latin, key=len, reverse=True))
    chars = "|".join(map(re.escape, sorted(han, key=len, reverse=True)))
    return re.compile(rf"[ \-]?(?P<latin>{words})(?![a-z])|[ ]?(?P<han>{chars})")


@cache
def classifiers() -> str:
    """Chinese measure words as an alternation."""
    return "|".join(map(re.escape, sorted(data("units")["classifiers"], key=len, reverse=True)))


def _is_han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff" or char == "円"


is_han = _is_han
