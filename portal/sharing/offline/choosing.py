"""What is kept of a locality: the index's columns and a day in, its services out, those nearest to home first. Pure but for the index.

Confidential places come without address or position, as everywhere in `directory.listing`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

import numpy as np

from portal.directory.listing import Listing, Site
from portal.directory.opening import Hours
from portal.directory.pages import Rule, rules_of
from portal.localities.distance import miles
from portal.localities.place import Place
from portal.search.areas import Extents
from portal.search.based import based_in
from portal.search.columns import Columns
from portal.search.generation import Generation
from portal.search.reach import reach
from portal.taxonomy.terms import Group, Taxonomy

MOST_SPOTS: Final = 2

FindPublic = Callable[[Sequence[UUID]], Collection[UUID]]


@dataclass(frozen=True)
class Spot:
    """Where and when: the `site` is None for what comes to people, is online or by phone. No rules where no hours are known."""

    site: Site | None
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class KeptService:
    """A listing with its nearest places, and how many other places it has."""

    listing: Listing
    spots: tuple[Spot, ...]
    other_spots: int


@dataclass(frozen=True)
class Kept:
    """How many services there are, and these themselves, the first ones first: each is read when it is asked for, since few have room."""

    total: int
    services: Iterator[KeptService]


@dataclass(frozen=True)
class Part:
    """Services whose first need is of one group, by name; `group` is None where no need is known."""

    group: Group | None
    services: tuple[KeptService, ...]


def list_rows(columns: Columns, extents: Extents, slug: str, today: date) -> list[int]:
    """Rows of what a search from the locality finds: what stands in it first, then by how near it is, then by name."""
    start = extents.gazetteer.locality_places.get(slug)
    if start is None:
        return []
    found = reach(columns, start, extents.numbers(start), None)
    rows = np.flatnonzero(columns.shown(today) & found.counts)
    is_away = ~based_in(columns, extents.localities.index(slug))[rows]
    order = np.lexsort((columns.name_order[rows], -found.weight[rows], is_away))
    return [int(row) for row in rows[order]]


def list_kept(generation: Generation, extents: Extents, slug: str, today: date, find_public: FindPublic) -> Kept:
    """The services of `list_rows` that are public in the database, whatever the index says. Raises `IndexUnavailable`, also while read."""
    rows = list_rows(generation.columns, extents, slug, today)
    ids = generation.row_ids(rows)
    public = find_public(ids) if ids else ()
    start = extents.gazetteer.locality_places.get(slug)
    shown = [row for row, service_id in zip(rows, ids, strict=True) if service_id in public]
    return Kept(len(shown), (_kept(generation.inverted.listing(row), extents, start, today) for row in shown))


def parts_of(services: Iterable[KeptService], taxonomy: Taxonomy) -> tuple[Part, ...]:
    """Each service once, under the group of its first need; groups in the order of the taxonomy, what has no need last."""
    found: dict[str, list[KeptService]] = {}
    for service in services:
        first = next((need for need in service.listing.needs if need in taxonomy.needs), None)
        found.setdefault(taxonomy.needs[first].group if first else "", []).append(service)
    named = [(taxonomy.groups[group], found[group]) for group in taxonomy.groups if group in found]
    others = [(None, found[""])] if "" in found else []
    return tuple(Part(group, tuple(sorted(several, key=lambda it: it.listing.name.casefold()))) for group, several in [*named, *others])


def _kept(listing: Listing, extents: Extents, start: Place | None, today: date) -> KeptService:
    sites = sorted(listing.sites, key=lambda site: _miles(site, extents, start)) if "in-person" in listing.how else []
    spots = tuple(Spot(site, rules_of(_hours(site, listing), today)) for site in sites[:MOST_SPOTS])
    return KeptService(listing, spots or (Spot(None, rules_of(listing.hours, today)),), max(0, len(sites) - MOST_SPOTS))


def _hours(site: Site, listing: Listing) -> Hours:
    return site.hours if site.hours.patterns else listing.hours


def _miles(site: Site, extents: Extents, start: Place | None) -> float:
    position = extents.position(site)
    if position is None or start is None:
        return float("inf")
    return miles(start.latitude, start.longitude, *position)
