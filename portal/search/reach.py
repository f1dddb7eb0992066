"""Who can be reached from a place: columns and a `Place` in, which rows count, how near and how much that weighs out.

A service counts when its area covers the place, or it is within reach and declares no area that leaves the place out. Just
over the border counts. What comes to people, or is online or by phone, has no distance: it weighs like something a short
way off, so that it is neither buried nor floated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import EllipsisType
from typing import Final

import numpy as np

from portal.localities.distance import miles_to
from portal.localities.place import Place
from portal.search.columns import Array, Columns

REACH_MILES: Final = 8.0
HALF_WEIGHT_MILES: Final = 3.0
LEAST_WEIGHT: Final = 0.4
REMOTE_MILES: Final = 2.0
REMOTE_LOCAL_MILES: Final = 1.0  # what covers this locality and not the whole borough


ALL: Final = ...  # as numpy says it


@dataclass(frozen=True)
class Reach:
    """For every row asked for: whether it `counts`, `covers` the place, `miles` to its nearest site (inf where unknown), `weight` 0–1."""

    counts: Array
    covers: Array
    miles: Array
    weight: Array


def reach(
    columns: Columns, place: Place | None, localities: Sequence[int], within: float | None, rows: Array | EllipsisType = ALL
) -> Reach:
    """Reach of `rows` from `place`, which lies in the localities of these numbers; everything, at equal weight, from nowhere."""
    if place is None:
        size = len(columns.live[rows])
        return Reach(np.ones(size, dtype=bool), np.zeros(size, dtype=bool), np.full(size, np.inf), np.ones(size))
    miles = columns.remembered(("miles", place.latitude, place.longitude), lambda: _nearest(columns, place))[rows]
    here = columns.covers[rows][:, list(localities)].any(axis=1)
    covers = here | columns.beyond[rows] | (columns.borough[rows] if localities else False)
    left_out, remote = columns.declares[rows] & ~covers, columns.remote[rows]
    comes = remote & ~left_out
    near = (miles <= (within or REACH_MILES)) & ~left_out
    counts = near | (comes & ~np.isfinite(miles)) if within else near | comes | covers  # a distance asked for is meant
    away = np.where(remote, np.minimum(miles, np.where(here, REMOTE_LOCAL_MILES, REMOTE_MILES)), np.minimum(miles, REACH_MILES * 2))
    weight = LEAST_WEIGHT + (1 - LEAST_WEIGHT) * 0.5 ** (away / HALF_WEIGHT_MILES)
    return Reach(counts, covers, miles, weight)


def _nearest(columns: Columns, place: Place) -> Array:
    nearest = np.full(len(columns.live), np.inf)
    if len(columns.sites):
        away = miles_to(place.latitude, place.longitude, columns.sites[:, 1], columns.sites[:, 2])
        rows, first = columns.sited
        nearest[rows] = np.minimum.reduceat(away, first)
    return nearest
