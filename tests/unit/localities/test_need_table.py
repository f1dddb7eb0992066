"""The need table of a pack: numbers with their source, read whole or refused in words; what is not known is never nought."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from portal.errors import ContentError
from portal.localities.gazetteer import load_gazetteer
from portal.localities.need import Measure, NeedTable, Source, load_need

SLUGS = ("hill", "dale")
NUMBERS = [
    "locality,residents,residents-5,aged-65,carers,living-alone,households",
    "hill,2000,1900,500,190,120,800",
    "dale,1000,950,,80,,400",
]
CENSUS = [f"{measure},Census 2021,2021,https://example.org,OGL" for measure in Measure]


def written(folder: Path, numbers: Sequence[str] = NUMBERS, sources: Sequence[str] = CENSUS) -> Path:
    (folder / "need.csv").write_text("\n".join(numbers), "utf-8")
    (folder / "need_sources.csv").write_text("\n".join(["measure,title,dated,url,licence", *sources]), "utf-8")
    return folder


@pytest.fixture
def table(tmp_path: Path) -> NeedTable:
    return load_need(written(tmp_path), SLUGS)


def test_numbers_are_those_of_the_file_and_what_is_not_known_is_none(table: NeedTable) -> None:
    assert table.number("hill", Measure.AGED_65) == 500
    assert table.number("dale", Measure.AGED_65) is None
    assert table.number("hill", Measure.DEPRIVED) is None
    assert table.number("nowhere", Measure.RESIDENTS) is None


def test_the_measures_that_there_are_have_a_source_each_and_no_others(table: NeedTable) -> None:
    assert list(table.sources) == ["residents", "residents-5", "households", "aged-65", "living-alone", "carers"]
    assert table.sources[Measure.CARERS] == Source("Census 2021", "2021", "https://example.org", "OGL")


def test_of_a_thousand_is_of_those_who_could_have_been_counted(table: NeedTable) -> None:
    assert table.per_1000("hill", Measure.AGED_65) == 250.0
    assert table.per_1000("hill", Measure.CARERS) == 100.0  # of those aged 5 and over
    assert table.per_1000("hill", Measure.LIVING_ALONE) == 150.0  # of households
    assert table.per_1000("dale", Measure.AGED_65) is None
    assert table.per_1000("hill", Measure.RESIDENTS) is None  # of itself it would say nothing


def test_the_whole_borough_is_known_only_where_every_locality_is(table: NeedTable) -> None:
    assert table.whole(Measure.RESIDENTS) == 3000
    assert table.whole(Measure.AGED_65) is None
    assert table.whole(Measure.DEPRIVED) is None
    assert table.whole_per_1000(Measure.CARERS) == pytest.approx(270 / 2850 * 1000)
    assert table.whole_per_1000(Measure.AGED_65) is None


def test_nobody_at_all_is_no_thousand(tmp_path: Path) -> None:
    table = load_need(written(tmp_path, ["locality,residents,aged-65", "hill,0,0", "dale,7,0"]), SLUGS)
    assert table.per_1000("hill", Measure.AGED_65) is None
    assert table.per_1000("dale", Measure.AGED_65) == 0.0


def test_a_pack_without_the_file_says_nothing(tmp_path: Path) -> None:
    table = load_need(tmp_path, SLUGS)
    assert not table.sources
    assert table.number("hill", Measure.RESIDENTS) is None
    assert table.whole(Measure.RESIDENTS) is None


@pytest.mark.parametrize("measure", list(Measure))
def test_every_measure_has_a_base_which_is_its_own(measure: Measure) -> None:
    table = NeedTable({}, {})
    base = table.base(measure)
    assert base in {Measure.RESIDENTS, Measure.RESIDENTS_3, Measure.RESIDENTS_5, Measure.HOUSEHOLDS}
    assert table.base(table.base(base)) is table.base(base)


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        (["locality,residents", "hill,12"], r"need\.csv: 'dale' has no row"),
        (["locality,residents", "hill,12", "dale,3", "hill,12"], r"need\.csv, line 4: 'hill' is there twice"),
        (["locality,residents", "hill,12", "glen,3"], r"need\.csv, line 3: 'glen' is no locality's slug"),
        (["locality,residents", "hill,12", "dale,many"], r"need\.csv, line 3: 'many' under residents is no whole number"),
        (["locality,residents", "hill,12", "dale,-3"], r"need\.csv, line 3: '-3' under residents is no whole number"),
        (["locality,residents", "hill,12", "dale,3.5"], r"need\.csv, line 3: '3\.5' under residents"),
        (["locality,residents", "hill,12", "dale,٣"], r"need\.csv, line 3: '٣' under residents"),
        (["locality,residents", "hill,12", "dale"], r"need\.csv, line 3: it has 1 columns and the first line 2"),
        (["locality,people", "hill,12", "dale,3"], r"need\.csv, line 2: the column 'people' is none of residents"),
        (["locality,residents,residents", "hill,1,1", "dale,3,3"], r"need\.csv: a column is there twice"),
        (["locality,residents"], r"need\.csv: there is no row in it"),
        (["place,residents", "hill,12"], r"need\.csv: the column 'locality' is missing"),
        (["locality,residents,aged-65", "hill,12,1", "dale,3,4"], r"need\.csv, line 3: 4 aged-65 cannot be: there are 3 residents"),
        (["locality,aged-75,aged-85", "hill,12,1", "dale,3,4"], r"need\.csv, line 3: 4 aged-85 cannot be: there are 3 aged-75"),
        (["locality,residents-5,carers", "hill,12,1", "dale,3,4"], r"need\.csv, line 3: 4 carers cannot be: there are 3 residents-5"),
    ],
)
def test_a_wrong_table_is_refused_with_its_place(tmp_path: Path, numbers: list[str], said: str) -> None:
    with pytest.raises(ContentError, match=said):
        load_need(written(tmp_path, numbers), SLUGS)


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        (["residents,Census 2021,2021,,"], r"need_sources\.csv: 'residents-5' has no source and date"),
        (["residents,Census 2021,,,"], r"need_sources\.csv, line 2: a title and a date"),
        (["people,Census 2021,2021,,"], r"need_sources\.csv, line 2: 'people' is none of"),
        ([*CENSUS, CENSUS[0]], r"need_sources\.csv, line 17: 'residents' is there twice"),
    ],
)
def test_a_figure_without_its_source_is_refused(tmp_path: Path, sources: list[str], said: str) -> None:
    with pytest.raises(ContentError, match=said):
        load_need(written(tmp_path, sources=sources), SLUGS)


def test_the_demos_table_is_whole_and_says_that_it_is_invented() -> None:
    folder = Path(__file__).parents[3] / "content" / "demo" / "localities"
    slugs = load_gazetteer(folder).localities
    table = load_need(folder, slugs)
    assert list(table.sources) == list(Measure)
    assert all("invented" in source.title for source in table.sources.values())
    assert all(table.number(slug, measure) is not None for slug in slugs for measure in Measure)
