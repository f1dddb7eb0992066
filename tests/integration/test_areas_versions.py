"""Boundaries change on a day: two localities merge, one is split, one renamed. Old reports stay to the digit, new ones add up."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal import schema, tally
from portal.db import opened, reading, writing
from portal.directory.listing import Area
from portal.errors import ContentError, SourceError
from portal.localities.answer import Place
from portal.localities.area_sources import AreaSources
from portal.localities.beginning import place_to_build
from portal.localities.building import build_areas
from portal.localities.changes import compare, list_lines, same_ground
from portal.localities.counted import list_place_counts
from portal.localities.former import former_names
from portal.localities.gazetteer import load_gazetteer
from portal.localities.need import Measure
from portal.localities.place import place
from portal.localities.versions import Versions, load_versions
from portal.search.areas import Extents

BEFORE = {"Shore": (0, 1), "Hill": (2,), "Dale": (3,), "Marsh": (4,), "Moor": (5,)}
AFTER = {"Shore East": (0,), "Shore West": (1,), "Hill and Dale": (2, 3), "Fenland": (4,), "Moor": (5,)}
TODAY, STARTS_ON = date(2027, 2, 10), date(2027, 4, 1)
PEOPLE = (1000, 1100, 1200, 1300, 1400, 1500)
KIND = "search missed"


def build(folder: Path, localities: dict[str, tuple[int, ...]], starts_on: date | None = None, today: date = TODAY) -> Path:
    """Six wards in a row, numbered from 0, each with an LSOA and two postcodes, as localities of these wards."""
    given = folder / "given"
    given.mkdir(exist_ok=True)
    wards = range(6)
    features = [
        {
            "type": "Feature",
            "properties": {"code": f"E0500000{at}", "name": f"Ward {at}", "lad": "Calder"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[1 + at / 10, 54], [1.1 + at / 10, 54], [1.1 + at / 10, 54.1], [1 + at / 10, 54.1], [1 + at / 10, 54]]],
            },
        }
        for at in wards
    ]
    (given / "wards.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    postcodes = [f"ZY{at + 1} 1A{unit},54.05,{1.05 + at / 10:.2f},E0500000{at},E0100000{at}" for at in wards for unit in "AB"]
    (given / "postcodes.csv").write_text("\n".join(["postcode,lat,long,ward,lsoa", *postcodes]), "utf-8")
    rows = [f"{name},E0500000{at}" for name, those in localities.items() for at in those]
    (given / "list.csv").write_text("\n".join(["locality,code", *rows]), "utf-8")
    need = [f"E0100000{at},{people}" for at, people in enumerate(PEOPLE)]
    (given / "need.csv").write_text("\n".join(["lsoa21_code,residents", *need]), "utf-8")
    sources = AreaSources(
        given / "postcodes.csv", (given / "wards.geojson",), given / "list.csv", None, date(2026, 4, 1), "Made for tests", "Calder"
    )
    out = folder / "localities"
    folder, before = place_to_build(out, starts_on, today)
    build_areas(replace(sources, need=given / "need.csv", before=before), folder)
    return out


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def changed(tmp_path: Path) -> Versions:
    build(tmp_path, BEFORE)
    return load_versions(build(tmp_path, AFTER, STARTS_ON))


def test_those_before_are_kept_as_they_are_and_the_new_begin_on_their_day(tmp_path: Path) -> None:
    out = build(tmp_path, BEFORE)
    before = files(out)
    build(tmp_path, AFTER, STARTS_ON)
    after = files(out)
    assert {name: text for name, text in after.items() if not name.startswith("versions")} == before
    versions = load_versions(out)
    assert list(versions.on(date(2027, 3, 31)).localities) == ["shore", "hill", "dale", "marsh", "moor"]
    assert list(versions.on(date(2027, 4, 1)).localities) == ["shore-east", "shore-west", "hill-and-dale", "fenland", "moor"]
    assert [(version.key, version.starts_on, version.ends_on) for version in versions.every] == [
        ("", None, date(2027, 3, 31)),
        ("2027-04-01", date(2027, 4, 1), None),
    ]


def test_each_version_has_its_own_people_outlines_and_postcodes(changed: Versions) -> None:
    before, after = changed.every
    assert before.need.number("shore", Measure.RESIDENTS) == 2100
    assert after.need.number("shore-east", Measure.RESIDENTS) == 1000
    assert after.need.number("shore", Measure.RESIDENTS) is None
    assert before.need.whole(Measure.RESIDENTS) == after.need.whole(Measure.RESIDENTS) == sum(PEOPLE)
    assert before.boundaries.locality_at(54.05, 1.15) == "shore"
    assert after.boundaries.locality_at(54.05, 1.15) == "shore-west"
    for version, slug in ((before, "shore"), (after, "shore-west")):
        found = version.gazetteer.postcodes.find("ZY21AA")
        assert found is not None
        assert found.locality == slug


def test_people_who_go_on_using_a_former_name_are_still_understood(changed: Versions) -> None:
    gazetteer = changed.every[1].gazetteer
    homes = {name: found.locality for name in ("Shore", "Hill", "Dale", "Marsh") if isinstance(found := place(name, gazetteer), Place)}
    assert homes.pop("Shore") in {"shore-east", "shore-west"}  # its middle lay on what is now their border
    assert homes == {"Hill": "hill-and-dale", "Dale": "hill-and-dale", "Marsh": "fenland"}
    assert place("Moor", gazetteer) == gazetteer.locality_places["moor"]


def test_listings_that_go_on_naming_former_localities_cover_what_lies_there_now(changed: Versions) -> None:
    former = former_names(changed, changed.every[1])
    assert former == {
        "shore": {"shore-east", "shore-west"},
        "hill": {"hill-and-dale"},
        "dale": {"hill-and-dale"},
        "marsh": {"fenland"},
        "e05000002": {"hill-and-dale"},
        "e05000003": {"hill-and-dale"},
    }
    assert former_names(changed, changed.every[0]) == {}
    extents = Extents(changed.every[1].gazetteer, frozenset({"calder"}), changed.every[1].boundaries, former)
    covered = {name: extents.coverage([Area(name=name)]) for name in ("Shore", "Marsh", "Moor", "E05000002", "Elsewhere")}
    assert {name: [extents.localities[number] for number in sorted(each.localities)] for name, each in covered.items()} == {
        "Shore": ["shore-east", "shore-west"],
        "Marsh": ["fenland"],
        "Moor": ["moor"],
        "E05000002": ["hill-and-dale"],
        "Elsewhere": [],
    }
    assert extents.mark != replace(extents, former={}).mark


def test_what_changed_is_told(changed: Versions) -> None:
    before, after = changed.every
    changes = compare(before, after)
    assert changes.new == ("shore-east", "shore-west", "hill-and-dale")
    assert changes.gone == ("shore", "hill", "dale")
    assert changes.renamed == {"marsh": "fenland"}
    assert changes.redrawn == ()
    assert same_ground(before, after) == {"marsh": "fenland", "moor": "moor"}
    assert list(list_lines(changed, TODAY)) == [
        "From the beginning to 31 March 2027 (now): 5 localities.",
        "    Boundaries of 1 April 2026: Made for tests.",
        "    7,500 residents, 1 measures: Census 2021, Office for National Statistics.",
        "From 1 April 2027: 5 localities.",
        "    Boundaries of 1 April 2026: Made for tests.",
        "    7,500 residents, 1 measures: Census 2021, Office for National Statistics.",
        "    New: shore-east, shore-west, hill-and-dale.",
        "    Gone: shore, hill, dale.",
        "    With another name: marsh → fenland.",
    ]


def test_a_locality_of_one_name_on_other_ground_is_not_the_same(tmp_path: Path) -> None:
    build(tmp_path, BEFORE)
    out = build(tmp_path, {**BEFORE, "Shore": (0,), "Hill": (1, 2)}, STARTS_ON)
    before, after = load_versions(out).every
    assert compare(before, after).redrawn == ("shore", "hill")
    assert same_ground(before, after) == {"dale": "dale", "marsh": "marsh", "moor": "moor"}


def counts(session: Session, versions: Versions, first: date, last: date) -> list[tuple[str, str, str, int]]:
    found = list_place_counts(session, KIND, versions, first, last)
    return [(each.version.key, each.key, each.locality.name if each.locality else "", each.count) for each in found]


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "postgresql":
        yield request.getfixturevalue("postgresql")
        return
    with opened(f"sqlite:///{tmp_path / 'portal.sqlite3'}") as engine:
        schema.upgrade(engine)
        yield engine


def test_an_old_report_stays_to_the_digit_and_a_new_one_adds_up(tmp_path: Path, engine: Engine) -> None:
    out = build(tmp_path, BEFORE)
    quarter = date(2027, 1, 1), date(2027, 3, 31)
    counted = {
        tally.Subject(date(2027, month, 7), KIND, need, slug): 7 * month + len(slug)
        for month in (1, 2, 3)
        for need in ("falls", "debt")
        for slug in ("shore", "hill", "dale", "marsh", "moor", "")
    }
    with writing(engine) as session:
        tally.add(session, counted)
    with reading(engine) as session:
        report = counts(session, load_versions(out), *quarter)
    versions = load_versions(build(tmp_path, AFTER, STARTS_ON))
    later = {
        tally.Subject(date(2027, 4, 2), KIND, "falls", slug): number
        for slug, number in (("shore-east", 11), ("shore-west", 12), ("hill-and-dale", 13), ("fenland", 14), ("moor", 15))
    }
    with writing(engine) as session:
        tally.add(session, later)
    with reading(engine) as session:
        again = counts(session, versions, *quarter)
        new = counts(session, versions, date(2027, 4, 1), date(2027, 6, 30))
        both = counts(session, versions, date(2027, 1, 1), date(2027, 6, 30))
    assert again == report
    assert Counter(place for _, _, place, _ in report) == dict.fromkeys(("", *BEFORE), 2)
    assert sum(count for *_, count in report) == sum(counted.values())
    assert [(place, count) for _, _, place, count in new] == [
        ("Fenland", 14), ("Hill and Dale", 13), ("Moor", 15), ("Shore East", 11), ("Shore West", 12),
    ]  # fmt: skip
    assert both == report + new  # nobody was counted twice, left out or moved to another locality


def test_what_a_server_counts_before_it_is_started_again_is_still_counted_somewhere(engine: Engine, changed: Versions) -> None:
    with writing(engine) as session:
        tally.add(session, {tally.Subject(date(2027, 4, 1), KIND, "falls", "shore"): 20, tally.Subject(TODAY, KIND, "falls", "fenland"): 3})
    with reading(engine) as session:
        assert counts(session, changed, date.min, date.max) == [
            ("", "falls", "Fenland", 3),
            ("2027-04-01", "falls", "Shore", 20),
        ]


@pytest.mark.parametrize(
    ("starts_on", "said"),
    [
        (date(2027, 5, 1), "begin on 1 January, April, July or October"),
        (date(2027, 4, 2), "begin on 1 January, April, July or October"),
        (date(2027, 1, 1), "2027-01-01 is not to come: what was counted since then"),
    ],
)
def test_localities_do_not_begin_in_the_midst_of_what_is_counted(tmp_path: Path, starts_on: date, said: str) -> None:
    out = build(tmp_path, BEFORE)
    before = files(out)
    with pytest.raises(SourceError, match=said):
        build(tmp_path, AFTER, starts_on)
    assert files(out) == before


def test_there_must_be_localities_before(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"has no localities yet.*build without --from first"):
        build(tmp_path, AFTER, STARTS_ON)


def test_a_build_without_a_day_makes_those_in_force_anew_and_leaves_the_others(tmp_path: Path) -> None:
    build(tmp_path, BEFORE)
    out = build(tmp_path, AFTER, STARTS_ON)
    (out / "NOTICE").write_text("Crown copyright", "utf-8")
    before = files(out)
    build(tmp_path, BEFORE)
    assert files(out) == before  # whole: no version to come lost a file when the folder was swapped
    build(tmp_path, BEFORE, today=date(2027, 7, 1))
    later = files(out)
    assert {name for name in later if later[name] != before[name]} == {
        f"versions/2027-04-01/{name}" for name in ("localities.geojson", "postcodes.csv", "places.csv", "need.csv")
    }


def test_localities_that_go_from_those_in_force_are_warned_of(tmp_path: Path) -> None:
    out = build(tmp_path, BEFORE)
    given = tmp_path / "given"
    sources = AreaSources(given / "postcodes.csv", (given / "wards.geojson",), None, None, date(2026, 4, 1), "Made for tests", "Calder")
    with pytest.raises(
        SourceError, match=r"need\.csv is of other localities than these: give the table of need too \(--need\), or delete it"
    ):
        build_areas(sources, out)
    assert list(load_gazetteer(out).localities) == ["shore", "hill", "dale", "marsh", "moor"]
    warnings = build_areas(replace(sources, need=given / "need.csv"), out).warnings
    assert warnings[0].startswith("Shore, Hill, Dale, Marsh, Moor are no longer there. What was counted for them is told as elsewhere")
    assert "--from" in warnings[0]
    (out / "localities.geojson").write_text("{", "utf-8")
    assert build_areas(replace(sources, need=given / "need.csv"), out).warnings == ()  # what is broken is made anew
    assert build_areas(sources, out).warnings == (
        "need.csv was left as it is. If boundaries changed, give the table of need too (--need).",
    )


@pytest.mark.parametrize(
    ("name", "said"), [("next-year", "its name must be the day"), ("2027-05-01", "1 January, April"), ("20270401", "1 January, April")]
)
def test_a_folder_that_is_no_version_stops_the_start(tmp_path: Path, name: str, said: str) -> None:
    out = build(tmp_path, BEFORE)
    (out / "versions" / name).mkdir(parents=True)
    with pytest.raises(ContentError, match=said):
        load_versions(out)


def test_a_build_that_was_cut_off_is_no_version(tmp_path: Path) -> None:
    out = build(tmp_path, BEFORE)
    (out / "versions" / ".2027-04-01.building").mkdir(parents=True)
    assert [version.key for version in load_versions(out).every] == [""]


def test_days_are_cut_where_localities_changed(changed: Versions) -> None:
    spans = [(span.version.key, span.first, span.last) for span in changed.spans(date(2027, 3, 30), date(2027, 4, 2))]
    assert spans == [("", date(2027, 3, 30), date(2027, 3, 31)), ("2027-04-01", date(2027, 4, 1), date(2027, 4, 2))]
    assert [span.version.key for span in changed.spans(date(2027, 4, 1), date(2027, 4, 1))] == ["2027-04-01"]
    assert list(changed.spans(date(2027, 4, 2), date(2027, 4, 1))) == []
