"""One turn in a chat: the question with its history to the assistant, the words back as they come, and the
record. Knows the assistant's protocol only; nothing of how it thinks."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence

from sqlmodel import Session
from telegram import Update

from bot.access import Person
from bot.after_turn import conversation_for, recent, write_turn
from bot.context import Context
from bot.replies import Reply, escape, units
from bot.streaming import Stream, typing
from bot.texts import say
from chains.turn import Answer, Question, Shown, VariantText
from knowledge.crm.conversations import Message
from knowledge.languages import clean


async def talk(update: Update, context: Context, person: Person, text: str) -> None:
    """Answer `text` for this person. What was asked is kept even where answering fails."""
    text = clean(text).strip()
    conversation_id, history = await asyncio.to_thread(_open, context, person)
    question = Question.model_validate(
        {
            "text": text,
            "role": person.side,
            "customer_id": person.customer_id,
            "history": history,
            "language": person.language,
        }
    )
    stream = Stream(context.door.outbox, person.chat_id, update.update_id, context.door.pace)
    try:
        async with typing(context.bot, person.chat_id), stream:
            answer = await _answer(context, question, stream)
    except Exception:
        await asyncio.to_thread(_keep_question, context, conversation_id, question)
        raise
    asked_at = update.effective_message.date if update.effective_message else None

    def record(session: Session) -> None:
        write_turn(session, conversation_id, question, answer, asked_at=asked_at)

    await context.send(update, replies_of(answer), record=record, shown=stream.shown)


def replies_of(answer: Answer) -> list[Reply]:
    """The messages of an answer: its words, or, for copy, a message a wording."""
    if answer.variants:
        return variant_replies(answer.variants, answer.language)
    return [Reply(escape(answer.reply))]


def variant_replies(variants: Sequence[VariantText], language: str) -> list[Reply]:
    """Each wording alone, so that it can be forwarded as it is; then one message with lengths and
    warnings. A blocked wording is not sent, only why."""
    good = [variant for variant in variants if variant.verdict != "block" and variant.text.strip()]
    notes = [_note(number, variant, language) for number, variant in enumerate(good, 1)]
    for variant in variants:
        if variant.verdict == "block":
            notes.append(say("variant_held", language, reasons=_listed(variant.reasons, language)))
    if not good:
        notes.insert(0, say("copy_none", language))
    return [*(Reply(escape(variant.text)) for variant in good), Reply("\n".join(notes))]


@contextlib.asynccontextmanager
async def closing(steps: AsyncIterator[Shown | Answer]) -> AsyncIterator[AsyncIterator[Shown | Answer]]:
    """Closes the assistant's words when the chat goes away, which cancels the model."""
    try:
        yield steps
    finally:
        close = getattr(steps, "aclose", None)
        if close is not None:
            await close()


async def _answer(context: Context, question: Question, stream: Stream) -> Answer:
    answer: Answer | None = None
    async with closing(context.services.assistant.answer(question)) as steps:
        async for step in steps:
            if isinstance(step, Shown):
                stream.show(step.text)
            else:
                answer = step
    if answer is None:
        raise RuntimeError("the assistant ended without an answer")
    return answer


def _open(context: Context, person: Person) -> tuple[int, tuple[tuple[str, str], ...]]:
    with context.services.database.session() as session:
        conversation_id = conversation_for(session, place_of(person), person.side, person.customer_id)
        return conversation_id, recent(session, conversation_id)


def place_of(person: Person) -> str:
    """How this chat is named in the conversations."""
    return f"telegram:{person.chat_id}"


def _keep_question(context: Context, conversation_id: int, question: Question) -> None:
    with context.services.database.session() as session:
        session.add(Message(conversation_id=conversation_id, sender=question.role, text=question.text))


def _note(number: int, variant: VariantText, language: str) -> str:
    key = "variant_ready" if variant.verdict == "allow" else "variant_warned"
    reasons = _listed(variant.reasons, language)
    return say(key, language, number=number, length=units(variant.text), reasons=reasons)


def _listed(reasons: Sequence[str], language: str) -> str:
    return ("；" if language == "zh" else "; ").join(reasons) or "–"
