"""Nothing lost, nothing twice: kills, refusals, broken connections, stalls."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from bot import inbox
from bot.outbox_rows import enqueue
from bot.replies import Reply
from chains.turn import Answer, Question, Shown
from knowledge.crm.conversations import InboxUpdate, OutboxMessage
from knowledge.crm.customers import TelegramIdentity
from knowledge.crm.database import Database
from tests.bot.fake_telegram import Call, FakeTelegram, Refusal, Silence
from tests.bot.scripted import ScriptedAssistant, answer, make_services, running

LIN, OLA = 7, 8


def rows(database: Database, table: Any) -> list[Any]:
    """Everything in a table."""
    with database.session() as session:
        return list(session.exec(select(table)).all())


def mortal(folder: Path, telegram: FakeTelegram, script: str) -> "subprocess.Popen[bytes]":
    """A bot process that will be killed."""
    return subprocess.Popen([sys.executable, "-m", "tests.bot.mortal", str(folder), telegram.api, script])


@pytest.mark.parametrize("script", ["answer", "stream"])
async def test_a_bot_killed_while_answering_answers_exactly_once_after_its_restart(
    tmp_path: Path, telegram: FakeTelegram, script: str
):
    """The update was on disk; half-sent words are continued in the same message."""
    telegram.say(LIN, "are you there?")
    assert await asyncio.to_thread(mortal(tmp_path, telegram, script).wait, 30) == 9
    assert telegram.seen(LIN) == (["The first words"] if script == "stream" else [])
    services = make_services(tmp_path, telegram)
    for _ in range(2):  # the second start finds nothing left to do
        async with running(services, telegram):
            await telegram.until(lambda: telegram.seen(LIN) == ["You said: are you there?"])
    assert len(telegram.of("sendMessage", LIN)) == 1
    assert [row.state for row in rows(services.database, OutboxMessage)] == ["sent"]


async def test_a_bot_killed_while_sending_sends_again_without_thinking_again(
    tmp_path: Path, telegram: FakeTelegram
):
    """The answer was decided and on disk: the restart sends those words and asks no model."""
    process = mortal(tmp_path, telegram, "echo")

    def kill(_: Call) -> None:
        process.kill()
        process.wait()
        raise Silence(done=False)

    telegram.on("sendMessage", kill, chat=LIN)
    telegram.say(LIN, "are you there?")
    await telegram.until(lambda: process.poll() is not None, 30)
    assistant = ScriptedAssistant()
    async with running(make_services(tmp_path, telegram, assistant), telegram):
        await telegram.until(lambda: telegram.seen(LIN))
    assert telegram.seen(LIN) == ["You said: are you there?"]
    assert assistant.questions == []


async def test_an_update_that_comes_twice_is_answered_once(tmp_path: Path, telegram: FakeTelegram):
    """Telegram repeats an update whose confirmation it missed."""
    services = make_services(tmp_path, telegram)
    async with running(services, telegram):
        number = telegram.say(LIN, "hello")
        await telegram.until(lambda: telegram.seen(LIN))
    again = {"message_id": 900, "date": 1, "chat": {"id": LIN, "type": "private"}, "text": "hello"}
    person = {"id": LIN, "is_bot": False, "first_name": "L"}
    async with running(services, telegram):
        telegram.push({"message": again | {"from": person}}, number)
        telegram.say(LIN, "bye")
        await telegram.until(lambda: len(telegram.seen(LIN)) == 2)
    assert telegram.seen(LIN) == ["You said: hello", "You said: bye"]


async def test_an_update_that_keeps_killing_the_process_is_given_up_with_a_sentence(
    tmp_path: Path, telegram: FakeTelegram
):
    """After three attempts the person is told, and the model is left alone."""
    telegram.say(LIN, "poison")
    assert await asyncio.to_thread(mortal(tmp_path, telegram, "answer").wait, 30) == 9
    assistant = ScriptedAssistant()
    services = make_services(tmp_path, telegram, assistant)
    with services.database.session() as session:
        session.exec(select(InboxUpdate)).one().attempts = inbox.ATTEMPTS
    async with running(services, telegram):
        await telegram.until(lambda: telegram.seen(LIN))
    assert "E-" in telegram.seen(LIN)[0]
    assert assistant.questions == []


async def test_a_stop_leaves_a_stuck_answer_for_the_next_start(
    tmp_path: Path, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
):
    """Ctrl-C does not wait for ever, closes the model's stream, and loses nothing."""
    monkeypatch.setattr(inbox.ChatOrder.close, "__defaults__", (0.2,))

    async def stuck(_: Question) -> AsyncGenerator[Shown | Answer, None]:
        await asyncio.sleep(3600)
        yield answer("never")

    first = ScriptedAssistant(stuck)
    async with running(make_services(tmp_path, telegram, first), telegram):
        telegram.say(LIN, "one")
        telegram.say(LIN, "two")
        await telegram.until(lambda: first.questions)
    assert first.closed == 1
    async with running(make_services(tmp_path, telegram), telegram):
        await telegram.until(lambda: len(telegram.seen(LIN)) == 2)
    assert telegram.seen(LIN) == ["You said: one", "You said: two"]


async def test_a_stalled_chat_stalls_no_other_and_keeps_its_own_order(tmp_path: Path, telegram: FakeTelegram):
    """Forty messages wait behind a slow one; another chat is answered meanwhile."""
    release = asyncio.Event()

    async def script(question: Question) -> AsyncGenerator[Shown | Answer, None]:
        if question.text == "slow":
            await release.wait()
        yield answer(f"You said: {question.text}")

    async with running(make_services(tmp_path, telegram, ScriptedAssistant(script)), telegram):
        telegram.say(LIN, "slow")
        for number in range(40):
            telegram.say(LIN, f"m{number}")
        telegram.say(OLA, "hello")
        await telegram.until(lambda: telegram.seen(OLA))
        assert telegram.seen(LIN) == []
        release.set()
        await telegram.until(lambda: len(telegram.seen(LIN)) == 41)
    assert telegram.seen(LIN) == ["You said: slow", *(f"You said: m{number}" for number in range(40))]


async def test_429_is_waited_out_in_that_chat_only(tmp_path: Path, telegram: FakeTelegram):
    """retry_after is kept to; a second chat does not wait."""
    telegram.fail("sendMessage", Refusal(429, "Too Many Requests: retry after 2", retry_after=2), chat=LIN)
    async with running(make_services(tmp_path, telegram), telegram):
        telegram.say(LIN, "hello")
        await telegram.until(lambda: telegram.of("sendMessage", LIN))
        telegram.say(OLA, "hello")
        await telegram.until(lambda: telegram.seen(OLA))
        assert telegram.seen(LIN) == []
        await telegram.until(lambda: telegram.seen(LIN))
    refused, sent = telegram.of("sendMessage", LIN)
    assert sent.at - refused.at >= 2
    assert telegram.seen(LIN) == ["You said: hello"]


async def test_403_marks_the_person_blocked_until_they_write_again(tmp_path: Path, telegram: FakeTelegram):
    """No second try; their next message lifts the mark; Telegram's own word of a block counts too."""
    services = make_services(tmp_path, telegram)

    def blocked() -> bool:
        people = rows(services.database, TelegramIdentity)
        return bool(people) and people[0].blocked_at is not None

    telegram.fail("sendMessage", Refusal(403, "Forbidden: bot was blocked by the user"), chat=LIN)
    async with running(services, telegram):
        telegram.say(LIN, "hello")
        await telegram.until(blocked)
        assert [row.state for row in rows(services.database, OutboxMessage)] == ["failed"]
        telegram.say(LIN, "me again")
        await telegram.until(lambda: telegram.seen(LIN))
        assert not blocked()
        telegram.block(LIN)
        await telegram.until(blocked)
    assert len(telegram.of("sendMessage", LIN)) == 2


@pytest.mark.parametrize("kind", ["service", "promotion"])
async def test_no_answer_to_a_send(tmp_path: Path, telegram: FakeTelegram, kind: str):
    """It arrived, but the answer was lost: service is sent again, promotion is marked and left alone."""
    services = make_services(tmp_path, telegram)
    telegram.fail("sendMessage", Silence(done=True), chat=LIN)
    with services.database.session() as session:
        enqueue(session, LIN, [Reply("New teas")], kind=kind)
    wanted = {"service": "sent", "promotion": "uncertain"}[kind]
    for _ in range(2):
        async with running(services, telegram):
            await telegram.until(lambda: rows(services.database, OutboxMessage)[0].state == wanted)
    assert telegram.seen(LIN) == ["New teas"] * (2 if kind == "service" else 1)


async def test_telegram_out_of_reach_is_waited_for(tmp_path: Path, telegram: FakeTelegram):
    """The first login fails; the bot says so and tries again."""
    telegram.fail("getMe", Refusal(502, "Bad Gateway"))
    async with running(make_services(tmp_path, telegram), telegram) as bot:
        telegram.say(LIN, "hello")
        await telegram.until(lambda: telegram.seen(LIN))
    assert "cannot be reached" in bot.said[0]
