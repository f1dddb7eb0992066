"""Quarters: which there are, which can be reported, and that all their counts are there."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from portal.insight.periods import Quarter, find_quarter, list_quarters
from portal.web.tending import COUNTS_LAST

SUMMER = Quarter(2026, 3)


def test_a_quarter_has_three_months_and_its_last_day() -> None:
    assert SUMMER.months == (date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1))
    assert (SUMMER.first, SUMMER.last, SUMMER.name) == (date(2026, 7, 1), date(2026, 9, 30), "2026-q3")
    assert Quarter(2026, 1).before == Quarter(2025, 4)
    assert Quarter(2024, 4).last == date(2024, 12, 31)


@pytest.mark.parametrize(
    ("day", "newest"), [(date(2026, 9, 30), "2026-q2"), (date(2026, 10, 1), "2026-q2"), (date(2026, 10, 2), "2026-q3")]
)
def test_a_quarter_is_reported_from_the_second_day_after_its_end(day: date, newest: str) -> None:
    assert list_quarters(day)[0].name == newest


def test_quarters_stand_newest_first_without_a_gap() -> None:
    found = list_quarters(date(2026, 11, 23))
    assert [quarter.name for quarter in found[:4]] == ["2026-q3", "2026-q2", "2026-q1", "2025-q4"]
    assert len(found) == 10


def test_every_quarter_that_is_reported_still_has_all_its_counts() -> None:
    for number in range(1500):
        today = date(2026, 1, 1) + timedelta(number)
        assert list_quarters(today)[-1].first >= today - COUNTS_LAST, today


@pytest.mark.parametrize("name", ["2026-q4", "2027-q1", "2020-q1", "2026-q5", "2026-q0", "q3", "2026-Q3", "2026-q3 ", "", "20٢6-q3"])
def test_nothing_else_is_found(name: str) -> None:
    assert find_quarter(name, date(2026, 11, 23)) is None


def test_a_quarter_is_found_by_its_name() -> None:
    assert find_quarter("2026-q3", date(2026, 11, 23)) == SUMMER
