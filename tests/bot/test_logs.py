"""The log: never the token, never the people's words."""

import logging
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import NotConfigured
from bot.logs import error_number, keep_secret, safe_trace
from tests.bot.fake_telegram import TOKEN, FakeTelegram, Refusal
from tests.bot.scripted import make_services, running


async def test_the_token_and_the_words_never_reach_the_log(
    tmp_path: Path, telegram: FakeTelegram, caplog: pytest.LogCaptureFixture
):
    """A whole conversation with a refusal in it, at DEBUG."""
    caplog.set_level(logging.DEBUG)
    telegram.fail("sendMessage", Refusal(500, "Internal"), chat=7)
    async with running(make_services(tmp_path, telegram), telegram):
        telegram.say(7, "my phone is 13800001111")
        await telegram.until(lambda: telegram.seen(7))
    assert caplog.records
    assert TOKEN not in caplog.text
    assert "13800001111" not in caplog.text


def test_httpx_is_quiet_and_what_it_does_say_is_redacted(caplog: Any):
    """Even a logger that somebody turned up again prints no token, in words, arguments or traces."""
    caplog.set_level(logging.DEBUG)
    keep_secret(TOKEN)
    assert logging.getLogger("httpx").getEffectiveLevel() >= logging.WARNING
    for name in ("httpx", "httpcore", "telegram.Bot", "somebody.else"):
        logging.getLogger(name).warning(
            'HTTP Request: POST %s "200"', httpx.URL(f"http://x/bot{TOKEN}/getMe")
        )
    try:
        raise ValueError(f"no route to /bot{TOKEN}")
    except ValueError:
        logging.getLogger("httpx").exception("failed")
    assert TOKEN not in caplog.text
    assert "/bot[secret]/getMe" in caplog.text
    assert "ValueError" in caplog.text


async def test_a_refused_token_is_a_sentence_without_the_token(tmp_path: Path, telegram: FakeTelegram):
    """What PTB says of it quotes the token; ours does not, nor does its trace."""
    telegram.fail("getMe", Refusal(401, "Unauthorized"))
    with pytest.raises(NotConfigured) as caught:
        async with running(make_services(tmp_path, telegram), telegram):
            pass
    assert "BotFather" in str(caught.value)
    assert TOKEN not in str(caught.value)
    assert caught.value.__suppress_context__


def test_a_trace_keeps_places_and_drops_sql_parameters(tmp_path: Path, telegram: FakeTelegram):
    """SQLAlchemy quotes the row it could not write; the log gets types and lines only."""
    services = make_services(tmp_path, telegram)
    name = " ".join(["Lin", "Wei"])
    with pytest.raises(SQLAlchemyError) as caught, services.database.session() as session:
        session.execute(text("insert into nowhere values (:x)"), {"x": name})
    assert name in str(caught.value)
    told = safe_trace(caught.value)
    assert "OperationalError" in told
    assert "test_logs.py" in told
    assert name not in told
    assert error_number().startswith("E-")
