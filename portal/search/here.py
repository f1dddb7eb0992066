"""What there is for people in a place, by kind of help: columns and where they start in, true counts out. Pure.

Counts are those of a search from there, so that a link shows as many as it promised.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from portal.localities.answer import Place
from portal.search.columns import Columns
from portal.search.find import Searcher
from portal.search.open_now import open_at
from portal.search.reach import reach
from portal.taxonomy.terms import Group, Need


@dataclass(frozen=True)
class NeedCount:
    """A need and how many services meet it here."""

    need: Need
    count: int


@dataclass(frozen=True)
class Here:
    """What there is at a place: per group its needs with counts, services in all, and how many are open now; empty without an index."""

    groups: tuple[tuple[Group, tuple[NeedCount, ...]], ...] = ()
    total: int = 0
    open_now: int = 0

    @property
    def met(self) -> frozenset[str]:
        """Ids of needs that something here meets."""
        return frozenset(it.need.id for _, needs in self.groups for it in needs)


def count_here(columns: Columns, searcher: Searcher, start: Place | None, moment: datetime) -> Here:
    """What a search from `start` finds at local `moment`; from nowhere, everything."""
    rows = columns.shown(moment.date()) & reach(columns, start, searcher.extents.numbers(start), None).counts
    counts = dict(zip(searcher.taxonomy.needs, columns.counts(np.flatnonzero(rows))[0].tolist(), strict=True))
    groups = []
    for group in searcher.taxonomy.groups.values():
        needs = searcher.taxonomy.needs_by_group[group.id]
        met = tuple(NeedCount(need, counts[need.id]) for need in needs if counts[need.id])
        if met:
            groups.append((group, met))
    return Here(tuple(groups), int(rows.sum()), int(np.sum(rows & open_at(columns, moment))))
