"""A page of a feed into the directory: listings as offered in, the services they are here written, and what waits for a reviewer.

A listing that is new and free is loaded; one that is here under its id, or much like one that is, waits; so does one that people here
have changed since the feed left it. Nothing commits. Taking the same page again writes nothing but when it was seen.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import structlog
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal import clock
from portal.directory.feeds.foreign import GONE, Offered, Placed, own_id, source_of, unpacked, wanted_id
from portal.directory.feeds.models import Feed, FeedListing, FeedReading, Reason, State
from portal.directory.feeds.reporting import Report
from portal.directory.feeds.twins import Twins
from portal.directory.models import Service
from portal.directory.openreferral.loaded import forget_fingerprints
from portal.directory.openreferral.loading import LoadOptions, load_within
from portal.directory.operations import withdraw
from portal.directory.record import pack
from portal.directory.records import get_record
from portal.directory.versions import keep_standing
from portal.errors import NotFound

LONGEST_NAME: Final = 200
log = structlog.get_logger(__name__)


def acted_by(feed: Feed) -> str:
    """Who the history says it was."""
    return f"feed {feed.id}"


class Taking:
    """One page being taken into the directory."""

    def __init__(self, session: Session, feed: Feed, reading: FeedReading, options: LoadOptions) -> None:
        self._session = session
        self._feed = feed
        self._reading = reading
        self._options = replace(options, loaded_by=acted_by(feed))
        self._twins: Twins | None = None
        self._claimed: set[uuid.UUID] = set()
        self.report = Report()

    def take(self, page: Sequence[Offered]) -> None:
        """Take a page."""
        known = listings_of(self._session, self._feed.id, [each.remote_id for each in page])
        versions = _versions(self._session, [listing.service_id for listing in known.values()])
        taken = [listing for each in page if (listing := self._one(each, known.get(each.remote_id), versions))]
        self._load(taken)

    def settle(self, listing: FeedListing, by: str) -> bool:
        """Load one listing over what is here, as somebody decided; what stood is kept as a version. False where the loader refuses it."""
        self._options = replace(self._options, loaded_by=by)
        if listing.service_id in _versions(self._session, [listing.service_id]):
            keep_standing(self._session, get_record(self._session, listing.service_id))
        self._load([listing])
        return bool(self.report.loaded)

    def _one(self, offer: Offered, listing: FeedListing | None, versions: Mapping[uuid.UUID, int]) -> FeedListing | None:
        """What becomes of one listing: it is given back where it is to be loaded."""
        if listing is None:
            return None if offer.is_gone else self._new(offer)
        is_same = listing.digest == offer.digest and listing.withdrawn_at is None
        listing.last_seen_at, listing.seen_in, listing.missed = clock.now(), self._reading.id, 0
        if is_same:
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
            _keep(listing, offer)
            return None
        if offer.is_gone:
            if listing.withdrawn_at is None:
                let_go(self._session, self._feed, listing, self.report)
                listing.digest = offer.digest
            return None
        if listing.state == State.WAITING:
            self._wait(offer, listing, Reason(listing.reason), listing.match_id)
            return None
        if version is not None and version != listing.version:
            self._wait(offer, listing, Reason.CHANGED_HERE, listing.service_id)
            return None
        _keep(listing, offer)
        listing.withdrawn_at = None
        return listing

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
        """Let a reviewer see it beside what is here. One under an id that is taken is tried under one of the feed's own."""
        service_id = own_id(self._feed.id, offer.remote_id) if reason is Reason.SAME_ID else listing.service_id
        record = self._preview(replace(placed_of(self._session, listing), offered=offer, service_id=service_id))
        if not record:
            self.report.refused += 1
            return
        _keep(listing, offer)
        listing.state, listing.reason, listing.match_id, listing.record = State.WAITING, reason, match_id, record
        listing.decided_by, listing.decided_at = "", None
        self._session.add(listing)
        self._session.flush()
        self.report.waiting += 1

    def _preview(self, placed: Placed) -> str:
        """What a listing would be here, as a packed record: it is loaded, read, and undone. Empty for one that the loader refuses."""
        saved = self._session.begin_nested()
        try:
            self._within([placed])
            return pack(get_record(self._session, placed.service_id).record)
        except NotFound:
            return ""
        except OperationalError:
            raise
        except Exception as error:  # whatever a stranger sent, the rest of the feed goes on
            log.warning("a listing of a feed cannot be read", feed=str(self._feed.id), reason=type(error).__name__)
            return ""
        finally:
            saved.rollback()

    def _load(self, listings: Sequence[FeedListing]) -> None:
        """Load listings together; one by one where something among them breaks the loader."""
        if not listings:
            return
        if not self._try(listings):
            for listing in listings:
                self._try([listing])
        there = _versions(self._session, [listing.service_id for listing in listings])
        for listing in listings:
            if listing.service_id in there:
                listing.version = there[listing.service_id]
                self._session.add(listing)
                self.report.loaded += 1
            else:
                self.report.refused += 1
        self._session.flush()

    def _try(self, listings: Sequence[FeedListing]) -> bool:
        saved = self._session.begin_nested()
        try:
            self._within([placed_of(self._session, listing) for listing in listings])
        except OperationalError:
            raise
        except Exception as error:  # as above
            log.warning("listings of a feed cannot be loaded", feed=str(self._feed.id), reason=type(error).__name__)
            saved.rollback()
            return False
        saved.commit()
        return True

    def _within(self, placed: Sequence[Placed]) -> None:
        forget_fingerprints(self._session, [each.service_id for each in placed])
        source = source_of(self._feed.id, self._feed.name, placed)
        self.report.findings += load_within(self._session, [source], self._options).findings


def placed_of(session: Session, listing: FeedListing) -> Placed:
    """A listing where it is here; where it took the place of a service, that service's organization stays as it is."""
    owner = select(Service.organization_id).where(Service.id == listing.service_id)
    kept = session.scalar(owner) if listing.keeps_owner else None
    return Placed(unpacked(listing.remote_id, listing.raw), listing.service_id, kept)


def let_go(session: Session, feed: Feed, listing: FeedListing, report: Report) -> None:
    """The feed no longer has a listing: its service is withdrawn. What only waits to become one need not be decided any more."""
    if listing.state == State.WAITING and listing.reason != Reason.CHANGED_HERE:
        session.delete(listing)
        return
    _take_down(session, feed, listing)
    report.withdrawn += 1


def _take_down(session: Session, feed: Feed, listing: FeedListing) -> None:
    """Withdraw a listing's service: the record stays, as people have it, and can be restored."""
    live = session.execute(select(Service.status, Service.version).where(Service.id == listing.service_id)).one_or_none()
    if live is not None and live.status not in GONE:
        withdraw(session, listing.service_id, acted_by(feed), "the feed no longer has it")
        session.flush()
        if live.version == listing.version:  # else people have changed it: it would not come back without a reviewer
            listing.version = _versions(session, [listing.service_id])[listing.service_id]
    listing.withdrawn_at = clock.now()


def listings_of(session: Session, feed_id: uuid.UUID, remote_ids: Iterable[str]) -> dict[str, FeedListing]:
    """What is known of these listings of a feed."""
    query = select(FeedListing).where(FeedListing.feed_id == feed_id, FeedListing.remote_id.in_(list(remote_ids)))
    return {listing.remote_id: listing for listing in session.scalars(query)}


def _versions(session: Session, service_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    rows: Iterable[Any] = session.execute(select(Service.id, Service.version).where(Service.id.in_(service_ids)))
    return {row.id: row.version for row in rows}


def _keep(listing: FeedListing, offer: Offered) -> None:
    listing.raw, listing.digest, listing.name = offer.packed, offer.digest, _short(offer.name)


def _short(name: str) -> str:
    return " ".join(name.replace("\0", "").encode("utf-8", "replace").decode().split())[:LONGEST_NAME]
