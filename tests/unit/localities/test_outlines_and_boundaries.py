"""Positions fall in the right locality, and the drawn map is small, whole and true."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import shapely
from shapely.geometry import Polygon

from portal.errors import ContentError
from portal.localities.boundaries import Boundaries, load_boundaries
from portal.localities.gazetteer import Gazetteer, Locality
from portal.localities.outlines import MARGIN, draw

WritePack = Callable[[Path], Path]
SMALL = 3_000  # letters of path data for eight localities


def drawn(path: str) -> Polygon:
    """The one ring of path data such as "M1 2l3 4-5 6z", as a polygon of whole units."""
    start, steps = re.fullmatch(r"M([\d ]+)l([\d\s-]+)z", path).groups()  # type: ignore[union-attr]  # a miss fails the test as it should
    x, y = (int(number) for number in start.split())
    points = [(x, y)]
    numbers = [int(number) for number in re.findall(r"-?\d+", steps)]
    for right, down in zip(numbers[::2], numbers[1::2], strict=True):
        x, y = x + right, y + down
        points.append((x, y))
    return Polygon(points)


def test_every_postcode_of_the_demo_lies_in_its_own_locality(demo: Gazetteer, demo_boundaries: Boundaries) -> None:
    table = demo.postcodes
    assert len(table.codes) > 600
    for number, latitude, longitude in zip(table.numbers.tolist(), table.latitudes.tolist(), table.longitudes.tolist(), strict=True):
        assert demo_boundaries.locality_at(latitude, longitude) == table.slugs[number]


@pytest.mark.parametrize("position", [(0.0, 0.0), (54.05, 1.0), (55.0, 1.3), (float("inf"), 1.3)])
def test_a_position_beyond_the_borough_is_in_no_locality(demo_boundaries: Boundaries, position: tuple[float, float]) -> None:
    assert demo_boundaries.locality_at(*position) is None


def test_a_position_on_a_border_belongs_to_the_first_of_the_two(tmp_path: Path, write_pack: WritePack) -> None:
    assert load_boundaries(write_pack(tmp_path)).locality_at(54.5, 1.0) == "millbrook"


def test_an_invalid_shape_is_mended_on_load(tmp_path: Path, write_pack: WritePack) -> None:
    bow = {"type": "Polygon", "coordinates": [[[0, 50], [1, 51], [1, 50], [0, 51], [0, 50]]]}
    areas = load_boundaries(change_geometry(write_pack(tmp_path), bow)).areas
    assert all(area.is_valid for area in areas.values())
    assert areas["millbrook"].area == pytest.approx(0.5)


@pytest.mark.parametrize(
    "geometry", [None, {}, {"type": "Point", "coordinates": [1, 54]}, {"type": "Polygon", "coordinates": []}, {"type": "Polygon"}, "x"]
)
def test_a_locality_without_an_area_is_named(tmp_path: Path, write_pack: WritePack, geometry: object) -> None:
    with pytest.raises(ContentError, match="millbrook"):
        load_boundaries(change_geometry(write_pack(tmp_path), geometry))


def change_geometry(folder: Path, geometry: object) -> Path:
    path = folder / "localities.geojson"
    raw = json.loads(path.read_text("utf-8"))
    raw["features"][0]["geometry"] = geometry
    path.write_text(json.dumps(raw), "utf-8")
    return folder


def test_the_map_of_the_demo_is_small(demo_boundaries: Boundaries) -> None:
    drawing = draw(demo_boundaries, 600)
    assert [outline.slug for outline in drawing.outlines] == list(demo_boundaries.localities)
    assert sum(len(outline.path) for outline in drawing.outlines) <= SMALL


@pytest.mark.parametrize("width", [300, 600, 1000])
def test_neighbours_on_the_map_meet_without_gap_or_overlap(demo_boundaries: Boundaries, width: int) -> None:
    shapes = [drawn(outline.path) for outline in draw(demo_boundaries, width).outlines]
    union = shapely.union_all(shapes)
    assert isinstance(union, Polygon)
    assert not union.interiors
    assert sum(shape.area for shape in shapes) == pytest.approx(union.area)


def wandering(at: float) -> list[tuple[float, float]]:
    """A border from 54.0 north to 54.1 near longitude `at` that never goes straight."""
    chance = random.Random(7)  # noqa: S311 - a repeatable wander, no secret
    return [(at + chance.uniform(-0.004, 0.004) * (0 < step < 200), 54.0 + step * 0.0005) for step in range(201)]


def test_a_wandering_border_is_thinned_alike_on_both_its_sides() -> None:
    border = wandering(1.1)
    west = Polygon([*border[90:], (1.0, 54.1), (1.0, 54.0), *border[:90]])  # its ring begins amid the border
    east = Polygon([*border, (1.2, 54.1), (1.2, 54.0)])
    boundaries = Boundaries({"w": Locality("w", "West"), "e": Locality("e", "East")}, {"w": west, "e": east})
    shapes = [drawn(outline.path) for outline in draw(boundaries, 300).outlines]
    assert sum(len(shape.exterior.coords) for shape in shapes) < 250
    assert shapely.area(shapely.intersection(*shapes)) == 0
    assert not shapely.union_all(shapes).interiors


def test_a_locality_within_another_leaves_a_hole_in_it_under_either_fill_rule() -> None:
    inner, outer = shapely.box(1.1, 54.05, 1.2, 54.1), shapely.box(1.0, 54.0, 1.3, 54.2)
    areas = {"o": Polygon(outer.exterior, [inner.exterior]), "i": inner}
    path = draw(Boundaries({"o": Locality("o", "Outer"), "i": Locality("i", "Inner")}, areas), 300).outlines[0].path
    rings = [drawn(f"M{ring}") for ring in path.split("M")[1:]]
    assert [ring.exterior.is_ccw for ring in rings] in ([True, False], [False, True])


def test_names_stand_well_inside_their_outlines_and_the_view_box(demo_boundaries: Boundaries) -> None:
    drawing = draw(demo_boundaries, 600)
    assert drawing.view_box == f"0 0 600 {drawing.height}"
    for outline in drawing.outlines:
        shape = drawn(outline.path)
        assert shape.buffer(-20).contains(shapely.Point(outline.x, outline.y))
        west, north, east, south = shape.bounds
        assert MARGIN - 1 <= west <= east <= 600 - MARGIN + 1
        assert MARGIN - 1 <= north <= south <= drawing.height - MARGIN + 1


def test_positions_are_drawn_in_their_own_locality_and_north_is_up(demo: Gazetteer, demo_boundaries: Boundaries) -> None:
    drawing = draw(demo_boundaries, 600)
    shapes = {outline.slug: drawn(outline.path).buffer(3) for outline in drawing.outlines}
    table = demo.postcodes
    for number, latitude, longitude in zip(table.numbers.tolist(), table.latitudes.tolist(), table.longitudes.tolist(), strict=True):
        assert shapes[table.slugs[number]].contains(shapely.Point(*drawing.project(latitude, longitude)))
    assert drawing.project(54.08, 1.3)[1] < drawing.project(54.02, 1.3)[1]


def test_a_mile_north_is_drawn_as_long_as_a_mile_east(demo_boundaries: Boundaries) -> None:
    drawing = draw(demo_boundaries, 1000)
    x, y = drawing.project(54.05, 1.29)
    assert y - drawing.project(54.05 + 1 / 69.2, 1.29)[1] == pytest.approx(drawing.project(54.05, 1.29 + 1 / 40.6)[0] - x, abs=2)


def test_a_drawing_is_kept(demo_boundaries: Boundaries) -> None:
    assert draw(demo_boundaries, 500) is draw(demo_boundaries, 500)
