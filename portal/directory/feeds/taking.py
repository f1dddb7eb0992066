"""A page of a feed into the directory: listings as offered in, the services they are here written, and what waits for a reviewer.

A listing that is new and free is loaded; one that is here under its id, or much like one that is, waits; so does one that people here
have changed since the feed left it. Nothing commits. Taking the same page again writes nothing but when it was seen.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.directory.feeds.foreign import Offered, own_id, wanted_id
from portal.directory.feeds.leaving import acted_by, let_go
from portal.directory.feeds.loading import Loader, placed_of, versions_of
from portal.directory.feeds.models import Feed, FeedListing, FeedReading, Reason, State
from portal.directory.feeds.reporting import Report
from portal.directory.feeds.twins import Twins
from portal.directory.models import Service
from portal.directory.openreferral.loading import LoadOptions
from portal.directory.records import get_record
from portal.directory.versions import keep_standing

LONGEST_NAME: Final = 200


class Taking:
    """One page being taken into the directory."""

    def __init__(self, session: Session, feed: Feed, reading: FeedReading, options: LoadOptions) -> None:
        self._session = session
        self._feed = feed
        self._reading = reading
        self._twins: Twins | None = None
        self._claimed: set[uuid.UUID] = set()
        self.report = Report()
        self._loader = Loader(session, feed, replace(options, loaded_by=acted_by(feed)), self.report)

    def take(self, page: Sequence[Offered]) -> None:
        """Take a page."""
        known = listings_of(self._session, self._feed.id, [each.remote_id for each in page])
        versions = versions_of(self._session, [listing.service_id for listing in known.values()])
        taken = [listing for each in page if (listing := self._one(each, known.get(each.remote_id), versions))]
        self._loader.load(taken)

    def settle(self, listing: FeedListing, by: str) -> bool:
        """Load one listing over what is here, as somebody decided; what stood is kept as a version. False where the loader refuses it."""
        self._loader = replace(self._loader, options=replace(self._loader.options, loaded_by=by))
        if listing.service_id in versions_of(self._session, [listing.service_id]):
            keep_standing(self._session, get_record(self._session, listing.service_id))
        self._loader.load([listing])
        return bool(self.report.loaded)

    def _one(self, offer: Offered, listing: FeedListing | None, versions: Mapping[uuid.UUID, int]) -> FeedListing | None:
        """What becomes of one listing: it is given back where it is to be loaded."""
        if listing is None:
            return None if offer.is_gone else self._new(offer)
        listing.last_seen_at, listing.seen_in, listing.missed = clock.now(), self._reading.id, 0
        if listing.digest == offer.digest and listing.withdrawn_at is None:
            self.report.unchanged += 1
            return None
        return self._changed(offer, listing, versions.get(listing.service_id))

    def _new(self, offer: Offered) -> FeedListing | None:
        listing = self._listing(offer)
        if self._is_here(listing.service_id):
            self._wait(offer, listing, Reason.SAME_ID, listing.service_id)
            return None
        self._twins = self._twins or Twins(self._session, self._feed.id)
        if twin := self._twins.find(offer):
            self._wait(offer, listing, Reason.ALIKE, twin)
            return None
        self._claimed.add(listing.service_id)
        return listing

    def _changed(self, offer: Offered, listing: FeedListing, version: int | None) -> FeedListing | None:
        if listing.state == State.OURS:
            self._see(offer, listing, Reason(listing.reason))
        elif offer.is_gone:
            if listing.withdrawn_at is None:
                let_go(self._session, self._feed, listing, self.report)
                listing.digest = offer.digest
        elif listing.state == State.WAITING:
            self._wait(offer, listing, Reason(listing.reason), listing.match_id)
        elif version not in (None, listing.version):
            self._wait(offer, listing, Reason.CHANGED_HERE, listing.service_id)
        else:
            _keep(listing, offer)
            listing.withdrawn_at = None
            return listing
        return None

    def _listing(self, offer: Offered) -> FeedListing:
        now, wanted = clock.now(), wanted_id(self._feed.id, offer.remote_id)
        return FeedListing(
            feed_id=self._feed.id,
            remote_id=offer.remote_id,
            key=own_id(self._feed.id, f"listing {offer.remote_id}"),
            service_id=wanted,
            state=State.TAKEN,
            name=_short(offer.name),
            raw=offer.packed,
            digest=offer.digest,
            first_seen_at=now,
            last_seen_at=now,
            seen_in=self._reading.id,
        )

    def _is_here(self, service_id: uuid.UUID) -> bool:
        here = self._session.scalar(select(Service.id).where(Service.id == service_id))
        waiting = self._session.scalar(select(FeedListing.key).where(FeedListing.service_id == service_id).limit(1))
        return here is not None or waiting is not None or service_id in self._claimed

    def _wait(self, offer: Offered, listing: FeedListing, reason: Reason, match_id: uuid.UUID | None) -> None:
        """Let a reviewer see it beside what is here."""
        if not self._see(offer, listing, reason):
            self.report.refused += 1
            return
        listing.state, listing.reason, listing.match_id = State.WAITING, reason, match_id
        listing.decided_by, listing.decided_at = "", None
        self._session.add(listing)
        self._session.flush()
        self.report.waiting += 1

    def _see(self, offer: Offered, listing: FeedListing, reason: Reason) -> bool:
        """Keep what a listing would be here; one under an id that is taken is tried under one of the feed's own. False for none."""
        service_id = own_id(self._feed.id, offer.remote_id) if reason is Reason.SAME_ID else listing.service_id
        record = self._loader.preview(replace(placed_of(self._session, listing), offered=offer, service_id=service_id))
        if record:
            _keep(listing, offer)
            listing.record = record
        return bool(record)


def listings_of(session: Session, feed_id: uuid.UUID, remote_ids: Iterable[str]) -> dict[str, FeedListing]:
    """What is known of these listings of a feed."""
    query = select(FeedListing).where(FeedListing.feed_id == feed_id, FeedListing.remote_id.in_(list(remote_ids)))
    return {listing.remote_id: listing for listing in session.scalars(query)}


def _keep(listing: FeedListing, offer: Offered) -> None:
    listing.raw, listing.digest, listing.name = offer.packed, offer.digest, _short(offer.name)


def _short(name: str) -> str:
    return " ".join(name.replace("\0", "").encode("utf-8", "replace").decode().split())[:LONGEST_NAME]
