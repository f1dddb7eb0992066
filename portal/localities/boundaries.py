"""The outlines of localities: `localities.geojson` in; the locality at a position, and a small drawing of the map, out.

Only for positions without a known postcode: a postcode's locality is the one in the pack's list. Read where a page draws or measures,
and kept by each worker.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import shapely
from shapely import Point, STRtree

from portal.errors import ContentError
from portal.localities.collection import Locality, read_collection
from portal.localities.shapes import Area, read_area


@dataclass(frozen=True, eq=False)
class Boundaries:
    """Localities with their areas, valid and in degrees, in the pack's order."""

    localities: Mapping[str, Locality]
    areas: Mapping[str, Area]

    @cached_property
    def _tree(self) -> STRtree:
        areas = list(self.areas.values())
        shapely.prepare(areas)
        return STRtree(areas)

    def locality_at(self, latitude: float, longitude: float) -> str | None:
        """The slug of the locality that holds this position, the first in order on a border; None outside all of them."""
        inside = self._tree.query(Point(longitude, latitude), predicate="intersects")
        return list(self.areas)[int(inside.min())] if len(inside) else None

    def localities_across(self, area: Area) -> list[str]:
        """Slugs of the localities that an area touches, in order."""
        found = self._tree.query(area, predicate="intersects")
        return [list(self.areas)[at] for at in sorted(found.tolist())]


def load_boundaries(folder: Path) -> Boundaries:
    """Read the pack's shapes and mend them. Raises `ContentError`, naming the locality, for one without an area."""
    path = folder / "localities.geojson"
    collection = read_collection(path)
    raw: dict[str, Any] = json.loads(path.read_bytes())
    areas: dict[str, Area] = {}
    for slug, feature in zip(collection.localities, raw["features"], strict=True):
        try:
            areas[slug] = read_area(feature.get("geometry"))[0]
        except ValueError as error:
            raise ContentError(f"{path}, {slug!r}: {error}.") from error
    return Boundaries(collection.localities, areas)
