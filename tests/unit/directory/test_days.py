"""Working days, months and the ends of days, over weekends, bank holidays, summer time and short months."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.clock import day_of
from portal.directory.bank_holidays import is_bank_holiday
from portal.directory.days import end_of, last_day, months_after, working_day_after

DAYS = st.dates(date(2024, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("asked", "by"),
    [
        (date(2026, 11, 24), date(2026, 12, 1)),  # a Tuesday: over a weekend
        (date(2026, 11, 27), date(2026, 12, 4)),  # a Friday
        (date(2026, 11, 28), date(2026, 12, 4)),  # a Saturday counts as the Friday before
        (date(2026, 11, 29), date(2026, 12, 4)),
        (date(2026, 12, 21), date(2026, 12, 30)),  # Christmas Day, and Boxing Day's Monday in its place
        (date(2027, 3, 24), date(2027, 4, 2)),  # Good Friday and Easter Monday
    ],
)
def test_five_working_days_leave_out_weekends_and_bank_holidays(asked: date, by: date) -> None:
    assert working_day_after(asked, 5) == by


@given(DAYS, st.integers(1, 10))
def test_a_working_day_after_any_day_is_one_and_so_many_lie_between(day: date, number: int) -> None:
    found = working_day_after(day, number)
    between = [day + timedelta(days=passed) for passed in range(1, (found - day).days + 1)]
    assert sum(one.weekday() < 5 and not is_bank_holiday(one) for one in between) == number
    assert found.weekday() < 5
    assert not is_bank_holiday(found)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 11, 24), 1, date(2026, 12, 24)),
        (date(2026, 11, 24), 3, date(2027, 2, 24)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 1, 31), -2, date(2025, 11, 30)),
        (date(2026, 1, 15), -6, date(2025, 7, 15)),
    ],
)
def test_months_on_and_back_end_on_the_last_day_of_a_short_month(day: date, months: int, then: date) -> None:
    assert months_after(day, months) == then


@given(DAYS)
def test_a_day_ends_at_midnight_in_london_and_its_last_day_is_itself(day: date) -> None:
    end = end_of(day)
    assert last_day(end.astimezone(UTC)) == day
    assert day_of(end) == day + timedelta(days=1)
    assert day_of(end - timedelta(seconds=1)) == day


def test_the_end_of_a_day_follows_summer_time() -> None:
    assert end_of(date(2026, 7, 1)) == datetime(2026, 7, 1, 23, 0, tzinfo=UTC)
    assert end_of(date(2026, 12, 1)) == datetime(2026, 12, 2, 0, 0, tzinfo=UTC)
