"""Records a finished turn and does what it obliges the shop to: an opt-out is applied at once, an
unanswered question is kept. One place for Telegram, the console and `ask`; knows none of them."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from chains.turn import Answer, Question, as_json
from knowledge.crm.columns import now
from knowledge.crm.consent import record_consent
from knowledge.crm.conversations import Conversation, Message
from knowledge.crm.customers import Customer
from knowledge.crm.database import Database
from knowledge.crm.sources import UnansweredQuestion

GAPS = ("unknown", "handoff")
HISTORY = 8


def conversation_for(session: Session, place: str, role: str, customer_id: str | None) -> int:
    """The talk of this person in this place. Another role or customer is another talk, so that no history
    crosses from one to the other."""
    known = _known(session, customer_id)
    query = select(Conversation).where(Conversation.place == place, Conversation.role == role)
    query = query.where(Conversation.customer_id == known).order_by(col(Conversation.id).desc())
    conversation = session.exec(query).first()
    if conversation is None:
        conversation = Conversation(place=place, role=role, customer_id=known)
        session.add(conversation)
        session.flush()
    assert conversation.id is not None
    return conversation.id


def recent(session: Session, conversation_id: int, limit: int = HISTORY) -> tuple[tuple[str, str], ...]:
    """The last messages as (speaker, text), oldest first."""
    query = select(Message).where(Message.conversation_id == conversation_id)
    last = session.exec(query.order_by(col(Message.id).desc()).limit(limit)).all()
    return tuple((message.sender, message.text) for message in reversed(last))


def record_turn(database: Database, conversation_id: int, question: Question, answer: Answer) -> None:
    """`write_turn` in a transaction of its own. Blocks on SQL: off the event loop, please."""
    with database.session() as session:
        write_turn(session, conversation_id, question, answer)


def write_turn(
    session: Session,
    conversation_id: int,
    question: Question,
    answer: Answer,
    *,
    asked_at: datetime | None = None,
    origin: str = "chat",
) -> None:
    """Store both messages, file the gap, apply the opt-out. The caller commits.

    An opt-out holds for the customer the front door knows; one from a stranger is kept in the message
    and applied when they are linked. A marketer who writes about opt-outs opts nobody out.
    """
    asked = asked_at or now()
    session.add(
        Message(
            conversation_id=conversation_id,
            sender=question.role,
            text=question.text,
            language=answer.language,
            intent=answer.intent,
            sentiment=answer.sentiment.label,
            sentiment_score=answer.sentiment.score,
            at=asked,
        )
    )
    session.flush()
    session.add(
        Message(
            conversation_id=conversation_id,
            sender="bot",
            text=answer.reply,
            language=answer.language,
            intent=answer.intent,
            verdict=answer.verdict,
            turn=as_json(answer),
        )
    )
    customer_id = _known(session, question.customer_id)
    if answer.verdict in GAPS:
        session.add(
            UnansweredQuestion(
                text=question.text,
                language=answer.language,
                customer_id=customer_id,
                conversation_id=conversation_id,
                asked_at=asked,
            )
        )
    if answer.intent == "opt_out" and customer_id is not None and question.role == "customer":
        record_consent(session, customer_id, False, at=None, origin=origin)


def write_exchange(
    session: Session,
    conversation_id: int,
    asked: str,
    reply: str,
    intent: str,
    language: str,
    turn: dict[str, Any],
) -> None:
    """Store a marketer's command and what came of it, so that "make it shorter" has a history."""
    said = Message(conversation_id=conversation_id, sender="marketer", text=asked, intent=intent)
    session.add(said)
    session.flush()
    session.add(
        Message(
            conversation_id=conversation_id,
            sender="bot",
            text=reply,
            language=language,
            intent=intent,
            verdict=turn.get("verdict"),
            turn=turn,
        )
    )


def _known(session: Session, customer_id: str | None) -> str | None:
    """The id, if the CRM has it: rows cannot point at a customer who is not there."""
    if customer_id is None or session.get(Customer, customer_id) is None:
        return None
    return customer_id
