"""Reads a packaged rules file and lays a shop's own file over it. Knows YAML and merging, not what a rule means."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import yaml

from chains.guard.errors import BadRules

Certainty = Literal["S", "W", "M"]


def rules_from(name: str, packaged: str, override: Path | None) -> dict[str, Any]:
    """The packaged text as data; mappings of the override are merged into it, other values replace. Raises BadRules."""
    data = _mapping(name, packaged)
    if override is None:
        return data
    try:
        text = override.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadRules(f"{override} cannot be read: {error}.") from error
    return merged(data, _mapping(str(override), text))


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """`over` laid on `base`, level by level where both hold a mapping; None takes an entry away."""
    result = dict(base)
    for name, value in over.items():
        old = result.get(name)
        if value is None:
            result.pop(name, None)
        else:
            result[name] = (
                merged(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
            )
    return result


def resolve_sources(data: dict[str, Any]) -> dict[str, Any]:
    """Every `source: KEY` replaced by the title under `sources`, with its date beside it."""
    sources = data.get("sources", {})

    def walk(node: Any) -> Any:
        if isinstance(node, list):
            return [walk(item) for item in node]
        if not isinstance(node, Mapping):
            return node
        result = {name: walk(value) for name, value in node.items()}
        known = sources.get(node["source"]) if isinstance(node.get("source"), str) else None
        return result if known is None else {"date": known["date"], **result, "source": known["title"]}

    return {name: walk(value) for name, value in data.items() if name != "sources"}


def _mapping(name: str, text: str) -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        data = yaml.load(text, Loader=loader)
    except yaml.YAMLError as error:
        raise BadRules(f"{name} is not valid YAML: {error}") from error
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise BadRules(f"{name} must be a mapping at the top.")
    return data
