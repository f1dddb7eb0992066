"""The open list: every service that was ever public, in the order in which each first was, with its state and its last change.

What other programs page through. A place in it is never given again and never moves, whatever is written. A service that is withdrawn
keeps its own; one that comes back when its place is no longer kept free stands last. Where services happen is listed beside it in the
same way. One table, so that a page, and what changed since a moment, is one look-up. It is written right before a transaction commits,
from what `changes.mark_changed` was told.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import Executable, Index, delete, event, literal, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal import clock
from portal.db import Base, inserting
from portal.directory.models import PUBLIC_STATUSES, Service
from portal.directory.places import ServiceAtLocation

_WAITING: Final = "services to keep listed"
_AT_ONCE: Final = 1_000


class ListedService(Base):
    """A service that is or was public. `changed_at` is when anything about it last changed here, in whole milliseconds.

    `revision` is one more with every change, whatever the clock says. No foreign key: what is said of a service outlives it.
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
    revision: Mapped[int] = mapped_column(default=1, server_default="1")


class ListedPlace(Base):
    """Where a listed service happens or happened: a service at a location, in the order in which each was first listed.

    `gone_at` is when it was taken away; None while it is there.
    """

    __tablename__ = "listed_place"
    __table_args__ = ({"sqlite_autoincrement": True},)  # so that a place is never given again

    position: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    service_id: Mapped[uuid.UUID] = mapped_column(index=True)
    gone_at: Mapped[datetime | None]


def keep_listed(session: Session, service_ids: Iterable[uuid.UUID]) -> None:
    """See to it that these services stand in the list as they are when this transaction commits."""
    waiting: set[uuid.UUID] = session.info.setdefault(_WAITING, set())
    waiting.update(service_ids)


def in_milliseconds(moment: datetime) -> datetime:
    """A moment as the list keeps it and as it is told, so that what is compared is what was said."""
    return moment.replace(microsecond=moment.microsecond // 1_000 * 1_000)


def places_kept_since() -> datetime:
    """The moment since which what is withdrawn keeps its place: the beginning of yesterday, so that places go at midnight only."""
    return datetime.combine(clock.today() - timedelta(days=1), time(), clock.LONDON)


def _list(session: Session) -> None:
    """Write the list. A savepoint is no commit."""
    if session.in_nested_transaction() or not session.info.get(_WAITING):
        return
    session.flush()
    ids = sorted(session.info.pop(_WAITING))
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        _leave_old_places(session, some)
        _list_services(session, some)
        _list_places(session, some)


def _leave_old_places(session: Session, ids: list[uuid.UUID]) -> None:
    """What comes back after its place went stands last: what it would stand before now does not slip."""
    public = select(Service.id).where(Service.id.in_(ids), Service.status.in_(PUBLIC_STATUSES))
    back = select(ListedService.service_id).where(
        ListedService.service_id.in_(public), ListedService.status.not_in(PUBLIC_STATUSES), ListedService.changed_at < places_kept_since()
    )
    if found := session.scalars(back).all():
        for table in (ListedPlace, ListedService):
            _write(session, delete(table).where(table.service_id.in_(found)))
    _write(session, delete(ListedPlace).where(ListedPlace.service_id.in_(ids), ListedPlace.gone_at < places_kept_since()))


def _list_services(session: Session, ids: list[uuid.UUID]) -> None:
    now: Any = literal(in_milliseconds(clock.now()), ListedService.__table__.c.changed_at.type)
    was_listed = Service.id.in_(select(ListedService.service_id))
    told = select(Service.id, Service.organization_id, Service.status, now, literal(1)).where(
        Service.id.in_(ids), or_(Service.status.in_(PUBLIC_STATUSES), was_listed)
    )
    put = inserting(session, ListedService).from_select(
        ["service_id", "organization_id", "status", "changed_at", "revision"], told.order_by(Service.id)
    )
    told_again = {name: put.excluded[name] for name in ("organization_id", "status", "changed_at")}
    raised = {"revision": ListedService.__table__.c.revision + 1}
    session.execute(put.on_conflict_do_update(index_elements=["service_id"], set_={**told_again, **raised}))


def _list_places(session: Session, ids: list[uuid.UUID]) -> None:
    """Those that are new stand last, in the order in which people gave them; those that are no more keep their places for a while."""
    at, listed = ServiceAtLocation, ListedPlace
    is_there = listed.place_id.in_(select(at.id).where(at.service_id.in_(ids)))
    _write(session, update(listed).where(listed.service_id.in_(ids), listed.gone_at.is_(None), ~is_there).values(gone_at=clock.now()))
    _write(session, update(listed).where(listed.service_id.in_(ids), listed.gone_at.is_not(None), is_there).values(gone_at=None))
    new = select(at.id, at.service_id).join(ListedService, ListedService.service_id == at.service_id)
    new = new.where(at.service_id.in_(ids), at.id.not_in(select(listed.place_id)))
    session.execute(
        inserting(session, listed).from_select(["place_id", "service_id"], new.order_by(ListedService.position, at.position, at.id))
    )


def _write(session: Session, statement: Executable) -> None:
    session.execute(statement, execution_options={"synchronize_session": False})


event.listen(Session, "before_commit", _list, insert=True)  # before the history is chained, which holds its head until the commit
