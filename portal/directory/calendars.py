"""A calendar file for the hours of one place: patterns and closures in, iCalendar (RFC 5545) with its time zone out.

A pattern is one event that repeats; days that a closure takes away are its exceptions, and a day with other hours is an event
of its own.
"""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from portal import clock
from portal.directory.opening import WEEKDAYS, Closure, Hours, Opening, Pattern, happens_on, next_opening, openings_on

if TYPE_CHECKING:
    from icalendar import Event

PRODUCT: Final = "-//Doorstep//Local services//EN"
A_DAY: Final = timedelta(days=1)
LAST_EXCEPTION: Final = timedelta(days=366)


def calendar_file(owner: uuid.UUID, title: str, place: str, hours: Hours) -> bytes:
    """The file, for what has not ended yet."""
    from icalendar import Calendar, Timezone

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add_component(Timezone.from_tzinfo(clock.LONDON))
    repeating = {str(number): _repeating(pattern, hours) for number, pattern in enumerate(hours.patterns)}
    other = {f"{opening.day:%Y%m%d}": _event(opening) for opening in _at_other_hours(hours)}
    for name, event in (repeating | other).items():
        if event is not None:
            event.add("uid", f"{owner}-{name}@doorstep")
            event.add("summary", title)
            if place:
                event.add("location", place)
            calendar.add_component(event)
    return bytes(calendar.to_ical())


def _event(opening: Opening) -> Event:
    from icalendar import Event

    event = Event()
    event.add("dtstamp", clock.now())
    if opening.opens is None:
        event.add("dtstart", opening.day)
    else:
        event.add("dtstart", opening.starts_at.replace(tzinfo=clock.LONDON))
        event.add("dtend", opening.ends_at.replace(tzinfo=clock.LONDON))
    return event


def _at_other_hours(hours: Hours) -> list[Opening]:
    now = clock.local_now()
    days = {day for closure in hours.closures for day in _days(closure, now.date() - A_DAY, now.date() + LAST_EXCEPTION)}
    found = [opening for day in sorted(days) for opening in openings_on(hours, day)]
    return [opening for opening in found if opening.ends_at > now]


def _repeating(pattern: Pattern, hours: Hours) -> Event | None:
    first = next_opening(Hours((pattern,)), clock.local_now())
    if first is None:
        return None
    event = _event(first)
    event.add("rrule", _rule(pattern, timed=first.opens is not None))
    taken = {day for closure in hours.closures for day in _days(closure, first.day, first.day + LAST_EXCEPTION)}
    for day in sorted(taken):
        if happens_on(pattern, day):
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


def _days(closure: Closure, first: date, last: date) -> list[date]:
    start = max(closure.first, first)
    return [start + A_DAY * number for number in range((min(closure.last, last) - start).days + 1)]
