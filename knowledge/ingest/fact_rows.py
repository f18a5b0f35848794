"""Writes, moves and deletes the rows of facts within a caller's transaction. Knows no vectors: it says which may go."""

from collections.abc import Sequence

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from knowledge.crm.sources import Fact
from knowledge.ingest.batches import batches
from knowledge.ingest.drafts import Context, Draft


def write_facts(session: Session, drafts: Sequence[Draft], context: Context) -> list[str]:
    """Write the drafts' facts in place of those their entities had; returns the ids of those that are gone."""
    wanted = {fact.id: fact for draft in drafts for fact in draft.facts}
    gone: list[str] = []
    for entities in batches(draft.entity for draft in drafts if draft.entity):
        for row in session.exec(select(Fact).where(col(Fact.entity).in_(entities))):
            if (same := wanted.pop(row.id, None)) is not None:
                row.source_id, row.source_line = context.source_id, same.line
                session.add(row)
            else:
                gone.append(row.id)
                session.delete(row)
    for fact in wanted.values():
        session.add(
            Fact(id=fact.id, kind=fact.kind, entity=fact.entity, scope=fact.scope, language=fact.language,
                 text=fact.text, details=fact.details, source_id=context.source_id, source_line=fact.line)
        )  # fmt: skip
    return gone


def move_facts(session: Session, draft: Draft, context: Context) -> None:
    """The facts of a row say the same and stand elsewhere now."""
    if draft.entity:
        stand = {"source_id": context.source_id, "source_line": draft.line}
        session.exec(update(Fact).where(col(Fact.entity) == draft.entity).values(**stand))


def drop_facts(session: Session, entities: Sequence[str]) -> list[str]:
    """Delete the facts of these entities; returns their ids."""
    gone: list[str] = []
    for part in batches(entities):
        of_part = col(Fact.entity).in_(part)
        gone += session.exec(select(Fact.id).where(of_part))
        session.exec(delete(Fact).where(of_part))
    return gone
