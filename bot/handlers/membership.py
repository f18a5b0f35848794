"""The person blocked the bot, or let it back in: Telegram says so, and the identity remembers."""

import asyncio

from telegram import ChatMember, Update
from telegram.constants import ChatType
from telegram.ext import ChatMemberHandler

from bot.access import mark_blocked
from bot.context import Context


async def membership(update: Update, context: Context) -> None:
    """Keep `blocked_at` true."""
    change = update.my_chat_member
    if change is None or change.chat.type != ChatType.PRIVATE:
        return
    if change.new_chat_member.status != ChatMember.BANNED:
        await context.person(update)  # which lifts the block
        return

    def work() -> None:
        with context.services.database.session() as session:
            mark_blocked(session, change.chat.id)

    await asyncio.to_thread(work)


HANDLERS = (ChatMemberHandler(membership, ChatMemberHandler.MY_CHAT_MEMBER),)
