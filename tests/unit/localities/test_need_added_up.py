"""Need by LSOA added up by locality: nobody is lost or gained, and nobody is further from their share than whole people allow."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.errors import SourceError
from portal.localities.adding import OUTSIDE, add_up, apportion
from portal.localities.area_sources import Postcode, Remarks
from portal.localities.collection import Locality
from portal.localities.membership import Ground, Membership
from portal.localities.need import Measure, Source
from portal.localities.need_areas import AreaNeed, read_area_need, sources_of

PEOPLE = (Measure.RESIDENTS, Measure.AGED_65)
HEAD = "lsoa21_code,residents,age65plus,disabled_lot,disabled_little,IMD_decile"


def ground(*rows: tuple[str, str]) -> Ground:
    """Postcodes, each of a ward and an LSOA."""
    return Ground(tuple(Postcode(f"ZY1 {at}AA", 54, 1, ward, lsoa) for at, (ward, lsoa) in enumerate(rows)), {}, {})


def membership(**codes: Sequence[str]) -> Membership:
    return Membership(tuple(Locality(slug, slug) for slug in codes), {code: slug for slug, those in codes.items() for code in those})


def need(**rows: tuple[int, int]) -> AreaNeed:
    return AreaNeed(PEOPLE, {code: dict(zip(PEOPLE, row, strict=True)) for code, row in rows.items()})


def test_an_lsoa_in_one_ward_is_wholly_its_localitys() -> None:
    added = add_up(need(L1=(1500, 300), L2=(1000, 100)), membership(hill=["W1"], dale=["W2"]), ground(("W1", "L1"), ("W2", "L2")))
    assert added.numbers[Measure.RESIDENTS] == {"hill": 1500, "dale": 1000, OUTSIDE: 0}
    assert added.numbers[Measure.AGED_65] == {"hill": 300, "dale": 100, OUTSIDE: 0}
    assert (added.unplaced, added.uncounted) == ((), ())


def test_an_lsoa_across_a_border_is_divided_as_its_postcodes_are() -> None:
    across = ground(("W1", "L1"), ("W1", "L1"), ("W2", "L1"), ("W9", "L1"))
    added = add_up(need(L1=(1002, 10)), membership(hill=["W1"], dale=["W2"]), across)
    assert added.numbers[Measure.RESIDENTS] == {"hill": 501, "dale": 251, OUTSIDE: 250}  # 501, 250.5 and 250.5: the first has the odd one
    assert sum(added.numbers[Measure.AGED_65].values()) == 10


def test_an_lsoa_that_a_locality_is_made_of_is_its_own_even_without_a_postcode() -> None:
    added = add_up(need(L1=(900, 9), L2=(800, 8)), membership(hill=["L1", "L2"]), ground(("W1", "L1")))
    assert added.numbers[Measure.RESIDENTS]["hill"] == 1700
    assert added.unplaced == ()


def test_people_who_have_no_place_and_places_that_have_no_people_are_named() -> None:
    added = add_up(need(L1=(900, 9), L7=(800, 8)), membership(hill=["W1"]), ground(("W1", "L1"), ("W1", "L2"), ("W9", "L3")))
    assert added.unplaced == ("L7",)
    assert added.uncounted == ("L2",)  # not L3: nobody asked for what lies outside
    assert added.numbers[Measure.RESIDENTS] == {"hill": 900, OUTSIDE: 0}


def test_where_all_are_deprived_rounding_makes_no_more_of_them_than_live_there() -> None:
    all_of_them, none_of_them = {Measure.RESIDENTS: 5, Measure.DEPRIVED: 5}, {Measure.RESIDENTS: 3, Measure.DEPRIVED: 0}
    table = AreaNeed((Measure.RESIDENTS, Measure.DEPRIVED), {"L1": all_of_them, "L2": none_of_them})
    across = ground(("W1", "L1"), ("W2", "L1"), ("W2", "L2"), *[("W3", "L2")] * 9)
    added = add_up(table, membership(west=["W1"], middle=["W2"], east=["W3"]), across).numbers
    assert added[Measure.RESIDENTS] == {"west": 2, "middle": 3, "east": 3, OUTSIDE: 0}  # 2.5, 2.8 and 2.7
    assert added[Measure.DEPRIVED] == {"west": 2, "middle": 3, "east": 0, OUTSIDE: 0}  # 2.5 and 2.5, but two live in the west


def test_a_locality_with_more_old_people_than_people_is_refused() -> None:
    with pytest.raises(SourceError, match="'hill', is wrong: 20 aged-65 cannot be: there are 10 residents"):
        add_up(need(L1=(10, 20)), membership(hill=["W1"]), ground(("W1", "L1")))


@given(
    st.lists(st.tuples(st.integers(0, 3000), st.lists(st.integers(0, 90), min_size=4, max_size=4)), min_size=1, max_size=12),
    st.data(),
)
def test_numbers_add_up_to_the_table_and_are_less_than_one_from_their_share(rows: list[tuple[int, list[int]]], data: st.DataObject) -> None:
    exact = {name: Fraction(0) for name in "abcd"}
    parts = dict(exact)
    for people, weights in rows:
        part = data.draw(st.integers(0, people))
        for name, weight in zip(exact, weights, strict=True):
            share = Fraction(weight, sum(weights)) if sum(weights) else Fraction(name == "a")
            exact[name] += people * share
            parts[name] += part * share
    whole = apportion(exact)
    assert sum(whole.values()) == sum(people for people, _ in rows)
    assert all(abs(whole[name] - exact[name]) < 1 for name in whole)
    within = apportion(parts, whole)
    assert sum(within.values()) == sum(parts.values())
    assert all(within[name] <= whole[name] and abs(within[name] - parts[name]) < 2 for name in whole)


def table(folder: Path, *rows: str, head: str = HEAD) -> Path:
    path = folder / "need.csv"
    path.write_text("\n".join([head, *rows]), "utf-8")
    return path


def test_columns_are_added_to_measures_and_the_rest_is_passed_over(tmp_path: Path) -> None:
    path = table(tmp_path, 'e01000001,"1,500",300.0,40,60,1.0', "E01000002,1000,100,30,20,3", head=HEAD.upper())
    found = read_area_need(path, Remarks())
    assert found.measures == (Measure.RESIDENTS, Measure.AGED_65, Measure.DISABLED, Measure.DISABLED_LOT, Measure.DEPRIVED)
    assert found.numbers["E01000001"] == dict(zip(found.measures, (1500, 300, 100, 40, 1500), strict=True))
    assert found.numbers["E01000002"][Measure.DEPRIVED] == 0


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["E01000001,1500,,40,60,1"], r"need\.csv, line 2: there is no number under age65plus\. Write the number, or take the whole"),
        (["E01000001,1500,c,40,60,1"], r"need\.csv, line 2: 'c' is no whole number under age65plus"),
        (["E01000001,1500,-1,40,60,1"], r"'-1' is no whole number"),
        (["E01000001,1500,1.5,40,60,1"], r"'1\.5' is no whole number"),
        (["E01000001,1500,1,40,60,11"], r"line 2: 11 under imd_decile is no decile"),
        (["E01000001,1,1,0,0,1", "E01000001,1,1,0,0,1"], r"line 3: E01000001 is there twice"),
        ([",1,1,0,0,1"], r"line 2: the code of an LSOA is missing"),
        ([], r"there is no row in it"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_with_its_line_and_what_to_do(tmp_path: Path, rows: list[str], said: str) -> None:
    with pytest.raises(SourceError, match=said):
        read_area_need(table(tmp_path, *rows), Remarks())


@pytest.mark.parametrize(("head", "column"), [("lsoa21_code,age65plus", "residents"), ("code,residents", "lsoa21_code")])
def test_a_missing_column_of_the_table_is_named(tmp_path: Path, head: str, column: str) -> None:
    with pytest.raises(SourceError, match=f"the column '{column}' is missing"):
        read_area_need(table(tmp_path, "E01000001,5", head=head), Remarks())


def test_a_part_larger_than_its_whole_in_one_small_area_is_only_remarked_on(tmp_path: Path) -> None:
    remarks = Remarks()
    read_area_need(table(tmp_path, "E01000001,15,16,0,0,1", "E01000002,1500,16,0,0,1"), remarks)
    assert remarks.warnings == [
        "need.csv: in 1 rows a part is larger than its whole, as in line 2, 16 aged-65 cannot be: there are 15 residents."
    ]


def test_sources_are_the_usual_ones_unless_a_file_names_others(tmp_path: Path) -> None:
    assert sources_of((Measure.CARERS,), None)[Measure.CARERS].title.startswith("Census 2021")
    assert "2025" in sources_of((Measure.DEPRIVED,), None)[Measure.DEPRIVED].title
    path = table(tmp_path, "carers,Survey of carers,May 2026", head="measure,title,dated")
    assert sources_of((Measure.CARERS,), path) == {Measure.CARERS: Source("Survey of carers", "May 2026")}
    with pytest.raises(SourceError, match=r"need\.csv: it says nothing of 'residents'"):
        sources_of((Measure.RESIDENTS, Measure.CARERS), path)
