"""Kept services as the page shows them: a list in, one entry for each out, in its order, also for those that have closed."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter

from sqlalchemy.orm import Session

from portal.directory.listing import Listing, Site
from portal.directory.listings import list_listings
from portal.directory.opening import next_opening
from portal.directory.queries import find_closed_service
from portal.search.cards import Card, card_of
from portal.search.results import Hit
from portal.sharing.my_list import Kept, MyList
from portal.taxonomy.terms import Taxonomy


@dataclass(frozen=True)
class Entry:
    """One kept service: its card, or, where it has `card` None, the `name` it had when it closed (empty where unknown)."""

    kept: Kept
    card: Card | None
    name: str

    @property
    def service_id(self) -> uuid.UUID:
        """Which service."""
        return self.kept.service_id


def list_entries(session: Session, taxonomy: Taxonomy, my_list: MyList, moment: datetime) -> tuple[Entry, ...]:
    """What is known of each service on the list at local `moment`."""
    listings = {listing.id: listing for listing in list_listings(session, taxonomy, my_list.service_ids)}
    return tuple(_entries(session, listings, my_list, moment))


def _entries(session: Session, listings: dict[uuid.UUID, Listing], my_list: MyList, moment: datetime) -> Iterator[Entry]:
    for kept in my_list.kept:
        listing = listings.get(kept.service_id)
        if listing is None:
            closed = find_closed_service(session, kept.service_id)
            yield Entry(kept, None, closed.name if closed else "")
        else:
            hit = Hit(listing, site=_soonest_site(listing, moment))
            yield Entry(kept, card_of(hit, moment), listing.name)


def _soonest_site(listing: Listing, moment: datetime) -> Site | None:
    """Where it happens next; the first place where no hours are known."""

    openings = [(opening.starts_at, site) for site in listing.sites if (opening := next_opening(site.hours, moment))]
    if openings:
        return min(openings, key=itemgetter(0))[1]
    return next(iter(listing.sites), None)
