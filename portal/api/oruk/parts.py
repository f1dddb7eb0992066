"""What belongs to services, places and organizations: ids in, the parts of each as they are given, in their order, out.

One query for each kind of part, as plain rows: objects that a session follows would take three times as long. Columns are named
one by one, so that what has no name here cannot leave.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from operator import attrgetter
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


class Part:
    """Parts of one kind. `query`: their rows, in order; `owner`: the column of what they belong to; `shape`: how a row is given."""

    def __init__(self, query: Select[Any], owner: ColumnElement[Any], shape: Callable[[Row[Any]], Any]) -> None:
        self._query, self._owner, self._shape = of_owners(query, owner), attrgetter(owner.key or ""), shape

    def of(self, session: Session, ids: Ids) -> Parts:
        """Those of each of these owners."""
        return by_owner(rows_of(session, self._query, ids), self._owner, self._shape)


def list_phones(session: Session, owner: str, ids: Ids) -> Parts:
    """Telephone numbers by `owner` (a column), without those of people."""
    rows = rows_of(session, _phones(owner), ids)
    spoken = languages("phone_id").of(session, [row.id for row in rows])
    return by_owner(
        rows,
        attrgetter(owner),
        lambda row: part_shapes.Phone(
            id=row.id,
            number=row.number,
            extension=row.extension or None,
            type=row.type or None,
            description=row.description or None,
            languages=spoken.get(row.id, []),
        ),
    )


@cache
def languages(owner: str) -> Part:
    """Languages by `owner` (a column)."""
    query = select(_LANGUAGE.id, _LANGUAGE[owner], _LANGUAGE.name, _LANGUAGE.code, _LANGUAGE.note)
    return Part(
        query.order_by(_LANGUAGE.position, _LANGUAGE.name, _LANGUAGE.id),
        _LANGUAGE[owner],
        lambda row: part_shapes.Language(id=row.id, name=row.name or None, code=row.code or None, note=row.note or None),
    )


@cache
def schedules(owner: str) -> Part:
    """Schedules by `owner` (a column)."""
    query = select(*_SCHEDULE, _SCHEDULE["count"].label("count_"))
    return Part(query.order_by(_SCHEDULE.position, _SCHEDULE.id), _SCHEDULE[owner], _schedule)


@cache
def holiday_schedules(owner: str) -> Part:
    """Days that break schedules, by `owner` (a column)."""
    return Part(
        select(*_HOLIDAY).order_by(_HOLIDAY.position, _HOLIDAY.start_date, _HOLIDAY.id),
        _HOLIDAY[owner],
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
    query = select(_PHONE.id, _PHONE[owner], _PHONE.number, _PHONE.extension, _PHONE.type, _PHONE.description)
    is_nobodys = _PHONE.contact_id.is_(None).is_(True)  # SQLite would look up all that are nobody's by `contact_id IS NULL` alone
    return of_owners(query.where(is_nobodys).order_by(_PHONE.position, _PHONE.id), _PHONE[owner])


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


def by_owner(rows: Sequence[Row[Any]], owner: Callable[[Row[Any]], uuid.UUID], shape: Callable[[Row[Any]], Any]) -> Parts:
    """Rows as they are given, by their owners, in their order."""
    found: dict[uuid.UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[owner(row)].append(shape(row))
    return found
