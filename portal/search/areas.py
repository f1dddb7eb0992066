"""What areas mean here: the areas that a listing says it covers in, localities of this borough out; and where a site is.

An area that is neither a locality, nor the borough, nor the whole country is elsewhere: it leaves every place here out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from portal.directory.listing import Area, Site
from portal.localities.answer import Place
from portal.localities.distance import miles
from portal.localities.gazetteer import Gazetteer
from portal.localities.place import place

BY_POSITION: Final = -1  # instead of a locality's number: the outlines have to say, for its postcode does not
NOWHERE: Final = -2  # all that is known of where it is is part of a postcode, which is no place to stand on
COUNTRY: Final = frozenset(
    {"england", "uk", "united kingdom", "great britain", "gb", "national", "nationwide", "e92000001", "k02000001", "k03000001"}
)


@dataclass(frozen=True)
class Coverage:
    """What the areas of a listing amount to. `localities` are numbers in `Extents.localities`."""

    declares: bool = False
    borough: bool = False
    beyond: bool = False
    localities: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Extents:
    """The names by which this borough and its localities are known. `borough_names` are folded."""

    gazetteer: Gazetteer
    borough_names: frozenset[str]

    @cached_property
    def localities(self) -> tuple[str, ...]:
        """Slugs in a fixed order."""
        return tuple(self.gazetteer.localities)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for number, locality in enumerate(self.gazetteer.localities.values()):
            for name in (locality.slug, locality.name, *locality.codes):
                found[name.casefold()] = number
        return found

    def numbers(self, place: Place | None) -> tuple[int, ...]:
        """Numbers of the localities that a place lies in: its own one; all that it touches, where it spreads over several."""
        if place is None:
            return ()
        if place.locality:
            return (self.localities.index(place.locality),)
        known = self.gazetteer.locality_places
        return tuple(number for number, slug in enumerate(self.localities) if slug in known and _touch(place, known[slug]))

    def coverage(self, areas: Iterable[Area]) -> Coverage:
        """What these areas amount to; nothing declared where there are none."""
        every = set().union(*(self._names(area) for area in areas))
        if not every:
            return Coverage()
        return Coverage(
            declares=True,
            borough=not every.isdisjoint(self.borough_names),
            beyond=not every.isdisjoint(COUNTRY),
            localities=frozenset(self._numbers[name] for name in every if name in self._numbers),
        )

    def position(self, site: Site) -> tuple[float, float] | None:
        """Where a site is: its own position, or its postcode's; None where neither is known or it is confidential."""
        if site.is_confidential:
            return None
        if site.latitude is not None and site.longitude is not None:
            return site.latitude, site.longitude
        found = place(site.postcode, self.gazetteer) if site.postcode else None
        return (found.latitude, found.longitude) if isinstance(found, Place) else None

    def locality_number(self, site: Site) -> int:
        """The number of the locality of a site's postcode, as the council's own list has it; `BY_POSITION` or `NOWHERE` without one."""
        found = None if site.is_confidential or not site.postcode else place(site.postcode, self.gazetteer)
        if isinstance(found, Place) and found.locality:
            return self.localities.index(found.locality)
        has_position = not site.is_confidential and site.latitude is not None and site.longitude is not None
        return BY_POSITION if has_position or (isinstance(found, Place) and found.kind == "postcode") else NOWHERE

    @staticmethod
    def _names(area: Area) -> set[str]:
        return {text.strip().casefold() for text in (area.name, area.extent, area.uri.rsplit("/", 1)[-1]) if text.strip()}


def _touch(spread: Place, locality: Place) -> bool:
    """Whether an area, such as a postcode district or the whole borough, and a locality overlap, as circles; never for a point."""
    away = miles(spread.latitude, spread.longitude, locality.latitude, locality.longitude)
    return bool(spread.reach) and away <= spread.reach + locality.reach
