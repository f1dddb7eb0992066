"""Need beside provision of a real borough: Trafford's 657 services in its 21 wards, against a calculation of our own.

What the real listings do not say is added to some of them first (see `trafford_details`), so that every figure is of something. Then
faults are planted, to see that each is found.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from trafford_calculated import FIGURES, LANGUAGES, Files, Own, close, rows_of
from trafford_details import add_details

from portal.config import CHECKOUT
from portal.db import Base, open_engine, reading
from portal.directory.listing import Listing, Site
from portal.directory.listings import list_listings
from portal.directory.openreferral.loading import LoadOptions, load
from portal.directory.queries import list_service_ids
from portal.insight import facts, gap, matrix, reaching, weeks
from portal.insight.asked import Asked
from portal.insight.matrix import Demand, Matrix
from portal.localities.building import AreaSources, build_areas
from portal.localities.need import Measure
from portal.localities.needing import load_need_measures
from portal.localities.versions import load_versions
from portal.search import columns
from portal.search.areas import Extents
from portal.taxonomy.rules import load_rules
from portal.taxonomy.terms import Taxonomy, load_taxonomy

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
AREA, SERVICES = SHARED / "areas" / "trafford", SHARED / "services" / "trafford_services_ogl.json"
NEED_MEASURES = CHECKOUT / "content" / "need_measures.yaml"
SPRING, AUTUMN = date(2026, 3, 2), date(2026, 11, 24)  # in spring they still count; in autumn many were checked too long ago

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SERVICES.exists(), reason="needs ../shared/data with Trafford's services, which is not there"),
]


@dataclass(frozen=True)
class Trafford:
    """What was loaded, as files and as the portal reads them."""

    files: Files
    extents: Extents
    taxonomy: Taxonomy
    listings: list[Listing]


@pytest.fixture(scope="module")
def trafford(tmp_path_factory: pytest.TempPathFactory) -> Trafford:
    folder = tmp_path_factory.mktemp("trafford")
    pack, database = folder / "localities", folder / "directory.sqlite3"
    shapes = (AREA / "wards.geojson", AREA / "lsoas.geojson")
    build_areas(AreaSources(AREA / "postcodes.csv", shapes, None, None, date(2025, 5, 1), "ONS", need=AREA / "need_lsoa.csv"), pack)
    areas, taxonomy = load_versions(pack).every[0], load_taxonomy(CHECKOUT / "content" / "taxonomy.yaml")
    engine = open_engine(f"sqlite:///{database}")
    Base.metadata.create_all(engine)
    load(engine, [str(SERVICES)], LoadOptions(taxonomy, load_rules(CHECKOUT / "content" / "taxonomy_rules.yaml")))
    with sqlite3.connect(database) as connection:
        add_details(connection, [row["name"] for row in rows_of(pack / "places.csv") if row["kind"] == "locality"])
    with reading(engine) as session:
        listings = list(list_listings(session, taxonomy, list_service_ids(session)))
    engine.dispose()
    assert len(listings) == 657
    extents = Extents(areas.gazetteer, frozenset({"trafford"}), areas.boundaries)
    return Trafford(Files(database, pack, AREA, NEED_MEASURES, tuple(taxonomy.needs)), extents, taxonomy, listings)


def made(trafford: Trafford, day: date) -> Matrix:
    areas = load_versions(trafford.files.pack).every[0]
    terms = facts.Terms(tuple(trafford.taxonomy.needs), LANGUAGES)
    demand = Demand(areas.need, load_need_measures(NEED_MEASURES, trafford.taxonomy.needs), Asked())
    return matrix.matrix_of(facts.facts_of(columns_of(trafford), trafford.extents, terms, day), demand)


def columns_of(trafford: Trafford) -> columns.Columns:
    weighed = [replace(each, weights=(100, 80, 65, 50)[: len(each.needs)]) for each in trafford.listings]
    return columns.build_columns(enumerate(weighed), len(weighed), trafford.taxonomy, trafford.extents)


def told(found: Matrix) -> dict[tuple[str, str], dict[str, object]]:
    return {key: told_of(cell) for key, cell in found.cells.items()}


def told_of(cell: matrix.Cell) -> dict[str, object]:
    numbers: dict[str, object] = {name: getattr(cell.provision, name) for name in FIGURES}
    numbers |= {"languages": dict(cell.provision.languages), "hours": round(cell.provision.hours, 6)}
    numbers |= {"people": cell.people, "per_1000": close(cell.per_1000), "verdict": cell.gap.verdict.value}
    return numbers | {name: close(getattr(cell.gap, name)) for name in ("expected", "ratio", "low", "high")}


@pytest.fixture(scope="module")
def expected(trafford: Trafford) -> dict[date, dict[tuple[str, str], dict[str, object]]]:
    return {day: Own(trafford.files, day).cells() for day in (SPRING, AUTUMN)}


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_every_cell_is_that_of_the_independent_calculation(trafford: Trafford, expected: Any, day: date) -> None:
    found = told(made(trafford, day))
    assert len(found) == 21 * len(trafford.taxonomy.needs)
    wrong = {key: (cell, expected[day][key]) for key, cell in found.items() if cell != expected[day][key]}
    assert not wrong, f"{len(wrong)} cells differ, such as {next(iter(wrong.items()))}"
    assert any(cell["hours"] for cell in found.values())
    assert {cell["verdict"] for cell in found.values()} == {verdict.value for verdict in gap.Verdict}


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_what_is_counted_and_what_is_left_out_add_up_to_all(trafford: Trafford, day: date) -> None:
    found, own = made(trafford, day), Own(trafford.files, day)
    assert found.counted == len(list(own.counted()))
    assert found.counted + found.too_old + found.closed == 657
    assert found.elsewhere == sum(not own.service(service) for service in own.counted())


def _wide_is_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = reaching.reaching

    def reaching_all(rows: columns.Columns, extents: Extents) -> reaching.Reaching:
        found = honest(rows, extents)
        return replace(found, covers=found.covers | (rows.borough | ~rows.declares)[:, None])

    monkeypatch.setattr(facts, "reaching", reaching_all)


def _closures_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = weeks.closures_on
    monkeypatch.setattr(weeks, "closures_on", lambda closures, day: honest(closures[:0], day))


def _sessions_that_overlap_count_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    def summed(keys: Any, of: Any, begins: Any, ends: Any) -> Any:
        return np.bincount(np.searchsorted(keys, of), weights=ends - begins, minlength=len(keys))

    monkeypatch.setattr(weeks, "_open_minutes", summed)


def _secret_places_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = columns._positions
    hale = {"postcode": "", "latitude": 53.3781, "longitude": -2.33908, "is_confidential": False}

    def told_all(listings: dict[int, Listing], extents: Extents) -> Any:
        return honest({row: replace(each, sites=tuple(map(opened, each.sites))) for row, each in listings.items()}, extents)

    def opened(site: Site) -> Site:
        return replace(site, **hale) if site.is_confidential else site

    monkeypatch.setattr(columns, "_positions", told_all)


def _positions_count_before_postcodes(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: Any = lambda self, _postcode, position: self.boundaries.locality_at(*position) if position else None  # noqa: E731
    monkeypatch.setattr(Extents, "locality_at", drawn)


def _part_of_a_postcode_is_a_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Extents, "stands", lambda _self, _site: True)


def _what_is_too_old_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns.Columns, "shown", lambda self, _day: self.live)


def _what_is_closed_for_now_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns.Columns, "closed_for_now", property(lambda self: np.zeros_like(self.live)))


def _only_needs_that_searches_weigh_count(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = facts.facts_of
    monkeypatch.setattr(facts, "facts_of", lambda rows, *others: honest(replace(rows, meets=rows.needs > 0), *others))


def _people_are_all_residents(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matrix, "people_with", lambda _need, _measures, _table: Measure.RESIDENTS)


def _limits_are_of_ninety_per_cent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gap, "Z", 1.645)


def _near_is_a_little_further(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reaching, "NEAR_MILES", 1.02)


def _the_last_week_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weeks, "DAYS", 21)


FAULTS = (
    _wide_is_everywhere,
    _closures_are_forgotten,
    _sessions_that_overlap_count_twice,
    _secret_places_are_told,
    _positions_count_before_postcodes,
    _part_of_a_postcode_is_a_place,
    _what_is_too_old_counts,
    _what_is_closed_for_now_counts,
    _only_needs_that_searches_weigh_count,
    _people_are_all_residents,
    _limits_are_of_ninety_per_cent,
    _near_is_a_little_further,
    _the_last_week_is_left_out,
)


@pytest.mark.parametrize("plant", FAULTS, ids=lambda plant: plant.__name__.strip("_"))
def test_a_planted_fault_is_found(trafford: Trafford, expected: Any, monkeypatch: pytest.MonkeyPatch, plant: Any) -> None:
    plant(monkeypatch)
    assert any(told(made(trafford, day)) != expected[day] for day in (SPRING, AUTUMN)), "the calculation does not see it"
