"""The periods of reports: quarters of the calendar and their months, never a free choice of dates. Days in, quarters out. Pure.

A quarter can be reported from the second day after its end, when nothing of it is being written any more, for as long as all of its
counts are kept (see `web.tending`): one that loses its first days would differ a little every day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Self

from portal.directory.days import months_after

MONTHS: Final = 3  # of a quarter
REPORTED: Final = 10  # quarters: with the one that runs, and a day, they are well within the three years for which counts are kept
_NAME: Final = re.compile(r"(20[0-9]{2})-q([1-4])")
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, order=True)
class Quarter:
    """The `number`th quarter of a `year`, 1 to 4: 1 is January to March."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Self:
        """The quarter in which a day is."""
        return cls(day.year, (day.month - 1) // MONTHS + 1)

    @property
    def name(self) -> str:
        """What addresses call it, such as `2026-q3`."""
        return f"{self.year}-q{self.number}"

    @property
    def months(self) -> tuple[date, ...]:
        """The first day of each of its months."""
        return tuple(date(self.year, MONTHS * (self.number - 1) + 1 + month, 1) for month in range(MONTHS))

    @property
    def first(self) -> date:
        """Its first day."""
        return self.months[0]

    @property
    def last(self) -> date:
        """Its last day."""
        return months_after(self.first, MONTHS) - _DAY

    @property
    def before(self) -> Quarter:
        """The quarter before it."""
        return Quarter.of(self.first - _DAY)


def list_quarters(today: date) -> tuple[Quarter, ...]:
    """Quarters that can be reported on a day, the newest first."""
    found = [Quarter.of(today - _DAY).before]
    while len(found) < REPORTED:
        found.append(found[-1].before)
    return tuple(found)


def find_quarter(name: str, today: date) -> Quarter | None:
    """The quarter of an address that can be reported on a day; nothing for any other."""
    match = _NAME.fullmatch(name)
    found = Quarter(int(match[1]), int(match[2])) if match else None
    return found if found in list_quarters(today) else None
