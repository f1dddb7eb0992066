"""The map drawn: boundaries and a width in, SVG path data of each locality and where to write its name out.

Distances along both axes are true at the map's middle latitude. Borders are thinned together, so that neighbours still meet, and all
coordinates are whole: eight localities make about two kilobytes of page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import cos, radians
from typing import Final

import numpy as np
import shapely
from shapely.geometry import LinearRing, Polygon

from portal.localities.boundaries import Boundaries
from portal.localities.collection import Locality
from portal.localities.distance import Floats
from portal.localities.shapes import Area, polygonal

MARGIN: Final = 8  # units left around the map, for strokes and markers on its edge
TOLERANCE: Final = 2.0  # units: corners that cut off less than its square are left out
SPECK: Final = 12.0  # square units below which an island or a hole is left out
MOST_MAPS: Final = 4  # widths kept drawn


@dataclass(frozen=True)
class Outline:
    """One locality: `path` for the `d` of an SVG path, `x` and `y` well inside it for its name."""

    slug: str
    name: str
    path: str
    x: int
    y: int


@dataclass(frozen=True)
class Frame:
    """How degrees become units: `west` and `north` lie at the margin, `scale` is units a degree of latitude, `narrowing` of longitude."""

    west: float
    north: float
    scale: float
    narrowing: float

    def flat(self, degrees: Floats) -> Floats:
        """Longitudes and latitudes, shape (n, 2), as x to the right and y downwards."""
        x = MARGIN + (degrees[:, 0] - self.west) * self.narrowing * self.scale
        y = MARGIN + (self.north - degrees[:, 1]) * self.scale
        return np.column_stack([x, y])


@dataclass(frozen=True)
class Drawing:
    """A map of `width` by `height` units with the outlines in the pack's order."""

    width: int
    height: int
    outlines: tuple[Outline, ...]
    frame: Frame

    @property
    def view_box(self) -> str:
        """For the `viewBox` of the SVG."""
        return f"0 0 {self.width} {self.height}"

    def project(self, latitude: float, longitude: float) -> tuple[int, int]:
        """Where a position is on this map, x and y; outside the view box for one beyond the map."""
        x, y = self.frame.flat(np.array([[longitude, latitude]]))[0].tolist()
        return round(x), round(y)


@lru_cache(maxsize=MOST_MAPS)
def draw(boundaries: Boundaries, width: int = 600) -> Drawing:
    """The map, `width` units wide and as high as it needs to be; kept, for it never changes while a pack is loaded."""
    west, south, east, north = shapely.total_bounds(list(boundaries.areas.values())).tolist()
    narrowing = cos(radians((south + north) / 2))
    scale = (width - 2 * MARGIN) / ((east - west) * narrowing)
    frame = Frame(west, north, scale, narrowing)
    return Drawing(width, round((north - south) * scale) + 2 * MARGIN, _outlines(boundaries, frame), frame)


def _outlines(boundaries: Boundaries, frame: Frame) -> tuple[Outline, ...]:
    flat = [shapely.transform(area, frame.flat) for area in boundaries.areas.values()]
    thinned = shapely.coverage_simplify(flat, TOLERANCE)
    return tuple(
        _outline(locality, polygonal(area) if area.area else whole)
        for locality, area, whole in zip(boundaries.localities.values(), thinned, flat, strict=True)
    )


def _outline(locality: Locality, area: Area) -> Outline:
    largest = max(shapely.get_parts(area), key=lambda part: part.area)
    parts = [part for part in shapely.get_parts(area) if part is largest or part.area >= SPECK]
    path = "".join(_ring(ring.coords) for part in parts for ring in _rings(part))
    middle = shapely.get_coordinates(shapely.maximum_inscribed_circle(largest, tolerance=1.0))[0].tolist()
    return Outline(locality.slug, locality.name, path, round(middle[0]), round(middle[1]))


def _rings(part: Polygon) -> Iterator[LinearRing]:
    """The border, then the holes worth drawing the other way round, so that either fill rule leaves them open."""
    yield part.exterior if part.exterior.is_ccw else part.exterior.reverse()
    for hole in part.interiors:
        if Polygon(hole).area >= SPECK:
            yield hole.reverse() if hole.is_ccw else hole


def _ring(coordinates: Iterable[tuple[float, ...]]) -> str:
    """Path data of a closed ring: where it starts, then its steps, each as short as it can be written."""
    points = [(round(x), round(y)) for x, y, *_ in coordinates]
    steps = [(x - left, y - top) for (left, top), (x, y) in pairwise(points) if (x, y) != (left, top)]
    numbers = " ".join(f"{x} {y}" for x, y in steps[:-1]).replace(" -", "-")
    return f"M{points[0][0]} {points[0][1]}l{numbers}z"
