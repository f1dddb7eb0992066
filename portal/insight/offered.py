"""What each service offers in each locality: places to go to, hours a week, evenings and weekends. Arrays in and out. Pure.

A place that does not say its own hours has the service's, which count once in a locality. What is on in the evening or at the weekend is
on for a locality when the hours are the service's own, or those of a place in or near it, or of any of its places if it comes to people.
Hours of a place that is secret, or of which we do not know where it is, are nobody's.
"""

from __future__ import annotations

import numpy as np

from portal.insight.reaching import Reaching
from portal.insight.weeks import Weeks
from portal.search.columns import NOWHERE, Array, Columns


def offered(columns: Columns, reached: Reaching, weeks: Weeks) -> dict[str, Array]:
    """For n services and m localities, n × m: `places` to go to, `hours` a week at those; whether there is an `evening`, a `weekend`."""
    return {
        "places": _added(columns, reached, _to_go_to(columns, reached), np.ones(len(columns.sites), dtype=np.int64)),
        "hours": _hours(columns, reached, weeks),
        "evening": _open_then(columns, reached, weeks, weeks.evening),
        "weekend": _open_then(columns, reached, weeks, weeks.weekend),
    }


def _rows(columns: Columns) -> Array:
    return columns.sites[:, 0].astype(np.int64)


def _to_go_to(columns: Columns, reached: Reaching) -> Array:
    return np.asarray((reached.site_in >= 0) & columns.feature("how", "in-person")[_rows(columns)])


def _added(columns: Columns, reached: Reaching, sites: Array, amounts: Array) -> Array:
    """n × m sums of what each of these sites amounts to."""
    table = np.zeros(reached.covers.shape, dtype=amounts.dtype)
    np.add.at(table, (_rows(columns)[sites], reached.site_in[sites]), amounts[sites])
    return table


def _hours(columns: Columns, reached: Reaching, weeks: Weeks) -> Array:
    here, at_sites = _to_go_to(columns, reached), weeks.hours_at(columns.sites[:, 0], columns.sites[:, 3])
    said = ~np.isnan(at_sites)
    silent = _added(columns, reached, here & ~said, np.ones(len(said), dtype=np.int64)) > 0
    own = np.nan_to_num(weeks.hours_at(*_own(columns)))
    return np.asarray(_added(columns, reached, here & said, at_sites) + silent * own[:, None])


def _open_then(columns: Columns, reached: Reaching, weeks: Weeks, then: Array) -> Array:
    rows = _rows(columns)
    open_then = np.zeros(reached.covers.shape, dtype=bool)
    open_then |= weeks.among(then, *_own(columns))[:, None]
    at_sites = weeks.among(then, columns.sites[:, 0], columns.sites[:, 3]) & (reached.site_in != NOWHERE)
    np.logical_or.at(open_then, rows, (reached.site_near | columns.remote[rows, None]) & at_sites[:, None])
    return open_then


def _own(columns: Columns) -> tuple[Array, Array]:
    """Rows and sets of the services' own hours."""
    size = len(columns.live)
    return np.arange(size, dtype=np.float64), np.zeros(size)
