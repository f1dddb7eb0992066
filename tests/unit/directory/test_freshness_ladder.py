"""The ladder of freshness: from which day a listing ages, when somebody is asked, when searches leave it out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.directory.freshness import Freshness, Stage, bounds, freshness, is_hidden, stage_of

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("days", "stage"),
    [
        (0, None),
        (182, None),
        (183, Stage.ASK),
        (273, Stage.ASK),
        (274, Stage.ASK_AGAIN),
        (365, Stage.ASK_AGAIN),
        (366, Stage.MARKED),
        (456, Stage.MARKED),
        (457, Stage.HIDDEN),
        (4000, Stage.HIDDEN),
    ],
)
def test_each_rung_begins_on_its_day(days: int, stage: Stage | None) -> None:
    since = TODAY - timedelta(days=days)
    assert stage_of(since, TODAY) is stage
    assert is_hidden(since, TODAY) == (stage is Stage.HIDDEN)


def test_what_has_no_day_is_never_hidden_and_nobody_is_asked() -> None:
    assert not is_hidden(None, TODAY)
    assert stage_of(None, TODAY) is None


@given(st.integers(0, 3000))
def test_the_mark_on_the_page_and_the_rung_are_of_the_same_day(days: int) -> None:
    since = TODAY - timedelta(days=days)
    stale = freshness(since, TODAY) is Freshness.STALE
    assert stale == (stage_of(since, TODAY) in (Stage.MARKED, Stage.HIDDEN))
    assert (freshness(since, TODAY) is Freshness.RECENT) == (stage_of(since, TODAY) is None)


@given(st.integers(0, 3000), st.sampled_from(list(Stage)))
def test_the_days_of_a_rung_are_those_that_stand_on_it(days: int, stage: Stage) -> None:
    since = TODAY - timedelta(days=days)
    first, after = bounds(stage, TODAY)
    assert ((first is None or since >= first) and since < after) == (stage_of(since, TODAY) is stage)
