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

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Point, STRtree

from portal.errors import ContentError
from portal.localities.collection import Locality, read_collection
from portal.localities.distance import Floats
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

    def numbers_at(self, latitudes: Floats, longitudes: Floats) -> NDArray[np.int64]:
        """For each of n positions the number of the locality that holds it, as `locality_at` chooses; -1 outside all of them."""
        found = np.full(len(latitudes), -1, dtype=np.int64)
        at, numbers = self._tree.query(shapely.points(longitudes, latitudes), predicate="intersects")
        order = np.argsort(-numbers, kind="stable")  # the first in order is written last, and stays
        found[at[order]] = numbers[order]
        return found


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
