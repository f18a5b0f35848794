"""What people see in a Telegram chat: greetings, answers, languages, streaming, errors."""

import asyncio
from collections.abc import AsyncGenerator
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlmodel import select

from chains.turn import Answer, Question, Shown, VariantText, Waiting
from knowledge.crm.consent import latest_consent
from knowledge.crm.conversations import Conversation, InboxUpdate, Message
from knowledge.crm.customers import Customer, TelegramIdentity
from knowledge.crm.database import Database
from knowledge.crm.sources import ShopProfile, UnansweredQuestion
from tests.bot.fake_telegram import FakeTelegram
from tests.bot.scripted import ScriptedAssistant, answer, make_services, running

LIN = 7


def rows(database: Database, table: Any) -> list[Any]:
    """Everything in a table."""
    with database.session() as session:
        return list(session.exec(select(table)).all())


async def test_start_greets_as_a_bot_of_the_shop_in_both_languages(tmp_path: Path, telegram: FakeTelegram):
    """The first contact says what it is and how to refuse offers."""
    services = make_services(tmp_path, telegram)
    with services.database.session() as session:
        session.add(ShopProfile(name="Tea & <Clay>"))
    async with running(services, telegram):
        telegram.say(LIN, "/start")
        telegram.say(8, "/start", app="zh-hans")
        await telegram.until(lambda: telegram.seen(LIN) and telegram.seen(8))
    (english,), (chinese,) = telegram.seen(LIN), telegram.seen(8)
    assert "Tea & <Clay>" in english
    assert "bot, not a person" in english
    assert "stop" in english
    assert "不是真人" in chinese
    assert "退订" in chinese


async def test_free_text_reaches_the_assistant_with_history_and_is_recorded(
    tmp_path: Path, telegram: FakeTelegram
):
    """The second question carries the first exchange; both sides are stored with the turn."""
    assistant = ScriptedAssistant()
    services = make_services(tmp_path, telegram, assistant)
    async with running(services, telegram):
        telegram.say(LIN, "Is the blue pot in stock?")
        await telegram.until(lambda: len(telegram.seen(LIN)) == 1)
        telegram.say(LIN, "and a porcelain one?")
        await telegram.until(lambda: len(telegram.seen(LIN)) == 2)
        await telegram.until(lambda: all(row.done_at for row in rows(services.database, InboxUpdate)))
    assert assistant.questions[1].history == (
        ("customer", "Is the blue pot in stock?"),
        ("bot", "You said: Is the blue pot in stock?"),
    )
    assert assistant.questions[0].role == "customer"
    messages = rows(services.database, Message)
    assert [message.sender for message in messages] == ["customer", "bot"] * 2
    assert messages[0].sentiment == "neutral"
    assert messages[1].verdict == "allow"
    assert messages[1].turn["reply"] == messages[1].text
    assert rows(services.database, Conversation)[0].place == f"telegram:{LIN}"
    assert all(row.payload == {} for row in rows(services.database, InboxUpdate))


async def test_markup_in_an_answer_is_words_not_markup(tmp_path: Path, telegram: FakeTelegram):
    """`<b>` and `&` arrive as they were written."""
    async with running(make_services(tmp_path, telegram), telegram):
        telegram.say(LIN, "is 3 < 4 & <b>bold</b>?")
        await telegram.until(lambda: telegram.seen(LIN))
    assert telegram.seen(LIN) == ["You said: is 3 < 4 & <b>bold</b>?"]
    assert "&lt;b&gt;" in telegram.of("sendMessage", LIN)[0].text


async def test_a_long_answer_streams_into_one_message(tmp_path: Path, telegram: FakeTelegram):
    """First words as a message, then paced edits of it, never twice the same, and the final words last."""
    words = [f"word{number}" for number in range(15)]

    async def slowly(_: Question) -> AsyncGenerator[Shown | Answer, None]:
        for count in range(1, len(words) + 1):
            yield Shown(text=" ".join(words[:count]))
            await asyncio.sleep(0.05)
        yield answer(" ".join(words) + ".")

    async with running(make_services(tmp_path, telegram, ScriptedAssistant(slowly)), telegram, pace=0.2):
        telegram.say(LIN, "tell me about the glaze")
        await telegram.until(lambda: telegram.seen(LIN)[-1:] == [" ".join(words) + "."])
    assert telegram.of("sendChatAction", LIN)
    assert len(telegram.of("sendMessage", LIN)) == 1
    edits = telegram.of("editMessageText", LIN)
    assert 2 <= len(edits) <= 8
    assert len({edit.text for edit in edits}) == len(edits)
    gaps = [b.at - a.at for a, b in pairwise(edits[:-1])]
    assert all(gap > 0.18 for gap in gaps)


async def test_the_reply_takes_the_place_of_a_polite_word(tmp_path: Path, telegram: FakeTelegram):
    """It is seen while the answer is written, and is gone afterwards; the record has the reply alone."""
    written = asyncio.Event()

    async def slowly(_: Question) -> AsyncGenerator[Shown | Answer, None]:
        yield Waiting(text="One moment please.")
        await written.wait()
        yield Shown(text="It holds 650 ml.")
        yield answer("It holds 650 ml.")

    services = make_services(tmp_path, telegram, ScriptedAssistant(slowly))
    async with running(services, telegram, pace=0.1):
        telegram.say(LIN, "how big is it?")
        await telegram.until(lambda: telegram.seen(LIN) == ["One moment please."])
        written.set()
        await telegram.until(lambda: telegram.seen(LIN) == ["It holds 650 ml."])
    assert len(telegram.of("sendMessage", LIN)) == 1
    with services.database.session() as session:
        assert [row.text for row in session.exec(select(Message)).all()][-1] == "It holds 650 ml."


async def test_a_very_long_answer_is_split(tmp_path: Path, telegram: FakeTelegram):
    """9,000 characters come as parts that Telegram takes, in order, with nothing lost."""
    text = "青花瓷茶壶，手工拉坯，釉下彩绘。" * 600

    async def long(_: Question) -> AsyncGenerator[Shown | Answer, None]:
        yield Shown(text=text[:5000])
        yield answer(text, language="zh")

    async with running(make_services(tmp_path, telegram, ScriptedAssistant(long)), telegram):
        telegram.say(LIN, "详细介绍一下")
        await telegram.until(lambda: "".join(telegram.seen(LIN)) == text)
    assert len(telegram.seen(LIN)) == 3
    assert all(part.endswith("。") for part in telegram.seen(LIN))


async def test_language_is_chosen_by_button_and_by_word(tmp_path: Path, telegram: FakeTelegram):
    """The choice is answered in that language, goes to the assistant, and changes the menu."""
    assistant = ScriptedAssistant()
    services = make_services(tmp_path, telegram, assistant)
    async with running(services, telegram):
        telegram.say(LIN, "/language")
        await telegram.until(lambda: telegram.seen(LIN))
        keyboard = telegram.of("sendMessage", LIN)[0].params["reply_markup"]["inline_keyboard"]
        assert keyboard[0][1]["callback_data"] == "language:zh"
        telegram.press(LIN, "language:zh")
        await telegram.until(lambda: "好的，以后用中文回复您。" in telegram.seen(LIN))
        telegram.say(LIN, "hello")
        await telegram.until(lambda: assistant.questions)
        telegram.say(LIN, "/language en")
        await telegram.until(lambda: "Done, I'll answer in English." in telegram.seen(LIN))
        telegram.press(LIN, "language:follow")
        await telegram.until(lambda: len(telegram.seen(LIN)) == 5)
    assert telegram.of("answerCallbackQuery")
    assert assistant.questions[0].language == "zh"
    assert rows(services.database, TelegramIdentity)[0].language is None
    own = [c.params for c in telegram.of("setMyCommands") if c.params["scope"].get("chat_id") == LIN]
    assert {(p.get("language_code"), p["commands"][0]["description"]) for p in own[:2]} == {
        (None, "打个招呼"),
        ("zh", "打个招呼"),
    }


async def test_an_opt_out_is_honoured_at_once_and_a_gap_is_filed(tmp_path: Path, telegram: FakeTelegram):
    """A linked customer who says stop has said stop; a question without a fact is kept."""

    async def script(question: Question) -> AsyncGenerator[Shown | Answer, None]:
        stop = question.text == "stop"
        yield answer("…", intent="opt_out" if stop else "other", verdict="allow" if stop else "unknown")

    services = make_services(tmp_path, telegram, ScriptedAssistant(script))
    with services.database.session() as session:
        session.add(Customer(id="C1", telegram_id=LIN))
    async with running(services, telegram):
        telegram.say(LIN, "/stop")
        telegram.say(8, "stop")
        telegram.say(LIN, "do you sell whales?")
        await telegram.until(lambda: len(telegram.seen(LIN)) == 2 and telegram.seen(8))
        with services.database.session() as session:
            event = latest_consent(session, "C1")
            session.add(Customer(id="C8", telegram_id=8))
        assert event is not None
        assert not event.granted
        telegram.say(8, "hello, it's me")
        await telegram.until(lambda: len(telegram.seen(8)) == 2)
    (gap,) = [g for g in rows(services.database, UnansweredQuestion) if g.customer_id == "C1"]
    assert gap.text == "do you sell whales?"
    with services.database.session() as session:
        carried = latest_consent(session, "C8")
    assert carried is not None
    assert not carried.granted


async def test_histories_do_not_cross_between_customers_of_one_chat(tmp_path: Path, telegram: FakeTelegram):
    """Linked to a customer, the chat starts a talk of its own."""
    assistant = ScriptedAssistant()
    services = make_services(tmp_path, telegram, assistant)
    async with running(services, telegram):
        telegram.say(LIN, "my secret")
        await telegram.until(lambda: telegram.seen(LIN))
        with services.database.session() as session:
            session.add(Customer(id="C1", telegram_id=LIN))
        telegram.say(LIN, "hello")
        await telegram.until(lambda: len(telegram.seen(LIN)) == 2)
    assert assistant.questions[1].history == ()
    assert assistant.questions[1].customer_id == "C1"


async def test_marketers_copy_comes_one_message_a_wording(tmp_path: Path, telegram: FakeTelegram):
    """Each wording alone for forwarding, then lengths and warnings; a blocked one is only explained."""
    services = make_services(tmp_path, telegram, marketers="5")
    async with running(services, telegram):
        telegram.say(5, "/copy TP-1 instagram 2")
        await telegram.until(lambda: len(telegram.seen(5)) == 3)
        telegram.say(5, "/copy NOPE instagram")
        await telegram.until(lambda: len(telegram.seen(5)) == 4)
    first, second, notes, refused = telegram.seen(5)
    assert (first, second) == ("Steep <slowly> with TP-1", "Our finest pot")
    assert "a superlative" in notes
    assert "国家级 is banned" in notes
    assert "There is no product NOPE." in refused
    assert [m.intent for m in rows(services.database, Message)] == ["copy_request", "copy_request"]


async def test_copy_asked_in_plain_words_goes_to_the_assistant(tmp_path: Path, telegram: FakeTelegram):
    """A sentence after /copy is a question, and its variants come as messages too."""

    async def script(_: Question) -> AsyncGenerator[Shown | Answer, None]:
        yield answer("Here you are.", variants=[VariantText(text="One", verdict="allow")])

    assistant = ScriptedAssistant(script)
    async with running(make_services(tmp_path, telegram, assistant, marketers="5"), telegram):
        telegram.say(5, "/copy 给青花茶壶写一条小红书文案")
        await telegram.until(lambda: len(telegram.seen(5)) == 2)
    assert assistant.questions[0].role == "marketer"
    assert telegram.seen(5)[0] == "One"


async def test_followup_is_a_draft_for_the_marketer_alone(tmp_path: Path, telegram: FakeTelegram):
    """Heading and draft to the marketer; an unknown customer is a sentence; customers are refused."""
    async with running(make_services(tmp_path, telegram, marketers="5"), telegram):
        telegram.say(5, "/followup C12")
        telegram.say(5, "/followup C99")
        telegram.say(LIN, "/followup C12")
        telegram.say(LIN, "/copy TP-1 instagram")
        await telegram.until(lambda: len(telegram.seen(5)) == 3 and len(telegram.seen(LIN)) == 2)
    assert "has not been sent" in telegram.seen(5)[0]
    assert telegram.seen(5)[1:] == ["Dear Lin, your teapot is on its way.", "There is no customer C99."]
    assert all("marketers" in words for words in telegram.seen(LIN))


async def test_other_things_are_answered_politely(tmp_path: Path, telegram: FakeTelegram):
    """An unknown command, a photo, help by role."""
    async with running(make_services(tmp_path, telegram, admins="5"), telegram):
        telegram.say(LIN, "/dance")
        telegram.send_photo(LIN)
        telegram.say(LIN, "/help")
        telegram.say(5, "/help", app="zh-hans")
        await telegram.until(lambda: len(telegram.seen(LIN)) == 3 and telegram.seen(5))
    command, photo, help_words = telegram.seen(LIN)
    assert "/help" in command
    assert "only read text" in photo
    assert "/copy" not in help_words
    assert "/invite" in telegram.seen(5)[0]


async def test_an_error_is_one_sentence_and_a_number(tmp_path: Path, telegram: FakeTelegram, caplog: Any):
    """The number is in the log with the trace; the person's words are not; the question is kept."""

    async def broken(question: Question) -> AsyncGenerator[Shown | Answer, None]:
        if question.text.startswith("I am"):
            raise ValueError(f"cannot handle {question.text}")
        yield answer("fine")

    services = make_services(tmp_path, telegram, ScriptedAssistant(broken))
    async with running(services, telegram):
        telegram.say(LIN, "I am Lin Wei, 13800001111")
        await telegram.until(lambda: telegram.seen(LIN))
        telegram.say(LIN, "hello")
        await telegram.until(lambda: len(telegram.seen(LIN)) == 2)
    words = telegram.seen(LIN)[0]
    number = next(part for part in words.replace(".", " ").split() if part.startswith("E-"))
    assert number in caplog.text
    assert "ValueError" in caplog.text
    assert "13800001111" not in caplog.text
    assert "Traceback" not in words
    assert rows(services.database, Message)[0].text == "I am Lin Wei, 13800001111"
