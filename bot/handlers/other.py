"""What nothing else takes: commands we don't have, and photos, voices and stickers."""

from telegram import Update
from telegram.ext import MessageHandler, filters

from bot.context import Context
from bot.handlers.private import PRIVATE


async def unknown_command(update: Update, context: Context) -> None:
    """Point at /help."""
    await context.say(update, await context.person(update), "unknown_command")


async def not_text(update: Update, context: Context) -> None:
    """Ask for words."""
    await context.say(update, await context.person(update), "text_only")


HANDLERS = (
    MessageHandler(PRIVATE & filters.COMMAND, unknown_command),
    MessageHandler(PRIVATE & ~filters.TEXT & ~filters.StatusUpdate.ALL, not_text),
)
