"""Areas put together: wards or LSOAs of each locality in, one outline each out, in degrees to five decimals, about a metre.

Neighbours are thinned together, so that no gap opens between them. Where wards of one locality and LSOAs of another overlap at their
edges, the locality that comes first keeps the ground.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon

from portal.errors import SourceError
from portal.localities.collection import Locality
from portal.localities.distance import Floats
from portal.localities.shapes import Area, polygonal
from portal.localities.zones import Zone

TOLERANCE: Final = 0.0001  # degrees: corners are dropped that cut off less than its square, about 10 m by 7 m
SLIVER: Final = 1e-7  # square degrees, about 700 m²: a hole this small is where two shapes were rounded apart
DECIMALS: Final = 5


def outline(localities: Sequence[Locality], zones: Mapping[str, Zone]) -> list[Area]:
    """The area of each locality, valid. Raises `SourceError` for one that lies wholly within others."""
    joined = [_filled(polygonal(shapely.union_all([zones[code].area for code in locality.codes]))) for locality in localities]
    thinned = shapely.coverage_simplify(_parted(joined), TOLERANCE)
    rounded = shapely.transform(thinned, _round)
    areas = [polygonal(shapely.make_valid(area)) for area in rounded]
    for locality, area in zip(localities, areas, strict=True):
        if area.is_empty:
            raise SourceError(f"{locality.name!r} has no ground of its own: it lies within other localities.")
    return areas


def _parted(areas: Sequence[Area]) -> list[Area]:
    """Take from each area what an earlier one has."""
    tree = shapely.STRtree(areas)
    parted = list(areas)
    for predicate in ("overlaps", "within", "contains"):  # not "intersects": neighbours that only touch must stay as they are
        for later, earlier in tree.query(areas, predicate=predicate).T.tolist():
            if earlier < later:
                parted[later] = polygonal(shapely.difference(parted[later], areas[earlier]))
    return parted


def _filled(area: Area) -> Area:
    parts = [Polygon(part.exterior, [hole for hole in part.interiors if Polygon(hole).area > SLIVER]) for part in shapely.get_parts(area)]
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def _round(degrees: Floats) -> Floats:
    return np.round(degrees, DECIMALS)
