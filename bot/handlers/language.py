"""/language: English, Chinese, or whatever the message is in. Buttons, or `/language zh`."""

import asyncio
import contextlib
from dataclasses import replace

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import TelegramError
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.access import Person
from bot.context import Context
from bot.handlers.private import PRIVATE
from bot.menus import publish_menu_for
from bot.replies import Reply
from bot.texts import say
from knowledge.crm.customers import TelegramIdentity

CHOICES = {"en": "en", "english": "en", "英文": "en", "英语": "en", "zh": "zh", "chinese": "zh", "中文": "zh"}
FOLLOW = "follow"


async def language(update: Update, context: Context) -> None:
    """Ask, or take the language that was named."""
    person = await context.person(update)
    named = CHOICES.get(context.args[0].lower()) if context.args else None
    if named is not None:
        await _choose(update, context, person, named)
        return
    keyboard = InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton("English", callback_data="language:en"),
                InlineKeyboardButton("中文", callback_data="language:zh"),
            ],
            [
                InlineKeyboardButton(
                    say("language_follow_button", person.words()), callback_data=f"language:{FOLLOW}"
                )
            ],
        ]
    )
    words = say("language_ask", person.words())
    await context.send(update, [Reply(words, {"reply_markup": keyboard.to_dict()})])


async def chosen(update: Update, context: Context) -> None:
    """A button was pressed."""
    query = update.callback_query
    assert query is not None
    with contextlib.suppress(TelegramError):  # it only stops the button's spinner
        await query.answer()
    choice = (query.data or "").partition(":")[2]
    person = await context.person(update)
    await _choose(update, context, person, CHOICES.get(choice))


async def _choose(update: Update, context: Context, person: Person, choice: str | None) -> None:
    def save() -> None:
        with context.services.database.session() as session:
            identity = session.get_one(TelegramIdentity, person.user_id)
            identity.language = choice
            session.add(identity)

    await asyncio.to_thread(save)
    person = replace(person, language=choice)
    await publish_menu_for(context.bot, person)
    await context.say(update, person, "language_set" if choice else "language_followed")


HANDLERS = (
    CommandHandler("language", language, PRIVATE),
    CallbackQueryHandler(chosen, pattern=r"^language:(en|zh|follow)$"),
)
