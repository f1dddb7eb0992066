"""Places that we know already, found by postcode: so that nobody types an address that is here, and two services share one place."""

from __future__ import annotations

from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from portal.directory.entries import address_text
from portal.directory.places import Address, Location
from portal.directory.record import VenueEntry

MOST: Final = 8


def list_places_at(session: Session, postcode: str) -> list[VenueEntry]:
    """Places that people can go to at a postcode, by name, and never a confidential one."""
    at = func.upper(func.replace(Address.postal_code, " ", "")) == postcode.replace(" ", "").upper()
    is_open = (Location.location_type == "physical", Location.is_confidential.is_(False), Location.name.is_not(None))
    query = select(Location).join(Address, Address.location_id == Location.id).where(at, *is_open).order_by(Location.name, Location.id)
    whole = query.options(selectinload(Location.addresses), selectinload(Location.accessibility)).distinct().limit(MOST)
    return [_entry(location) for location in session.scalars(whole)]


def _entry(location: Location) -> VenueEntry:
    address = location.addresses[0] if location.addresses else None
    return VenueEntry(
        name=location.name or "",
        address=address_text(address),
        city=(address.city or "") if address else "",
        postcode=(address.postal_code or "") if address else "",
        latitude=location.latitude,
        longitude=location.longitude,
        access=tuple(row.description or "" for row in location.accessibility),
        directions=location.transportation or "",
        location_id=location.id,
    )
