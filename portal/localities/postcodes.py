"""The pack's postcodes: the ways to read a text in, the postcode, sector or district that is meant out.

Held as sorted arrays, so that a county's 50,000 take a few megabytes in each worker. A postcode's locality is the one written in
the pack: boundaries drawn around it would put about 3% of them elsewhere than the council's own list does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from portal.localities.answer import Place
from portal.localities.distance import Floats, miles_to
from portal.localities.spelling import Reading, tidy

MOST: Final = 0.9  # share of an area's postcodes that its reach takes in
OUTSIDE: Final = -1


@dataclass(frozen=True)
class Extent:
    """The middle of some postcodes, in degrees, and the miles around it that take in most of them."""

    latitude: float
    longitude: float
    reach: float


@dataclass(frozen=True, eq=False)
class PostcodeTable:
    """Postcodes in order, n of each: `codes` without spaces (bytes), degrees, and numbers of `slugs` (-1: outside the borough)."""

    slugs: tuple[str, ...]
    codes: NDArray[np.bytes_]
    latitudes: Floats
    longitudes: Floats
    numbers: NDArray[np.int16]
    sectors: Mapping[str, Place]
    districts: Mapping[str, Place]

    def find(self, compact: str) -> Place | None:
        """The full postcode, written without its space, if the pack has it."""
        code = np.bytes_(compact.encode("ascii"))
        at = int(np.searchsorted(self.codes, code))
        if at == len(self.codes) or self.codes[at] != code:
            return None
        number = int(self.numbers[at])
        locality = None if number == OUTSIDE else self.slugs[number]
        return Place("postcode", tidy(compact), float(self.latitudes[at]), float(self.longitudes[at]), locality)

    def extent(self, slugs: Iterable[str]) -> Extent | None:
        """Where the postcodes of these localities are; None without postcodes."""
        chosen = np.isin(self.numbers, [self.slugs.index(slug) for slug in slugs])
        if not chosen.any():
            return None
        latitudes, longitudes = self.latitudes[chosen], self.longitudes[chosen]
        lat, lon = float(latitudes.mean()), float(longitudes.mean())
        reach = float(np.quantile(miles_to(lat, lon, latitudes, longitudes), MOST))
        return Extent(round(lat, 5), round(lon, 5), round(reach, 2))

    def known(self, reading: Reading) -> Place | None:
        """What the reading says, if the pack has just that; for part of a postcode's end, its sector."""
        if reading.form == "full":
            return self.find(reading.compact)
        if reading.form == "district":
            return self.districts.get(reading.outward)
        return self.sectors.get(reading.sector)

    def meant(self, readings: Sequence[Reading]) -> Place | tuple[Place, ...] | None:
        """The likeliest reading that the pack knows, or else the sector or district that it would lie in; a tuple where we must ask."""
        for reading in readings:
            if found := self.known(reading):
                return found if reading.is_certain else (found,)
        sectors = (self.sectors.get(reading.sector) for reading in readings if reading.form == "full")
        districts = (self.districts.get(reading.outward) for reading in readings if reading.is_certain)
        return next((found for found in (*sectors, *districts) if found), None)
