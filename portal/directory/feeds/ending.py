"""The end of a reading: what a whole one did not name is missed, and withdrawn when it is missed twice. Nothing commits.

A feed that names nothing, or far less than before, is not believed: it withdraws nothing, and its problem is written down for an
administrator to see.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.directory.feeds.leaving import let_go
from portal.directory.feeds.models import Feed, FeedListing, FeedReading, Problem, State
from portal.directory.feeds.reporting import Report

ENOUGH: Final = 2  # whole readings in a row that do not name a listing
BELIEVED: Final = 4  # one in so many may be missing at once; a single one always
EVERY: Final = timedelta(hours=23)
SOON: Final = timedelta(hours=1)
LONGEST_PAUSE: Final = timedelta(days=1)
BROKEN: Final = frozenset({Problem.REPEATS, Problem.NOT_JSON, Problem.NOT_A_FEED, Problem.TOO_LARGE})


def finish(session: Session, feed: Feed, reading: FeedReading, *, accepts_fewer: bool) -> Report:
    """End a reading whose pages are all read."""
    report = Report()
    problem = None
    if reading.since is None and not reading.is_odd:
        problem = _miss(session, feed, reading, report, accepts_fewer=accepts_fewer)
    if problem is None:
        feed.read_at = reading.began_at
        if reading.since is None:
            feed.whole_at = reading.began_at
        feed.problem, feed.failures, feed.failing_since, feed.next_at = "", 0, None, clock.now() + EVERY
    else:
        fail(feed, problem)
    session.delete(reading)
    return report


def fail(feed: Feed, problem: Problem, wait: int = 0) -> None:
    """Write down why a feed could not be read, or is not believed; the longer it fails, the later it is tried again."""
    now = clock.now()
    feed.failures += problem is not Problem.BUSY
    feed.problem, feed.failing_since = problem, feed.failing_since or now
    pause = min(SOON * 2 ** min(max(feed.failures - 1, 0), 8), LONGEST_PAUSE)
    feed.next_at = now + (timedelta(seconds=wait) if wait else EVERY if problem in (Problem.EMPTY, Problem.FEWER) else pause)


def _miss(session: Session, feed: Feed, reading: FeedReading, report: Report, *, accepts_fewer: bool) -> Problem | None:
    known = _kept_in_step(session, feed)
    missing = [listing for listing in known if listing.seen_in != reading.id]
    if not accepts_fewer:
        if known and not reading.listed:
            return Problem.EMPTY
        if len(missing) > 1 and len(missing) * BELIEVED > len(known):
            return Problem.FEWER
    for listing in missing:
        listing.missed = ENOUGH if accepts_fewer else listing.missed + 1
        if listing.missed >= ENOUGH:
            let_go(session, feed, listing, report)
    return None


def _kept_in_step(session: Session, feed: Feed) -> Sequence[FeedListing]:
    mine = (FeedListing.feed_id == feed.id, FeedListing.withdrawn_at.is_(None), FeedListing.state != State.OURS)
    return session.scalars(select(FeedListing).where(*mine).order_by(FeedListing.remote_id)).all()
