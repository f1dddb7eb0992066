"""In which areas of the borough a listing counts: a record in, slugs of localities out. Pure.

A listing counts in each locality where it happens and in each that it says it covers, by the same reading of areas as search has.
One that names none but the whole borough, or the country, counts as everywhere; one of which we know no area here, as elsewhere.
A place that is kept secret says nothing about where it is.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from portal.directory.listing import Area
from portal.directory.record import ServiceRecord, VenueEntry
from portal.localities.boundaries import Boundaries
from portal.localities.place import Place, place
from portal.search.areas import Extents

EVERYWHERE: Final = "*"  # neither can be a slug
ELSEWHERE: Final = "-"


@dataclass(frozen=True)
class Ground:
    """The borough: its localities by name and by outline."""

    extents: Extents
    boundaries: Boundaries

    def places_of(self, record: ServiceRecord) -> tuple[str, ...]:
        """The areas in which a listing counts, in order: at least one."""
        covers = self.extents.coverage(Area(name=each.name, extent=each.extent) for each in record.areas)
        named = {self.extents.localities[number] for number in covers.localities}
        here = named | set(self._happens_in(record))
        if here:
            return tuple(sorted(here))
        return (EVERYWHERE,) if covers.borough or covers.beyond else (ELSEWHERE,)

    @cached_property
    def mark(self) -> str:
        """Another text when the localities, their names or their boundaries are others."""
        known = self.extents.gazetteer
        localities = [(each.slug, each.name, each.codes) for each in known.localities.values()]
        told = (localities, known.boundary_date, known.source, sorted(self.extents.borough_names))
        return f"{zlib.crc32(repr(told).encode()):08x}"

    def _happens_in(self, record: ServiceRecord) -> Iterator[str]:
        for venue in record.venues:
            found = None if venue.is_confidential else self._locality_of(venue)
            if found:
                yield found

    def _locality_of(self, venue: VenueEntry) -> str | None:
        """By its postcode, as the council's own list has it; by the outlines where we do not know that."""
        found = place(venue.postcode, self.extents.gazetteer) if venue.postcode else None
        if isinstance(found, Place) and found.locality:
            return found.locality
        if venue.latitude is None or venue.longitude is None:
            return None
        return self.boundaries.locality_at(venue.latitude, venue.longitude)
