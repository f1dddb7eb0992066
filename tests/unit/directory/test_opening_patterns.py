"""When a pattern falls: held to dateutil's recurrence rules, which know nothing of ours."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekday
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.directory.opening import Closure, Hours, Opening, Pattern, happens_on, openings_on

START = date(2026, 1, 1)
WINDOW = 800
DAYS = [START + timedelta(days=number) for number in range(WINDOW)]

days = st.dates(START - timedelta(days=60), START + timedelta(days=WINDOW))
seasons = st.tuples(st.none() | days, st.none() | days)
steps = st.tuples(st.integers(1, 7), days)
weekly = st.builds(lambda day, step: Pattern(weekday=day, interval=step[0], anchor=step[1]), st.integers(0, 6), steps)
ordinal = st.builds(
    lambda day, number, step: Pattern(weekday=day, ordinal=number, interval=step[0], anchor=step[1]),
    st.integers(0, 6),
    st.sampled_from([1, 2, 3, 4, 5, -1, -2]),
    steps,
)
by_date = st.builds(lambda day, step: Pattern(monthday=day, interval=step[0], anchor=step[1]), st.sampled_from([*range(1, 32), -1]), steps)


def days_by_rule(pattern: Pattern) -> list[date]:
    """The days of the window on which dateutil has the pattern fall, its season aside.

    The rule is begun whole steps before the window, at the beginning of the anchor's week or month.
    """
    assert pattern.anchor
    if pattern.ordinal or pattern.monthday:
        month = pattern.anchor.year * 12 + pattern.anchor.month - 1
        month -= pattern.interval * 60
        begin, freq = datetime(month // 12, month % 12 + 1, 1), MONTHLY
    else:
        monday = pattern.anchor - timedelta(days=pattern.anchor.weekday(), weeks=pattern.interval * 260)
        begin, freq = datetime.combine(monday, time.min), WEEKLY
    on = {"bymonthday": pattern.monthday} if pattern.monthday else {"byweekday": weekday(pattern.weekday, pattern.ordinal or None)}
    last = datetime.combine(DAYS[-1], time.min)
    falls = rrule(freq, dtstart=begin, interval=pattern.interval, until=last, **on)
    return [moment.date() for moment in falls if moment.date() >= START]


@settings(deadline=None)
@given(pattern=st.one_of(weekly, ordinal, by_date))
def test_a_pattern_falls_on_the_days_of_the_same_recurrence_rule(pattern: Pattern) -> None:
    assert [day for day in DAYS if happens_on(pattern, day)] == days_by_rule(pattern)


@settings(deadline=None)
@given(pattern=st.one_of(weekly, ordinal, by_date), season=seasons)
def test_a_season_keeps_its_first_and_last_day_and_nothing_outside(pattern: Pattern, season: tuple[date | None, date | None]) -> None:
    first, last = season
    within = Pattern(**{**pattern.__dict__, "first": first, "last": last})
    expected = [day for day in DAYS if happens_on(pattern, day) and (first or day) <= day <= (last or day)]
    assert [day for day in DAYS if happens_on(within, day)] == expected


@settings(deadline=None)
@given(pattern=st.one_of(weekly, ordinal, by_date), closed=st.lists(st.tuples(days, st.integers(0, 40)), max_size=3))
def test_no_session_is_on_a_closed_day_and_every_other_stays(pattern: Pattern, closed: list[tuple[date, int]]) -> None:
    closures = tuple(Closure(first, first + timedelta(days=length)) for first, length in closed)
    shut = {first + timedelta(days=number) for first, length in closed for number in range(length + 1)}
    assert [day for day in DAYS if openings_on(Hours((pattern,), closures), day)] == [
        day for day in DAYS if happens_on(pattern, day) and day not in shut
    ]


def test_every_second_week_is_counted_from_mondays_whatever_day_the_anchor_is() -> None:
    for anchor in range(7):
        pattern = Pattern(weekday=0, interval=2, anchor=date(2026, 11, 23) + timedelta(days=anchor))
        assert happens_on(pattern, date(2026, 11, 23))
        assert not happens_on(pattern, date(2026, 11, 30))


def test_without_a_day_to_count_from_every_week_counts() -> None:
    assert happens_on(Pattern(weekday=1, interval=2), date(2026, 11, 24))
    assert happens_on(Pattern(weekday=1, interval=2), date(2026, 12, 1))


@pytest.mark.parametrize(
    ("pattern", "day"),
    [
        (Pattern(weekday=4, ordinal=5), date(2027, 1, 29)),
        (Pattern(monthday=29), date(2028, 2, 29)),
        (Pattern(weekday=1, ordinal=-1), date(2026, 11, 24)),
    ],
)
def test_rare_days_are_found(pattern: Pattern, day: date) -> None:
    assert happens_on(pattern, day)


def test_a_day_with_other_hours_has_one_session_at_those_hours() -> None:
    mornings = Pattern(weekday=3, opens=time(9), closes=time(12))
    afternoons = Pattern(weekday=3, opens=time(13), closes=time(17))
    eve = Closure(date(2026, 12, 24), date(2026, 12, 31), time(10), time(11), "Christmas")
    hours = Hours((afternoons, mornings), (eve,))
    assert openings_on(hours, date(2026, 12, 24)) == (Opening(date(2026, 12, 24), time(10), time(11), "Christmas"),)
    assert openings_on(hours, date(2026, 12, 25)) == (), "not a day of theirs: other hours make no new day"
    assert [it.opens for it in openings_on(hours, date(2026, 12, 17))] == [time(9), time(13)]


def test_of_two_exceptions_on_one_day_the_first_that_is_listed_counts() -> None:
    day = date(2026, 12, 24)
    closed, open_late = Closure(day, day), Closure(day, day, time(18), time(20))
    weekly = (Pattern(weekday=3, opens=time(9), closes=time(12)),)
    assert openings_on(Hours(weekly, (closed, open_late)), day) == ()
    assert [it.opens for it in openings_on(Hours(weekly, (open_late, closed)), day)] == [time(18)]
