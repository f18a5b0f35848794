"""/start: the greeting, and the one-use links that give a role (`owner_...`, `invite_...`)."""

import asyncio
from dataclasses import replace

from telegram import Update
from telegram.ext import CommandHandler

from bot.access import Person, Redeemed, redeem
from bot.context import Context
from bot.handlers.private import PRIVATE
from bot.menus import publish_menu_for
from bot.texts import say


async def start(update: Update, context: Context) -> None:
    """Greet; a link is used up first."""
    person = await context.person(update)
    kind, _, token = (context.args[0] if context.args else "").partition("_")
    if kind in ("owner", "invite"):
        result, role = await asyncio.to_thread(_redeem, context, person, kind, token)
        if result == "refused":
            await context.say(update, person, "link_refused")
            return
        person = replace(person, role=role)
        if result == "already":
            await context.say(update, person, "role_already", role=_role(person))
            return
    await publish_menu_for(context.bot, person)
    await greet(update, context, person)


async def greet(update: Update, context: Context, person: Person) -> None:
    """Say who we are: a bot, and whose."""
    shop = await context.shop_name(person.words())
    if person.side == "marketer":
        await context.say(update, person, "welcome_staff", shop=shop, role=_role(person))
    else:
        await context.say(update, person, "welcome", shop=shop)


def _redeem(context: Context, person: Person, kind: str, token: str) -> tuple[Redeemed, str]:
    with context.services.database.session() as session:
        return redeem(session, token, kind, person)


def _role(person: Person) -> str:
    return say(f"role_{person.role}", person.words())


HANDLERS = (CommandHandler("start", start, PRIVATE),)
