"""Need figures of the five real areas, against a calculation of our own here that shares no code with what is tested.

It knows nothing of fractions or memberships: it works in whole numbers of LSOA ÷ postcodes on one common denominator, place by place,
and gives the people left over by rounding to the largest remainders.
"""

from __future__ import annotations

import csv
import json
import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from effort import effort

from portal.localities.building import AreaSources, AreasReport, build_areas
from portal.localities.need import Measure, NeedTable, load_need

AREAS = Path(__file__).parents[2].parent / "shared" / "data" / "areas"
RESIDENTS = {"hackney": 259_151, "havering": 262_037, "nottingham": 323_633, "lancashire": 1_235_365, "trafford": 235_044}
# what of a row counts for each of the pack's columns, and the column that it can never be more than
COUNTED = {
    "residents": (lambda row: row["residents"], None),
    "households": (lambda row: row["households"], None),
    "residents-5": (lambda row: row["residents_5plus"], "residents"),
    "aged-65": (lambda row: row["age65plus"], "residents"),
    "aged-75": (lambda row: row["age75plus"], "aged-65"),
    "aged-85": (lambda row: row["age85plus"], "aged-75"),
    "carers": (lambda row: row["unpaid_carers"], "residents-5"),
    "disabled": (lambda row: row["disabled_lot"] + row["disabled_little"], "residents"),
    "disabled-lot": (lambda row: row["disabled_lot"], "disabled"),
    "bad-health": (lambda row: row["health_bad"], "residents"),
    "deprived": (lambda row: row["residents"] * (row["IMD_decile"] < 3), "residents"),
    "disabled-households": (lambda row: row["hh_1_disabled"] + row["hh_2plus_disabled"], "households"),
}

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not AREAS.is_dir(), reason="the folder shared/data/areas with the councils' real files is not there"),
]


@dataclass(frozen=True)
class Counted:
    area: str
    folder: Path
    report: AreasReport
    need: NeedTable
    slugs: list[str]
    took: float  # as `effort` tells it


@pytest.fixture(scope="module", params=list(RESIDENTS))
def counted(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Counted:
    area = AREAS / request.param
    folder = tmp_path_factory.mktemp(request.param) / "localities"
    boundaries = (area / "wards.geojson", area / "lsoas.geojson")
    from_files = AreaSources(area / "postcodes.csv", boundaries, None, None, date(2025, 5, 1), "ONS", need=area / "need_lsoa.csv")
    reports: list[AreasReport] = []
    took = effort(lambda: reports.append(build_areas(from_files, folder)))
    slugs = [place["slug"] for place in places_of(folder)]
    return Counted(request.param, folder, reports[0], load_need(folder, slugs), slugs, took)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def independent(area: str, folder: Path) -> dict[str, dict[str, int]]:
    """Figures by column and slug, "" outside, from the raw files; of the pack only which ward is which locality."""
    home = {code: place["slug"] for place in places_of(folder) for code in place["codes"]}
    held: dict[str, list[str]] = defaultdict(list)
    for row in rows_of(AREAS / area / "postcodes.csv"):
        held[row["lsoa"]].append(home.get(row["ward"], ""))
    raw = {row.pop("lsoa21_code"): row for row in rows_of(AREAS / area / "need_lsoa.csv")}
    table = {code: {name: int(float(text)) for name, text in row.items() if numeric(text)} for code, row in raw.items()}
    common = math.lcm(*(len(held[code]) for code in table))
    found: dict[str, dict[str, int]] = {}
    for column, (count, whole) in COUNTED.items():
        scaled = dict.fromkeys([*(place["slug"] for place in places_of(folder)), ""], 0)
        for code, row in table.items():
            for slug in held[code]:
                scaled[slug] += count(row) * (common // len(held[code]))
        found[column] = rounded(scaled, common, found[whole] if whole else None)
    return found


def rounded(scaled: dict[str, int], common: int, most: dict[str, int] | None) -> dict[str, int]:
    down = {slug: number // common for slug, number in scaled.items()}
    left = sum(scaled.values()) // common - sum(down.values())
    by_remainder = sorted(scaled, key=lambda slug: scaled[slug] % common, reverse=True)  # stable: the earlier locality before its equal
    able = [slug for slug in by_remainder if most is None or down[slug] < most[slug]]
    return {slug: number + (slug in able[:left]) for slug, number in down.items()}


def numeric(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()


def places_of(folder: Path) -> list[dict[str, Any]]:
    return [feature["properties"] for feature in json.loads((folder / "localities.geojson").read_bytes())["features"]]


def test_every_figure_of_every_locality_is_that_of_the_independent_calculation(counted: Counted) -> None:
    expected = independent(counted.area, counted.folder)
    assert [*counted.need.sources] == [measure for measure in Measure if measure.value in expected]
    for measure in counted.need.sources:
        assert {slug: counted.need.number(slug, measure) for slug in counted.slugs} == {
            slug: number for slug, number in expected[measure.value].items() if slug
        }, measure


def test_nobody_is_lost_or_gained(counted: Counted) -> None:
    rows = rows_of(AREAS / counted.area / "need_lsoa.csv")
    assert counted.need.whole(Measure.RESIDENTS) == RESIDENTS[counted.area] == sum(int(row["residents"]) for row in rows)
    assert counted.need.whole(Measure.AGED_65) == sum(int(row["age65plus"]) for row in rows)
    assert counted.need.whole(Measure.CARERS) == sum(int(row["unpaid_carers"]) for row in rows)
    assert counted.report.warnings == ()
    assert counted.report.need is not None
    assert (counted.report.need.residents, counted.report.need.outside) == (RESIDENTS[counted.area], 0)


def test_each_figure_has_its_source_and_date(counted: Counted) -> None:
    assert all(source.title and source.dated and source.licence for source in counted.need.sources.values())
    assert counted.need.sources[Measure.DEPRIVED].dated == "2025"


def test_a_county_is_still_built_in_seconds(counted: Counted) -> None:
    print(f"{counted.area}: built in {counted.took:.0f} times the fixed work")
    assert counted.took < 750  # some five times what Lancashire takes: this only says that something is very wrong


def test_shares_of_residents_are_those_of_real_places(counted: Counted) -> None:
    aged = [counted.need.per_1000(slug, Measure.AGED_65) for slug in counted.slugs]
    assert all(share is not None and 10 < share < 600 for share in aged)


def test_localities_of_lsoas_have_exactly_their_people(tmp_path: Path) -> None:
    table = rows_of(AREAS / "trafford" / "need_lsoa.csv")
    codes = sorted(row["lsoa21_code"] for row in table)
    listed = "\n".join(f"{'North' if at % 2 else 'South'},{code}" for at, code in enumerate(codes[:-3]))
    (tmp_path / "list.csv").write_text(f"locality,code\n{listed}\n", "utf-8")
    area = AREAS / "trafford"
    shapes, chosen, need_file = (area / "lsoas.geojson",), tmp_path / "list.csv", area / "need_lsoa.csv"
    sources = AreaSources(area / "postcodes.csv", shapes, chosen, None, date(2025, 5, 1), "ONS", "Trafford", need_file)
    report = build_areas(sources, tmp_path / "out")
    need = load_need(tmp_path / "out", ["south", "north"])
    people = {row["lsoa21_code"]: int(row["residents"]) for row in table}
    assert need.number("south", Measure.RESIDENTS) == sum(people[code] for code in codes[:-3:2])
    assert need.number("north", Measure.RESIDENTS) == sum(people[code] for code in codes[1:-3:2])
    assert report.need is not None
    assert report.need.outside == sum(people[code] for code in codes[-3:])
