"""What every Telegram test starts from."""

from collections.abc import Iterator

import pytest

from tests.bot.fake_telegram import FakeTelegram


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    """A fake Bot API of its own for each test."""
    with FakeTelegram() as fake:
        yield fake
