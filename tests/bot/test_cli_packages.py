"""The tested set of packages holds what pyproject.toml asks for, and names no build of torch and no host."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def _name(requirement: str) -> str:
    found = re.match(r"[\w.-]+", requirement)
    assert found is not None
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def test_the_lock_pins_every_dependency():
    """A dependency that was added without `make lock` would be missing on a fresh machine."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = {
        _name(item) for item in project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    }
    lines = [line for line in (ROOT / "requirements.lock").read_text("utf-8").splitlines() if line[0] != "#"]
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines)
    assert wanted <= {_name(line) for line in lines}
    assert "torch==2.13.0" in lines
