"""Working days, months and ends of days, as people in England count them. Dates in, dates and moments out. Pure but for the clock.

A promise "by Tuesday" or "until 24 December" holds to the end of that day in London: its moment is the first of the day after.
"""

from __future__ import annotations

import calendar
from datetime import date, datetime, time, timedelta
from typing import Final

from portal import clock
from portal.clock import LONDON
from portal.directory.bank_holidays import is_bank_holiday

_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5


def is_working_day(day: date) -> bool:
    """No Saturday, Sunday or bank holiday in England."""
    return day.weekday() < _SATURDAY and not is_bank_holiday(day)


def working_day_after(day: date, number: int) -> date:
    """The working day that comes `number` working days after `day`: no Saturday, Sunday or bank holiday in England."""
    while number:
        day += _DAY
        number -= is_working_day(day)
    return day


def working_days(first: date, last: date) -> int:
    """The working days that begin after `first` and up to `last`: 0 on the same day, or over a weekend."""
    return sum(is_working_day(first + _DAY * number) for number in range(1, (last - first).days + 1))


def begun_before(number: int) -> datetime:
    """The moment before which something must have begun, for `number` working days after it to be over now."""
    day = clock.today()
    while end_of(working_day_after(day, number)) > clock.now():
        day -= _DAY
    return end_of(day)


def months_after(day: date, months: int) -> date:
    """The same day of the month so many months on, or back; the last of the month where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def end_of(day: date) -> datetime:
    """The moment at which `day` is over in London."""
    return datetime.combine(day + _DAY, time(), LONDON)


def last_day(moment: datetime) -> date:
    """The last day before `moment`: the one whose end `end_of` gave."""
    return (moment.astimezone(LONDON) - timedelta(microseconds=1)).date()
