"""Shapes as they come and as we need them: GeoJSON geometry in, a valid polygon (or several) out. Degrees, longitude first."""

from __future__ import annotations

from typing import Any

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import MultiPolygon, Polygon, shape
from shapely.geometry.base import BaseGeometry

Area = Polygon | MultiPolygon


def read_area(geometry: Any) -> tuple[Area, bool]:
    """The area of a GeoJSON geometry, and whether it had to be mended. Raises `ValueError` for what has no area."""
    found = _shape(geometry)
    is_valid = bool(found.is_valid)
    area = polygonal(found if is_valid else shapely.make_valid(found))
    if area.is_empty:
        raise ValueError("it is no Polygon or MultiPolygon with an area")
    return area, not is_valid


def polygonal(geometry: BaseGeometry) -> Area:
    """What of a geometry has an area: mending may leave lines and points beside it."""
    parts = [part for part in shapely.get_parts(shapely.get_parts(geometry)) if isinstance(part, Polygon) and part.area > 0]
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def _shape(geometry: Any) -> BaseGeometry:
    try:
        return shape(geometry)
    except (ShapelyError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise ValueError(f"its geometry cannot be read ({error})") from error
