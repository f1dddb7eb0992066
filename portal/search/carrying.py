"""Columns of the next generation from those of the one before: rows that did not change are carried over, the others worked out anew.

Working out every listing for one change is nearly all that a change costs. What comes out is the same, array by array, as if
`build_columns` had read every listing.
"""

from __future__ import annotations

import uuid
from bisect import bisect
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from portal.directory.listing import Listing
from portal.search.areas import Extents
from portal.search.arrays.files import Array
from portal.search.columns import Columns, build_columns, feature_names, name_key
from portal.taxonomy.terms import Taxonomy

_OF_AREAS: Final = ("covers", "declares", "borough", "beyond")
_ROW_BY_ROW: Final = ("live", "ids", "organizations", "assured", "since", "needs", "meets", *_OF_AREAS, "remote")
_BY_ROW_NUMBER: Final = ("sites", "patterns", "closures")


@dataclass(frozen=True)
class Rows:
    """The rows of the next generation: `ids` (n × 16) of those that are `live`, and what `listing` each is."""

    ids: Array
    live: Array
    listing: Callable[[int], Listing]


@dataclass(frozen=True)
class Kept:
    """Rows of listings that are as they were: their numbers `before` and `now`, in one order."""

    before: Array
    now: Array


def next_columns(rows: Rows, base: Columns, changed: Collection[uuid.UUID], meaning: tuple[Taxonomy, Extents]) -> Columns:
    """Columns of `rows`, which are those of `base` with the services `changed` taken out or put in anew."""
    kept = _kept(rows, base, changed)
    is_new = rows.live.copy()
    is_new[kept.now] = False
    anew = [(row, rows.listing(row)) for row in np.flatnonzero(is_new).tolist()]
    part = build_columns(anew, len(rows.live), *meaning)
    named = {row: name_key(listing) for row, listing in anew}
    held = [_names_held(base, kept.before), _names_held(part, np.array(list(named), dtype=np.int64))]
    return Columns(
        **{name: _rows(getattr(base, name), getattr(part, name), kept) for name in _ROW_BY_ROW},
        **{name: _tables(getattr(base, name), getattr(part, name), kept, len(base.live)) for name in _BY_ROW_NUMBER},
        **_features(base, part, kept, feature_names(held, meaning[0])),
        name_order=_name_order(base, kept, named, rows),
    )


def _kept(rows: Rows, base: Columns, changed: Collection[uuid.UUID]) -> Kept:
    before, now = np.flatnonzero(base.live), np.flatnonzero(rows.live)
    same, at_before, at_now = np.intersect1d(keys(base.ids[before]), keys(rows.ids[now]), assume_unique=True, return_indices=True)
    unchanged = ~are_of(same, changed)
    kept = Kept(before[at_before[unchanged]], now[at_now[unchanged]])
    in_order = np.argsort(kept.now)
    return Kept(kept.before[in_order], kept.now[in_order])


def keys(ids: Array) -> Array:
    """Ids (n × 16) as one thing each, which numpy can sort."""
    return np.ascontiguousarray(ids).view("S16").reshape(-1)


def are_of(known: Array, services: Collection[uuid.UUID]) -> Array:
    """Which of the `keys` are of these services."""
    return np.isin(known, keys(np.frombuffer(b"".join(each.bytes for each in services), dtype=np.uint8).reshape(-1, 16)))


def _rows(base: Array, part: Array, kept: Kept) -> Array:
    column = part.copy()
    column[kept.now] = base[kept.before]
    return column


def _tables(base: Array, part: Array, kept: Kept, size: int) -> Array:
    """Tables whose first column is a row number, by which they stay sorted."""
    now = np.full(size, -1, dtype=np.int64)
    now[kept.before] = kept.now
    numbers = now[base[:, 0].astype(np.int64)]
    moved = base[numbers >= 0]
    moved[:, 0] = numbers[numbers >= 0]
    both = np.concatenate([moved, part])
    return np.asarray(both[np.argsort(both[:, 0], kind="stable")])


def _names_held(columns: Columns, rows: Array) -> list[str]:
    return list(columns.feature_names[columns.features[rows].any(axis=0)].tolist())


def _features(base: Columns, part: Columns, kept: Kept, names: list[str]) -> dict[str, Array]:
    at = {name: number for number, name in enumerate(names)}
    features = np.zeros((len(part.live), len(names)), dtype=bool)
    for columns, before, now in ((part, slice(None), slice(None)), (base, kept.before, kept.now)):
        known = [(number, at[name]) for number, name in enumerate(columns.feature_names.tolist()) if name in at]
        for number, column in known:
            features[now, column] = columns.features[before, number]
    return {"features": features, "feature_names": np.array(names, dtype=np.str_)}


def _name_order(base: Columns, kept: Kept, named: Mapping[int, tuple[str, uuid.UUID]], rows: Rows) -> Array:
    """Kept rows stay in their order; each other is put in where its name belongs, which reads a few names only."""
    order = kept.now[np.argsort(base.name_order[kept.before], kind="stable")]
    anew, in_order = sorted(named, key=lambda row: named[row]), order.tolist()
    places = [bisect(in_order, named[row], key=lambda other: name_key(rows.listing(other))) for row in anew]
    order = np.insert(order, places, anew)
    column = np.zeros(len(rows.live), dtype=np.int32)
    column[order] = np.arange(len(order), dtype=np.int32)
    return column
