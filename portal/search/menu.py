"""The best services for each of several needs, at one place: what a plan, or an adviser's menu, is chosen from.

Straight from the columns of one generation, without words and without counts: a plan asks for a dozen needs at once. Fit, reach
and freshness weigh as they do in every search. What is closed for now, or for children where a grown-up asks, is left out.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from portal.directory.models import Status
from portal.localities.answer import Place
from portal.search.columns import Array, Columns
from portal.search.find import Searcher
from portal.search.generation import Generation
from portal.search.hits import Reasons
from portal.search.ranking import freshness, in_order
from portal.search.reach import Reach, reach
from portal.search.results import Hit

MOST_OFFERED: Final = 10  # of a need: three to show, and others where they are shown for another need, or gone
PREFERRED: Final = 1.15  # what speaking the language, or offering the access, that somebody asked for is worth
SPARED: Final = frozenset({"young-carers", "youth-clubs", "childcare-play", "parenting", "schools", "additional-needs", "pregnancy-baby"})
GROWN_UP: Final = ("26-64", "65")


@dataclass(frozen=True)
class Diner:
    """Who chooses from the menu: where they are, today, what they like listings to offer, and what is public.

    `prefers` are (group, value) pairs of features, such as ("speaks", "tr") or ("access", "bsl").
    """

    here: Place | None
    today: date
    prefers: tuple[tuple[str, str], ...]
    still_public: Callable[[Sequence[uuid.UUID]], set[uuid.UUID]]


@dataclass(frozen=True)
class Offer:
    """The best services for one need, best first, and how many there are in all."""

    hits: tuple[Hit, ...]
    total: int


def menu(searcher: Searcher, generation: Generation, needs: Sequence[str], diner: Diner) -> Mapping[str, Offer]:
    """Need → its offer; needs that nothing meets here have an empty one."""
    columns = generation.columns
    reached = reach(columns, diner.here, searcher.extents.numbers(diner.here), None)
    kitchen = _Kitchen(columns, reached, _liked(columns, diner), diner.today)
    found = {need: kitchen.rows(need, searcher.need_numbers[need]) for need in dict.fromkeys(needs)}
    rows = sorted({row for best, _ in found.values() for row in best})
    ids = dict(zip(rows, generation.row_ids(rows), strict=True))
    public = diner.still_public(list(ids.values())) if rows else set()
    listings = {row: generation.inverted.listing(row) for row in rows if ids[row] in public}
    reasons = Reasons(frozenset(found), diner.here, reached, searcher.extents)
    hits = {row: reasons.hit(row, listing) for row, listing in listings.items() if listing.status == Status.ACTIVE}
    return {need: Offer(tuple(hits[row] for row in best if row in hits), total) for need, (best, total) in found.items()}


@dataclass(frozen=True)
class _Kitchen:
    columns: Columns
    reached: Reach
    liked: Array
    today: date

    def rows(self, need: str, number: int) -> tuple[list[int], int]:
        """The best rows for a need, and how many meet it."""
        weight = self.columns.needs[:, number].astype(np.float64) / 100
        rows = self.columns.shown(self.today) & self.reached.counts & (weight > 0)
        if need not in SPARED:
            rows &= _for_grown_ups(self.columns)
        numbers = np.flatnonzero(rows)
        worth = (weight * self.liked * self.reached.weight * freshness(self.columns, self.today))[numbers]
        best = in_order(worth, self.columns.name_order[numbers], MOST_OFFERED)
        return numbers[best].tolist(), len(numbers)


def _for_grown_ups(columns: Columns) -> Array:
    return np.asarray(np.logical_or.reduce([columns.feature("age", band) for band in GROWN_UP]))


def _liked(columns: Columns, diner: Diner) -> Array:
    liked = np.ones(len(columns.live))
    for group, value in diner.prefers:
        liked = np.where(columns.feature(group, value), liked * PREFERRED, liked)
    return liked
