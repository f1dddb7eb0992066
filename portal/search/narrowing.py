"""Filters and their true counts: columns and a query in, a mask for each group and facets out.

Within a group any value, across groups all. A value's count is what choosing it would leave, the other groups applied.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from portal.search.arrays.bits import counted, unpacked
from portal.search.columns import Array, Columns
from portal.search.open_now import open_at
from portal.search.query import GROUPS, SearchQuery
from portal.search.results import Choice, Facet

MOST_CHOICES: Final = 12


@dataclass(frozen=True)
class Narrowing:
    """What each group leaves, over all rows. `need_numbers` is need id → its column."""

    columns: Columns
    query: SearchQuery
    need_numbers: Mapping[str, int]
    moment: datetime

    def mask(self, group: str) -> Array:
        """Rows that the group leaves: all of them when nothing of it is chosen."""
        values = getattr(self.query, group)
        if not values:
            return self.columns.live
        return np.asarray(np.logical_or.reduce([self.holds(group, value) for value in values]))

    def holds(self, group: str, value: str) -> Array:
        """Rows that have `value` of `group`."""
        if group == "need":
            return unpacked(self.columns.packed_needs[self.need_numbers[value]], len(self.columns.live))
        if group == "when" and value == "now":
            return open_at(self.columns, self.moment)
        return self.columns.feature(group, value)

    def masks(self) -> dict[str, Array]:
        """Group → rows that it leaves."""
        return {group: self.mask(group) for group in GROUPS}


def all_of(masks: Mapping[str, Array], base: Array, but: str = "") -> Array:
    """Rows of `base` that every group leaves, `but` one."""
    kept = base.copy()
    for group, mask in masks.items():
        if group != but:
            kept &= mask
    return kept


def facets(narrowing: Narrowing, masks: Mapping[str, Array], base: Array) -> tuple[Facet, ...]:
    """Every group with the values that would leave something, and those that are chosen."""
    return tuple(facet for group in GROUPS if (facet := _facet(narrowing, group, all_of(masks, base, but=group))).choices)


def _facet(narrowing: Narrowing, group: str, rows: Array) -> Facet:
    chosen = getattr(narrowing.query, group)
    counted = [Choice(value, count, value in chosen) for value, count in _counts(narrowing, group, rows).items()]
    offered = [choice for choice in counted if choice.count or choice.chosen]
    if group in ("need", "speaks", "access"):
        offered = sorted(offered, key=lambda choice: (not choice.chosen, -choice.count))[:MOST_CHOICES]
    return Facet(group, tuple(offered))


def _counts(narrowing: Narrowing, group: str, rows: Array) -> dict[str, int]:
    columns = narrowing.columns
    if group == "need":
        held = counted(columns.packed_needs, rows)
        return {need: int(held[number]) for need, number in narrowing.need_numbers.items()}
    numbers = columns.groups.get(group, {})
    held = counted(columns.packed_features[list(numbers.values())], rows)
    counts = dict(zip(numbers, held.tolist(), strict=True))
    return {**counts, "now": int((rows & narrowing.holds(group, "now")).sum())} if group == "when" else counts
