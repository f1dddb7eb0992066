"""How long decisions take, in working days: pairs of moments in, the median out. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from statistics import median_high
from typing import Final

from portal.clock import LONDON
from portal.directory.bank_holidays import is_bank_holiday
from portal.editing.proposals.seen import Turnaround

FEWEST: Final = 10  # decisions from which "usually" can be said
_SATURDAY: Final = 5
_DAY: Final = timedelta(days=1)


def turnaround_of(decisions: Iterable[tuple[datetime, datetime]]) -> Turnaround:
    """The median of (proposed, decided); `days` is None below `FEWEST`."""
    taken = [working_days(_day(proposed), _day(decided)) for proposed, decided in decisions]
    return Turnaround(median_high(taken) if len(taken) >= FEWEST else None, len(taken))


def working_days(first: date, last: date) -> int:
    """The working days that begin after `first` and up to `last`: 0 on the same day, or over a weekend."""
    days = (first + _DAY * number for number in range(1, (last - first).days + 1))
    return sum(day.weekday() < _SATURDAY and not is_bank_holiday(day) for day in days)


def _day(moment: datetime) -> date:
    return moment.astimezone(LONDON).date()
