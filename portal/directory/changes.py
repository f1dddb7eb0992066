"""The change rows that the search index pulls: one for each write to a service, in the same transaction as the write.

A row says only that a service changed; what it became is read from the database when the row is applied, so that
applying a row twice, or late, is harmless.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal import alarm, clock
from portal.db import Base
from portal.directory.listed import keep_listed


class Change(Base):
    """A service that was written and is not yet followed by the index."""

    __tablename__ = "change"
    __table_args__ = ({"sqlite_autoincrement": True},)  # so that a cleared row's number is never used again

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[uuid.UUID]
    changed_at: Mapped[datetime]


class Cleared(Base):
    """The highest change row that was ever cleared: an index that holds less is older than the database. One row, or none."""

    __tablename__ = "change_cleared"

    id: Mapped[int] = mapped_column(primary_key=True)
    through: Mapped[int]


def mark_changed(session: Session, service_ids: Iterable[uuid.UUID]) -> None:
    """Add a change row for each service, and see to its place in the open list. Never commits."""
    ids = list(service_ids)
    rows = [{"service_id": service_id, "changed_at": clock.now()} for service_id in ids]
    if rows:
        keep_listed(session, ids)
        with session.no_autoflush:  # a row says nothing but an id: what waits to be written need not be first
            session.execute(insert(Change), rows)
        alarm.listings.ring_after_commit(session)


def list_changes(session: Session, limit: int) -> list[tuple[int, uuid.UUID]]:
    """The oldest `limit` rows as (row id, service id)."""
    return [
        (row_id, service_id)
        for row_id, service_id in session.execute(select(Change.id, Change.service_id).order_by(Change.id).limit(limit))
    ]


def count_changes(session: Session) -> int:
    """How many rows wait."""
    return session.scalar(select(func.count()).select_from(Change)) or 0


def get_state(session: Session) -> tuple[int, ...]:
    """How many rows wait, the newest of them and the newest that was cleared: others after a write to a listing.

    Together with the head of the history they say that nothing was written: a row that another overtook can be cleared unseen.
    """
    rows = select(func.count(), func.coalesce(func.max(Change.id), 0)).select_from(Change).subquery()
    cleared = select(func.coalesce(func.max(Cleared.through), 0)).scalar_subquery()
    return tuple(session.execute(select(rows, cleared)).one())


def clear_changes(session: Session, row_ids: list[int]) -> None:
    """Forget rows that are applied and safe on disk. Never commits."""
    if not row_ids:
        return
    session.execute(delete(Change).where(Change.id.in_(row_ids)))
    session.merge(Cleared(id=1, through=max(cleared_through(session), *row_ids)))


def cleared_through(session: Session) -> int:
    """The highest number of a row that was ever cleared; 0 when none was."""
    return session.scalar(select(func.max(Cleared.through))) or 0
