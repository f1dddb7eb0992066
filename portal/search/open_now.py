"""Which rows are open at a moment, for all rows at once: the rules of `directory.opening` on arrays of patterns and closures.

A pattern row: row, hours set, weekday (-1 none), ordinal, day of month (-1 the last), interval, anchor, first, last,
opens (-1 unknown), closes (-1 unknown).
A closure row: row, hours set, first, last, opens (-1 closed), closes (-1 unknown). Tests hold this to `directory.opening.is_open`.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta

import numpy as np

from portal.search.columns import Array, Columns

A_DAY = 24 * 60
EPOCH = date(1970, 1, 1).toordinal()  # where numpy counts days and months from
EPOCH_MONTHS = 1970 * 12 + 1


def open_at(columns: Columns, moment: datetime) -> Array:
    """Rows with a session on at local `moment`, as booleans; worked out once a minute."""
    minute = moment.replace(second=0, microsecond=0)
    return columns.remembered(("open", minute), lambda: _open_at(columns, minute))


def _open_at(columns: Columns, moment: datetime) -> Array:
    minute = moment.hour * 60 + moment.minute
    is_open = np.zeros(len(columns.live), dtype=bool)
    for day, clock in ((moment.date(), minute), (moment.date() - timedelta(days=1), minute + A_DAY)):
        falling = columns.patterns[falls_on(columns.patterns, day)]
        opens, closes = falling[:, 9], falling[:, 10]
        ends = np.where(closes <= opens, closes + A_DAY, closes)
        closed, other_hours = closures_on(columns.closures, day)
        on = (opens >= 0) & (closes >= 0) & (opens <= clock) & (clock < ends) & ~np.isin(hour_keys(falling), closed)
        is_open[falling[on, 0].astype(int)] = True
        has_session = other_hours[np.isin(hour_keys(other_hours), hour_keys(falling))]
        ends = np.where(has_session[:, 5] <= has_session[:, 4], has_session[:, 5] + A_DAY, has_session[:, 5])
        is_open[has_session[(has_session[:, 5] >= 0) & (has_session[:, 4] <= clock) & (clock < ends), 0].astype(int)] = True
    return is_open


def falls_on(patterns: Array, day: date) -> Array:
    """Which patterns fall on `day`, closures aside: those of `directory.opening.happens_on`."""
    number = day.toordinal()
    weekday, ordinal, monthday, interval, anchor = (patterns[:, column].astype(int) for column in range(2, 7))
    in_season = (patterns[:, 7] <= number) & (number <= patterns[:, 8])
    ordinals = (0, (day.day - 1) // 7 + 1, -((monthrange(day.year, day.month)[1] - day.day) // 7 + 1))
    by_weekday = (monthday == 0) & (weekday == day.weekday()) & np.isin(ordinal, ordinals)
    is_last = (day + timedelta(days=1)).day == 1
    by_monthday = (monthday == day.day) | ((monthday == -1) & is_last)
    monthly = (ordinal != 0) | (monthday != 0)
    weeks = (number - 1) // 7 - (anchor - 1) // 7
    months = day.year * 12 + day.month - _months(anchor)
    step = np.where(monthly, months, weeks)
    in_step = (interval <= 1) | (anchor == 0) | (step % np.maximum(interval, 1) == 0)
    return np.asarray(in_season & (by_weekday | by_monthday) & in_step)


def _months(ordinals: Array) -> Array:
    days = (np.maximum(ordinals, 1) - EPOCH).astype("datetime64[D]")
    return np.asarray(days.astype("datetime64[M]").astype(int) + EPOCH_MONTHS)


def closures_on(closures: Array, day: date) -> tuple[Array, Array]:
    """Keys of the hours that a closure breaks on `day`; and of those closures the rows that give other hours."""
    number = day.toordinal()
    today = closures[(closures[:, 2] <= number) & (number <= closures[:, 3])]
    _, first = np.unique(hour_keys(today), return_index=True)  # the first that is listed counts, as in directory.opening
    counting = today[np.sort(first)]
    return hour_keys(counting), counting[counting[:, 4] >= 0]


def hour_keys(table: Array) -> Array:
    """One number for the hours that each line belongs to, from its first two columns: row and hours set."""
    return np.asarray(table[:, 0] * 1000 + table[:, 1])
