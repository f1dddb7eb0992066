"""Rows that answer, as hits: a listing and how it was reached in, a `Hit` with its reasons out. The index and its fallback share it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from portal.directory.listing import Listing, Site
from portal.localities.answer import Place
from portal.localities.distance import miles
from portal.search.areas import Extents
from portal.search.reach import Reach
from portal.search.results import Hit


@dataclass(frozen=True)
class Reasons:
    """Why rows answer: the `needs` asked for, and how each is `reached` from `here`."""

    needs: frozenset[str]
    here: Place | None
    reached: Reach
    extents: Extents

    def hit(self, at: int, listing: Listing) -> Hit:
        """The hit of a listing, which stands at that place among the rows that are `reached`."""
        away = float(self.reached.miles[at])
        return Hit(
            listing=listing,
            needs=tuple(need for need in listing.needs if need in self.needs),
            covers=bool(self.reached.covers[at]),
            miles=away if np.isfinite(away) else None,
            site=self._nearest_site(listing),
        )

    def _nearest_site(self, listing: Listing) -> Site | None:
        sites = [(site, self.extents.position(site)) for site in listing.sites]
        known = [(miles(self.here.latitude, self.here.longitude, *position), site) for site, position in sites if position and self.here]
        return min(known, key=lambda pair: pair[0])[1] if known else next(iter(listing.sites), None)
