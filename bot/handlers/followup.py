"""/followup C12: a draft to one customer, for marketers. Nothing is sent to the customer."""

from sqlmodel import Session
from telegram import Update
from telegram.ext import CommandHandler

from bot.after_turn import conversation_for, write_exchange
from bot.context import Context
from bot.handlers.private import PRIVATE
from bot.replies import Reply, escape
from bot.streaming import typing
from bot.talk import place_of, replies_of
from bot.texts import say
from chains.turn import as_json
from knowledge.languages import clean


async def followup(update: Update, context: Context) -> None:
    """Draft, under a heading that says it is one."""
    person = await context.person(update)
    customer_id = clean(" ".join(context.args or [])).strip()
    if person.side != "marketer":
        await context.say(update, person, "marketers_only")
        return
    if not customer_id:
        await context.say(update, person, "followup_usage")
        return
    try:
        async with typing(context.bot, person.chat_id):
            answer = await context.services.assistant.follow_up(customer_id)
    except (KeyError, IndexError):
        raise  # a fault of ours, though they are LookupErrors too
    except LookupError as error:
        await context.send(update, [Reply(escape(str(error)))])
        return

    def record(session: Session) -> None:
        talk_id = conversation_for(session, place_of(person), person.side, person.customer_id)
        write_exchange(
            session, talk_id, customer_id, answer.reply, "followup_request", answer.language, as_json(answer)
        )

    replies = replies_of(answer)
    if answer.verdict not in ("refused", "unknown"):
        replies.insert(0, Reply(say("followup_heading", person.words(), customer=customer_id)))
    await context.send(update, replies, record=record)


HANDLERS = (CommandHandler("followup", followup, PRIVATE),)
