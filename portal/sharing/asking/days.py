"""Days of requests: working days, months and ends of days, as people in England count them. Dates in, dates and moments out. Pure.

A promise "by Tuesday" or "until 24 December" holds to the end of that day in London: its moment is the first of the day after.
"""

from __future__ import annotations

import calendar
from datetime import date, datetime, time, timedelta
from typing import Final

from portal.clock import LONDON
from portal.directory.bank_holidays import is_bank_holiday

_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5


def working_day_after(day: date, number: int) -> date:
    """The working day that comes `number` working days after `day`: no Saturday, Sunday or bank holiday in England."""
    while number:
        day += _DAY
        number -= day.weekday() < _SATURDAY and not is_bank_holiday(day)
    return day


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


def day_of(moment: datetime) -> date:
    """The day in London on which `moment` is."""
    return moment.astimezone(LONDON).date()
