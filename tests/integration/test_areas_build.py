"""Packs built from the real files of five councils' areas: every postcode resolves, fast, and the shapes are sound."""

from __future__ import annotations

import csv
import random
import tracemalloc
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
import shapely
from effort import effort

from portal.localities.answer import Ambiguous, Place
from portal.localities.boundaries import load_boundaries
from portal.localities.building import AreaSources, AreasReport, build_areas
from portal.localities.gazetteer import Gazetteer, load_gazetteer
from portal.localities.outlines import draw
from portal.localities.place import place

AREAS = Path(__file__).parents[2].parent / "shared" / "data" / "areas"
POSTCODES = {"hackney": 7_018, "havering": 8_085, "nottingham": 10_512, "lancashire": 47_361, "trafford": 11_268}
LOCALITIES = {"hackney": 21, "havering": 20, "nottingham": 20, "lancashire": 215, "trafford": 21}
MENDED = {"hackney": 0, "havering": 0, "nottingham": 0, "lancashire": 12, "trafford": 2}

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not AREAS.is_dir(), reason="the folder shared/data/areas with the councils' real files is not there"),
]


@dataclass(frozen=True)
class Built:
    """An area's pack, and what its build said."""

    area: str
    folder: Path
    report: AreasReport
    gazetteer: Gazetteer


def sources(area: str, **changed: object) -> AreaSources:
    given = {
        "postcodes": AREAS / area / "postcodes.csv",
        "boundaries": (AREAS / area / "wards.geojson", AREAS / area / "lsoas.geojson"),
        "localities": None,
        "names": AREAS / "place_names.csv",
        "boundary_date": date(2025, 5, 1),
        "source": "Office for National Statistics",
    }
    return AreaSources(**{**given, **changed})  # type: ignore[arg-type]  # changes are checked by the build


def rows(area: str) -> Iterator[dict[str, str]]:
    with (AREAS / area / "postcodes.csv").open(encoding="utf-8") as lines:
        yield from csv.DictReader(lines)


def locality_of_code(gazetteer: Gazetteer) -> Mapping[str, str]:
    return {code: slug for slug, locality in gazetteer.localities.items() for code in locality.codes}


@pytest.fixture(scope="module", params=list(POSTCODES))
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp(request.param) / "localities"
    report = build_areas(sources(request.param), folder)
    return Built(request.param, folder, report, load_gazetteer(folder))


@pytest.fixture(scope="module")
def trafford_by_parts(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, set[str]], Built]:
    """Trafford's wards in four parts of the council's own, by their code's last figure."""
    folder = tmp_path_factory.mktemp("parts")
    parts = ["North", "South", "East", "West & Partington"]
    chosen: dict[str, set[str]] = {part: set() for part in parts}
    for code in sorted({row["ward"] for row in rows("trafford")}):
        chosen[parts[int(code[-1]) % 4]].add(code)
    listed = "\n".join(f"{part},{code}" for part, codes in chosen.items() for code in sorted(codes))
    (folder / "list.csv").write_text(f"locality,code\n{listed}\n", "utf-8")
    report = build_areas(sources("trafford", localities=folder / "list.csv"), folder / "out")
    return chosen, Built("trafford", folder / "out", report, load_gazetteer(folder / "out"))


def test_the_report_counts_what_was_made(built: Built) -> None:
    assert built.report.postcodes == POSTCODES[built.area]
    assert built.report.localities == LOCALITIES[built.area] == len(built.gazetteer.localities)
    assert built.report.postcodes_outside <= 5
    assert built.report.warnings == ()


def test_every_postcode_resolves_to_the_locality_of_its_ward(built: Built) -> None:
    homes = locality_of_code(built.gazetteer)
    seen = 0
    for row in rows(built.area):
        found = built.gazetteer.postcodes.find(row["postcode"].replace(" ", ""))
        assert found == Place("postcode", row["postcode"], float(row["lat"]), float(row["long"]), homes.get(row["ward"]))
        if seen % 20 == 0:
            assert place(row["postcode"].lower().replace(" ", ""), built.gazetteer) == found
        seen += 1
    assert seen == POSTCODES[built.area]


def test_three_thousand_look_ups_of_all_kinds_are_quick(built: Built) -> None:
    chance = random.Random(20_261_122)  # noqa: S311 - a repeatable choice, no secret
    codes = [code.decode() for code in chance.choices(built.gazetteer.postcodes.codes.tolist(), k=1_500)]
    names = [f"{chance.randint(1, 99)} {name[:-2]}{name[-1]}" for name in chance.choices(built.gazetteer.names.keys, k=1_500)]
    asked = [text.lower() for pair in zip(codes, names, strict=True) for text in pair]
    took = effort(lambda: [place(text, built.gazetteer) for text in asked])
    print(f"{built.area}: {took:.0f}")
    assert took < 750  # five times the promise of a millisecond each: this only says that something is very wrong


def test_shapes_are_valid_and_neighbours_neither_overlap_nor_leave_gaps(built: Built) -> None:
    areas = list(load_boundaries(built.folder).areas.values())
    assert all(area.is_valid for area in areas)
    union = shapely.union_all(areas)
    assert sum(area.area for area in areas) == pytest.approx(union.area, rel=1e-5)
    whole = sum(shapely.area(shapely.get_parts(union)))
    gaps = sum(shapely.Polygon(hole).area for part in shapely.get_parts(union) for hole in part.interiors)
    assert gaps < whole * 1e-3


def test_nearly_all_postcodes_lie_inside_the_outline_of_their_locality(built: Built) -> None:
    boundaries, table = load_boundaries(built.folder), built.gazetteer.postcodes
    sample = zip(*(column.tolist()[::7] for column in (table.numbers, table.latitudes, table.longitudes)), strict=True)
    inside = [boundaries.locality_at(latitude, longitude) == table.slugs[number] for number, latitude, longitude in sample]
    assert sum(inside) / len(inside) > 0.93  # in the real files about 3% lie across a border, which is why geometry does not decide


def test_each_locality_is_found_by_its_name_or_asked_about(built: Built) -> None:
    places = built.gazetteer.locality_places
    assert places.keys() == built.gazetteer.localities.keys()
    for slug, locality in built.gazetteer.localities.items():
        found = place(locality.name, built.gazetteer)
        assert found == places[slug] or (isinstance(found, Ambiguous) and places[slug] in found.choices)
        assert locality.codes
        assert all(not lad.startswith("E0") for lad in locality.lads)


def test_every_label_that_may_be_offered_reads_back_as_that_place(built: Built) -> None:
    names = built.gazetteer.names.places.values()
    offered = {choice for places in names for choice in places} | set(built.gazetteer.postcodes.sectors.values())
    for choice in offered:
        assert place(choice.label, built.gazetteer) == choice


def test_the_whole_authority_is_a_place_of_no_one_locality(built: Built) -> None:
    for lad in {lad for locality in built.gazetteer.localities.values() for lad in locality.lads}:
        found = place(lad, built.gazetteer)
        assert isinstance(found, Place)
        assert (found.label, found.locality) == (lad, None)
        assert found.reach > 1


def test_a_second_build_writes_the_same_bytes(built: Built, tmp_path: Path) -> None:
    build_areas(sources(built.area), tmp_path / "again")
    for path in sorted(built.folder.iterdir()):
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes()


def test_a_county_loads_quickly_and_takes_little_memory(built: Built) -> None:
    took = effort(lambda: load_gazetteer(built.folder))
    tracemalloc.start()
    kept = load_gazetteer(built.folder)
    held = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    print(f"{built.area}: read in {took:.1f} times the fixed work, {held:.1f} MB")
    assert len(kept.postcodes.codes) == POSTCODES[built.area]
    assert held < 25
    assert took < 125  # five times the promise of half a second


def test_the_map_of_a_borough_of_wards_is_small(built: Built) -> None:
    drawing = draw(load_boundaries(built.folder), 600)
    assert sum(len(outline.path) for outline in drawing.outlines) < 220 * len(drawing.outlines)


def test_lancashires_namesakes_are_told_apart_by_district(tmp_path: Path) -> None:
    build_areas(sources("lancashire", boundaries=(AREAS / "lancashire" / "wards.geojson",)), tmp_path / "out")
    slugs = load_gazetteer(tmp_path / "out").localities.keys()
    assert {"overton-hyndburn", "overton-lancaster", "park-fylde", "park-wyre", "warton-fylde", "warton-lancaster"} <= slugs


def test_invalid_shapes_are_mended_and_named(built: Built) -> None:
    assert len(built.report.mended) == MENDED[built.area]
    if built.area == "lancashire":
        assert any(line.startswith("12 shapes were mended: Hambleton & Stalmine (E05009940)") for line in built.report.lines())


def test_the_councils_own_parts_hold_the_postcodes_of_their_wards(trafford_by_parts: tuple[dict[str, set[str]], Built]) -> None:
    chosen, built = trafford_by_parts
    assert [locality.name for locality in built.gazetteer.localities.values()] == list(chosen)
    assert list(built.gazetteer.localities) == ["north", "south", "east", "west-and-partington"]
    for row in rows("trafford"):
        found = place(row["postcode"], built.gazetteer)
        assert isinstance(found, Place)
        assert found.locality is not None
        assert row["ward"] in chosen[built.gazetteer.localities[found.locality].name]


def test_the_councils_own_parts_meet_and_cover_the_borough(trafford_by_parts: tuple[dict[str, set[str]], Built]) -> None:
    _, built = trafford_by_parts
    areas = list(load_boundaries(built.folder).areas.values())
    assert all(area.is_valid for area in areas)
    assert shapely.coverage_is_valid(areas)
    assert built.gazetteer.localities["north"].lads == ("Trafford",)


def test_a_list_of_some_lsoas_leaves_the_rest_outside(tmp_path: Path) -> None:
    lsoas = sorted({row["lsoa"] for row in rows("trafford")})[:40]
    (tmp_path / "list.csv").write_text("locality,code\n" + "\n".join(f"Part,{code}" for code in lsoas), "utf-8")
    report = build_areas(sources("trafford", localities=tmp_path / "list.csv"), tmp_path / "out")
    inside = sum(row["lsoa"] in lsoas for row in rows("trafford"))
    assert report.postcodes - report.postcodes_outside == inside
    assert any("99 areas of the boundaries are in no locality" in warning for warning in report.warnings)
