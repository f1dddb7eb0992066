"""A build from small made-up files: what officers get wrong is said in their words, and the old pack survives whatever happens."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from portal.errors import SourceError
from portal.localities import pack_files
from portal.localities.boundaries import load_boundaries
from portal.localities.building import AreaSources, build_areas
from portal.localities.gazetteer import load_gazetteer

ROOT = Path(__file__).parents[2]
WARDS = {"E05000001": "Harbour", "E05000002": "Hilltop", "E05000003": "Marsh", "E05000004": "Meadow"}
LAD = "E07000099"


def square(at: int, *, across: bool = False) -> list[list[list[float]]]:
    """The ground of ward number `at`, of four around one corner; `across` gives it as a bow tie, which is no valid shape."""
    west, south = 1 + at % 2 * 0.1, 54 + at // 2 * 0.1
    ring = [[west, south], [west + 0.1, south], [west + 0.1, south + 0.1], [west, south + 0.1], [west, south]]
    return [[ring[0], ring[2], ring[1], ring[3], ring[0]] if across else ring]


def collection(zones: Mapping[str, str], lad: str = LAD) -> str:
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "name": name, "lad": lad},
            "geometry": {"type": "Polygon", "coordinates": square(at)},
        }
        for at, (code, name) in enumerate(zones.items())
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


@pytest.fixture
def given(tmp_path: Path) -> AreaSources:
    """Four wards with an LSOA each and two postcodes a ward; one postcode that no ward holds."""
    rows = [
        f"ZY{at + 1} 1A{unit},{54.05 + at // 2 * 0.1:.2f},{1.05 + at % 2 * 0.1:.2f},{code},E0100000{at + 1}"
        for at, code in enumerate(WARDS)
        for unit in "AB"
    ]
    (tmp_path / "postcodes.csv").write_text("\n".join(["postcode,lat,long,ward,lsoa", *rows, "ZY9 1AA,54.3,1.3,,"]), "utf-8")
    (tmp_path / "wards.geojson").write_text(collection(WARDS), "utf-8")
    (tmp_path / "lsoas.geojson").write_text(collection({f"E0100000{at}": f"Calderwick 00{at}A" for at in range(1, 5)}), "utf-8")
    names = [
        "Farley,v,54.05,1.05,Calderwick",
        "Off,v,54.22,1.05,Far",
        "Away,v,54.26,1.05,Far",
        "ZY1,,54.05,1.05,Calderwick",
        ",v,54.05,1.05,",
    ]
    (tmp_path / "names.csv").write_text("\n".join(["name,type,lat,long,lad", *names]), "utf-8")
    boundaries = (tmp_path / "wards.geojson", tmp_path / "lsoas.geojson")
    return AreaSources(tmp_path / "postcodes.csv", boundaries, None, tmp_path / "names.csv", date(2026, 4, 1), "Made for tests")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "pack" / "localities"


def listed(given: AreaSources, text: str, encoding: str = "utf-8") -> AreaSources:
    path = given.postcodes.with_name("list.csv")
    path.write_text(text, encoding)
    return replace(given, localities=path)


def append(path: Path, *rows: str) -> None:
    path.write_text("\n".join([path.read_text("utf-8"), *rows]), "utf-8")


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_pack_says_whose_and_how_old_its_boundaries_are(given: AreaSources, out: Path) -> None:
    report = build_areas(given, out)
    gazetteer = load_gazetteer(out)
    assert (gazetteer.name, gazetteer.boundary_date, gazetteer.source) == ("Calderwick", date(2026, 4, 1), "Made for tests")
    assert list(gazetteer.localities) == ["harbour", "hilltop", "marsh", "meadow"]
    assert gazetteer.localities["marsh"].codes == ("E05000003",)
    assert gazetteer.localities["marsh"].lads == ("Calderwick",)
    assert list(report.lines()) == [
        "4 localities.",
        "9 postcodes, 1 of them outside every locality.",
        "2 place names, 1 of them just outside.",
    ]


def test_places_within_two_miles_are_kept_and_parts_of_postcodes_are_not(given: AreaSources, out: Path) -> None:
    build_areas(given, out)
    rows = (out / "places.csv").read_text("utf-8").splitlines()
    assert [row.split(",")[0] for row in rows if ",place," in row] == ["Farley", "Off"]
    assert "Farley,place,54.05000,1.05000,harbour" in rows
    assert "Off,place,54.22000,1.05000," in rows


def test_a_spreadsheets_byte_order_mark_windows_letters_and_capitals_are_no_fault(given: AreaSources, out: Path) -> None:
    sources = listed(given, "Locality, CODE\r\nCôte d’Or,e05000001\r\n\r\nRest ,E05000002\r\nRest,E05000003\r\n", "cp1252")
    given.postcodes.write_text("\ufeff" + given.postcodes.read_text("utf-8"), "utf-8")
    build_areas(sources, out)
    localities = load_gazetteer(out).localities
    assert {slug: locality.name for slug, locality in localities.items()} == {"cote-dor": "Côte d’Or", "rest": "Rest"}
    assert localities["rest"].codes == ("E05000002", "E05000003")


def test_wards_of_one_locality_become_one_outline(given: AreaSources, out: Path) -> None:
    build_areas(listed(given, "locality,code\nWest,E05000001\nWest,E05000003\nEast,E05000002\nEast,E05000004\n"), out)
    areas = load_boundaries(out).areas
    assert [area.geom_type for area in areas.values()] == ["Polygon", "Polygon"]
    assert areas["west"].bounds == pytest.approx((1.0, 54.0, 1.1, 54.2))


def test_a_shape_that_crosses_itself_is_mended_and_named(given: AreaSources, out: Path) -> None:
    raw = json.loads(given.boundaries[0].read_text("utf-8"))
    raw["features"][1]["geometry"]["coordinates"] = square(1, across=True)
    given.boundaries[0].write_text(json.dumps(raw), "utf-8")
    assert build_areas(given, out).mended == ("Hilltop (E05000002)",)
    assert all(area.is_valid for area in load_boundaries(out).areas.values())


def test_rows_that_cannot_be_used_are_left_out_and_said(given: AreaSources, out: Path) -> None:
    append(
        given.postcodes,
        "nonsense,54,1,E05000001,",
        "ZY1 1AC,0,0,E05000001,",
        "ZY1 1AD,x,1,E05000001,",
        "ZY1 1AE",
        "ZY1 1AA,54,1,E05000002,",
    )
    report = build_areas(given, out)
    assert report.postcodes == 9
    (warning,) = report.warnings
    assert warning.startswith(
        "postcodes.csv: 4 rows were left out: line 11, 'nonsense'; line 12, 0, 0 is not in the British Isles; line 13,"
    )
    assert warning.endswith("; and 1 more.")


def test_postcodes_of_another_years_wards_are_warned_of(given: AreaSources, out: Path) -> None:
    append(given.postcodes, "ZY5 1AA,54.05,1.05,E05999999,E01000001")
    (warning,) = build_areas(given, out).warnings
    assert "1 postcodes are of wards or LSOAs that no boundaries have (E05999999)" in warning


def test_a_locality_without_postcodes_and_ground_left_over_are_warned_of(given: AreaSources, out: Path) -> None:
    rows = [row for row in given.postcodes.read_text("utf-8").splitlines() if "E05000004" not in row]
    given.postcodes.write_text("\n".join(rows), "utf-8")
    report = build_areas(listed(given, "locality,code\nDry,E05000001\nWet,E05000004\n"), out)
    assert report.warnings == (
        "Wet has no postcodes: nobody who types one will be found to live there.",
        "2 areas of the boundaries are in no locality: Hilltop, Marsh.",
    )


def test_an_authority_that_has_only_a_code_is_warned_of(given: AreaSources, out: Path) -> None:
    report = build_areas(replace(given, boundaries=given.boundaries[:1], names=None), out)
    assert f"No file names the authority {LAD}" in report.warnings[0]


def test_the_borough_may_be_given_a_name(given: AreaSources, out: Path) -> None:
    build_areas(replace(given, name="Greater Calder"), out)
    assert load_gazetteer(out).name == "Greater Calder"


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("postcodes.csv", "postcode,latitude,longitude,ward\n", "the column 'lat' is missing.*those there are: postcode, latitude"),
        ("postcodes.csv", "", "the column 'postcode' is missing.*those there are: none"),
        ("postcodes.csv", "postcode,lat,long,ward,lsoa\n", "there is no postcode in it"),
        ("postcodes.csv", "postcode,lat,long,ward,lsoa\n" + "x" * 200_000, "field larger"),
        ("names.csv", "place,lat,long\n", "the column 'name' is missing"),
        ("list.csv", "name,ward\n", "the column 'locality' is missing"),
        ("list.csv", "locality,code\n", "names no locality"),
        ("list.csv", "locality,code\nNorth,\n", "line 2: a locality's name and the code"),
        ("list.csv", "locality,code\nNorth,E05000009\n", r"in no boundaries: E05000009 \(line 2\)"),
        ("wards.geojson", "{", "is not GeoJSON"),
        ("wards.geojson", '{"type": "FeatureCollection", "features": []}', "with a list of features"),
        (
            "wards.geojson",
            '{"features": [{"properties": {"name": "Harbour"}}]}',
            "feature 1: it must have the properties code, name and lad",
        ),
        (
            "wards.geojson",
            '{"features": [{"properties": {"code": "E05000001", "name": "Harbour"}}]}',
            r"Harbour \(E05000001\): its geometry",
        ),
        ("wards.geojson", collection(WARDS).replace("54.", "540."), "not longitudes and latitudes"),
        (
            "wards.geojson",
            collection({"E05000001": "Harbour"}).replace("]}", "]}", 1).replace("E05000001", "E01000001"),
            "in the boundaries twice",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_named_in_words(given: AreaSources, out: Path, file: str, text: str, words: str) -> None:
    sources = listed(given, "locality,code\nNorth,E05000001\n")
    given.postcodes.with_name(file).write_text(text, "utf-8")
    with pytest.raises(SourceError, match=f"(?s){words}") as raised:
        build_areas(sources, out)
    assert file in str(raised.value) or "The list of localities" in str(raised.value) or "lsoas.geojson" in str(raised.value)
    assert not out.exists()


def test_a_file_that_is_not_there_is_named(given: AreaSources, out: Path) -> None:
    given.boundaries[1].unlink()
    with pytest.raises(SourceError, match=r"lsoas\.geojson cannot be read: No such file"):
        build_areas(given, out)


def test_the_order_of_rows_and_features_does_not_change_the_pack(given: AreaSources, out: Path, tmp_path: Path) -> None:
    build_areas(given, out)
    head, *rows = given.postcodes.read_text("utf-8").splitlines()
    given.postcodes.write_text("\n".join([head, *reversed(rows)]), "utf-8")
    raw = json.loads(given.boundaries[0].read_text("utf-8"))
    given.boundaries[0].write_text(json.dumps({**raw, "features": raw["features"][::-1]}), "utf-8")
    build_areas(given, tmp_path / "again")
    assert content(tmp_path / "again") == content(out)


def test_files_that_the_build_does_not_write_are_kept(given: AreaSources, out: Path) -> None:
    out.mkdir(parents=True)
    (out / "NOTICE").write_text("Crown copyright", "utf-8")
    (out / "places.csv").write_text("old", "utf-8")
    build_areas(given, out)
    assert (out / "NOTICE").read_text("utf-8") == "Crown copyright"
    assert sorted(path.name for path in out.iterdir()) == ["NOTICE", "localities.geojson", "places.csv", "postcodes.csv"]
    assert [path.name for path in out.parent.iterdir()] == ["localities"]
    load_gazetteer(out)


@pytest.mark.parametrize("calls", range(6))
def test_a_full_disk_leaves_the_old_pack_as_it_was(given: AreaSources, out: Path, monkeypatch: pytest.MonkeyPatch, calls: int) -> None:
    build_areas(given, out)
    before, left, flush = content(out), iter(range(calls)), os.fsync

    def fsync(handle: int) -> None:
        if next(left, None) is None:
            raise OSError(28, "No space left on device")
        flush(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    changed = listed(given, "locality,code\nWhole,E05000001\n")
    if calls < 4:  # three files and their folder are flushed before anything changes
        with pytest.raises(OSError, match="No space"):
            build_areas(changed, out)
        assert content(out) == before
    elif calls == 4:
        with pytest.raises(OSError, match="No space"):
            build_areas(changed, out)
        assert list(load_gazetteer(out).localities) == ["whole"]
    else:
        build_areas(changed, out)
    monkeypatch.undo()
    build_areas(given, out)
    assert content(out) == before


@pytest.mark.parametrize("is_failing", [False, True])
def test_a_disk_that_cannot_exchange_folders_is_managed(
    given: AreaSources, out: Path, monkeypatch: pytest.MonkeyPatch, *, is_failing: bool
) -> None:
    build_areas(given, out)
    before = content(out)
    monkeypatch.setattr(pack_files, "_exchanged", lambda made, out: False)
    changed = listed(given, "locality,code\nWhole,E05000001\n")
    if not is_failing:
        build_areas(changed, out)
        assert list(load_gazetteer(out).localities) == ["whole"]
        assert [path.name for path in out.parent.iterdir()] == ["localities"]
        return
    rename = Path.rename
    monkeypatch.setattr(Path, "rename", lambda old, new: broken() if old.name.endswith(".building") else rename(old, new))
    with pytest.raises(OSError, match="Input/output"):
        build_areas(changed, out)
    assert content(out) == before


def test_a_swap_that_was_killed_halfway_is_put_right_by_the_next_build(given: AreaSources, out: Path) -> None:
    build_areas(given, out)
    (out / "NOTICE").write_text("Crown copyright", "utf-8")
    out.rename(out.with_name(".localities.before"))
    build_areas(given, out)
    assert (out / "NOTICE").exists()
    assert [path.name for path in out.parent.iterdir()] == ["localities"]


def broken() -> None:
    raise OSError(5, "Input/output error")


BUILDER = """
import sys
from datetime import date
from pathlib import Path
from portal.localities.building import AreaSources, build_areas
folder, out = Path(sys.argv[1]), Path(sys.argv[2])
boundaries = (folder / "wards.geojson", folder / "lsoas.geojson")
while True:
    for chosen in (None, folder / "list.csv"):
        names = folder / "names.csv"
        build_areas(AreaSources(folder / "postcodes.csv", boundaries, chosen, names, date(2026, 4, 1), "Made for tests"), out)
        print("built", flush=True)
"""


@pytest.fixture
def killed_builds(given: AreaSources, out: Path) -> Iterator[None]:
    """Each step starts a process that builds two packs in turn without end, and kills it at another moment."""

    def builds() -> Iterator[None]:
        for moment in range(6):
            command = [sys.executable, "-c", BUILDER, str(given.postcodes.parent), str(out)]
            with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as process:
                assert process.stdout is not None
                assert process.stdout.readline() == b"built\n"
                time.sleep(0.003 + moment * 0.0047)
                process.send_signal(signal.SIGKILL)
            yield

    return builds()


def test_a_killed_build_leaves_the_old_pack_or_the_new_whole(
    given: AreaSources, out: Path, tmp_path: Path, killed_builds: Iterator[None]
) -> None:
    changed = listed(given, "locality,code\nWhole,E05000001\n")
    build_areas(given, tmp_path / "one")
    build_areas(changed, tmp_path / "other")
    whole = [content(tmp_path / "one"), content(tmp_path / "other")]
    for _ in killed_builds:
        assert content(out) in whole
    build_areas(given, out)
    assert content(out) == whole[0]
    assert [path.name for path in out.parent.iterdir()] == ["localities"]
