"""No pattern of the ledger backtracks without bound, whether it stands in a module, is made of the lists, or is used in place."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import chains.guard.ledger as package
from chains.guard.ledger.lexicon import data, pattern
from tests.chains.guard.test_check import sre, unbounded

MODULES = [
    importlib.import_module(f"{package.__name__}.{one.name}")
    for one in pkgutil.iter_modules(package.__path__)
]


def compiled(value: Any) -> Iterator[str]:
    """The patterns in a module's name: itself, or what a cached function without arguments made of the lists."""
    if isinstance(value, re.Pattern):
        yield value.pattern
    elif isinstance(value, tuple | list):
        for one in value:
            yield from compiled(one)
    elif hasattr(value, "cache_info") and not value.__wrapped__.__code__.co_argcount:
        yield from compiled(value())


def in_place(path: Path) -> Iterator[str]:
    """Patterns given whole to `re.search` and its like."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re.") and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def lists(value: Any) -> Iterator[str]:
    """Patterns of word lists, wherever a file holds one."""
    if isinstance(value, dict):
        for one in value.values():
            yield from lists(one)
    elif isinstance(value, list) and all(isinstance(one, str) for one in value):
        yield pattern(tuple(value)).pattern
    elif isinstance(value, list):
        for one in value:
            yield from lists(one)


def test_no_pattern_backtracks_without_bound() -> None:
    folder = Path(package.__path__[0])
    checked = {one for module in MODULES for value in vars(module).values() for one in compiled(value)}
    checked |= {one for path in folder.glob("*.py") for one in in_place(path)}
    checked |= {one for path in folder.glob("*.yaml") for one in lists(data(path.stem))}
    assert len(checked) > 150
    assert [one[:80] for one in checked if list(unbounded(sre.parse(one)))] == []
