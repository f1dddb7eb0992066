"""The order of answers: fit, nearness, freshness, then name; the same order each time."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from little_borough import columns, listing

from portal.directory import freshness as months
from portal.directory.freshness import Freshness
from portal.search.areas import Extents
from portal.search.ranking import checked_lately, freshness, in_order

TODAY = date(2026, 11, 24)
SCORES = st.lists(st.sampled_from([0.5, 1.0, 1.5, 2.0]), min_size=1, max_size=8)


def order(
    known: Extents,
    *,
    scores: list[float],
    checked: list[date | None] | None = None,
    names: list[str] | None = None,
    most: int | None = None,
) -> list[int]:
    names = names or [f"name {number:02}" for number in range(len(scores))]
    days = checked or [TODAY] * len(scores)
    made = columns([listing(name, assured_on=day) for name, day in zip(names, days, strict=True)], known)
    found: list[int] = in_order(np.array(scores) * freshness(made, TODAY), made.name_order, most).tolist()
    return found


def test_what_fits_best_comes_first(known: Extents) -> None:
    assert order(known, scores=[1.0, 3.0, 2.0]) == [1, 2, 0]


def test_equal_answers_come_by_name(known: Extents) -> None:
    assert order(known, scores=[1.0, 1.0, 1.0], names=["b", "C", "a"]) == [2, 0, 1]


def test_a_rounding_error_is_no_difference(known: Extents) -> None:
    assert order(known, scores=[0.1 + 0.2, 0.3], names=["a", "b"]) == order(known, scores=[0.3, 0.1 + 0.2], names=["a", "b"]) == [0, 1]


def test_fresher_comes_first_and_never_checked_before_what_is_stale(known: Extents) -> None:
    days = [None, *(TODAY - timedelta(days=30 * months) for months in (14, 10, 8, 2))]
    assert order(known, scores=[1.0] * 5, checked=days) == [4, 3, 2, 0, 1]


def test_freshness_breaks_ties_and_does_not_beat_a_much_better_fit(known: Extents) -> None:
    assert order(known, scores=[2.0, 1.0], checked=[TODAY - timedelta(days=900), TODAY]) == [0, 1]


@settings(deadline=None)
@given(SCORES, st.integers(0, 9))
def test_the_first_few_are_those_that_come_first_of_all(known: Extents, scores: list[float], most: int) -> None:
    assert order(known, scores=scores, most=most) == order(known, scores=scores)[:most]


@settings(deadline=None)
@given(SCORES, st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_the_order_of_rows(known: Extents, scores: list[float], random: object) -> None:
    names = [f"name {number:02}" for number in range(len(scores))]
    shuffled = list(range(len(scores)))
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    straight = [names[row] for row in order(known, scores=scores, names=names)]
    mixed = order(known, scores=[scores[row] for row in shuffled], names=[names[row] for row in shuffled])
    assert [names[shuffled[row]] for row in mixed] == straight


@pytest.mark.parametrize("days", [*range(180, 187), 0, 1, 400, -5])
def test_what_was_checked_lately_is_what_a_card_calls_recent(known: Extents, days: int) -> None:
    checked = TODAY - timedelta(days=days)
    lately = checked_lately(columns([listing("Club", assured_on=checked)], known), TODAY)
    assert lately.tolist() == [months.freshness(checked, TODAY) == Freshness.RECENT]


def test_what_was_never_checked_was_not_checked_lately(known: Extents) -> None:
    assert checked_lately(columns([listing("Club")], known), TODAY).tolist() == [False]
