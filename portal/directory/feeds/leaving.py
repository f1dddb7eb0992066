"""Listings that a feed no longer has: their services are withdrawn here, with history, and can be restored. Nothing commits."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.directory.feeds.foreign import GONE
from portal.directory.feeds.loading import versions_of
from portal.directory.feeds.models import Feed, FeedListing, Reason, State
from portal.directory.feeds.reporting import Report
from portal.directory.models import Service
from portal.directory.operations import withdraw


def acted_by(feed: Feed) -> str:
    """Who the history says it was."""
    return f"feed {feed.id}"


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
            listing.version = versions_of(session, [listing.service_id])[listing.service_id]
    listing.withdrawn_at = clock.now()
