"""Listings as columns: what each row says is what its listing says, also after they were saved and loaded again."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import numpy as np
import pytest
from little_borough import FAR_AWAY, MIDDLE, NEEDS, NORTH, SOUTH, columns, covering, listing, site, taxonomy

from portal.directory.listing import Listing
from portal.directory.opening import Hours, Pattern
from portal.search.areas import Extents
from portal.search.columns import CLOSED_FOR_NOW, NO_LOCALITY, Columns, build_columns

TUESDAY_MORNING = Pattern(weekday=1, opens=time(10), closes=time(12))
TUESDAY_NIGHT = Pattern(weekday=1, opens=time(18), closes=time(21))
SATURDAY = Pattern(weekday=5, opens=time(10), closes=time(12))
FULL = listing(
    "Full",
    needs=("food", "falls"),
    weights=(100, 40),
    who_for=("carer",),
    how=("home", "phone"),
    access=("step-free",),
    languages=("ur", "pnb"),
    minimum_age=18.0,
    maximum_age=25.0,
    is_free=True,
    areas=covering("north", "uk"),
    sites=(site(NORTH, hours=Hours((TUESDAY_NIGHT,))), site(FAR_AWAY)),
    hours=Hours((TUESDAY_MORNING,)),
    assured_on=date(2026, 5, 1),
)


def features(known: Extents, each: Listing) -> set[str]:
    made = columns([each], known)
    return {name for name, holds in zip(made.feature_names.tolist(), made.features[0], strict=True) if holds}


def test_a_row_says_what_its_listing_says(known: Extents) -> None:
    made = columns([FULL], known)
    others = {"who:carer", "how:home", "how:phone", "access:step-free", "age:16-25", "when:day", "when:evening", "cost:free"}
    assert features(known, FULL) == {*others, "speaks:ur", "speaks:pnb"}
    assert made.needs[0].tolist() == [40, 0, 100, 0, 0]
    assert made.covers[0].tolist() == [True, False, False]
    assert (made.declares[0], made.borough[0], made.beyond[0], made.remote[0]) == (True, False, True, True)
    assert made.sites.tolist() == [[0, *NORTH, 1, 0], [0, *FAR_AWAY, 2, NO_LOCALITY]]
    assert made.assured[0] == date(2026, 5, 1).toordinal()
    assert made.ids[0].tobytes() == FULL.id.bytes
    assert made.organizations[0].tobytes() == FULL.organization_id.bytes
    assert len(made.patterns) == 2


def test_who_a_listing_is_for_is_adults_where_it_says_nothing(known: Extents) -> None:
    assert "who:adult" in features(known, listing("Plain"))
    assert "who:adult" not in features(known, FULL)


@pytest.mark.parametrize(
    ("low", "high", "bands"),
    [
        (None, None, {"0-15", "16-25", "26-64", "65"}),
        (18.0, None, {"16-25", "26-64", "65"}),
        (None, 11.0, {"0-15"}),
        (15.0, 16.0, {"0-15", "16-25"}),
        (65.0, None, {"65"}),
        (50.0, 70.0, {"26-64", "65"}),
    ],
)
def test_ages_fall_into_every_band_that_they_touch(known: Extents, low: float | None, high: float | None, bands: set[str]) -> None:
    found = features(known, listing("Club", minimum_age=low, maximum_age=high))
    assert {name.removeprefix("age:") for name in found if name.startswith("age:")} == bands


@pytest.mark.parametrize(
    ("pattern", "when"), [(TUESDAY_MORNING, {"day"}), (TUESDAY_NIGHT, {"evening"}), (SATURDAY, {"weekend"}), (Pattern(weekday=1), set())]
)
def test_when_comes_from_the_hours_of_the_listing_or_of_a_site(known: Extents, pattern: Pattern, when: set[str]) -> None:
    hours = Hours((pattern,))
    for each in (listing("Club", hours=hours), listing("Club", sites=(site(), site(hours=hours)))):
        assert {name for name in features(known, each) if name.startswith("when:")} == {f"when:{one}" for one in when}


def test_a_row_without_a_listing_is_not_live_and_holds_nothing(known: Extents) -> None:
    made = build_columns([(2, FULL)], 4, taxonomy(), known)
    assert made.live.tolist() == [False, False, True, False]
    for column in (made.needs, made.features, made.covers, made.declares, made.ids):
        assert not column[[0, 1, 3]].any()


def test_no_listing_at_all_is_columns_too(known: Extents) -> None:
    made = build_columns([], 0, taxonomy(), known)
    assert (len(made.live), made.needs.shape, made.sites.shape, made.patterns.shape, made.closures.shape) == (
        0,
        (0, len(NEEDS)),
        (0, 5),
        (0, 11),
        (0, 6),
    )


def test_a_confidential_site_leaves_no_position(known: Extents) -> None:
    assert len(columns([listing("Refuge", sites=(site(NORTH, is_confidential=True),))], known).sites) == 0


def test_a_listing_that_is_closed_for_now_says_so(known: Extents) -> None:
    assert CLOSED_FOR_NOW in features(known, listing("Shut", status="temporarily closed"))
    assert CLOSED_FOR_NOW not in features(known, listing("Open"))


def test_a_site_stands_where_its_postcode_is_listed_whatever_its_position_says(known: Extents) -> None:
    at_the_border = site(MIDDLE, postcode="ZZ4 1AB")  # listed in South
    made = columns([listing("Club", sites=(site(), at_the_border, site(is_confidential=True), site(SOUTH)))], known)
    assert made.sites[:, 3:].tolist() == [[2, 2], [4, 2]]


def test_names_are_ordered_without_regard_to_case_and_namesakes_by_id(known: Extents) -> None:
    made = columns([listing(name) for name in ("beta", "Gamma", "Alpha")], known)
    assert made.name_order.tolist() == [1, 2, 0]


def test_a_value_that_no_listing_has_holds_nowhere(known: Extents) -> None:
    made = columns([FULL], known)
    for group, value in (("speaks", "xx"), ("cost", "dear"), ("nonsense", "x")):
        assert made.feature(group, value).tolist() == [False]


def test_columns_are_the_same_after_they_were_saved(known: Extents, tmp_path: Path) -> None:
    made = columns([FULL, listing("Plain")], known)
    made.save(tmp_path / "columns.arrays")
    loaded = Columns.load(tmp_path / "columns.arrays")
    for name in Columns.__dataclass_fields__:
        assert np.array_equal(getattr(loaded, name), getattr(made, name)), name
        assert getattr(loaded, name).dtype == getattr(made, name).dtype
