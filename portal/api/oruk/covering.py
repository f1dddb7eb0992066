"""Where services reach: a postcode in, the areas that take it in and the places near it out. What is kept secret is nowhere."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from typing import Any, Final

import numpy as np
from sqlalchemy import ColumnElement, Row, false, func, select, tuple_
from sqlalchemy.orm import Session

from portal.directory.listing import Area
from portal.directory.places import Address, Location, ServiceArea
from portal.localities.answer import Place
from portal.localities.distance import miles_to
from portal.localities.gazetteer import Gazetteer
from portal.search.areas import Extents

METRES_A_MILE: Final = 1_609.344


def areas_around(session: Session, extents: Extents, place: Place) -> ColumnElement[bool]:
    """That a service area takes a place in, read as search reads it: what areas are called is not much, whatever number there are."""
    columns = [func.coalesce(column, "") for column in (ServiceArea.name, ServiceArea.extent, ServiceArea.uri)]
    told = session.execute(select(columns[0], columns[1], columns[2]).distinct())
    around = [(name, extent, uri) for name, extent, uri in told if _takes_in(extents, Area(name, extent, uri), place)]
    return tuple_(*columns).in_(around) if around else false()


def _takes_in(extents: Extents, area: Area, place: Place) -> bool:
    covers = extents.coverage([area])
    if covers.beyond:
        return True
    return place.locality is not None and (covers.borough or extents.localities.index(place.locality) in covers.localities)


def places_near(session: Session, gazetteer: Gazetteer, place: Place, metres: int) -> list[uuid.UUID]:
    """Ids of the locations, secret ones never among them, within so many metres of a place, as the crow flies.

    Where a location has no position, that of its postcode counts.
    """
    found = list(_positions(gazetteer, session.execute(_whereabouts())))
    if not found:
        return []
    latitudes, longitudes = (np.array([row[at] for row in found], dtype=np.float64) for at in (1, 2))
    away = miles_to(place.latitude, place.longitude, latitudes, longitudes) * METRES_A_MILE
    return [found[int(at)][0] for at in np.flatnonzero(away <= metres)]


def _whereabouts() -> Any:
    written = select(func.min(Address.postal_code)).where(Address.location_id == Location.id).scalar_subquery()
    open_ones = select(Location.id, Location.latitude, Location.longitude, written.label("postcode"))
    return open_ones.where(Location.is_confidential.is_(False), Location.location_type == "physical")


def _positions(gazetteer: Gazetteer, rows: Iterable[Row[Any]]) -> Iterator[tuple[uuid.UUID, float, float]]:
    for row in rows:
        if row.latitude is not None and row.longitude is not None:
            yield row.id, row.latitude, row.longitude
        elif row.postcode and row.postcode.isascii() and (known := gazetteer.postcodes.find("".join(row.postcode.split()).upper())):
            yield row.id, known.latitude, known.longitude
