"""Open now, and the next session: past midnight, day and night, far away and never."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.directory.opening import (
    HORIZON,
    Closure,
    Hours,
    Opening,
    Pattern,
    has_daytime,
    has_evening,
    has_weekend,
    is_open,
    is_round_the_clock,
    next_opening,
    openings_from,
    openings_on,
)

TUESDAY = date(2026, 11, 24)
NIGHT = Hours((Pattern(weekday=4, opens=time(22), closes=time(2)),))  # Friday night
EVERY_DAY = tuple(Pattern(weekday=day, opens=time(0), closes=time(23, 59)) for day in range(7))

clocks = st.times().map(lambda moment: moment.replace(minute=moment.minute // 5 * 5, second=0, microsecond=0))
patterns = st.builds(
    lambda kind, interval, season, hours: Pattern(**kind, interval=interval, anchor=TUESDAY, first=season, opens=hours[0], closes=hours[1]),
    st.one_of(
        st.fixed_dictionaries({"weekday": st.integers(0, 6)}),
        st.fixed_dictionaries({"weekday": st.integers(0, 6), "ordinal": st.sampled_from([1, 2, 3, 4, -1])}),
        st.fixed_dictionaries({"monthday": st.integers(1, 31)}),
    ),
    st.integers(1, 3),
    st.none() | st.dates(TUESDAY, TUESDAY + timedelta(days=60)),
    st.tuples(st.none(), st.none()) | st.tuples(clocks, st.none() | clocks),
)
closures = st.builds(
    lambda first, length, hours: Closure(first, first + timedelta(days=length), *hours),
    st.dates(TUESDAY - timedelta(days=10), TUESDAY + timedelta(days=40)),
    st.integers(0, 20),
    st.just((None, None)) | st.tuples(clocks, clocks),
)
all_hours = st.builds(Hours, st.lists(patterns, max_size=3).map(tuple), st.lists(closures, max_size=2).map(tuple))
moments = st.datetimes(datetime(2026, 11, 20), datetime(2026, 12, 10))


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute))


@settings(deadline=None)
@given(hours=all_hours, moment=moments)
def test_the_next_session_is_the_first_of_all_days_that_has_not_ended(hours: Hours, moment: datetime) -> None:
    days = [moment.date() + timedelta(days=number) for number in range(-1, HORIZON.days + 1)]
    waiting = (opening for day in days for opening in openings_on(hours, day) if opening.ends_at > moment)
    assert next_opening(hours, moment) == next(waiting, None)


@settings(deadline=None)
@given(hours=all_hours, moment=moments)
def test_it_is_open_when_a_session_with_known_times_is_on(hours: Hours, moment: datetime) -> None:
    sessions = [it for number in (-1, 0) for it in openings_on(hours, moment.date() + timedelta(days=number)) if it.opens and it.closes]
    assert is_open(hours, moment) == any(it.starts_at <= moment < it.ends_at for it in sessions)


@settings(deadline=None)
@given(hours=all_hours, moment=moments)
def test_what_is_open_now_is_not_announced_for_later(hours: Hours, moment: datetime) -> None:
    found = next_opening(hours, moment)
    assert not is_open(hours, moment) or (found is not None and found.starts_at <= moment)


def test_a_session_past_midnight_is_on_until_it_ends_and_not_on_other_nights() -> None:
    friday = date(2026, 11, 27)
    saturday = friday + timedelta(days=1)
    assert [is_open(NIGHT, at(friday, hour)) for hour in (1, 21, 22, 23)] == [False, False, True, True]
    assert [is_open(NIGHT, at(saturday, hour)) for hour in (0, 1, 2, 22)] == [True, True, False, False]
    on_now = next_opening(NIGHT, at(saturday, 1))
    assert on_now is not None
    assert (on_now.day, on_now.ends_at) == (friday, at(saturday, 2))


def test_a_closed_day_takes_its_whole_night_away_and_no_other() -> None:
    friday = date(2026, 11, 27)
    shut_after = Hours(NIGHT.patterns, (Closure(friday + timedelta(days=1), friday + timedelta(days=1)),))
    shut_before = Hours(NIGHT.patterns, (Closure(friday, friday),))
    one_in_the_morning = at(friday + timedelta(days=1), 1)
    assert is_open(shut_after, one_in_the_morning)
    assert not is_open(shut_before, one_in_the_morning)


def test_a_session_begins_at_its_first_minute_and_is_over_at_its_last() -> None:
    hours = Hours((Pattern(weekday=1, opens=time(10), closes=time(12)),))
    assert [is_open(hours, at(TUESDAY, *clock)) for clock in ((9, 59), (10, 0), (11, 59), (12, 0))] == [False, True, True, False]
    following = next_opening(hours, at(TUESDAY, 12))
    assert following is not None
    assert following.day == TUESDAY + timedelta(days=7)


def test_days_without_times_are_announced_and_never_open() -> None:
    hours = Hours((Pattern(weekday=1),))
    assert next_opening(hours, at(TUESDAY, 23)) == Opening(TUESDAY, None, None)
    assert not is_open(hours, at(TUESDAY, 12))


def test_nobody_is_told_that_it_is_open_when_no_one_knows_when_it_closes() -> None:
    hours = Hours((Pattern(weekday=1, opens=time(9)),))
    assert not is_open(hours, at(TUESDAY, 10))
    assert next_opening(hours, at(TUESDAY, 10)) == Opening(TUESDAY, time(9), None)


@settings(deadline=None)
@given(moment=moments)
def test_what_is_open_day_and_night_is_open_at_every_minute(moment: datetime) -> None:
    assert is_open(Hours(EVERY_DAY), moment)
    assert is_open(Hours(tuple(Pattern(weekday=day, opens=time(0), closes=time(0)) for day in range(7))), moment)


def test_what_closes_at_a_minute_to_midnight_closes_at_midnight() -> None:
    hours = Hours((Pattern(weekday=1, opens=time(18), closes=time(23, 59)),))
    assert is_open(hours, at(TUESDAY, 23, 59))
    assert not is_open(hours, at(TUESDAY + timedelta(days=1), 0))


def test_day_and_night_means_every_day_of_every_week_for_good() -> None:
    assert is_round_the_clock(Hours(EVERY_DAY))
    assert is_round_the_clock(Hours(tuple(Pattern(weekday=day, opens=time(0), closes=time(0)) for day in range(7))))
    assert not is_round_the_clock(Hours(EVERY_DAY[:6]))
    assert not is_round_the_clock(Hours(EVERY_DAY, (Closure(TUESDAY, TUESDAY),)))
    for change in ({"interval": 2, "anchor": TUESDAY}, {"last": TUESDAY}, {"ordinal": 1}, {"opens": time(1)}):
        assert not is_round_the_clock(Hours((*EVERY_DAY[:6], Pattern(**{**EVERY_DAY[6].__dict__, **change})))), change


@pytest.mark.parametrize(("away", "is_found"), [(HORIZON.days, True), (HORIZON.days + 1, False)])
def test_the_horizon_bounds_the_search(away: int, is_found: bool) -> None:
    day = TUESDAY + timedelta(days=away)
    hours = Hours((Pattern(weekday=day.weekday(), first=day),))
    assert (next_opening(hours, at(TUESDAY, 9)) is not None) == is_found


@pytest.mark.parametrize("pattern", [Pattern(), Pattern(weekday=1, last=date(2020, 1, 1)), Pattern(weekday=0, ordinal=6)])
def test_a_rule_that_never_falls_is_given_up(pattern: Pattern) -> None:
    assert next_opening(Hours((pattern,)), at(TUESDAY, 9)) is None


def test_no_hours_have_no_session() -> None:
    assert list(openings_from(Hours(), at(TUESDAY, 9))) == []
    assert list(openings_from(Hours((), (Closure(TUESDAY, TUESDAY, time(9), time(10)),)), at(TUESDAY, 8))) == []


def test_sessions_come_in_order_however_they_are_listed() -> None:
    hours = Hours(
        (Pattern(weekday=3, opens=time(9), closes=time(10)), Pattern(weekday=1, opens=time(18), closes=time(19)), Pattern(weekday=1))
    )
    found = [it for it, _ in zip(openings_from(hours, at(TUESDAY, 12)), range(5), strict=False)]
    assert [(it.day.day, it.opens) for it in found] == [(24, None), (24, time(18)), (26, time(9)), (1, None), (1, time(18))]


@pytest.mark.parametrize(
    ("opens", "closes", "weekday", "day_evening_weekend"),
    [
        (time(9), time(17), 0, (True, False, False)),
        (time(9), time(17, 30), 0, (True, False, False)),
        (time(9), time(17, 31), 0, (True, True, False)),
        (time(18), time(20), 2, (False, True, False)),
        (time(22), time(2), 2, (False, True, False)),
        (time(10), time(12), 5, (False, False, True)),
        (time(10), time(12), None, (True, False, False)),
        (None, None, 6, (False, False, True)),
        (None, None, 2, (False, False, False)),
    ],
)
def test_day_evening_and_weekend_are_told_apart(
    opens: time | None, closes: time | None, weekday: int | None, day_evening_weekend: tuple[bool, bool, bool]
) -> None:
    hours = Hours((Pattern(weekday=weekday, monthday=0 if weekday is not None else 15, opens=opens, closes=closes),))
    assert (has_daytime(hours), has_evening(hours), has_weekend(hours)) == day_evening_weekend
