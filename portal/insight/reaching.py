"""Which services cover which locality, and where people can go to them: the index's columns and the borough in, arrays out. Pure.

Areas mean here what they mean to a search (see `search.reach`), but what is near is nearer. A service covers a locality if it

- names the locality among its areas;
- has a place there; or
- is for the whole borough or wider, or names no area at all, **and** people there can have it: it comes to them, or is by phone or
  online, or it happens within `NEAR_MILES` of the locality's middle. A place that people must go to is not everywhere because it is open
  to everybody: counted so, it would hide that a locality has none.

Where a place is, its postcode says, as the council's own list has it; the outlines do where we do not know that. A place outside the
borough is in no locality, nor is one of which only part of a postcode is known. A place that is kept secret has no position here and
its hours are nobody's: a service whose places are all secret reaches the areas that it names, like one that comes to people.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from portal.localities.distance import miles_to
from portal.search.areas import Extents
from portal.search.columns import NOWHERE, Array, Columns

NEAR_MILES: Final = 1.0  # from the middle of the locality: some twenty minutes on foot


@dataclass(frozen=True, eq=False)
class Reaching:
    """For n services and m localities, n × m: whether a service `covers` it, is `local` to it, or is `based` there.

    For s sites: the locality of each in `site_in` (below 0 for none), and in `site_near` (s × m) whether it is in or near each.
    """

    covers: Array
    local: Array
    based: Array
    site_in: Array
    site_near: Array


def reaching(columns: Columns, extents: Extents) -> Reaching:
    """Where every service of these columns counts."""
    site_in = columns.sites[:, 4].astype(np.int64)
    site_based = site_in[:, None] == np.arange(len(extents.localities))
    site_near = site_based | _near(columns, extents)
    based, near = (_of_services(columns, found) for found in (site_based, site_near))
    wide = (columns.borough | columns.beyond | ~columns.declares)[:, None]
    goes = columns.feature("how", "in-person")[:, None]
    named = columns.covers
    return Reaching(
        covers=named | based | (wide & (columns.remote[:, None] | near)),
        local=named | (goes & (based | (wide & near))),
        based=based,
        site_in=site_in,
        site_near=site_near,
    )


def _near(columns: Columns, extents: Extents) -> Array:
    middles = extents.gazetteer.locality_places
    near = np.zeros((len(columns.sites), len(extents.localities)), dtype=bool)
    stands = columns.sites[:, 4] != NOWHERE
    for number, slug in enumerate(extents.localities):
        if middle := middles.get(slug):
            away = miles_to(middle.latitude, middle.longitude, columns.sites[:, 1], columns.sites[:, 2])
            near[:, number] = stands & (away <= NEAR_MILES)
    return near


def _of_services(columns: Columns, of_sites: Array) -> Array:
    """Whether any site of each service does (n × m), of whether each site does (s × m)."""
    found = np.zeros((len(columns.live), of_sites.shape[1]), dtype=bool)
    np.logical_or.at(found, columns.sites[:, 0].astype(np.int64), of_sites)
    return found
