"""Places as they are given: services in, where each happens out. Of a place whose address is kept secret, only that it is one.

There, only when something happens and which number to ring are given: words may say where it is, and so may numbers of a building.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from portal.api.oruk import belongings, part_shapes, parts, shapes
from portal.api.oruk.values import uri
from portal.directory.places import Address, Location, ServiceAtLocation

Towns = Callable[[str], str]  # a postcode → the town it lies in, empty where that is not known
_AT: Final = ServiceAtLocation.__table__
_LOCATION: Final = Location.__table__
_ADDRESS: Final = Address.__table__.c
_TYPES: Final = ("physical", "postal", "virtual")
_ONLY_TIMES: Final = frozenset(
    {"id", "service_id", "service_at_location_id", "valid_from", "valid_to", "dtstart", "until", "count", "wkst", "freq", "interval",
     "byday", "byweekno", "bymonthday", "byyearday", "opens_at", "closes_at", "closed", "start_date", "end_date"}
)  # fmt: skip
_PLACES: Final = select(
    _AT.c.id.label("at_id"),
    _AT.c.service_id,
    _AT.c.description.label("at_description"),
    *(
        _LOCATION.c[name]
        for name in (
            "id", "location_type", "name", "alternate_name", "description", "transportation", "url", "latitude", "longitude",
            "external_identifier", "external_identifier_type", "is_confidential",
        )
    ),
).join_from(_AT, _LOCATION, _LOCATION.c.id == _AT.c.location_id)  # fmt: skip
BY_ID: Final = parts.of_owners(_PLACES, _AT.c.id)
_BY_SERVICE: Final = parts.of_owners(_PLACES.order_by(_AT.c.position, _AT.c.id), _AT.c.service_id)
_ADDRESSES: Final = parts.of_owners(select(*_ADDRESS).order_by(_ADDRESS.id), _ADDRESS.location_id)


def list_places(session: Session, towns: Towns, service_ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, list[shapes.ServiceAtLocation]]:
    """Where these services happen, whole, by service, in the order in which people gave them."""
    rows = parts.rows_of(session, _BY_SERVICE, service_ids)
    found: dict[uuid.UUID, list[shapes.ServiceAtLocation]] = defaultdict(list)
    for row, place in zip(rows, whole_places(session, towns, rows), strict=True):
        found[row.service_id].append(place)
    return found


def plain_places(rows: Iterable[Row[Any]]) -> list[shapes.ServiceAtLocation]:
    """Rows of `BY_ID` as they are given, without lists."""
    return [
        shapes.ServiceAtLocation(
            id=row.at_id,
            service_id=row.service_id,
            location_id=row.id,
            description=None if row.is_confidential else row.at_description or None,
            location=_location(row),
        )
        for row in rows
    ]


def whole_places(session: Session, towns: Towns, rows: Sequence[Row[Any]]) -> list[shapes.ServiceAtLocation]:
    """Rows of `BY_ID` with all that belongs to them."""
    ids, open_ids = [row.at_id for row in rows], list(dict.fromkeys(row.id for row in rows if not row.is_confidential))
    addresses, access = _addresses(session, towns, open_ids), belongings.ACCESSIBILITY.of(session, open_ids)
    attributes = belongings.list_attributes(session, "location", open_ids)
    phones = parts.list_phones(session, "service_at_location_id", ids)
    times = parts.schedules("service_at_location_id").of(session, ids)
    breaks = parts.holiday_schedules("service_at_location_id").of(session, ids)
    places = plain_places(rows)
    for row, place in zip(rows, places, strict=True):
        place.phones, place.schedules, place.holiday_schedules = (of.get(row.at_id, []) for of in (phones, times, breaks))
        if row.is_confidential:
            _keep_secret(place)
        elif place.location is not None:
            place.location.addresses, place.location.accessibility = addresses.get(row.id, []), access.get(row.id, [])
            place.location.attributes = attributes.get(row.id, [])
    return places


def _keep_secret(place: shapes.ServiceAtLocation) -> None:
    """Leave times and numbers, without a word that may say where."""
    place.phones = [part_shapes.Phone(id=phone.id, number=phone.number) for phone in place.phones]
    place.schedules = [part_shapes.Schedule(**_only_times(each)) for each in place.schedules]
    place.holiday_schedules = [part_shapes.HolidaySchedule(**_only_times(each)) for each in place.holiday_schedules]


def _only_times(given: part_shapes.Schedule | part_shapes.HolidaySchedule) -> dict[str, Any]:
    return {name: getattr(given, name) for name in given.__struct_fields__ if name in _ONLY_TIMES}


def _location(row: Row[Any]) -> shapes.Location:
    if row.is_confidential:
        return shapes.Location(id=row.id, location_type=row.location_type)
    return shapes.Location(
        id=row.id,
        location_type=row.location_type,
        name=row.name or None,
        alternate_name=row.alternate_name or None,
        description=row.description or None,
        transportation=row.transportation or None,
        url=uri(row.url),
        latitude=row.latitude,
        longitude=row.longitude,
        external_identifier=row.external_identifier or None,
        external_identifier_type=row.external_identifier_type or None,
    )


def _addresses(session: Session, towns: Towns, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, list[part_shapes.Address]]:
    found: dict[uuid.UUID, list[part_shapes.Address]] = defaultdict(list)
    for row in parts.rows_of(session, _ADDRESSES, ids):
        if address := _address(row, towns):
            found[row.location_id].append(address)
    return found


def _address(row: Row[Any], towns: Towns) -> part_shapes.Address | None:
    """An address with all that the standard asks for; None where street, town or postcode are not known."""
    if not row.address_1 or not row.postal_code:
        return None
    city = row.city or row.region or row.state_province or towns(row.postal_code)
    if not city:
        return None
    return part_shapes.Address(
        id=row.id,
        location_id=row.location_id,
        address_1=row.address_1,
        address_2=row.address_2 or None,
        city=city,
        region=row.region or None,
        state_province=row.state_province or row.region or city,
        postal_code=row.postal_code,
        country=row.country or "GB",
        address_type=row.address_type if row.address_type in _TYPES else "physical",
    )
