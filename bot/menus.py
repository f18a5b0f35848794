"""Puts the command menus into Telegram: by role (a staff chat has its own) and by language.

A menu is a convenience: where Telegram refuses one, the commands work all the same.
"""

import contextlib

from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat
from telegram.error import TelegramError

from bot.access import Person
from bot.texts import LANGUAGES, commands


async def publish_menus(bot: Bot) -> None:
    """The customers' menu for everybody: English, and Chinese where the app is Chinese."""
    scope = BotCommandScopeAllPrivateChats()
    for language in LANGUAGES:
        with contextlib.suppress(TelegramError):
            await bot.set_my_commands(_menu("customer", language), scope, _code(language))


async def publish_menu_for(bot: Bot, person: Person) -> None:
    """This person's own menu; a language they chose goes before their app's."""
    audience = "admin" if person.at_least("admin") else person.side
    scope = BotCommandScopeChat(person.chat_id)
    for language in LANGUAGES:
        words = person.language or language
        with contextlib.suppress(TelegramError):
            await bot.set_my_commands(_menu(audience, words), scope, _code(language))


def _menu(audience: str, language: str) -> list[BotCommand]:
    return [BotCommand(name, description) for name, description in commands(audience, language)]


def _code(language: str) -> str | None:
    """English is what apps in any other language get."""
    return None if language == "en" else language
