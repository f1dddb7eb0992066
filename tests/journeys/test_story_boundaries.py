"""New boundaries: one locality is renamed and two are merged on 1 January. People, listings, addresses and old figures come along."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient
from shapely.geometry import mapping, shape

from portal import clock, tally
from portal.config import CHECKOUT
from portal.db import reading, writing
from portal.localities.counted import list_place_counts
from portal.localities.versions import Versions, load_versions
from portal.search.views import SearchRoom

DEMO = CHECKOUT / "content" / "demo"
NEW_YEAR = datetime(2027, 1, 4, 10, 30, tzinfo=clock.LONDON)
NEW = {"eastmoor": ("harbourside", "Harbourside"), "fernhill": ("south-hill", "South Hill"), "southlea": ("south-hill", "South Hill")}
KIND = "plan need"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """The demo's pack, with other localities from 1 January 2027: beside its own, which stay as they are."""
    folder = tmp_path / "pack"
    shutil.copytree(DEMO, folder, ignore=shutil.ignore_patterns("directory"))
    later = folder / "localities" / "versions" / "2027-01-01"
    later.mkdir(parents=True)
    raw = json.loads((DEMO / "localities" / "localities.geojson").read_bytes())
    merged: dict[str, tuple[str, list[shapely.Geometry]]] = {}
    for feature in raw["features"]:
        old = feature["properties"]
        slug, name = NEW.get(old["slug"], (old["slug"], old["name"]))
        merged.setdefault(slug, (name, []))[1].append(shape(feature["geometry"]))
    raw["features"] = [
        {"type": "Feature", "properties": {"slug": slug, "name": name}, "geometry": mapping(shapely.union_all(areas))}
        for slug, (name, areas) in merged.items()
    ]
    (later / "localities.geojson").write_text(json.dumps(raw | {"boundary_date": "2027-01-01"}), "utf-8")
    for file in ("postcodes.csv", "places.csv"):
        rows = [row | {"locality": NEW.get(row["locality"], (row["locality"], ""))[0]} for row in read(DEMO / "localities" / file)]
        write(later / file, [row for row in rows if row.get("kind") != "locality" or row["name"].casefold() not in NEW])
    return folder


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def before(make_app: Callable[..., Flask], pack: Path) -> FlaskClient:
    return make_app(content=pack).test_client()


@pytest.fixture
def after(make_app: Callable[..., Flask], pack: Path) -> FlaskClient:
    """The same site, started again in the new year."""
    with clock.stopped_at(NEW_YEAR):
        app = make_app(content=pack)
        room: SearchRoom = app.extensions["search"]
        room.index.rebuild()  # as a start does in the background: the index is of the localities before
    return app.test_client()


def test_until_the_day_nothing_changes(before: FlaskClient) -> None:
    page = before.get("/en/localities").text
    assert "Eastmoor" in page
    assert "Harbourside" not in page
    assert before.get("/en/localities/harbourside").status_code == 404


def test_from_the_day_pages_and_searches_are_of_the_new_localities(after: FlaskClient) -> None:
    with clock.stopped_at(NEW_YEAR):
        page = after.get("/en/localities").text
        assert "Harbourside" in page
        assert "South Hill" in page
        assert "/en/localities/fernhill" not in page
        assert after.get("/en/localities/harbourside").status_code == 200
        renamed, merged = after.get("/en/localities/eastmoor"), after.get("/ur/localities/southlea")
        assert (renamed.status_code, renamed.location) == (301, "/en/localities/harbourside")
        assert (merged.status_code, merged.location) == (301, "/ur/localities/south-hill")
        assert after.get("/en/localities/westmoor").status_code == 404


def test_a_listing_that_still_names_a_former_locality_is_found_in_the_new_one(before: FlaskClient, after: FlaskClient) -> None:
    address = "/en/search?q=visiting+friends&place={}"
    assert "Visiting friends" in before.get(address.format("Eastmoor")).text
    assert "Visiting friends" not in before.get(address.format("Westcroft")).text
    with clock.stopped_at(NEW_YEAR):
        assert "Visiting friends" in after.get(address.format("Harbourside")).text
        assert "Visiting friends" not in after.get(address.format("Westcroft")).text


def test_what_was_counted_stays_with_the_localities_of_its_day(before: FlaskClient, pack: Path) -> None:
    engine = before.application.extensions["search"].engine
    quarter = date(2026, 10, 1), date(2026, 12, 31)

    def told(first: date, last: date, versions: Versions) -> dict[str, int]:
        with reading(engine) as session:
            found = list_place_counts(session, KIND, versions, first, last)
        return {each.locality.name: each.count for each in found if each.locality}

    versions = load_versions(pack / "localities")
    for moment, slugs in ((None, ("eastmoor", "fernhill", "southlea", "quayside")), (NEW_YEAR, ("harbourside", "south-hill", "quayside"))):
        with clock.stopped_at(moment or clock.now()), writing(engine) as session:
            for number, slug in enumerate(slugs):
                for _ in range(11 + number):
                    tally.count(session, KIND, "falls", slug)
    with clock.stopped_at(NEW_YEAR):
        assert told(*quarter, versions) == {"Eastmoor": 11, "Fernhill": 12, "Southlea": 13, "Quayside": 14}
        assert told(date(2027, 1, 1), date(2027, 3, 31), versions) == {"Harbourside": 11, "South Hill": 12, "Quayside": 13}
