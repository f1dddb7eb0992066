"""Change rows: one for each write to a service, in the same transaction as the write; every index reads them, each at its own place.

A row says only that a service changed; what it became is read from the database when the row is applied, so that applying a row
twice, or late, is harmless. Nobody who reads a row takes it away: rows go when they are old (`cursors` says who has read how far).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal import alarm, clock
from portal.db import Base
from portal.directory.listed import keep_listed

KEPT: Final = timedelta(days=14)  # for so long an index may be away and still follow; after it, it is built anew
PURGED_AT_ONCE: Final = 5_000
OVERTAKEN: Final = 5_000  # rows; counting all that are kept would cost every page


class Change(Base):
    """A service that was written."""

    __tablename__ = "change"
    __table_args__ = ({"sqlite_autoincrement": True},)  # so that the number of a row that went is never used again

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[uuid.UUID]
    changed_at: Mapped[datetime]


class PurgedChanges(Base):
    """The highest row that ever went: an index that has not read so far has missed something. One row, or none."""

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


def purge_changes(session: Session) -> int:
    """Let some of the rows go that are older than `KEPT`; how many. Never commits.

    The newest row stays however old it is: by it an index knows that this is the database that it follows.
    """
    newest = select(func.max(Change.id)).scalar_subquery()
    oldest = select(Change.id, Change.changed_at).where(Change.id < newest).order_by(Change.id).limit(PURGED_AT_ONCE)
    old = [row_id for row_id, changed_at in session.execute(oldest) if changed_at < clock.now() - KEPT]
    if old:
        session.execute(delete(Change).where(Change.id <= max(old)))
        session.merge(PurgedChanges(id=1, through=max(purged_through(session), *old)))
    return len(old)


def get_state(session: Session) -> tuple[int, ...]:
    """The newest row, how many of the last `OVERTAKEN` are there, and the newest that went: others after a write to a listing.

    Together with the head of the history they say that nothing was written: a row may be seen after others that it was written before.
    """
    newest = select(func.coalesce(func.max(Change.id), 0)).scalar_subquery()
    late = select(func.count()).select_from(Change).where(Change.id > newest - OVERTAKEN).scalar_subquery()
    purged = select(func.coalesce(func.max(PurgedChanges.through), 0)).scalar_subquery()
    return tuple(session.execute(select(newest, late, purged)).one())


def purged_through(session: Session) -> int:
    """The highest number of a row that ever went; 0 when none did."""
    return session.scalar(select(func.max(PurgedChanges.through))) or 0
