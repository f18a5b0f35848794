"""/help: what this person can do here."""

from telegram import Update
from telegram.ext import CommandHandler

from bot.context import Context
from bot.handlers.private import PRIVATE
from bot.replies import Reply
from bot.texts import say


async def help_(update: Update, context: Context) -> None:
    """Help by role."""
    person = await context.person(update)
    words = say(f"help_{person.side}", person.words())
    if person.at_least("admin"):
        words += "\n\n" + say("help_admin", person.words())
    await context.send(update, [Reply(words)])


HANDLERS = (CommandHandler("help", help_, PRIVATE),)
