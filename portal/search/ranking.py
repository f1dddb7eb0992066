"""The order of answers: fit × nearness × freshness, then name; rows in, rows in order out. Ties are stable."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np

from portal.directory.freshness import AGING_MONTHS, DAYS_A_MONTH, RECENT_MONTHS, STALE_MONTHS
from portal.search.columns import Array, Columns
from portal.search.matching import Fit
from portal.search.reach import Reach

MONTHS: Final = np.array([RECENT_MONTHS, AGING_MONTHS, STALE_MONTHS])
WEIGHTS: Final = np.array([1.0, 0.98, 0.95, 0.85])  # up to six months, nine, twelve; over a year
NEVER_CHECKED: Final = 0.88
DECIMALS: Final = 6  # so that a rounding error is never an order


def in_order(rows: Array, fit: Fit, reach: Reach, columns: Columns, today: date) -> Array:
    """Numbers of the rows that are true in `rows`, best first."""
    numbers = np.flatnonzero(rows)
    score = np.round(fit.score[numbers] * reach.weight[numbers] * _freshness(columns.assured[numbers], today), DECIMALS)
    return np.asarray(numbers[np.lexsort((columns.name_order[numbers], -score))])


def checked_lately(columns: Columns, today: date) -> Array:
    """Rows that somebody checked in the last `RECENT_MONTHS`, as `directory.freshness` counts them."""
    return np.asarray((today.toordinal() - columns.assured) / DAYS_A_MONTH <= RECENT_MONTHS)


def _freshness(assured: Array, today: date) -> Array:
    months = (today.toordinal() - assured) / DAYS_A_MONTH
    return np.where(assured == 0, NEVER_CHECKED, WEIGHTS[np.searchsorted(MONTHS, months)])
