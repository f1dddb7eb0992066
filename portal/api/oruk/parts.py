"""What belongs to services, places and organizations: ids in, the parts of each as they are given, in their order, out.

One query for each kind of part, as plain rows: objects that a session follows would take three times as long. Columns are named
one by one, so that what has no name here cannot leave.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, bindparam, select
from sqlalchemy.orm import Session

from portal.api.oruk import part_shapes
from portal.api.oruk.values import uri
from portal.directory import models, places, times

BATCH: Final = 500
Ids = Sequence[uuid.UUID]
Keys = Sequence[uuid.UUID] | Sequence[int]
Parts = Mapping[uuid.UUID, list[Any]]

_PHONE: Final = places.Phone.__table__.c
_LANGUAGE: Final = models.Language.__table__.c
_SCHEDULE: Final = times.Schedule.__table__.c
_HOLIDAY: Final = times.HolidaySchedule.__table__.c


def list_phones(session: Session, owner: str, ids: Ids) -> Parts:
    """Telephone numbers by `owner` (a column), without those of people."""
    rows = rows_of(session, _phones(owner), ids)
    spoken = list_languages(session, "phone_id", [row.id for row in rows])
    return by_owner(
        rows,
        lambda row: part_shapes.Phone(
            id=row.id,
            number=row.number,
            extension=row.extension or None,
            type=row.type or None,
            description=row.description or None,
            languages=spoken.get(row.id, []),
        ),
    )


def list_languages(session: Session, owner: str, ids: Ids) -> Parts:
    """Languages by `owner` (a column)."""
    rows = rows_of(session, _languages(owner), ids)
    return by_owner(rows, lambda row: part_shapes.Language(id=row.id, name=row.name or None, code=row.code or None, note=row.note or None))


def list_schedules(session: Session, owner: str, ids: Ids) -> Parts:
    """Schedules by `owner` (a column)."""
    return by_owner(rows_of(session, _schedules(owner), ids), _schedule)


def list_holiday_schedules(session: Session, owner: str, ids: Ids) -> Parts:
    """Days that break schedules, by `owner` (a column)."""
    return by_owner(
        rows_of(session, _holidays(owner), ids),
        lambda row: part_shapes.HolidaySchedule(
            id=row.id,
            closed=row.closed,
            start_date=row.start_date,
            end_date=row.end_date,
            opens_at=row.opens_at,
            closes_at=row.closes_at,
            description=row.description or None,
        ),
    )


def _schedule(row: Row[Any]) -> part_shapes.Schedule:
    return part_shapes.Schedule(
        id=row.id,
        service_id=row.service_id,
        service_at_location_id=row.service_at_location_id,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        dtstart=row.dtstart,
        until=row.until,
        count=row.count_,
        wkst=row.wkst or None,
        freq=row.freq or None,
        interval=row.interval,
        byday=row.byday or None,
        byweekno=row.byweekno or None,
        bymonthday=row.bymonthday or None,
        byyearday=row.byyearday or None,
        description=row.description or None,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        schedule_link=uri(row.schedule_link),
        attending_type=row.attending_type or None,
        notes=row.notes or None,
    )


@cache
def _phones(owner: str) -> Select[Any]:
    query = select(_PHONE.id, _PHONE[owner].label("owner"), _PHONE.number, _PHONE.extension, _PHONE.type, _PHONE.description)
    return of_owners(query.where(_PHONE.contact_id.is_(None)).order_by(_PHONE.position, _PHONE.id), _PHONE[owner])


@cache
def _languages(owner: str) -> Select[Any]:
    query = select(_LANGUAGE.id, _LANGUAGE[owner].label("owner"), _LANGUAGE.name, _LANGUAGE.code, _LANGUAGE.note)
    return of_owners(query.order_by(_LANGUAGE.position, _LANGUAGE.name, _LANGUAGE.id), _LANGUAGE[owner])


@cache
def _schedules(owner: str) -> Select[Any]:
    query = select(*_SCHEDULE, _SCHEDULE["count"].label("count_"), _SCHEDULE[owner].label("owner"))
    return of_owners(query.order_by(_SCHEDULE.position, _SCHEDULE.id), _SCHEDULE[owner])


@cache
def _holidays(owner: str) -> Select[Any]:
    query = select(*_HOLIDAY, _HOLIDAY[owner].label("owner"))
    return of_owners(query.order_by(_HOLIDAY.position, _HOLIDAY.start_date, _HOLIDAY.id), _HOLIDAY[owner])


def of_owners(query: Select[Any], owner: ColumnElement[Any]) -> Select[Any]:
    """`query` for the rows whose `owner` is one of those that `rows_of` is given. Made once: making it takes as long as asking it."""
    return query.where(owner.in_(bindparam("owners", expanding=True)))


def rows_of(session: Session, asked: Select[Any], owners: Keys, more: Mapping[str, str] | None = None) -> list[Row[Any]]:
    """Rows of what `of_owners` made, in batches, with `more` values. Ids go in as one: SQLAlchemy would look at each for long."""
    found: list[Row[Any]] = []
    connection = session.connection()  # nothing here is an object of the session's
    for start in range(0, len(owners), BATCH):
        found += connection.execute(asked, {"owners": owners[start : start + BATCH], **(more or {})}).all()
    return found


def by_owner(rows: Sequence[Row[Any]], shape: Callable[[Row[Any]], Any]) -> Parts:
    """Rows as they are given, by their `owner`, in their order."""
    found: dict[uuid.UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.owner].append(shape(row))
    return found
