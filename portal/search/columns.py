"""Columns of all listings of a generation, as arrays: listings in, one value a listing out, for filters, counts and ranking.

Row numbers are the index's document numbers. Times of day are minutes; days are proleptic ordinals,
0 where unknown.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, time
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np

from portal.directory.freshness import HIDDEN_MONTHS, oldest_within
from portal.directory.listing import Listing, Site
from portal.directory.opening import LAST_MINUTE, Hours, has_daytime, has_evening, has_weekend
from portal.search.areas import Extents
from portal.search.arrays import files
from portal.search.arrays.bits import counted, packed, unpacked
from portal.search.query import AGES, choices
from portal.taxonomy.terms import Taxonomy

Array = files.Array
LAST_DAY: Final = date.max.toordinal()
CLOSED_FOR_NOW: Final = "status:closed for now"  # a feature that no page offers
UNKNOWN_TIME: Final = -1
FIRST_OF_SITES: Final = 1  # hours set 0 is the listing's own
NO_LOCALITY: Final = -1
NOWHERE: Final = -2
MOST_REMEMBERED: Final = 16
FEW: Final = 20  # one row in so many is few enough to be read one by one


@dataclass(frozen=True, eq=False)
class Columns:
    """`n` rows, of which `live` are listings.

    `needs` (n × needs) weights 0–100 of those that searches weigh, `meets` whether it meets each; `features` (n × features)
    whether "group:value" of `feature_names` holds; `covers` (n × localities); `declares`, `borough`, `beyond`: what areas say;
    `sites` (s × 5) row, latitude, longitude, hours set and the number of the locality that it stands in (-1 none, -2 known too
    roughly to stand anywhere); `patterns` (p × 11) and `closures` (c × 6): see `open_now`;
    `assured` day, `since` the day it ages from; `name_order` rank by name; `ids` and `organizations` (n × 16) UUID bytes.
    """

    live: Array
    ids: Array
    organizations: Array
    name_order: Array
    assured: Array
    since: Array
    needs: Array
    meets: Array
    features: Array
    feature_names: Array
    covers: Array
    declares: Array
    borough: Array
    beyond: Array
    remote: Array
    sites: Array
    patterns: Array
    closures: Array

    def shown(self, today: date) -> Array:
        """Rows that searches show today: listings that are not hidden because nobody has confirmed them for too long."""
        oldest = oldest_within(HIDDEN_MONTHS, today).toordinal()
        return self.remembered(("shown", today), lambda: np.asarray(self.live & ((self.since == 0) | (self.since >= oldest))))

    @property
    def closed_for_now(self) -> Array:
        """Rows of listings that are closed for now, which searches show all the same."""
        return self.feature(*CLOSED_FOR_NOW.split(":", 1))

    @cached_property
    def groups(self) -> Mapping[str, Mapping[str, int]]:
        """Group → value → its column of `features`."""
        found: dict[str, dict[str, int]] = {}
        for number, name in enumerate(self.feature_names.tolist()):
            group, value = name.split(":", 1)
            found.setdefault(group, {})[value] = number
        return found

    def feature(self, group: str, value: str) -> Array:
        """Whether each row has `value` of `group`; nowhere for a value that no listing has."""
        number = self.groups.get(group, {}).get(value)
        return unpacked(self.packed_features[number], len(self.live)) if number is not None else np.zeros(len(self.live), dtype=bool)

    @cached_property
    def packed_features(self) -> Array:
        """`features` by feature, eight rows to a byte: counts of all features take a hundredth of the time so."""
        return packed(self.features)

    @cached_property
    def packed_needs(self) -> Array:
        """By need, eight rows to a byte, whether searches weigh it."""
        return packed(self.needs > 0)

    def meeting(self, needs: Sequence[int]) -> Array:
        """Rows that searches weigh for any of the needs of these columns, of which there is one at least."""
        return unpacked(np.bitwise_or.reduce(self.packed_needs[list(needs)], axis=0), len(self.live))

    def counts(self, rows: Array) -> tuple[Array, Array]:
        """How many of the rows of these numbers searches weigh for each need, and how many have each feature."""
        if len(rows) * FEW < len(self.live):
            return np.count_nonzero(self.needs[rows], axis=0), np.count_nonzero(self.features[rows], axis=0)
        are_counted = np.zeros(len(self.live), dtype=bool)
        are_counted[rows] = True
        return counted(self.packed_needs, are_counted), counted(self.packed_features, are_counted)

    @cached_property
    def sited(self) -> tuple[Array, Array]:
        """The rows that have sites, and where in `sites` the first of each stands."""
        rows, first = np.unique(self.sites[:, 0].astype(np.int64), return_index=True)
        return rows, first

    @cached_property
    def _known(self) -> dict[Hashable, Array]:
        return {}

    def remembered(self, what: Hashable, make: Callable[[], Array]) -> Array:
        """What was worked out of these columns before, or is now. Only a few things, the newest."""
        known = self._known.get(what)
        if known is None:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            known = self._known[what] = make()
        return known

    def save(self, path: Path) -> None:
        """Write all columns to one file."""
        files.write_arrays(path, {column.name: getattr(self, column.name) for column in fields(self)})

    @classmethod
    def load(cls, path: Path) -> Columns:
        """Read what `save` wrote. Raises whatever a damaged file raises."""
        return cls(**files.read_arrays(path))


def build_columns(rows: Iterable[tuple[int, Listing]], size: int, taxonomy: Taxonomy, extents: Extents) -> Columns:
    """Columns of (row number, listing) pairs; rows below `size` without a listing are not live."""
    listings = dict(rows)
    held = {row: _features(listing) for row, listing in listings.items()}
    names = feature_names(held.values(), taxonomy)
    at = {name: number for number, name in enumerate(names)}
    features = np.zeros((size, len(names)), dtype=bool)
    needs = np.zeros((size, len(taxonomy.needs)), dtype=np.uint8)
    meets = np.zeros((size, len(taxonomy.needs)), dtype=bool)
    need_at = {need: number for number, need in enumerate(taxonomy.needs)}
    coverages = np.zeros((size, len(extents.localities)), dtype=bool)
    flags = np.zeros((4, size), dtype=bool)
    for row, listing in listings.items():
        features[row, [at[name] for name in held[row]]] = True
        for need, weight in zip(listing.needs, listing.weights, strict=False):
            needs[row, need_at[need]] = weight
        meets[row, [need_at[need] for need in listing.needs]] = True
        coverage = extents.coverage(listing.areas)
        coverages[row, sorted(coverage.localities)] = True
        flags[:, row] = (coverage.declares, coverage.borough, coverage.beyond, _is_remote(listing))
    return Columns(
        live=_column(size, dict.fromkeys(listings, True), bool),
        ids=_ids(size, {row: listing.id for row, listing in listings.items()}),
        organizations=_ids(size, {row: listing.organization_id for row, listing in listings.items()}),
        name_order=_name_order(size, listings),
        assured=_column(size, {row: _day(listing.assured_on, 0) for row, listing in listings.items()}, np.int32),
        since=_column(size, {row: _day(listing.since, 0) for row, listing in listings.items()}, np.int32),
        needs=needs,
        meets=meets,
        features=features,
        feature_names=np.array(names, dtype=np.str_),
        covers=coverages,
        declares=flags[0],
        borough=flags[1],
        beyond=flags[2],
        remote=flags[3],
        sites=_table(list(_positions(listings, extents)), 5),
        patterns=_table([pattern for row, listing in listings.items() for pattern in _patterns(row, listing)], 11),
        closures=_table([closure for row, listing in listings.items() for closure in _closures(row, listing)], 6),
    )


def _features(listing: Listing) -> list[str]:
    sets = [listing.hours, *(site.hours for site in listing.sites)]
    found = [f"who:{audience}" for audience in listing.who_for or ("adult",)]
    found += [f"how:{delivery}" for delivery in listing.how]
    found += [f"access:{access}" for access in listing.access]
    found += [f"speaks:{language}" for language in listing.languages]
    found += [f"age:{band}" for band, (low, high) in AGES.items() if _overlaps(listing, low, high)]
    when = {"day": has_daytime, "evening": has_evening, "weekend": has_weekend}
    found += [f"when:{name}" for name, holds in when.items() if any(holds(hours) for hours in sets)]
    found += ["cost:free"] if listing.is_free else []
    return [*found, CLOSED_FOR_NOW] if listing.is_closed_for_now else found


def feature_names(held: Iterable[Sequence[str]], taxonomy: Taxonomy) -> list[str]:
    """What pages offer, in its order, and what else is `held` by any listing, in the alphabet's."""
    offered = [f"{group}:{value}" for group, values in choices(taxonomy).items() if group != "need" for value in values]
    return [*offered, *sorted({name for names in held for name in names}.difference(offered))]


def _overlaps(listing: Listing, low: int, high: int) -> bool:
    return (listing.minimum_age or 0) <= high and (listing.maximum_age or 130) >= low


def _is_remote(listing: Listing) -> bool:
    """Whether no distance can count: it comes to people, or is online or by phone, or where it is is nobody's to know."""
    reaches_out = bool({"home", "online", "phone"} & set(listing.how))
    return reaches_out or all(site.is_confidential for site in listing.sites)


def _column(size: int, values: dict[int, Any], kind: Any) -> Array:
    column = np.zeros(size, dtype=kind)
    column[list(values)] = list(values.values())
    return column


def _ids(size: int, ids: dict[int, uuid.UUID]) -> Array:
    column = np.zeros((size, 16), dtype=np.uint8)
    for row, known in ids.items():
        column[row] = np.frombuffer(known.bytes, dtype=np.uint8)
    return column


def name_key(listing: Listing) -> tuple[str, uuid.UUID]:
    """By what listings are put in the order of their names."""
    return listing.name.casefold(), listing.id


def _name_order(size: int, listings: dict[int, Listing]) -> Array:
    ordered = sorted(listings, key=lambda row: name_key(listings[row]))
    return _column(size, {row: order for order, row in enumerate(ordered)}, np.int32)


def _table(rows: Sequence[Sequence[float]], width: int) -> Array:
    return np.array(rows, dtype=np.float64).reshape(len(rows), width)


def _positions(listings: dict[int, Listing], extents: Extents) -> Iterable[tuple[float, ...]]:
    for row, listing in listings.items():
        for hours_set, site in enumerate(listing.sites, start=FIRST_OF_SITES):
            if position := extents.position(site):
                yield row, *position, hours_set, _stands_in(site, position, extents)


def _stands_in(site: Site, position: tuple[float, float], extents: Extents) -> int:
    if not extents.stands(site):
        return NOWHERE
    slug = extents.locality_at(site.postcode, position)
    return extents.localities.index(slug) if slug else NO_LOCALITY


def _hour_sets(listing: Listing) -> list[Hours]:
    return [listing.hours, *(site.hours for site in listing.sites)]


def _patterns(row: int, listing: Listing) -> Iterable[tuple[float, ...]]:
    for number, hours in enumerate(_hour_sets(listing)):
        for pattern in hours.patterns:
            weekday = -1 if pattern.weekday is None else pattern.weekday
            rule = (weekday, pattern.ordinal, pattern.monthday, pattern.interval, _day(pattern.anchor, 0))
            season = (_day(pattern.first, 0), _day(pattern.last, LAST_DAY))
            yield (row, number, *rule, *season, *_times(pattern.opens, pattern.closes))


def _closures(row: int, listing: Listing) -> Iterable[tuple[float, ...]]:
    for number, hours in enumerate(_hour_sets(listing)):
        for closure in hours.closures:
            yield (row, number, closure.first.toordinal(), closure.last.toordinal(), *_times(closure.opens, closure.closes))


def _day(day: date | None, default: int) -> int:
    return day.toordinal() if day else default


def _times(opens: time | None, closes: time | None) -> tuple[float, float]:
    if opens is None:
        return UNKNOWN_TIME, UNKNOWN_TIME
    if closes is None:
        return _minutes(opens), UNKNOWN_TIME
    return _minutes(opens), 0 if closes == LAST_MINUTE else _minutes(closes)


def _minutes(moment: time) -> float:
    return moment.hour * 60 + moment.minute + moment.second / 60
