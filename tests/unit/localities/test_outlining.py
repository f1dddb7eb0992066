"""Wards and LSOAs become outlines that meet: nothing gained, nothing lost, nothing twice."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import shapely
from shapely.geometry import Polygon, box

from portal.errors import SourceError
from portal.localities.collection import Locality
from portal.localities.outlining import SLIVER, outline
from portal.localities.shapes import Area
from portal.localities.zones import Zone


def outlined(parts: dict[str, list[Area]]) -> list[Area]:
    """The outlines of localities made of these areas."""
    zones = {
        f"{name}{at}": Zone(f"{name}{at}", name, "", area, Path("x")) for name, areas in parts.items() for at, area in enumerate(areas)
    }
    localities = [Locality(name, name, tuple(code for code in zones if zones[code].name == name)) for name in parts]
    return outline(localities, zones)


def test_neighbours_still_meet_along_a_thinned_border() -> None:
    chance = random.Random(3)  # noqa: S311 - a repeatable wander, no secret
    border = [(1.1 + chance.uniform(-1.5e-4, 1.5e-4) * (0 < step < 500), 54.0 + step * 2e-4) for step in range(501)]
    west = Polygon([*border[200:], (1.0, 54.1), (1.0, 54.0), *border[:200]])
    east = Polygon([*border, (1.2, 54.1), (1.2, 54.0)])
    areas = outlined({"west": [west], "east": [east]})
    assert sum(shapely.get_num_coordinates(areas)) < 800
    assert shapely.coverage_is_valid(areas)
    assert shapely.area(shapely.union_all(areas)) == pytest.approx(0.02)
    assert sum(shapely.area(areas)) == pytest.approx(0.02)


def test_a_sliver_between_wards_is_closed_and_a_real_hole_kept() -> None:
    ring = box(1.0, 54.0, 1.1, 54.1)
    gap, lake = box(1.02, 54.02, 1.0203, 54.0203), box(1.05, 54.05, 1.07, 54.07)
    (area,) = outlined({"one": [Polygon(ring.exterior, [gap.exterior, lake.exterior])]})
    assert gap.area < SLIVER < lake.area
    assert isinstance(area, Polygon)
    assert [Polygon(hole).area for hole in area.interiors] == [pytest.approx(lake.area)]


def test_ground_that_two_localities_claim_goes_to_the_first() -> None:
    first, second = outlined({"first": [box(1.0, 54.0, 1.11, 54.1)], "second": [box(1.1, 54.0, 1.2, 54.1)]})
    assert first.bounds == (1.0, 54.0, 1.11, 54.1)
    assert second.bounds == (1.11, 54.0, 1.2, 54.1)


def test_a_locality_wholly_inside_an_earlier_one_is_refused() -> None:
    with pytest.raises(SourceError, match="'inner' has no ground of its own"):
        outlined({"outer": [box(1.0, 54.0, 1.2, 54.2)], "inner": [box(1.05, 54.05, 1.1, 54.1)]})


def test_positions_have_five_decimals() -> None:
    (area,) = outlined({"one": [box(1.0123456789, 54.0123456789, 1.1, 54.1)]})
    assert shapely.get_coordinates(area).tolist() == shapely.get_coordinates(area).round(5).tolist()
    assert area.bounds[0] == 1.01235
