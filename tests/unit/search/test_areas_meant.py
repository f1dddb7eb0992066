"""What a listing's areas amount to here, where its sites are, and which localities a typed place lies in."""

from __future__ import annotations

import pytest
from little_borough import FAR_AWAY, MIDDLE, NORTH, OVER_THE_BORDER, SOUTH, covering, site

from portal.directory.listing import Area
from portal.localities.answer import Place
from portal.localities.place import place
from portal.search.areas import Coverage, Extents


def test_a_listing_without_areas_declares_nothing(known: Extents) -> None:
    assert known.coverage(()) == Coverage()


@pytest.mark.parametrize("blank", [Area(), Area(name=" "), Area(uri="https://example.org/")])
def test_an_area_that_says_nothing_leaves_nobody_out(known: Extents, blank: Area) -> None:
    assert known.coverage([blank]) == Coverage()


@pytest.mark.parametrize("area", [Area(name="Middle"), Area(extent="middle"), Area(name=" MIDDLE "), Area(extent="E05000001")])
def test_a_locality_is_known_by_its_slug_name_or_code(known: Extents, area: Area) -> None:
    assert known.coverage([area]) == Coverage(declares=True, localities=frozenset({1}))


def test_an_area_is_known_by_the_end_of_its_address(known: Extents) -> None:
    assert known.coverage([Area(uri="http://statistics.data.gov.uk/id/statistical-geography/E05000001")]).localities == {1}


@pytest.mark.parametrize("name", ["Rowborough", "ROWBOROUGH"])
def test_the_borough_is_known_by_its_name(known: Extents, name: str) -> None:
    assert known.coverage([Area(name=name)]) == Coverage(declares=True, borough=True)


@pytest.mark.parametrize("name", ["England", "uk", "Nationwide", "E92000001"])
def test_the_whole_country_is_beyond_the_borough(known: Extents, name: str) -> None:
    assert known.coverage([Area(extent=name)]) == Coverage(declares=True, beyond=True)


def test_any_other_area_is_elsewhere(known: Extents) -> None:
    assert known.coverage(covering("Cornwall")) == Coverage(declares=True)


def test_several_areas_add_up(known: Extents) -> None:
    assert known.coverage(covering("north", "south", "Cornwall")) == Coverage(declares=True, localities=frozenset({0, 2}))


def test_a_site_is_where_its_position_says_or_else_its_postcode(known: Extents) -> None:
    assert known.position(site(MIDDLE, postcode="ZZ1 1AB")) == MIDDLE
    assert known.position(site(postcode="ZZ1 1AB")) == NORTH
    assert known.position(site(postcode="XX1 1XX")) is None
    assert known.position(site()) is None


def test_a_confidential_site_is_nowhere_even_if_a_position_slipped_in(known: Extents) -> None:
    assert known.position(site(MIDDLE, postcode="ZZ1 1AB", is_confidential=True)) is None


@pytest.mark.parametrize(
    ("typed", "localities"),
    [
        ("North", ("north",)),
        ("ZZ2 1AB", ("middle",)),
        ("ZZ3", ("south",)),
        ("ZZ4 1AA", ("middle",)),
        ("ZZ4 1", ("middle", "south")),
        ("ZZ4", ("middle", "south")),
        ("Rowborough", ("north", "middle", "south")),
        ("ZZ9 1AA", ()),
    ],
)
def test_a_place_lies_in_its_locality_or_in_all_over_which_it_spreads(known: Extents, typed: str, localities: tuple[str, ...]) -> None:
    found = place(typed, known.gazetteer)
    assert isinstance(found, Place)
    assert tuple(known.localities[number] for number in known.numbers(found)) == localities


def test_no_place_and_a_point_beyond_the_border_lie_in_no_locality(known: Extents) -> None:
    assert known.numbers(None) == ()
    assert known.numbers(Place("place", "Village", *OVER_THE_BORDER)) == ()


def test_an_area_touches_a_locality_when_their_circles_overlap_and_only_then(known: Extents) -> None:
    def touched(latitude: float, reach: float) -> tuple[int, ...]:
        return known.numbers(Place("sector", "ZZ5 1", latitude, 1.0, None, reach))

    assert touched(54.018, 0.6) == (1, 2)  # 2.2 miles from Middle, which reaches 1.9
    assert touched(54.018, 0.1) == (2,)
    assert touched(54.4, 0.6) == ()
    assert touched(54.4, 30) == (0, 1, 2)


def test_a_postcode_that_the_list_does_not_have_stands_in_no_locality(known: Extents) -> None:
    beyond = site(postcode="ZZ1 1ZZ")  # all of ZZ1 1 that the list has is in North; but the list ends at the border
    assert known.position(beyond) is not None
    assert not known.stands(beyond)
    assert known.locality_at("ZZ1 1ZZ", None) is None
    assert known.locality_at("ZZ1 1ZZ", FAR_AWAY) is None
    assert known.locality_at("ZZ1 1ZZ", SOUTH) == "south"
    assert known.locality_at("ZZ1 1AB", SOUTH) == "north"
