"""The order of answers: what each is worth, which is fit × nearness × freshness, then name. Ties are stable."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np

from portal.directory.freshness import AGING_MONTHS, DAYS_A_MONTH, RECENT_MONTHS, STALE_MONTHS
from portal.search.columns import Array, Columns

MONTHS: Final = np.array([RECENT_MONTHS, AGING_MONTHS, STALE_MONTHS])
WEIGHTS: Final = np.array([1.0, 0.98, 0.95, 0.85])  # up to six months, nine, twelve; over a year
NEVER_CHECKED: Final = 0.88
DECIMALS: Final = 6  # so that a rounding error is never an order


def in_order(worth: Array, names: Array, most: int | None = None) -> Array:
    """The numbers of `worth`, best first and equal ones by the order of their `names`; only the first `most` of them."""
    rounded = np.round(worth, DECIMALS)
    if most is None or most >= len(rounded):
        return np.lexsort((names, -rounded))
    least = np.partition(rounded, -most)[-most]
    among = np.flatnonzero(rounded >= least)
    return np.asarray(among[np.lexsort((names[among], -rounded[among]))][:most])


def checked_lately(columns: Columns, today: date) -> Array:
    """Rows that somebody checked in the last `RECENT_MONTHS`, as `directory.freshness` counts them."""
    return columns.remembered(("lately", today), lambda: _months(columns, today) <= RECENT_MONTHS)


def freshness(columns: Columns, today: date) -> Array:
    """What each row is worth for how lately it was checked."""
    return columns.remembered(("freshness", today), lambda: _freshness(columns, today))


def _freshness(columns: Columns, today: date) -> Array:
    return np.where(columns.assured == 0, NEVER_CHECKED, WEIGHTS[np.searchsorted(MONTHS, _months(columns, today))])


def _months(columns: Columns, today: date) -> Array:
    return np.asarray((today.toordinal() - columns.assured) / DAYS_A_MONTH)
