"""Anything said in plain words, by customers and staff alike; and /stop, which is the word "stop"."""

from telegram import Update
from telegram.ext import CommandHandler, MessageHandler, filters

from bot.context import Context
from bot.handlers.private import PRIVATE
from bot.talk import talk


async def free_text(update: Update, context: Context) -> None:
    """Hand the words to the assistant."""
    message = update.effective_message
    if message is None or not (message.text or "").strip():
        return
    await talk(update, context, await context.person(update), message.text or "")


async def stop(update: Update, context: Context) -> None:
    """An opt-out typed as a command is still an opt-out."""
    person = await context.person(update)
    await talk(update, context, person, "退订" if person.words() == "zh" else "stop")


HANDLERS = (
    CommandHandler(["stop", "unsubscribe"], stop, PRIVATE),
    MessageHandler(PRIVATE & filters.TEXT & ~filters.COMMAND, free_text),
)
