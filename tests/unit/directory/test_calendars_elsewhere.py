"""Calendar files, read by another program's calendar: over both changes of the clocks it has the sessions that our pages have."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

import pytest
from ical.calendar_stream import IcsCalendarStream

from portal import clock
from portal.directory.calendars import calendar_file
from portal.directory.opening import Closure, Hours, Pattern, openings_from

OWNER = uuid.UUID("6f0cbb4e-5a5b-4d3d-9c2a-0a4a9a0c7e01")
LONDON = ZoneInfo("Europe/London")
SPRING = datetime(2026, 3, 16, 9, 15, tzinfo=LONDON)  # two weeks before the clocks go forward
AUTUMN = datetime(2026, 10, 12, 9, 15, tzinfo=LONDON)  # two weeks before they go back
WATCHED = timedelta(days=40)
WEEKLY = Pattern(weekday=1, opens=time(10), closes=time(12))
FORTNIGHTLY = Pattern(weekday=3, interval=2, anchor=date(2026, 1, 8), opens=time(18, 30), closes=time(20))
SUNDAYS = Pattern(weekday=6, opens=time(1, 30), closes=time(5))
MONTHLY = Pattern(weekday=4, ordinal=-1, opens=time(14), closes=time(16))
ON_A_DAY = Pattern(monthday=25, opens=time(9), closes=time(17))
CASES = {
    "weekly": Hours((WEEKLY,)),
    "every other week": Hours((FORTNIGHTLY,)),
    "while the clocks change": Hours((SUNDAYS,)),
    "last Friday": Hours((MONTHLY,)),
    "on a day of the month": Hours((ON_A_DAY,)),
    "until a day": Hours((Pattern(weekday=1, opens=time(10), closes=time(12), last=date(2026, 4, 7)),)),
    "closed for a week, then other hours": Hours(
        (WEEKLY, MONTHLY),
        (Closure(date(2026, 3, 23), date(2026, 3, 29)), Closure(date(2026, 10, 19), date(2026, 10, 23), time(11), time(11, 30))),
    ),
}


@pytest.mark.parametrize("moment", [SPRING, AUTUMN], ids=["spring", "autumn"])
@pytest.mark.parametrize("hours", CASES.values(), ids=CASES)
def test_another_calendar_has_the_same_sessions(hours: Hours, moment: datetime) -> None:
    with clock.stopped_at(moment):
        text = calendar_file(OWNER, "Lunch club", "1 Mill Street", hours).decode()
    assert "BEGIN:VTIMEZONE" in text
    until = moment + WATCHED
    events = IcsCalendarStream.calendar_from_ics(text).timeline_tz(LONDON).overlapping(moment, until)
    found = sorted((event.start_datetime.astimezone(UTC), event.end_datetime.astimezone(UTC)) for event in events)
    local = moment.replace(tzinfo=None)
    ours = takewhile(lambda opening: opening.starts_at < until.replace(tzinfo=None), openings_from(hours, local))
    expected = [
        (opening.starts_at.replace(tzinfo=LONDON).astimezone(UTC), opening.ends_at.replace(tzinfo=LONDON).astimezone(UTC))
        for opening in ours
    ]
    assert expected or hours is CASES["until a day"]
    assert found == expected
