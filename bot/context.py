"""The typed context of every handler: the services, the person who wrote, and how to answer them."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session
from telegram import Update
from telegram.ext import Application, CallbackContext, ExtBot

from bot.access import Person, identify
from bot.outbox import Outbox
from bot.outbox_rows import enqueue
from bot.replies import Reply
from bot.services import Services
from bot.texts import say
from knowledge.crm.sources import ShopProfile

Record = Callable[[Session], None]


@dataclass(frozen=True)
class FrontDoor:
    """What the Telegram door keeps beside the services."""

    services: Services
    outbox: Outbox
    pace: float
    """Seconds between two edits of a streamed answer."""


class Context(CallbackContext[ExtBot[Any], dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """PTB's context with the front door in it."""

    @property
    def door(self) -> FrontDoor:
        """Set once by `build_application`."""
        door: FrontDoor = self.bot_data["door"]
        return door

    @property
    def services(self) -> Services:
        """The three rooms."""
        return self.door.services

    async def person(self, update: Update) -> Person:
        """Who wrote; their identity is made or brought up to date."""
        user, chat = update.effective_user, update.effective_chat
        if user is None or chat is None:
            raise ValueError("an update without a person")
        app_language = user.language_code or "en"

        def work() -> Person:
            with self.services.database.session() as session:
                return identify(session, self.services.settings, user.id, chat.id, app_language)

        return await asyncio.to_thread(work)

    async def send(
        self,
        update: Update,
        replies: Sequence[Reply],
        *,
        record: Record | None = None,
        shown: str | None = None,
    ) -> None:
        """Answer an update: what `record` writes and the replies are one transaction, sent right after.

        Once that is on disk the update counts as answered: after a kill it is sent, not handled again.
        So a handler calls this once, last.
        """
        chat = update.effective_chat
        assert chat is not None

        def work() -> None:
            with self.services.database.session() as session:
                if record is not None:
                    record(session)
                enqueue(session, chat.id, replies, update_id=update.update_id, shown=shown)

        await asyncio.to_thread(work)
        await self.door.outbox.flush(chat.id)

    async def say(self, update: Update, person: Person, key: str, **values: object) -> None:
        """Answer with fixed words in the person's language."""
        await self.send(update, [Reply(say(key, person.words(), **values))])

    async def shop_name(self, language: str) -> str:
        """The shop's name from its file, or "our shop"."""

        def work() -> str:
            with self.services.database.session() as session:
                profile = session.get(ShopProfile, 1)
                return profile.name if profile else say("welcome_shop", language)

        return await asyncio.to_thread(work)


Bot = Application[ExtBot[Any], Context, dict[Any, Any], dict[Any, Any], dict[Any, Any], Any]
