"""Whole records as they are given, made once for each change: keys in, records out, those that nothing changed as they were written.

What may be shown is decided first, from the tables: what is no longer public is never kept, and neither is a service that has a place
whose address is secret. A record is kept under the revision of its service, which is read before the record, so that what
somebody writes meanwhile leaves no mixture behind under a mark that is asked for again.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, Final, cast

import msgspec
from sqlalchemy import Row, and_, exists, select
from sqlalchemy.orm import Session

from portal.api.oruk import parts, places, services, shapes
from portal.api.oruk.choosing import is_public
from portal.api.oruk.keeping import Kept
from portal.api.oruk.services import Ground
from portal.api.oruk.term_shapes import Shape
from portal.directory.listed import ListedService
from portal.directory.models import PUBLIC_STATUSES
from portal.directory.places import Location, ServiceAtLocation

MOST_BYTES: Final = 48_000_000  # of records, that a process keeps
_IS_SECRET: Final = exists().where(
    ServiceAtLocation.service_id == ListedService.service_id,
    Location.id == ServiceAtLocation.location_id,
    Location.is_confidential.is_not(False),
)
_MARKED: Final[Any] = select(
    ListedService.position,
    ListedService.service_id,
    ListedService.revision,
    ListedService.changed_at,
    and_(is_public(), ~_IS_SECRET).label("may_be_kept"),
)
_SERVICES: Final = parts.of_owners(_MARKED, ListedService.__table__.c.position)
_PLACES: Final = parts.of_owners(
    _MARKED.add_columns(ServiceAtLocation.id.label("place_id")).join(
        ServiceAtLocation, ServiceAtLocation.service_id == ListedService.service_id
    ),
    ServiceAtLocation.__table__.c.id,
)
Given = Mapping[Hashable, Shape]


class WholeRecords:
    """Reads whole services and whole services at locations, and keeps what it read."""

    def __init__(self, ground: Ground) -> None:
        self._ground, self._kept = ground, Kept[msgspec.Raw](MOST_BYTES)

    def services(self, session: Session, positions: Sequence[int], *, is_kept: bool) -> dict[uuid.UUID, Shape]:
        """Services by their places in the open list, in this order, by id."""
        rows = {row.position: row for row in parts.rows_of(session, _SERVICES, positions)}
        there = [rows[position] for position in positions if position in rows]

        def made(missing: Sequence[Row[Any]]) -> Given:
            return {each.id: each for each in services.list_whole(session, self._ground, [row.position for row in missing])}

        given = self._given(there, "service_id", made, is_kept=is_kept)
        return {row.service_id: given[row.service_id] for row in there if row.service_id in given}

    def places(self, session: Session, ids: Sequence[uuid.UUID], *, is_kept: bool) -> list[Shape]:
        """Services at locations by their ids, in this order."""
        rows = parts.rows_of(session, _PLACES, ids)

        def made(missing: Sequence[Row[Any]]) -> Given:
            found = list_with_services(session, self._ground, [row.place_id for row in missing], is_whole=True)
            return {each.id: each for each in found}

        given = self._given(rows, "place_id", made, is_kept=is_kept)
        return [given[key] for key in ids if key in given]

    def _given(self, rows: Sequence[Row[Any]], name: str, made: Callable[[Sequence[Row[Any]]], Given], *, is_kept: bool) -> Given:
        """Records by the column `name`: those kept, and those that are `made` now."""
        known = {getattr(row, name): self._kept.find((name, getattr(row, name)), _mark(row)) for row in rows if row.may_be_kept}
        missing = [row for row in rows if known.get(getattr(row, name)) is None]
        found = dict(made(missing)) if missing else {}
        if is_kept:
            for row in missing:
                if row.may_be_kept and getattr(row, name) in found:
                    found[getattr(row, name)] = self._written((name, getattr(row, name)), _mark(row), found[getattr(row, name)])
        return {**found, **{key: _shape(value) for key, value in known.items() if value is not None}}

    def _written(self, key: Hashable, mark: Hashable, record: Shape) -> Shape:
        text = msgspec.json.encode(record)
        self._kept.keep(key, mark, msgspec.Raw(text), len(text))
        return _shape(msgspec.Raw(text))


def list_with_services(
    session: Session, ground: Ground, ids: Sequence[uuid.UUID], *, is_whole: bool = False
) -> list[shapes.ServiceAtLocation]:
    """Services at locations by their ids, in this order, each with its service; of one no longer public only what tells them apart."""
    rows = parts.rows_of(session, places.BY_ID, ids)
    of = {service.id: service for service in _services_of(session, ground, {row.service_id for row in rows}, is_whole=is_whole)}
    public = [row for row in rows if row.service_id in of and of[row.service_id].status in PUBLIC_STATUSES]
    given = {place.id: place for place in (places.whole_places(session, ground.towns, public) if is_whole else places.plain_places(public))}
    for row in rows:
        if row.at_id not in given and row.service_id in of:
            given[row.at_id] = shapes.ServiceAtLocation(id=row.at_id, service_id=row.service_id, location_id=row.id)
    for place in given.values():
        place.service = of[place.service_id]
    return [given[key] for key in ids if key in given]


def _services_of(session: Session, ground: Ground, ids: Iterable[uuid.UUID], *, is_whole: bool) -> Sequence[services.Given]:
    listed = select(ListedService.position).where(ListedService.service_id.in_(list(ids)))
    positions = session.scalars(listed.order_by(ListedService.position)).all()
    if is_whole:
        return services.list_whole(session, ground, positions, has_places=False)
    return services.list_plain(session, positions)


def _mark(row: Row[Any]) -> Hashable:
    return row.position, row.revision, row.changed_at


def _shape(written: msgspec.Raw) -> Shape:
    """What is written already, where a record may stand: it is given as it is."""
    return cast("Shape", written)
