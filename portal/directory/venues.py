"""Where a service happens, written: a service and its venues as they should be in, places added, changed and removed.

A place may be shared with other services: what is changed of it is changed for all of them, and they are said to be changed too.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from portal.directory.entries import address_text, venue_entry, venues_of
from portal.directory.models import Service
from portal.directory.parts import ACCESS, CLOSURES, SESSIONS, matched, reconcile
from portal.directory.places import Address, Location, ServiceAtLocation
from portal.directory.record import VenueEntry, says_the_same

_OF_ADDRESS: Final = ("address", "city", "postcode")
OF_PLACE: Final = (
    "name",
    *_OF_ADDRESS,
    "is_confidential",
    "latitude",
    "longitude",
    "access",
    "directions",
)  # the place's own


@dataclass
class Touched:
    """Places that were changed, with each field before and after, and the other services that happen there."""

    places: dict[uuid.UUID, dict[str, list[Any]]] = field(default_factory=dict)
    services: set[uuid.UUID] = field(default_factory=set)


def write_venues(session: Session, service: Service, venues: Sequence[VenueEntry]) -> Touched:
    """Bring the venues of a whole service to what `venues` say."""
    touched, rows = Touched(), venues_of(service)
    before = {row.id: venue_entry(row) for row in rows}
    pairs = matched(rows, _named(rows, venues), venue_entry)
    kept = [_write(session, service, (row, entry, before), touched) for row, entry in pairs]
    for position, place in enumerate(kept):
        place.position = position
    elsewhere = [place for place in service.service_at_locations if place.id not in before]
    gone = [row for row in rows if row not in kept]
    set_committed_value(service, "service_at_locations", [*kept, *elsewhere])
    for place in gone:
        _remove(session, service, place, {each.location_id for each in kept})
    return touched


def services_at(session: Session, location_ids: Iterable[uuid.UUID], but: uuid.UUID | None) -> set[uuid.UUID]:
    """The services that happen at these places, one aside."""
    query = select(ServiceAtLocation.service_id).where(ServiceAtLocation.location_id.in_(list(location_ids)))
    return set(session.scalars(query)) - {but}


def place_changes(before: VenueEntry, after: VenueEntry) -> dict[str, list[Any]]:
    """What of the place itself differs, as {field: [before, after]}."""
    changed = [name for name in OF_PLACE if getattr(before, name) != getattr(after, name)]
    return {name: [msgspec.to_builtins(getattr(it, name)) for it in (before, after)] for name in changed}


def _named(rows: Sequence[ServiceAtLocation], venues: Sequence[VenueEntry]) -> list[VenueEntry]:
    """Venues that lost their id get it back from their place."""
    ids, of_places = {row.id for row in rows}, {row.location_id: row.id for row in rows}
    taken = {venue.id for venue in venues}
    found = []
    for venue in venues:
        if venue.id not in ids and (own := of_places.get(venue.location_id)) and own not in taken:  # type: ignore[arg-type]
            taken.add(own)
            found.append(msgspec.structs.replace(venue, id=own))
        else:
            found.append(venue)
    return found


_Pair = tuple[ServiceAtLocation | None, VenueEntry, dict[uuid.UUID, VenueEntry]]


def _write(session: Session, service: Service, pair: _Pair, touched: Touched) -> ServiceAtLocation:
    known, entry, before = pair
    if known is not None and says_the_same(before[known.id], entry):
        return known
    row = known if known is not None else _new(session, service, entry)
    was = before.get(row.id) or venue_entry(row)
    if changes := place_changes(was, entry):
        _write_place(session, row.location, entry, changes)
        if known is not None or entry.location_id == row.location_id:  # a place that was there before
            touched.places.setdefault(row.location_id, {}).update(changes)
            touched.services |= services_at(session, [row.location_id], service.id)
    row.description = entry.note or None
    owner = {"service_at_location_id": row.id}
    set_committed_value(row, "schedules", reconcile(session, SESSIONS, row.schedules, entry.sessions, owner))
    set_committed_value(row, "holiday_schedules", reconcile(session, CLOSURES, row.holiday_schedules, entry.closures, owner))
    return row


def _new(session: Session, service: Service, entry: VenueEntry) -> ServiceAtLocation:
    location = _shared(session, service, entry.location_id)
    if location is None:
        location = Location(id=uuid.uuid4(), location_type="physical", organization_id=service.organization_id, is_confidential=False)
        session.add(location)
        session.flush()
        for name in ("addresses", "accessibility"):
            set_committed_value(location, name, [])
    row = ServiceAtLocation(id=uuid.uuid4(), service_id=service.id, location_id=location.id, position=0)
    session.add(row)
    session.flush()
    for name, value in (("location", location), ("service", service), ("schedules", []), ("holiday_schedules", []), ("phones", [])):
        set_committed_value(row, name, value)
    return row


def _shared(session: Session, service: Service, location_id: uuid.UUID | None) -> Location | None:
    """A place that is there already, to be used by one more service: none that others keep secret."""
    location = session.get(Location, location_id) if location_id else None
    if location is None or location.location_type != "physical":
        return None
    if location.is_confidential:
        own = select(ServiceAtLocation.id).join(Service).where(Service.organization_id == service.organization_id)
        if session.scalars(own.where(ServiceAtLocation.location_id == location.id).limit(1)).first() is None:
            return None
    return location


def _write_place(session: Session, location: Location, entry: VenueEntry, changes: dict[str, list[Any]]) -> None:
    location.name = (entry.name or None) if "name" in changes else location.name
    location.transportation = (entry.directions or None) if "directions" in changes else location.transportation
    location.is_confidential, location.latitude, location.longitude = entry.is_confidential, entry.latitude, entry.longitude
    if "access" in changes:
        rows = reconcile(session, ACCESS, location.accessibility, entry.access, {"location_id": location.id})
        set_committed_value(location, "accessibility", rows)
    if not changes.keys().isdisjoint(_OF_ADDRESS):
        _write_address(session, location, entry)


def _write_address(session: Session, location: Location, entry: VenueEntry) -> None:
    if not location.addresses:
        address = Address(id=uuid.uuid4(), location_id=location.id, address_type="physical", country="GB")
        session.add(address)
        set_committed_value(location, "addresses", [address])
    address = location.addresses[0]
    if entry.address != address_text(address):
        address.address_1, address.address_2, address.region = entry.address or None, None, None
    address.city, address.postal_code = entry.city or None, entry.postcode or None


def _remove(session: Session, service: Service, place: ServiceAtLocation, used: set[uuid.UUID]) -> None:
    """Its numbers go to the service, which still has them; the place itself goes when nothing else happens there."""
    moved = [phone for phone in place.phones if phone not in session.deleted]
    for phone in moved:
        phone.service_at_location_id, phone.service_id = None, service.id
    set_committed_value(service, "phones", sorted([*service.phones, *moved], key=lambda phone: phone.position))
    _delete(session, place, "schedules", "holiday_schedules", "phones")
    location = place.location
    if location.id not in used and not services_at(session, [location.id], None):
        _delete(session, location, "addresses", "accessibility")


def _delete(session: Session, row: ServiceAtLocation | Location, *parts: str) -> None:
    """A row after its parts, so that none is left behind without an owner."""
    for name in parts:
        for part in getattr(row, name):
            if name != "phones":  # they have moved on
                session.delete(part)
        set_committed_value(row, name, [])
    session.flush()
    session.delete(row)
    session.flush()
