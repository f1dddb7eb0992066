"""In which areas of the borough a listing counts: a record in, slugs of localities out. Pure.

A listing counts in each locality where it happens and in each that it says it covers, by the same reading of areas as search has.
One that names none but the whole borough, or the country, counts as everywhere; one of which we know no area here, as elsewhere.
A place that is kept secret says nothing about where it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from portal.directory.listing import Area
from portal.directory.record import ServiceRecord, VenueEntry
from portal.search.areas import Extents

EVERYWHERE: Final = "*"  # neither can be a slug
ELSEWHERE: Final = "-"


@dataclass(frozen=True)
class Ground:
    """The borough: its localities by name and by outline."""

    extents: Extents

    def places_of(self, record: ServiceRecord) -> tuple[str, ...]:
        """The areas in which a listing counts, in order: at least one."""
        covers = self.extents.coverage(Area(name=each.name, extent=each.extent) for each in record.areas)
        named = {self.extents.localities[number] for number in covers.localities}
        here = named | set(self._happens_in(record))
        if here:
            return tuple(sorted(here))
        return (EVERYWHERE,) if covers.borough or covers.beyond else (ELSEWHERE,)

    @property
    def mark(self) -> str:
        """Another text when the localities, their names or their boundaries are others."""
        return self.extents.mark

    def _happens_in(self, record: ServiceRecord) -> Iterator[str]:
        for venue in record.venues:
            found = None if venue.is_confidential else self._locality_of(venue)
            if found:
                yield found

    def _locality_of(self, venue: VenueEntry) -> str | None:
        position = None if venue.latitude is None or venue.longitude is None else (venue.latitude, venue.longitude)
        return self.extents.locality_at(venue.postcode or "", position)
