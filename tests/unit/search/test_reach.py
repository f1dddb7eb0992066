"""Covers me, or is near and does not leave me out; just over the border counts; a head office never stands for its branches."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from little_borough import FAR_AWAY, MIDDLE, NORTH, OVER_THE_BORDER, SOUTH, columns, covering, listing, site

from portal.directory.listing import Listing
from portal.localities.answer import Place
from portal.search.areas import Extents
from portal.search.reach import LEAST_WEIGHT, REACH_MILES, Reach, reach

AT_NORTH = Place("locality", "North", *NORTH, "north")
BEYOND = Place("place", "Village", *OVER_THE_BORDER)
BOROUGH = Place("place", "Rowborough", *MIDDLE, None, 5.0)


def reached(known: Extents, each: Listing, here: Place | None = AT_NORTH, within: float | None = None) -> Reach:
    return reach(columns([each], known), here, known.numbers(here), within)


def counts(known: Extents, each: Listing, here: Place | None = AT_NORTH, within: float | None = None) -> bool:
    return bool(reached(known, each, here, within).counts[0])


PLACES = {None: (), FAR_AWAY: (site(FAR_AWAY),), SOUTH: (site(SOUTH),), OVER_THE_BORDER: (site(OVER_THE_BORDER),)}


@pytest.mark.parametrize(
    ("areas", "at", "counted"),
    [
        ((), NORTH, True),
        ((), SOUTH, True),  # 7 miles
        ((), OVER_THE_BORDER, True),
        ((), FAR_AWAY, False),
        (("north",), FAR_AWAY, True),
        (("rowborough",), FAR_AWAY, True),
        (("england",), FAR_AWAY, True),
        (("south",), NORTH, False),
        (("cornwall",), NORTH, False),
        (("south", "north"), SOUTH, True),
        (("north",), NORTH, True),
    ],
)
def test_it_counts_when_it_covers_the_place_or_is_near_and_does_not_leave_it_out(
    known: Extents, areas: tuple[str, ...], at: tuple[float, float], counted: bool
) -> None:
    assert counts(known, listing("Club", areas=covering(*areas), sites=(site(at),), how=("in-person",))) is counted


def test_from_nowhere_everything_counts_alike(known: Extents) -> None:
    found = reached(known, listing("Club", areas=covering("cornwall"), sites=(site(FAR_AWAY),)), None)
    assert (found.counts.tolist(), found.covers.tolist(), found.weight.tolist(), found.miles.tolist()) == ([True], [False], [1], [np.inf])


@pytest.mark.parametrize("how", ["home", "online", "phone"])
def test_what_comes_to_people_counts_wherever_its_office_is(known: Extents, how: str) -> None:
    assert counts(known, listing("Visits", how=(how,), sites=(site(FAR_AWAY),)))
    assert not counts(known, listing("Visits", how=(how,), sites=(site(FAR_AWAY),), areas=covering("south")))


def test_a_listing_without_a_site_counts_as_if_by_phone(known: Extents) -> None:
    assert counts(known, listing("Line"))
    assert not counts(known, listing("Line", areas=covering("south")))


def test_a_refuge_whose_address_is_confidential_counts_from_anywhere(known: Extents) -> None:
    refuge = listing("Refuge", how=("in-person",), sites=(site(is_confidential=True),))
    assert counts(known, refuge)
    assert counts(known, refuge, BEYOND)


def test_a_site_that_nobody_can_place_does_not_count(known: Extents) -> None:
    assert not counts(known, listing("Club", how=("in-person",), sites=(site(postcode="XX1 1XX"),)))


def test_only_sites_stand_for_a_listing_and_the_nearest_of_them_counts(known: Extents) -> None:
    found = reached(known, listing("Club", how=("in-person",), sites=(site(FAR_AWAY), site(SOUTH), site(NORTH))))
    assert found.miles[0] == pytest.approx(0, abs=0.01)
    assert not counts(known, listing("Club", how=("in-person",), sites=(site(FAR_AWAY),)))


def test_the_boroughs_own_name_leaves_out_nothing_that_covers_the_borough_or_a_part_of_it(known: Extents) -> None:
    for area in ("rowborough", "north", "south", "uk"):
        assert counts(known, listing("Club", areas=covering(area), sites=(site(FAR_AWAY),), how=("in-person",)), BOROUGH)
    assert not counts(known, listing("Club", areas=covering("cornwall"), sites=(site(MIDDLE),)), BOROUGH)


def test_a_place_beyond_the_border_is_not_covered_by_the_borough(known: Extents) -> None:
    assert not counts(known, listing("Club", areas=covering("rowborough"), sites=(site(NORTH),)), BEYOND)
    assert counts(known, listing("Club", areas=covering("uk")), BEYOND)
    assert counts(known, listing("Club", sites=(site(NORTH),), how=("in-person",)), BEYOND)


def test_within_some_miles_only_what_is_there_or_has_no_distance_counts(known: Extents) -> None:
    near, farther = (listing("Club", sites=(site(at),), how=("in-person",)) for at in (NORTH, MIDDLE))
    assert counts(known, near, within=1)
    assert not counts(known, farther, within=1)
    assert counts(known, farther, within=5)
    assert not counts(known, replace(farther, areas=covering("north")), within=1)
    assert not counts(known, replace(farther, how=("home",)), within=1)
    assert counts(known, listing("Line", how=("phone",)), within=1)
    assert not counts(known, listing("Line", how=("phone",), areas=covering("south")), within=1)
    assert counts(known, listing("Club", sites=(site(FAR_AWAY),), how=("in-person",)), within=30)


def test_what_is_remote_is_neither_floated_nor_buried(known: Extents) -> None:
    def weight(**values: object) -> float:
        return float(reached(known, listing("Club", **values)).weight[0])

    here, near, farther = (weight(sites=(site(at),), how=("in-person",)) for at in (NORTH, (54.113, 1.0), MIDDLE))
    remote, local = weight(how=("phone",)), weight(how=("phone",), areas=covering("north"))
    assert here > near > local > remote > farther
    assert weight(how=("phone",), areas=covering("rowborough")) == remote


@settings(deadline=None)
@given(st.floats(0, 30), st.floats(0, 30))
def test_nearer_is_never_worth_less_and_nothing_is_worthless(known: Extents, one: float, other: float) -> None:
    sites = [site((54.1 + away / 69, 1.0)) for away in sorted((one, other))]
    made = columns([listing("Club", how=("in-person",), sites=(at,)) for at in sites], known)
    weights = reach(made, AT_NORTH, known.numbers(AT_NORTH), None).weight
    assert 1 >= weights[0] >= weights[1] >= LEAST_WEIGHT


def test_reach_ends_where_it_says(known: Extents) -> None:
    def at(away: float) -> Listing:
        return listing("Club", how=("in-person",), sites=(site((54.1 + away / 69.24, 1.0)),))

    assert counts(known, at(REACH_MILES - 0.1))
    assert not counts(known, at(REACH_MILES + 0.1))
