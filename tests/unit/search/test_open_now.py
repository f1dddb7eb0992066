"""What is open at a moment, for all rows at once, is what `directory.opening.is_open` says of each: over hours of every shape."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from little_borough import columns, listing, site

from portal.directory.opening import Closure, Hours, Pattern, is_open
from portal.search.areas import Extents
from portal.search.open_now import open_at

ROUND = [time(0), time(0, 30), time(1), time(1, 30), time(9), time(12), time(17, 30), time(20), time(23, 59)]
CLOCKS = st.sampled_from(ROUND) | st.times().map(lambda moment: moment.replace(second=0, microsecond=0))
CLOCK_CHANGES = [date(2026, 3, 29), date(2026, 10, 25)]
FEW_DAYS = st.sampled_from([*CLOCK_CHANGES, date(2028, 2, 29), date(2027, 2, 28), date(2026, 12, 31), date(2027, 1, 1)])
DAYS = FEW_DAYS | st.dates(date(2026, 1, 1), date(2028, 12, 31))
PATTERNS = st.builds(
    Pattern,
    weekday=st.none() | st.integers(0, 6),
    ordinal=st.sampled_from([0, 0, 0, 1, 2, 3, 4, 5, -1, -2]),
    monthday=st.sampled_from([0, 0, 0, 1, 15, 28, 29, 30, 31, -1]),
    interval=st.sampled_from([0, 1, 1, 2, 3, 4]),
    anchor=st.none() | DAYS,
    first=st.none() | DAYS,
    last=st.none() | DAYS,
    opens=st.none() | CLOCKS,
    closes=st.none() | CLOCKS,
)
CLOSURES = st.builds(
    lambda first, days, opens, closes: Closure(first, first + timedelta(days=days), opens, closes),
    DAYS,
    st.sampled_from([0, 0, 1, 9, 400]),
    st.none() | CLOCKS,
    st.none() | CLOCKS,
)
HOURS = st.builds(Hours, st.lists(PATTERNS, max_size=4).map(tuple), st.lists(CLOSURES, max_size=3).map(tuple))
MOMENTS = st.builds(datetime.combine, DAYS, CLOCKS)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(HOURS, min_size=1, max_size=3), min_size=1, max_size=5), st.lists(MOMENTS, min_size=1, max_size=12))
def test_rows_are_open_when_any_of_their_hours_say_so(known: Extents, sets: list[list[Hours]], moments: list[datetime]) -> None:
    listings = [listing(str(row), hours=own, sites=tuple(site(hours=each) for each in more)) for row, (own, *more) in enumerate(sets)]
    made = columns(listings, known)
    for moment in moments:
        expected = [any(is_open(hours, moment) for hours in each) for each in sets]
        assert open_at(made, moment).tolist() == expected


AskAt = Callable[[datetime], bool]


@pytest.fixture
def ask(known: Extents) -> Callable[..., AskAt]:
    def of(*patterns: Pattern, closures: tuple[Closure, ...] = ()) -> AskAt:
        made = columns([listing("Club", hours=Hours(patterns, closures))], known)
        return lambda moment: bool(open_at(made, moment)[0])

    return of


TUESDAY = date(2026, 11, 24)
TEN_TO_TWELVE = Pattern(weekday=1, opens=time(10), closes=time(12))


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute))


def test_a_session_is_on_from_its_first_minute_and_not_at_its_last(ask: Callable[..., AskAt]) -> None:
    is_on = ask(TEN_TO_TWELVE)
    assert [is_on(at(TUESDAY, *clock)) for clock in ((9, 59), (10, 0), (11, 59), (12, 0))] == [False, True, True, False]
    assert not is_on(at(TUESDAY + timedelta(days=1), 11))


def test_a_night_belongs_to_the_day_on_which_it_began(ask: Callable[..., AskAt]) -> None:
    is_on = ask(Pattern(weekday=1, opens=time(22), closes=time(6)))
    assert is_on(at(TUESDAY, 23))
    assert is_on(at(TUESDAY + timedelta(days=1), 5, 59))
    assert not is_on(at(TUESDAY, 5))
    assert not is_on(at(TUESDAY + timedelta(days=1), 23))


def test_a_night_after_the_clocks_change_ends_by_the_clock_on_the_wall(ask: Callable[..., AskAt]) -> None:
    is_on = ask(Pattern(weekday=5, opens=time(22), closes=time(2)))
    for sunday in (date(2026, 3, 29), date(2026, 10, 25)):
        assert [is_on(at(sunday, *clock)) for clock in ((0, 59), (1, 30), (2, 0))] == [True, True, False]


def test_the_last_friday_is_the_fourth_or_the_fifth(ask: Callable[..., AskAt]) -> None:
    is_on = ask(Pattern(weekday=4, ordinal=-1, opens=time(10), closes=time(12)))
    fridays = [date(2026, 10, day) for day in (2, 9, 16, 23, 30)] + [date(2026, 11, day) for day in (6, 13, 20, 27)]
    assert [day for day in fridays if is_on(at(day, 11))] == [date(2026, 10, 30), date(2026, 11, 27)]


def test_the_last_friday_but_one_is_a_week_earlier(ask: Callable[..., AskAt]) -> None:
    is_on = ask(Pattern(weekday=4, ordinal=-2, opens=time(10), closes=time(12)))
    assert [day for day in range(1, 31) if is_on(at(date(2026, 10, day), 11))] == [23]
    assert [day for day in range(1, 31) if is_on(at(date(2026, 11, day), 11))] == [20]


def test_every_other_week_counted_from_nowhere_is_every_week(ask: Callable[..., AskAt]) -> None:
    is_on = ask(Pattern(weekday=1, interval=2, opens=time(10), closes=time(12)))
    assert all(is_on(at(TUESDAY + timedelta(weeks=week), 11)) for week in range(3))


def test_every_other_month_is_counted_from_the_first(ask: Callable[..., AskAt]) -> None:
    is_on = ask(Pattern(monthday=15, interval=2, anchor=date(2026, 11, 1), opens=time(10), closes=time(12)))
    assert [is_on(at(date(2026 + month // 12, month % 12 + 1, 15), 11)) for month in range(10, 14)] == [True, False, True, False]


def test_every_other_week_is_counted_from_the_first(ask: Callable[..., AskAt]) -> None:
    is_on = ask(Pattern(weekday=1, interval=2, anchor=date(2026, 11, 10), opens=time(10), closes=time(12)))
    assert [is_on(at(TUESDAY + timedelta(weeks=week), 11)) for week in range(4)] == [True, False, True, False]


def test_a_leap_day_is_a_day_like_others(ask: Callable[..., AskAt]) -> None:
    assert ask(Pattern(monthday=29, opens=time(10), closes=time(12)))(at(date(2028, 2, 29), 11))
    assert ask(Pattern(weekday=1, opens=time(22), closes=time(2)))(at(date(2028, 3, 1), 1))


def test_a_closure_ends_the_session_and_other_hours_take_its_place(ask: Callable[..., AskAt]) -> None:
    closed = ask(TEN_TO_TWELVE, closures=(Closure(TUESDAY, TUESDAY),))
    other = ask(TEN_TO_TWELVE, closures=(Closure(TUESDAY, TUESDAY, time(14), time(15)),))
    assert not closed(at(TUESDAY, 11))
    assert closed(at(TUESDAY + timedelta(weeks=1), 11))
    assert [other(at(TUESDAY, hour)) for hour in (11, 14)] == [False, True]


def test_of_two_closures_on_one_day_the_first_counts(ask: Callable[..., AskAt]) -> None:
    closed, other = Closure(TUESDAY, TUESDAY), Closure(TUESDAY, TUESDAY, time(14), time(15))
    assert not ask(TEN_TO_TWELVE, closures=(closed, other))(at(TUESDAY, 14))
    assert ask(TEN_TO_TWELVE, closures=(other, closed))(at(TUESDAY, 14))


def test_other_hours_hold_only_on_days_on_which_there_is_something(ask: Callable[..., AskAt]) -> None:
    week = Closure(TUESDAY, TUESDAY + timedelta(days=6), time(14), time(15))
    assert not ask(TEN_TO_TWELVE, closures=(week,))(at(TUESDAY + timedelta(days=1), 14))
    assert ask(Pattern(weekday=1), closures=(week,))(at(TUESDAY, 14))


@pytest.mark.parametrize("pattern", [Pattern(weekday=1), Pattern(weekday=1, opens=time(10)), Pattern(weekday=1, closes=time(12))])
def test_what_does_not_say_when_is_never_open(ask: Callable[..., AskAt], pattern: Pattern) -> None:
    assert not any(ask(pattern)(at(TUESDAY, hour)) for hour in range(24))


def test_round_the_clock_has_no_gap_at_midnight(ask: Callable[..., AskAt]) -> None:
    for closes in (time(0), time(23, 59)):
        is_on = ask(*(Pattern(weekday=day, opens=time(0), closes=closes) for day in range(7)))
        assert all(is_on(at(TUESDAY, 23, 58) + timedelta(minutes=minute)) for minute in range(5))


def test_seconds_are_of_the_same_minute(ask: Callable[..., AskAt]) -> None:
    is_on = ask(TEN_TO_TWELVE)
    assert is_on(datetime(2026, 11, 24, 11, 59, 59, 999_999))
    assert not is_on(datetime(2026, 11, 24, 9, 59, 59, 999_999))
