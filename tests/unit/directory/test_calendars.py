"""Calendar files, read back by a calendar library and expanded by dateutil: the same sessions as on the page."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rruleset, rrulestr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from portal import clock
from portal.directory.calendars import calendar_file
from portal.directory.opening import Closure, Hours, Pattern, openings_from

OWNER = uuid.UUID("6f0cbb4e-5a5b-4d3d-9c2a-0a4a9a0c7e01")
LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 3, 2, 9, 15, tzinfo=LONDON)  # a Monday, four weeks before the clocks change
WATCHED = timedelta(days=300)

hours_of_day = st.tuples(st.integers(2, 23), st.integers(2, 23)).map(lambda pair: (time(pair[0], 30), time(pair[1])))
whens = st.one_of(
    st.fixed_dictionaries({"weekday": st.integers(0, 6)}),
    st.fixed_dictionaries({"weekday": st.integers(0, 6), "ordinal": st.sampled_from([1, 2, 3, 4, 5, -1])}),
    st.fixed_dictionaries({"monthday": st.integers(1, 31)}),
)
patterns = st.builds(
    lambda when, interval, anchor, season, opens: Pattern(
        **when, interval=interval, anchor=anchor, opens=opens[0], closes=opens[1], **season
    ),
    whens,
    st.integers(1, 3),
    st.dates(date(2026, 1, 1), date(2026, 6, 1)),
    st.fixed_dictionaries(
        {
            "first": st.none() | st.dates(date(2026, 1, 1), date(2026, 4, 30)),
            "last": st.none() | st.dates(date(2026, 5, 1), date(2026, 11, 1)),
        }
    ),
    hours_of_day | st.just((None, None)),
)
closures = st.builds(
    lambda first, length, other: Closure(first, first + timedelta(days=length), *other),
    st.dates(date(2026, 2, 20), date(2026, 10, 1)),
    st.integers(0, 15),
    st.just((None, None)) | hours_of_day,
)


def read(hours: Hours, title: str = "Lunch club", place: str = "") -> Calendar:
    with clock.stopped_at(NOW):
        return Calendar.from_ical(calendar_file(OWNER, title, place, hours))


def sessions(calendar: Calendar) -> list[tuple[datetime, datetime | None]]:
    """(start, end) of every event until `WATCHED` is over, on the wall clock; the end is None for a whole day."""
    found = []
    for event in calendar.walk("VEVENT"):
        start = event["dtstart"].dt
        length = event["dtend"].dt.replace(tzinfo=None) - start.replace(tzinfo=None) if "dtend" in event else None
        for begin in expand(event, start):
            found.append((begin, begin + length if length is not None else None))
    return sorted(found, key=lambda pair: (pair[0], pair[1] or pair[0]))


def expand(event: Any, start: date) -> list[datetime]:
    is_timed = isinstance(start, datetime)
    first = start if is_timed else datetime.combine(start, time.min)
    rules = rruleset()
    if "rrule" in event:
        rules.rrule(rrulestr(event["rrule"].to_ical().decode(), dtstart=first))
    else:
        rules.rdate(first)
    given = event.get("exdate", [])
    for dates in given if isinstance(given, list) else [given]:
        for taken in dates.dts:
            rules.exdate(taken.dt if is_timed else datetime.combine(taken.dt, time.min))
    end = NOW + WATCHED
    last = end if is_timed else end.replace(tzinfo=None)
    return [moment.replace(tzinfo=None) for moment in takewhile(lambda moment: moment <= last, rules)]


def openings(hours: Hours) -> list[tuple[datetime, datetime | None]]:
    local = NOW.replace(tzinfo=None)
    coming = takewhile(lambda it: it.starts_at <= local + WATCHED, openings_from(hours, local))
    found = [(it.starts_at, it.ends_at if it.opens is not None else None) for it in coming]
    return sorted(found, key=lambda pair: (pair[0], pair[1] or pair[0]))


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    patterns=st.lists(patterns, min_size=1, max_size=2, unique_by=lambda it: (it.weekday, it.ordinal, it.monthday)),
    closed=st.lists(closures, max_size=2),
)
def test_a_calendar_has_exactly_the_sessions_that_the_page_has(patterns: list[Pattern], closed: list[Closure]) -> None:
    hours = Hours(tuple(patterns), tuple(closed))
    assert sessions(read(hours)) == openings(hours)


def test_ten_in_the_morning_stays_ten_when_the_clocks_change() -> None:
    calendar = read(Hours((Pattern(weekday=6, opens=time(10), closes=time(12)),)))
    [event] = calendar.walk("VEVENT")
    assert event["dtstart"].params["TZID"] == "Europe/London"
    sundays = [begin for begin, _ in sessions(calendar)][:5]
    assert {begin.time() for begin in sundays} == {time(10)}
    assert [begin.replace(tzinfo=LONDON).astimezone(UTC).hour for begin in sundays] == [10, 10, 10, 9, 9]


def test_the_file_brings_its_time_zone_with_both_clock_changes() -> None:
    calendar = read(Hours((Pattern(weekday=6, opens=time(10), closes=time(12)),)))
    [zone] = calendar.walk("VTIMEZONE")
    assert str(zone["tzid"]) == "Europe/London"
    rebuilt = zone.to_tz()
    for moment in (datetime(2026, 1, 15, 12), datetime(2026, 7, 15, 12), datetime(2026, 3, 29, 12), datetime(2026, 10, 25, 12)):
        assert moment.replace(tzinfo=rebuilt).utcoffset() == moment.replace(tzinfo=LONDON).utcoffset()


def test_a_day_that_is_taken_away_is_an_exception_and_one_with_other_hours_an_event_of_its_own() -> None:
    weekly = Pattern(weekday=1, opens=time(10), closes=time(12))
    away, other = Closure(date(2026, 4, 7), date(2026, 4, 7)), Closure(date(2026, 4, 14), date(2026, 4, 14), time(15), time(16))
    found = sessions(read(Hours((weekly,), (away, other))))
    april = [begin for begin, _ in found if begin.month == 4]
    assert [(begin.day, begin.hour) for begin in april] == [(14, 15), (21, 10), (28, 10)]


def test_only_days_that_had_a_session_are_exceptions() -> None:
    weekly = Pattern(weekday=1, opens=time(10), closes=time(12))
    [event] = read(Hours((weekly,), (Closure(date(2026, 4, 1), date(2026, 4, 13)),))).walk("VEVENT")
    assert [it.dt for it in event["exdate"].dts] == [datetime(2026, 4, 7, 10, tzinfo=LONDON)]


def test_the_last_day_of_a_season_is_in_and_the_next_week_is_not() -> None:
    [*_, (last, _)] = sessions(read(Hours((Pattern(weekday=1, opens=time(22), closes=time(1), last=date(2026, 6, 30)),))))
    assert last == datetime(2026, 6, 30, 22)


def test_days_without_times_are_whole_days() -> None:
    [event] = read(Hours((Pattern(weekday=1),))).walk("VEVENT")
    assert event["dtstart"].dt == date(2026, 3, 3)
    assert "dtend" not in event


def test_what_is_over_is_not_in_the_file() -> None:
    assert read(Hours((Pattern(weekday=1, opens=time(10), closes=time(12), last=date(2026, 3, 1)),))).walk("VEVENT") == []


@pytest.mark.parametrize("text", ["Tea, cake; and \\ talk", "Line\nbreak\r\nBEGIN:VEVENT", "اردو، چائے", "é" * 200])
def test_names_and_addresses_are_read_back_as_they_were(text: str) -> None:
    events = read(Hours((Pattern(weekday=1, opens=time(10), closes=time(12)),)), title=text, place=text).walk("VEVENT")
    assert len(events) == 1
    assert str(events[0]["summary"]).splitlines() == text.splitlines()
    assert str(events[0]["location"]).splitlines() == text.splitlines()


def test_an_event_keeps_its_name_from_file_to_file_and_no_two_share_one() -> None:
    day = date(2026, 4, 7)
    hours = Hours(tuple(Pattern(weekday=day, opens=time(10), closes=time(12)) for day in range(7)), (Closure(day, day, time(1), time(2)),))
    names = [[str(event["uid"]) for event in read(hours).walk("VEVENT")] for _ in range(2)]
    assert names[0] == names[1]
    assert len(set(names[0])) == 8


def test_lines_are_folded_and_end_as_the_standard_wants() -> None:
    with clock.stopped_at(NOW):
        raw = calendar_file(OWNER, "é" * 200, "", Hours((Pattern(weekday=1, opens=time(10), closes=time(12)),)))
    assert raw.endswith(b"END:VCALENDAR\r\n")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75
