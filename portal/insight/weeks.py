"""How long every set of hours is open in the four weeks to come, closures left out: columns and a day in, hours a week out. Pure.

The rules are those of `directory.opening`, as `search.open_now` has them for arrays. Sessions of one set that overlap count once: it is
how long something is open, not how many rooms are in use. Sessions without times have no length.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from portal.directory.opening import EVENING
from portal.search.columns import Array, Columns
from portal.search.open_now import A_DAY, closures_on, falls_on, hour_keys

WEEKS: Final = 4
DAYS: Final = WEEKS * 7
SATURDAY: Final = 5
_APART: Final = (DAYS + 2) * A_DAY  # minutes between the clocks of two sets
_LATE: Final = EVENING.hour * 60 + EVENING.minute


@dataclass(frozen=True, eq=False)
class Weeks:
    """Sets of hours that have any, by `keys` (see `open_now.hour_keys`) in order; for each its `hours` a week, and when it is open."""

    keys: Array
    hours: Array
    evening: Array
    weekend: Array

    def hours_at(self, rows: Array, sets: Array) -> Array:
        """Hours a week of the sets of these numbers; NaN for those that have none at all."""
        at, known = self._find(rows, sets)
        return np.where(known, np.append(self.hours, np.nan)[at], np.nan)

    def among(self, which: Array, rows: Array, sets: Array) -> Array:
        """Whether the sets of these numbers are among those for which `which` (`evening`, `weekend`) holds."""
        at, known = self._find(rows, sets)
        return np.asarray(known & np.append(which, False)[at])

    def _find(self, rows: Array, sets: Array) -> tuple[Array, Array]:
        """Where these sets stand in `keys`, and whether they do."""
        wanted = rows * 1000 + sets
        at = np.searchsorted(self.keys, wanted)
        return at, np.append(self.keys, -1)[at] == wanted


def weeks_from(columns: Columns, day: date) -> Weeks:
    """The four weeks that begin with `day`. Evening and weekend are said of sets with a session then, in season by the last of them."""
    keys = np.unique(hour_keys(columns.patterns))
    season = (columns.patterns[:, 7] < day.toordinal() + DAYS) & (columns.patterns[:, 8] >= day.toordinal())
    opens, closes = columns.patterns[:, 9], columns.patterns[:, 10]
    late = season & (opens >= 0) & (closes >= 0) & ((closes > _LATE) | (closes <= opens))
    weekend = season & (columns.patterns[:, 2] >= SATURDAY)
    minutes = _open_minutes(keys, *_sessions(columns, day))
    return Weeks(keys, minutes / 60 / WEEKS, *(np.isin(keys, hour_keys(columns.patterns[found])) for found in (late, weekend)))


def _sessions(columns: Columns, day: date) -> tuple[Array, Array, Array]:
    """Keys, beginnings and ends of all sessions with times, in minutes from the beginning of `day`."""
    found = []
    by_weekday = _by_weekday(columns.patterns)
    for number in range(DAYS):
        on = day + timedelta(days=number)
        falling = by_weekday[on.weekday()][falls_on(by_weekday[on.weekday()], on)]
        closed, other_hours = closures_on(columns.closures, on)
        held = falling[~np.isin(hour_keys(falling), closed)]
        instead = other_hours[np.isin(hour_keys(other_hours), hour_keys(falling))]
        for rows, first in ((held, 9), (instead, 4)):
            timed = rows[(rows[:, first] >= 0) & (rows[:, first + 1] >= 0)]
            opens, closes = timed[:, first], timed[:, first + 1]
            ends = np.where(closes <= opens, closes + A_DAY, closes)
            found.append((hour_keys(timed), opens + number * A_DAY, ends + number * A_DAY))
    keys, begins, ends = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return keys, begins, ends


def _by_weekday(patterns: Array) -> list[Array]:
    """For each weekday the patterns that can fall on it, so that each day looks at a few of them only."""
    monthly = patterns[:, 4] != 0
    return [patterns[monthly | (patterns[:, 2] == weekday)] for weekday in range(7)]


def _open_minutes(keys: Array, of: Array, begins: Array, ends: Array) -> Array:
    """How many minutes each of `keys` is open, of sessions that may overlap: each begins to count where those before it end."""
    at = np.searchsorted(keys, of)
    order = np.lexsort((begins, at))
    at, apart = at[order], at[order] * _APART
    begins, ends = begins[order] + apart, ends[order] + apart
    before = np.concatenate([[0.0], np.maximum.accumulate(ends)[:-1]]) if len(ends) else ends
    counted = np.maximum(0.0, ends - np.maximum(begins, before))
    return np.bincount(at, weights=counted, minlength=len(keys))
