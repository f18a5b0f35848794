"""What every test of the knowledge room starts from."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.knowledge.room import Room, opened


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """An empty data folder, opened."""
    with opened(tmp_path) as room:
        yield room
