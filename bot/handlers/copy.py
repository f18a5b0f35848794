"""/copy: ad copy for a product and a channel, for marketers. Anything but the short form is talk."""

import re

from sqlmodel import Session
from telegram import Update
from telegram.ext import CommandHandler

from bot.access import Person
from bot.after_turn import conversation_for, write_exchange
from bot.context import Context
from bot.handlers.private import PRIVATE
from bot.replies import Reply, escape
from bot.streaming import typing
from bot.talk import place_of, talk, variant_replies
from bot.texts import say
from chains.llm.errors import Busy
from chains.turn import CopyRequest, as_json
from knowledge.languages import clean

MOST = 8


async def copy(update: Update, context: Context) -> None:
    """Write the variants and send each as a message of its own."""
    person = await context.person(update)
    words = clean(" ".join(context.args or [])).strip()
    if person.side != "marketer":
        await context.say(update, person, "marketers_only")
    elif not words:
        await context.say(update, person, "copy_usage")
    elif (request := parse(words, person.language)) is None:
        await talk(update, context, person, words)
    else:
        await _write(update, context, person, words, request)


def parse(words: str, language: str | None) -> CopyRequest | None:
    """`TP-1 instagram`, `TP-1 instagram 4`, `Blue teapot | instagram | 4`; None for a sentence."""
    parts = [part.strip() for part in re.split(r"[|｜]", words)]
    if len(parts) == 1:
        parts = words.split()
    count = int(parts.pop()) if len(parts) > 2 and parts[-1].isdecimal() and len(parts[-1]) < 4 else 3
    if len(parts) != 2 or not all(parts):
        return None
    return CopyRequest(
        product=parts[0], channel=parts[1], variants=max(1, min(count, MOST)), language=language
    )


async def _write(update: Update, context: Context, person: Person, words: str, request: CopyRequest) -> None:
    try:
        async with typing(context.bot, person.chat_id):
            answer = await context.services.assistant.copy(request)
    except (KeyError, IndexError):
        raise  # a fault of ours, though they are LookupErrors too
    except Busy as error:  # one sentence in the language of the copy
        await context.send(update, [Reply(escape(str(error)))])
        return
    except LookupError as error:
        usage = say("copy_usage", person.words())
        await context.send(update, [Reply(f"{escape(str(error))}\n\n{usage}")])
        return

    def record(session: Session) -> None:
        talk_id = conversation_for(session, place_of(person), person.side, person.customer_id)
        reply = "\n\n".join(variant.text for variant in answer.variants)
        write_exchange(session, talk_id, words, reply, "copy_request", answer.language, as_json(answer))

    await context.send(update, variant_replies(answer.variants, answer.language), record=record)


HANDLERS = (CommandHandler("copy", copy, PRIVATE),)
