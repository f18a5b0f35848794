"""Decides who somebody on Telegram is: their role, the customer they are, the links that give a role.

Every function takes a session and leaves the commit to it. Knows no message and no handler.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from bot.settings import Settings
from knowledge.crm.columns import now
from knowledge.crm.consent import record_consent
from knowledge.crm.conversations import Conversation, Message
from knowledge.crm.customers import Customer, Invitation, TelegramIdentity
from knowledge.languages import detect

RANK = {"customer": 0, "marketer": 1, "admin": 2, "owner": 3}
INVITATION_DAYS = 7
Redeemed = Literal["given", "already", "refused"]


@dataclass(frozen=True)
class Person:
    """Who wrote, as far as the shop knows."""

    user_id: int
    chat_id: int
    role: str = "customer"
    customer_id: str | None = None
    language: str | None = None
    """Chosen with /language; None follows the message."""
    app_language: str = "en"

    def at_least(self, role: str) -> bool:
        """Whether this person may do what `role` may."""
        return RANK[self.role] >= RANK[role]

    @property
    def side(self) -> Literal["customer", "marketer"]:
        """Which of the two the chains know them as."""
        return "marketer" if self.at_least("marketer") else "customer"

    def words(self, text: str = "") -> str:
        """The language to address them in: the chosen one, else that of `text`, else their app's."""
        return self.language or detect(text, self.app_language)


def identify(session: Session, settings: Settings, user_id: int, chat_id: int, app_language: str) -> Person:
    """Find or make the identity. Ids in the settings give a role only as long as they stand there;
    the customer is whoever carries this Telegram id in the CRM now."""
    identity = session.get(TelegramIdentity, user_id)
    if identity is None:
        identity = TelegramIdentity(user_id=user_id, chat_id=chat_id)
    customer = session.exec(select(Customer).where(Customer.telegram_id == user_id)).first()
    if customer is not None and identity.customer_id != customer.id:
        _carry_over_opt_out(session, customer.id, chat_id)
    identity.chat_id = chat_id
    identity.customer_id = customer.id if customer else None
    identity.blocked_at = None
    session.add(identity)
    session.flush()
    return person_of(identity, settings, app_language)


def person_of(identity: TelegramIdentity, settings: Settings, app_language: str = "en") -> Person:
    """The person behind a row, with the role that the settings give where it is the higher one."""
    roles = [identity.role]
    roles += ["marketer"] * (identity.user_id in settings.marketers)
    roles += ["admin"] * (identity.user_id in settings.admins)
    return Person(
        user_id=identity.user_id,
        chat_id=identity.chat_id,
        role=max(roles, key=RANK.__getitem__),
        customer_id=identity.customer_id,
        language=identity.language,
        app_language="zh" if app_language.lower().startswith("zh") else "en",
    )


def invite(session: Session, role: str, days: int | None = INVITATION_DAYS) -> str:
    """A one-use token that gives `role`. Only its digest is kept."""
    token = secrets.token_urlsafe(18)
    expires = None if days is None else now() + timedelta(days=days)
    session.add(Invitation(token_digest=_digest(token), role=role, expires_at=expires))
    return token


def owner_token(session: Session) -> str | None:
    """A fresh token for the first owner, any earlier unused one being void; None once there is an owner."""
    if session.exec(select(TelegramIdentity).where(TelegramIdentity.role == "owner")).first():
        return None
    unused = delete(Invitation).where(col(Invitation.role) == "owner", col(Invitation.used_at).is_(None))
    session.exec(unused)
    return invite(session, "owner", days=None)


def redeem(session: Session, token: str, kind: str, person: Person) -> tuple[Redeemed, str]:
    """Use a link of `kind` owner or invite: what came of it, and the person's role from then on.

    The same person may use it again (an update resumed after a kill), nobody else.
    """
    invitation = session.get(Invitation, _digest(token))
    if invitation is None or (invitation.role == "owner") != (kind == "owner"):
        return "refused", person.role
    if invitation.used_at is not None:
        again = invitation.used_by == person.user_id and person.at_least(invitation.role)
        return ("given" if again else "refused"), person.role
    if invitation.expires_at is not None and invitation.expires_at < now():
        return "refused", person.role
    if invitation.role != "owner" and person.at_least(invitation.role):
        return "already", person.role
    taken = session.exec(
        update(Invitation)
        .where(col(Invitation.token_digest) == invitation.token_digest, col(Invitation.used_at).is_(None))
        .values(used_at=now(), used_by=person.user_id)
    )
    if taken.rowcount != 1:
        return "refused", person.role
    identity = session.get_one(TelegramIdentity, person.user_id)
    identity.role = invitation.role
    session.add(identity)
    return "given", invitation.role


def mark_blocked(session: Session, chat_id: int) -> None:
    """The bot may not write to this chat any more, until they write again."""
    session.exec(
        update(TelegramIdentity)
        .where(col(TelegramIdentity.chat_id) == chat_id, col(TelegramIdentity.blocked_at).is_(None))
        .values(blocked_at=now())
    )


def _carry_over_opt_out(session: Session, customer_id: str, chat_id: int) -> None:
    """Somebody who said stop before the shop knew who they were has still said it."""
    said = (
        select(Message)
        .join(Conversation, col(Conversation.id) == col(Message.conversation_id))
        .where(Conversation.place == f"telegram:{chat_id}", Message.intent == "opt_out")
        .where(Message.sender == "customer")
        .order_by(col(Message.at).desc())
    )
    if (last := session.exec(said).first()) is not None:
        record_consent(session, customer_id, False, at=last.at, origin="chat")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
