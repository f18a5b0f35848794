"""/invite: a one-use link that makes a colleague a marketer, or (by the owner) an admin."""

import asyncio

from telegram import Update
from telegram.ext import CommandHandler

from bot.access import INVITATION_DAYS, invite
from bot.context import Context
from bot.handlers.private import PRIVATE
from bot.texts import say

ROLES = {
    "marketer": "marketer",
    "营销": "marketer",
    "营销人员": "marketer",
    "admin": "admin",
    "管理员": "admin",
}


async def invite_(update: Update, context: Context) -> None:
    """Make the link; only its digest is kept, so it is shown once."""
    person = await context.person(update)
    role = ROLES.get((context.args[0] if context.args else "marketer").lower())
    if not person.at_least("admin"):
        await context.say(update, person, "admins_only")
        return
    if role is None:
        await context.say(update, person, "invite_usage")
        return
    if role == "admin" and not person.at_least("owner"):
        await context.say(update, person, "owner_only")
        return

    def work() -> str:
        with context.services.database.session() as session:
            return invite(session, role)

    token = await asyncio.to_thread(work)
    await context.say(
        update,
        person,
        "invite_made",
        role=say(f"role_{role}", person.words()),
        days=INVITATION_DAYS,
        link=f"https://t.me/{context.bot.username}?start=invite_{token}",
    )


HANDLERS = (CommandHandler("invite", invite_, PRIVATE),)
