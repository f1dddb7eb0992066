"""Filters: any within a group, all across groups; each count is what choosing that value alone in its group would leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from little_borough import NEEDS, columns, listing, taxonomy

from portal.directory.listing import Listing
from portal.directory.opening import Hours, Pattern, is_open
from portal.search.areas import Extents
from portal.search.narrowing import MOST_CHOICES, Narrowing, all_of, facets
from portal.search.query import AGES, GROUPS, SearchQuery, choices

MOMENT = datetime(2026, 11, 24, 10, 30)
OFFERED = {**choices(taxonomy()), "speaks": ("ur", "tr", "pl", "xx")}
NUMBERS = {need: number for number, need in enumerate(NEEDS)}


def some(values: tuple[str, ...], most: int = 3) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=most).map(tuple)


QUERIES = st.builds(SearchQuery, **{group: some(OFFERED[group], 2) for group in GROUPS})
MORNING, NIGHT = (Pattern(weekday=1, opens=time(opens), closes=time(opens + 1)) for opens in (10, 18))
SESSIONS = st.sampled_from([MORNING, NIGHT, Pattern(weekday=6, opens=time(9))])
LISTINGS = st.lists(
    st.builds(
        lambda number, low, patterns, **values: listing(f"Club {number}", minimum_age=low, hours=Hours(tuple(patterns)), **values),
        number=st.integers(),
        low=st.sampled_from([None, 16.0, 65.0]),
        patterns=st.lists(SESSIONS, max_size=2),
        needs=some(NEEDS),
        who_for=some(("adult", "carer", "family")),
        how=some(("in-person", "home", "online", "phone")),
        access=some(("step-free", "hearing-loop")),
        languages=some(("ur", "tr", "pl")),
        is_free=st.booleans(),
    ),
    max_size=8,
)


def has(each: Listing, group: str, value: str) -> bool:
    """Whether a listing has a value: said again, without columns."""
    if group == "when":
        return _is_on(each, value)
    low, high = AGES[value] if group == "age" else (0, 0)
    return {
        "need": value in each.needs,
        "who": value in (each.who_for or ("adult",)),
        "age": (each.minimum_age or 0) <= high and (each.maximum_age or 130) >= low,
        "cost": each.is_free,
        "how": value in each.how,
        "access": value in each.access,
        "speaks": value in each.languages,
    }[group]


def _is_on(each: Listing, value: str) -> bool:
    if value == "now":
        return is_open(each.hours, MOMENT)
    patterns = each.hours.patterns
    late = time(17, 30)
    return {
        "day": any(it.opens and it.opens < late and it.weekday == 1 for it in patterns),
        "evening": any(it.opens and it.closes and it.closes > late for it in patterns),
        "weekend": any(it.weekday == 6 for it in patterns),
    }[value]


def left(listings: list[Listing], query: SearchQuery) -> list[bool]:
    chosen = {group: getattr(query, group) for group in GROUPS}
    return [all(not values or any(has(each, group, value) for value in values) for group, values in chosen.items()) for each in listings]


def narrowing(known: Extents, listings: list[Listing], query: SearchQuery) -> Narrowing:
    return Narrowing(columns(listings, known), query, NUMBERS, MOMENT)


@settings(deadline=None)
@given(LISTINGS, QUERIES)
def test_any_within_a_group_and_all_across_groups(known: Extents, listings: list[Listing], query: SearchQuery) -> None:
    made = narrowing(known, listings, query)
    assert all_of(made.masks(), made.columns.live).tolist() == left(listings, query)


@settings(deadline=None)
@given(LISTINGS, QUERIES)
def test_each_count_is_what_that_value_alone_in_its_group_would_leave(known: Extents, listings: list[Listing], query: SearchQuery) -> None:
    made = narrowing(known, listings, query)
    shown = facets(made, made.masks(), made.columns.live)
    counted = {(facet.group, choice.value): choice.count for facet in shown for choice in facet.choices}
    expected = {
        (group, value): sum(left(listings, replace(query, **{group: (value,)})))
        for group, values in OFFERED.items()
        for value in values
        if value != "xx"
    }
    chosen = set(query.narrowed)
    assert counted == {pair: count for pair, count in expected.items() if pair in counted}
    assert {pair for pair, count in expected.items() if count or pair in chosen} - {("speaks", "xx")} <= set(counted) | _unheard(listings)
    assert all(count or pair in chosen for pair, count in counted.items())


def _unheard(listings: list[Listing]) -> set[tuple[str, str]]:
    """Languages that no listing is in, which are not offered."""
    return {("speaks", code) for code in OFFERED["speaks"] if not any(code in each.languages for each in listings)}


@settings(deadline=None)
@given(LISTINGS, QUERIES)
def test_choices_are_marked_as_they_were_made(known: Extents, listings: list[Listing], query: SearchQuery) -> None:
    made = narrowing(known, listings, query)
    for facet in facets(made, made.masks(), made.columns.live):
        for choice in facet.choices:
            assert choice.chosen == (choice.value in getattr(query, facet.group))


def test_counts_are_of_the_rows_that_answer_only(known: Extents) -> None:
    made = narrowing(known, [listing("a", is_free=True), listing("b", is_free=True)], SearchQuery())
    shown = facets(made, made.masks(), np.array([True, False]))
    assert [(choice.value, choice.count) for facet in shown if facet.group == "cost" for choice in facet.choices] == [("free", 1)]


def test_long_groups_show_what_is_chosen_and_then_the_most_frequent(known: Extents) -> None:
    codes = [first + second for first in "abcd" for second in "klmn"]
    listings = [listing(f"{code} {number}", languages=(code,)) for at, code in enumerate(codes) for number in range(at + 1)]
    made = narrowing(known, listings, SearchQuery(speaks=(codes[0],)))
    (shown,) = (facet for facet in facets(made, made.masks(), made.columns.live) if facet.group == "speaks")
    assert [choice.value for choice in shown.choices] == [codes[0], *reversed(codes[-MOST_CHOICES + 1 :])]


def test_a_group_that_would_leave_nothing_is_not_shown(known: Extents) -> None:
    made = narrowing(known, [listing("a", how=("home",))], SearchQuery())
    assert {facet.group for facet in facets(made, made.masks(), made.columns.live)} == {"who", "age", "how"}
