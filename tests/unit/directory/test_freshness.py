"""How fresh a listing is, at the edges of each state."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.directory.freshness import Freshness, freshness

TODAY = date(2026, 11, 24)
ORDER = list(Freshness)[:4]


@pytest.mark.parametrize(
    ("days", "state"),
    [
        (0, Freshness.RECENT),
        (182, Freshness.RECENT),
        (183, Freshness.FAIR),
        (273, Freshness.FAIR),
        (274, Freshness.AGING),
        (365, Freshness.AGING),
        (366, Freshness.STALE),
        (4000, Freshness.STALE),
    ],
)
def test_half_a_year_is_recent_nine_months_fair_a_year_aging_and_more_is_stale(days: int, state: Freshness) -> None:
    assert freshness(TODAY - timedelta(days=days), TODAY) is state


def test_what_nobody_has_checked_is_never() -> None:
    assert freshness(None, TODAY) is Freshness.NEVER


@settings(deadline=None)
@given(days=st.integers(0, 3000), more=st.integers(0, 400))
def test_time_never_makes_a_listing_fresher(days: int, more: int) -> None:
    now, later = freshness(TODAY - timedelta(days=days), TODAY), freshness(TODAY - timedelta(days=days), TODAY + timedelta(days=more))
    assert ORDER.index(now) <= ORDER.index(later)
