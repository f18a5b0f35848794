"""The history of consent to marketing: appended to, never overwritten; the latest event by `at` holds."""

from datetime import UTC, datetime

from sqlmodel import Field, Session, SQLModel, desc, select

from knowledge.crm.columns import Instant, now

UNDATED = datetime(1970, 1, 1, tzinfo=UTC)  # a grant nobody can date is older than any withdrawal


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
    """Append an event unless a later one is known; returns whether that changed what holds.

    A grant restores a withdrawn consent only when its own date is later than the withdrawal; one without
    a date never does, and gives way to any withdrawal. So does one dated in the future: a mistyped year
    would outlast every withdrawal. A withdrawal without a date is of now. So the order of hearing is free.
    """
    last = latest_consent(session, customer_id)
    at = None if at is not None and at > now() else at
    if at is None and last is not None and last.granted == granted:
        return False
    moment = at or (UNDATED if granted else now())
    if last is not None and (moment < last.at or (moment == last.at and (granted or not last.granted))):
        return False
    session.add(ConsentEvent(customer_id=customer_id, granted=granted, at=moment, origin=origin))
    session.flush()
    return last is None or last.granted != granted
