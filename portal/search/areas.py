"""What areas mean here: the areas that a listing says it covers in, localities of this borough out; and where a site is.

An area that is neither a locality, nor the borough, nor the whole country is elsewhere: it leaves every place here out.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from portal.directory.listing import Area, Site
from portal.localities.answer import Place
from portal.localities.boundaries import Boundaries
from portal.localities.distance import miles
from portal.localities.gazetteer import Gazetteer
from portal.localities.place import place

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
    """The names by which this borough and its localities are known, and where they lie. `borough_names` are folded."""

    gazetteer: Gazetteer
    borough_names: frozenset[str]
    boundaries: Boundaries
    former: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def localities(self) -> tuple[str, ...]:
        """Slugs in a fixed order."""
        return tuple(self.gazetteer.localities)

    @cached_property
    def mark(self) -> str:
        """Another text when the localities, their names or their boundaries are others."""
        localities = [(each.slug, each.name, each.codes) for each in self.gazetteer.localities.values()]
        former = sorted((name, sorted(slugs)) for name, slugs in self.former.items())
        told = (localities, self.gazetteer.boundary_date, self.gazetteer.source, sorted(self.borough_names), former)
        return f"{zlib.crc32(repr(told).encode()):08x}"

    @cached_property
    def _numbers(self) -> dict[str, frozenset[int]]:
        found = {name: frozenset(self.localities.index(slug) for slug in slugs) for name, slugs in self.former.items()}
        for number, locality in enumerate(self.gazetteer.localities.values()):
            for name in (locality.slug, locality.name, *locality.codes):
                found[name.casefold()] = frozenset({number})
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
            localities=frozenset().union(*(self._numbers.get(name, ()) for name in every)),
        )

    def position(self, site: Site) -> tuple[float, float] | None:
        """Where a site is: its own position, or its postcode's; None where neither is known or it is confidential."""
        if site.is_confidential:
            return None
        if site.latitude is not None and site.longitude is not None:
            return site.latitude, site.longitude
        found = place(site.postcode, self.gazetteer) if site.postcode else None
        return (found.latitude, found.longitude) if isinstance(found, Place) else None

    def stands(self, site: Site) -> bool:
        """Whether its `position` is where a site is, and not the middle of the part of a postcode that is all we know."""
        return (site.latitude is not None and site.longitude is not None) or self._listed(site.postcode) is not None

    def locality_at(self, postcode: str, position: tuple[float, float] | None) -> str | None:
        """The slug of where something stands; None outside all localities.

        By its postcode, as the council's own list has it; by the outlines where the list does not have it. What part of a postcode is
        all in one locality here may go on beyond the border, and says nothing.
        """
        listed = self._listed(postcode)
        if listed and listed.locality:
            return listed.locality
        return self.boundaries.locality_at(*position) if position else None

    def _listed(self, postcode: str) -> Place | None:
        found = place(postcode, self.gazetteer) if postcode else None
        return found if isinstance(found, Place) and found.kind == "postcode" else None

    @staticmethod
    def _names(area: Area) -> set[str]:
        return {text.strip().casefold() for text in (area.name, area.extent, area.uri.rsplit("/", 1)[-1]) if text.strip()}


def _touch(spread: Place, locality: Place) -> bool:
    """Whether an area, such as a postcode district or the whole borough, and a locality overlap, as circles; never for a point."""
    away = miles(spread.latitude, spread.longitude, locality.latitude, locality.longitude)
    return bool(spread.reach) and away <= spread.reach + locality.reach
