"""Filters and their true counts: columns and a query in, a mask for each group and facets out.

Within a group any value, across groups all. A value's count is what choosing it would leave, the other groups applied.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import EllipsisType
from typing import Final

import numpy as np

from portal.search.columns import Array, Columns
from portal.search.open_now import open_at
from portal.search.query import GROUPS, SearchQuery
from portal.search.reach import ALL
from portal.search.results import Choice, Facet

LONG: Final = ("need", "speaks", "access")
MOST_CHOICES: Final = 12
NOW: Final = ("when", "now")


@dataclass(frozen=True)
class Narrowing:
    """What each group leaves of some rows. `need_numbers` is need id → its column."""

    columns: Columns
    query: SearchQuery
    need_numbers: Mapping[str, int]
    moment: datetime
    rows: Array | EllipsisType = ALL

    def masks(self) -> dict[str, Array]:
        """Group of which anything is chosen → which rows it leaves."""
        chosen = ((group, getattr(self.query, group)) for group in GROUPS)
        return {group: np.logical_or.reduce([self._holds(group, value) for value in values]) for group, values in chosen if values}

    def _holds(self, group: str, value: str) -> Array:
        if group == "need":
            return np.asarray(self.columns.meeting([self.need_numbers[value]])[self.rows])
        if (group, value) == NOW:
            return np.asarray(open_at(self.columns, self.moment)[self.rows])
        return np.asarray(self.columns.feature(group, value)[self.rows])

    def counts(self, kept: Array) -> Counts:
        """How many of the rows that are `kept` have each value."""
        needs, features = self.columns.counts(np.flatnonzero(kept) if isinstance(self.rows, EllipsisType) else self.rows[kept])
        return Counts(needs.tolist(), features.tolist(), int((kept & self._holds(*NOW)).sum()))


def all_of(masks: Mapping[str, Array], base: Array, but: str = "") -> Array:
    """Rows of `base` that every group leaves, `but` one."""
    kept = base.copy()
    for group, mask in masks.items():
        if group != but:
            kept &= mask
    return kept


@dataclass(frozen=True)
class Counts:
    """How many rows meet each need and have each feature, by their columns, and how many are open `now`."""

    needs: Sequence[int]
    features: Sequence[int]
    now: int


def facets(narrowing: Narrowing, masks: Mapping[str, Array], base: Array) -> tuple[Facet, ...]:
    """Every group with the values that would leave something, and those that are chosen."""
    counts = narrowing.counts(all_of(masks, base))
    of_group = {group: narrowing.counts(all_of(masks, base, but=group)) for group in masks}
    return tuple(facet for group in GROUPS if (facet := _facet(narrowing, group, of_group.get(group, counts))).choices)


def _facet(narrowing: Narrowing, group: str, counts: Counts) -> Facet:
    chosen = getattr(narrowing.query, group)
    offered = [(value, count) for value, count in _offered(narrowing, group, counts) if count or value in chosen]
    if group in LONG:
        offered = sorted(offered, key=lambda it: (it[0] not in chosen, -it[1]))[:MOST_CHOICES]
    return Facet(group, tuple(Choice(value, count, value in chosen) for value, count in offered))


def _offered(narrowing: Narrowing, group: str, counts: Counts) -> Iterable[tuple[str, int]]:
    if group == "need":
        return zip(narrowing.need_numbers, counts.needs, strict=True)
    numbers = narrowing.columns.groups.get(group, {})
    return ((value, counts.now if (group, value) == NOW else counts.features[number]) for value, number in numbers.items())
