"""The open list: every service that was ever public, in the order in which each first was, with its state and its last change.

What other programs page through. A place in it is never given again and never moves, whatever is written; a service that is
withdrawn keeps its own. One table, so that a page, and what changed since a moment, is one look-up. It is written right before a
transaction commits, from what `changes.mark_changed` was told.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Index, event, literal, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal import clock
from portal.db import Base, inserting
from portal.directory.models import PUBLIC_STATUSES, Service

_WAITING: Final = "services to keep listed"
_AT_ONCE: Final = 1_000


class ListedService(Base):
    """A service that is or was public. `changed_at` is when anything about it last changed here, in whole milliseconds.

    No foreign key: what is said of a service outlives it.
    """

    __tablename__ = "listed_service"
    __table_args__ = (
        Index("ix_listed_service_state", "status", "position"),
        {"sqlite_autoincrement": True},  # so that a place is never given again
    )

    position: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    organization_id: Mapped[uuid.UUID] = mapped_column(index=True)
    status: Mapped[str]
    changed_at: Mapped[datetime] = mapped_column(index=True)


def keep_listed(session: Session, service_ids: Iterable[uuid.UUID]) -> None:
    """See to it that these services stand in the list as they are when this transaction commits."""
    waiting: set[uuid.UUID] = session.info.setdefault(_WAITING, set())
    waiting.update(service_ids)


def in_milliseconds(moment: datetime) -> datetime:
    """A moment as the list keeps it and as it is told, so that what is compared is what was said."""
    return moment.replace(microsecond=moment.microsecond // 1_000 * 1_000)


def _list(session: Session) -> None:
    """Write the list. A savepoint is no commit."""
    if session.in_nested_transaction() or not session.info.get(_WAITING):
        return
    session.flush()
    ids = sorted(session.info.pop(_WAITING))
    now: Any = literal(in_milliseconds(clock.now()), ListedService.__table__.c.changed_at.type)
    was_listed = Service.id.in_(select(ListedService.service_id))
    for start in range(0, len(ids), _AT_ONCE):
        told = select(Service.id, Service.organization_id, Service.status, now).where(
            Service.id.in_(ids[start : start + _AT_ONCE]), or_(Service.status.in_(PUBLIC_STATUSES), was_listed)
        )
        put = inserting(session, ListedService).from_select(
            ["service_id", "organization_id", "status", "changed_at"], told.order_by(Service.id)
        )
        told_again = {name: put.excluded[name] for name in ("organization_id", "status", "changed_at")}
        session.execute(put.on_conflict_do_update(index_elements=["service_id"], set_=told_again))


event.listen(Session, "before_commit", _list, insert=True)  # before the history is chained, which holds its head until the commit
