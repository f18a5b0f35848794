"""The settings, their example file, and the sentence that a wrong one gives."""

import re
from pathlib import Path

import pytest

from bot.errors import NotConfigured
from bot.settings import Settings, read_settings

EXAMPLE = Path(__file__).parents[2] / ".env.example"


def test_the_example_names_every_setting_and_changes_none():
    """A newcomer may copy it as it is; nothing in the code is missing from it."""
    named = re.findall(r"^(\w+)=(.*)$", EXAMPLE.read_text("utf-8"), re.M)
    assert [name for name, _ in named] == [f"MARKETEER_{field.upper()}" for field in Settings.model_fields]
    assert Settings(_env_file=EXAMPLE) == Settings(_env_file=None)


@pytest.mark.parametrize("value", ["123456:ABC-your-token", "<token>", "changeme", "put-your-token-here"])
def test_a_placeholder_is_refused_without_being_repeated(value: str, monkeypatch, tmp_path: Path):
    """The sentence names the setting and says what to do; a real token would not be shown either."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text(f"MARKETEER_TELEGRAM_TOKEN={value}\n")
    with pytest.raises(NotConfigured, match=r"MARKETEER_TELEGRAM_TOKEN: .*real value in \.env") as caught:
        read_settings()
    assert value not in str(caught.value)


def test_values_are_read_forgivingly(monkeypatch, tmp_path: Path):
    """Lists with commas or semicolons, levels in any case, a home folder; the command line's folder wins."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MARKETEER_MARKETERS", "5; 6,7")
    monkeypatch.setenv("MARKETEER_LOG_LEVEL", "debug")
    monkeypatch.setenv("MARKETEER_CACHE", "~/somewhere")
    monkeypatch.setenv("MARKETEER_DATA", "/elsewhere")
    found = read_settings(tmp_path)
    assert (found.marketers, found.log_level, found.data) == ((5, 6, 7), "DEBUG", tmp_path)
    assert found.cache == Path.home() / "somewhere"


def test_every_wrong_setting_is_named_at_once(monkeypatch, tmp_path: Path):
    """One run tells all."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MARKETEER_DEVICE", "quantum")
    monkeypatch.setenv("MARKETEER_ADMINS", "@lin")
    with pytest.raises(NotConfigured) as caught:
        read_settings()
    assert "MARKETEER_DEVICE" in str(caught.value)
    assert "MARKETEER_ADMINS: give Telegram user ids" in str(caught.value)
