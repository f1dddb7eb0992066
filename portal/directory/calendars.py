"""A calendar file for the hours of one place: patterns and closures in, iCalendar (RFC 5545) with its time zone out."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from icalendar import Calendar, Event, Timezone

from portal import clock
from portal.directory.opening import WEEKDAYS, Hours, Pattern, happens_on, openings_from

PRODUCT: Final = "-//Doorstep//Local services//EN"
LAST_EXCEPTION: Final = timedelta(days=366)


def calendar_file(owner: uuid.UUID, title: str, place: str, hours: Hours) -> bytes:
    """The file. A pattern is one event that repeats; days that a closure takes away are its exceptions."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add_component(Timezone.from_tzinfo(clock.LONDON))
    for number, pattern in enumerate(hours.patterns):
        if event := _event(pattern, hours):
            event.add("uid", f"{owner}-{number}@doorstep")
            event.add("summary", title)
            if place:
                event.add("location", place)
            calendar.add_component(event)
    return bytes(calendar.to_ical())


def _event(pattern: Pattern, hours: Hours) -> Event | None:
    alone = Hours((pattern,))
    first = next(openings_from(alone, clock.local_now()), None)
    if first is None:
        return None
    event = Event()
    event.add("dtstamp", clock.now())
    if first.opens is None:
        event.add("dtstart", first.day)
    else:
        event.add("dtstart", first.starts_at.replace(tzinfo=clock.LONDON))
        event.add("dtend", first.ends_at.replace(tzinfo=clock.LONDON))
    event.add("rrule", _rule(pattern, timed=first.opens is not None))
    for day in _days_taken_away(pattern, hours, first.day):
        event.add("exdate", datetime.combine(day, pattern.opens, clock.LONDON) if pattern.opens else day)
    return event


def _rule(pattern: Pattern, *, timed: bool) -> dict[str, Any]:
    monthly = bool(pattern.monthday or pattern.ordinal)
    rule: dict[str, Any] = {"freq": "MONTHLY" if monthly else "WEEKLY"}
    if pattern.interval > 1:
        rule["interval"] = pattern.interval
    if pattern.monthday:
        rule["bymonthday"] = pattern.monthday
    elif pattern.weekday is not None:
        rule["byday"] = f"{pattern.ordinal or ''}{WEEKDAYS[pattern.weekday]}"
    if pattern.last:
        rule["until"] = (
            datetime.combine(pattern.last, time.max.replace(microsecond=0), clock.LONDON).astimezone(UTC) if timed else pattern.last
        )
    return rule


def _days_taken_away(pattern: Pattern, hours: Hours, first: date) -> list[date]:
    end = first + LAST_EXCEPTION
    days: list[date] = []
    for closure in hours.closures:
        day = max(closure.first, first)
        while day <= min(closure.last, end):
            if happens_on(pattern, day):
                days.append(day)
            day += timedelta(days=1)
    return days
