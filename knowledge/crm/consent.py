"""The history of consent to marketing: appended to, never overwritten; the latest event by `at` holds."""

from datetime import datetime

from sqlmodel import Field, Session, SQLModel, desc, select

from knowledge.crm.columns import Instant, now


class ConsentEvent(SQLModel, table=True):
    """One grant or withdrawal."""

    __tablename__ = "consent_event"

    id: int | None = Field(default=None, primary_key=True)
    customer_id: str = Field(foreign_key="customer.id", index=True)
    granted: bool
    at: datetime = Field(sa_type=Instant, index=True)
    origin: str = Field(description="import, chat, console or owner")
    recorded_at: datetime = Field(default_factory=now, sa_type=Instant)


def latest_consent(session: Session, customer_id: str) -> ConsentEvent | None:
    """The event that holds now, or None when the customer was never asked."""
    query = select(ConsentEvent).where(ConsentEvent.customer_id == customer_id)
    return session.exec(query.order_by(desc(ConsentEvent.at), desc(ConsentEvent.id))).first()


def record_consent(
    session: Session, customer_id: str, granted: bool, *, at: datetime | None, origin: str
) -> bool:
    """Append an event when it changes what holds; returns whether it did.

    A grant restores a withdrawn consent only when its own date is later than the withdrawal;
    a grant without a date never does. A withdrawal always holds from its date on.
    """
    last = latest_consent(session, customer_id)
    moment = at or now()
    if last is not None:
        if last.granted == granted:
            return False
        if granted and (at is None or at <= last.at):
            return False
        if not granted and moment < last.at:
            return False
    session.add(ConsentEvent(customer_id=customer_id, granted=granted, at=moment, origin=origin))
    session.flush()
    return True
