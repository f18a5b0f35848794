"""The lists and tables the chains read, as YAML, and examples and labelled data, as JSON Lines."""

from functools import cache
from importlib import resources
from typing import Any

import yaml


@cache
def table(name: str, package: str = "chains.data") -> Any:
    """`name`.yaml of a package, read once; who takes it does not change it."""
    text = resources.files(package).joinpath(f"{name}.yaml").read_text("utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
