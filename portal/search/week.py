"""What happens in a locality on the days to come, for all its listings at once: the rules of `directory.opening` on arrays.

Columns, a locality's number and days in; sessions by row and site out. Only what happens at a place that stands in the locality,
with closures applied; nothing that is kept secret has a place here. Tests hold this to `directory.opening.openings_on`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time

import numpy as np

from portal.directory.opening import LAST_MINUTE, Opening
from portal.search.columns import FIRST_OF_SITES, Array, Columns
from portal.search.open_now import closures_on, falls_on, hour_keys


@dataclass(frozen=True)
class Session:
    """One session of the listing in `row`, at its site number `site`."""

    row: int
    site: int
    opening: Opening


def sessions_in(columns: Columns, shown: Array, locality: int, days: Sequence[date]) -> list[Session]:
    """Sessions of the rows `shown` in a locality on these days: by day and hour, those without a time last, then by name."""
    places = _places(columns, shown, locality)
    patterns = columns.patterns[np.isin(hour_keys(columns.patterns), list(places))]
    closures = columns.closures[np.isin(hour_keys(columns.closures), list(places))]
    found = [Session(*places[key], opening) for day in days for key, opening in _openings(patterns, closures, day)]
    return sorted(found, key=lambda it: (it.opening.day, it.opening.opens or time.max, int(columns.name_order[it.row]), it.site))


def _places(columns: Columns, shown: Array, locality: int) -> dict[float, tuple[int, int]]:
    """By the hours that hold there, row and site of each place in the locality: the site's own hours, or else the listing's."""
    here = columns.sites[(columns.sites[:, 4] == locality) & shown[columns.sites[:, 0].astype(int)]]
    own = np.isin(hour_keys(here[:, [0, 3]]), hour_keys(columns.patterns))
    here_by_hours = np.column_stack([here[:, 0], np.where(own, here[:, 3], 0)])
    found: dict[float, tuple[int, int]] = {}
    for key, (row, hours_set) in zip(hour_keys(here_by_hours).tolist(), here[:, [0, 3]].astype(int).tolist(), strict=True):
        found.setdefault(key, (row, hours_set - FIRST_OF_SITES))
    return found


def _openings(patterns: Array, closures: Array, day: date) -> Iterator[tuple[float, Opening]]:
    falling = patterns[falls_on(patterns, day)]
    keys = hour_keys(falling).tolist()
    closed, other_hours = closures_on(closures, day)
    is_closed, falls = set(closed.tolist()), set(keys)  # looked up once for each session: in an array each look goes through all of it
    for key, (opens, closes) in zip(keys, falling[:, 9:11].tolist(), strict=True):
        if key not in is_closed:
            yield key, _opening(day, opens, closes)
    for key, (opens, closes) in zip(hour_keys(other_hours).tolist(), other_hours[:, 4:6].tolist(), strict=True):
        if key in falls:
            yield key, _opening(day, opens, closes)


def _opening(day: date, opens: float, closes: float) -> Opening:
    """The opening of the minutes in columns, where midnight at the end of a day is written as listings write it."""
    return Opening(day, _time(opens), _time(closes) if closes else LAST_MINUTE)


def _time(minutes: float) -> time | None:
    if minutes < 0:
        return None
    seconds = round(minutes * 60)
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60)
