"""Builds the Telegram application and runs it by long polling. Knows no flow: those are in handlers/.

    run_bot(services)                       # what `marketeer bot` calls; blocks until Ctrl-C or SIGTERM

Order at a start: outbox sorted out, unfinished updates queued, then Telegram asked for new ones.
At a stop: nothing new begun, answers under way finished, the rest left in the tables for the next start.
"""

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from sqlmodel import col, select
from telegram import Update
from telegram.error import Conflict, InvalidToken, NetworkError, TelegramError
from telegram.ext import AIORateLimiter, Application, ContextTypes

from bot.access import owner_token, person_of
from bot.context import Bot, Context, FrontDoor
from bot.errors import BotError, NotConfigured
from bot.handlers import ALLOWED_UPDATES, HANDLERS
from bot.inbox import ChatOrder, Inbox
from bot.logs import error_number, is_sentence, keep_secret, safe_trace
from bot.menus import publish_menu_for, publish_menus
from bot.outbox import Outbox
from bot.replies import Reply
from bot.services import Services
from bot.texts import say
from knowledge.crm.customers import TelegramIdentity

log = logging.getLogger(__name__)

Announce = Callable[[str], None]
say_now: Announce = partial(print, flush=True)  # also where standard output is a pipe
THREADS = 64  # SQL must find a free one while every chat waits for the model


def build_application(services: Services, *, pace: float = 1.0) -> Bot:
    """The application, wired but not started; `pace` is the seconds between two edits of one message.

    Raises: NotConfigured without a token.
    """
    settings = services.settings
    if settings.telegram_token is None:
        raise NotConfigured(
            "Telegram needs a token: talk to @BotFather, then put MARKETEER_TELEGRAM_TOKEN=... into .env."
        )
    token = settings.telegram_token.get_secret_value().strip()
    keep_secret(token)
    os.environ.setdefault("PTB_TIMEDELTA", "1")  # retry_after as PTB's next version gives it
    if settings.model_key is not None:
        keep_secret(settings.model_key.get_secret_value())
    inbox = Inbox(services.database)
    order = ChatOrder(inbox)
    application: Bot = (
        Application.builder()
        .token(token)
        .base_url(settings.telegram_api)
        # No retries here: it would hold every chat for the wait of one. The outbox waits, chat by chat.
        .rate_limiter(AIORateLimiter(max_retries=0))
        .context_types(ContextTypes(context=Context))
        .concurrent_updates(order)
        .update_queue(inbox)
        .job_queue(None)
        .build()
    )
    outbox = Outbox(services.database, application.bot)
    application.bot_data["door"] = FrontDoor(services, outbox, pace)
    application.add_handlers(HANDLERS)
    application.add_error_handler(on_error)

    async def give_up(update: Update) -> None:
        await application.process_error(update, BotError("this update stopped the process every time"))

    order.give_up = give_up
    return application


def run_bot(services: Services, announce: Announce = say_now) -> None:
    """Run until Ctrl-C or SIGTERM.

    Raises: NotConfigured when there is no token or Telegram refuses it.
    """

    async def main() -> None:
        application = build_application(services)
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(THREADS, "marketeer"))
        for number in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(NotImplementedError):  # Windows: Ctrl-C raises KeyboardInterrupt
                loop.add_signal_handler(number, stop.set)
        await serve(application, stop, announce)

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main())


async def serve(application: Bot, stop: asyncio.Event, announce: Announce = say_now) -> None:
    """Start, poll until `stop` is set, stop in order. Raises NotConfigured for a refused token."""
    updater, inbox, order = application.updater, application.update_queue, application.update_processor
    assert updater is not None
    assert isinstance(inbox, Inbox)
    assert isinstance(order, ChatOrder)
    door: FrontDoor = application.bot_data["door"]
    if not await _reach_telegram(application, stop, announce):
        return
    background: list[asyncio.Task[None]] = []
    try:
        await _announce(application, announce)
        await door.outbox.resume()
        await inbox.resume(application.bot)
        await application.start()
        background.append(asyncio.create_task(door.outbox.run()))
        background.append(asyncio.create_task(_menus(application)))
        await updater.start_polling(
            bootstrap_retries=-1, allowed_updates=ALLOWED_UPDATES, error_callback=_polling_error
        )
        await stop.wait()
    finally:
        if updater.running:
            await updater.stop()
        await order.close()
        for task in background:
            task.cancel()
        await asyncio.gather(*background, return_exceptions=True)
        if application.running:
            await application.stop()
        await application.shutdown()


async def on_error(update: object, context: Context) -> None:
    """One sentence and a number for the person; the trace under that number for the owner."""
    number = error_number()
    error = context.error
    if error is not None:
        log.error("%s\n%s", number, safe_trace(error))
    if not isinstance(update, Update) or update.effective_chat is None or update.effective_user is None:
        return
    if update.effective_chat.type != "private":
        return
    person = await context.person(update)
    text = (update.effective_message.text if update.effective_message else None) or ""
    language = person.words("" if text.startswith("/") else text)
    if person.side == "marketer" and is_sentence(error):
        words = say("error_staff", language, number=number, reason=error)
    else:
        words = say("error", language, number=number)
    await context.send(update, [Reply(words)])


async def _reach_telegram(application: Bot, stop: asyncio.Event, announce: Announce) -> bool:
    """Log in, waiting for the network if need be; False when stopped meanwhile."""
    wait = 1.0
    while not stop.is_set():
        try:
            await application.initialize()
        except InvalidToken:
            await application.bot.shutdown()
            raise NotConfigured(
                "Telegram refused the token: copy MARKETEER_TELEGRAM_TOKEN from @BotFather again."
            ) from None
        except NetworkError:
            announce(f"Telegram cannot be reached; trying again in {wait:.0f} s.")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), wait)
            wait = min(60.0, wait * 2)
        except TelegramError as error:
            await application.bot.shutdown()
            raise NotConfigured(
                "What answers there is no Bot API: check MARKETEER_TELEGRAM_API, or delete the line."
            ) from error
        else:
            return True
    await application.bot.shutdown()
    return False


async def _announce(application: Bot, announce: Announce) -> None:
    services: Services = application.bot_data["door"].services

    def work() -> str | None:
        with services.database.session() as session:
            return owner_token(session)

    name = application.bot.username
    token = await asyncio.to_thread(work)
    announce(f"Listening on https://t.me/{name} (Ctrl-C stops).")
    if token is not None:
        announce("Nobody owns this bot yet. Open this link, once, to become its owner:")
        announce(f"https://t.me/{name}?start=owner_{token}")


async def _menus(application: Bot) -> None:
    services: Services = application.bot_data["door"].services

    def work() -> list[TelegramIdentity]:
        with services.database.session() as session:
            known = select(TelegramIdentity).where(col(TelegramIdentity.blocked_at).is_(None))
            return list(session.exec(known).all())

    await publish_menus(application.bot)
    for identity in await asyncio.to_thread(work):
        person = person_of(identity, services.settings)
        if person.side == "marketer":
            await publish_menu_for(application.bot, person)


def _polling_error(error: TelegramError) -> None:
    if isinstance(error, Conflict):
        log.error("another process is polling with this token: stop it, or this bot misses messages")
    else:
        log.warning("polling failed and goes on: %s", type(error).__name__)
