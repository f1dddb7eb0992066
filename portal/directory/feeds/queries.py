"""Reads of feeds: a session in, frozen rows out."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from portal.clock import day_of
from portal.directory.feeds.models import Feed, FeedListing, State
from portal.directory.record import ServiceRecord, unpack
from portal.directory.records import find_records
from portal.errors import NotFound

A_PAGE: Final = 25


@dataclass(frozen=True)
class FeedRow:
    """A feed that is kept in step: how many of its listings are here, and how many wait. `problem` is empty where all is well."""

    name: str
    url: str
    licence: str
    read_at: datetime | None
    problem: str
    failing_since: datetime | None
    taken: int
    waiting: int


@dataclass(frozen=True)
class Provenance:
    """Where a listing comes from, under which licence, and when the feed listed it last."""

    name: str
    licence: str
    last_seen_on: date


@dataclass(frozen=True)
class Doubtful:
    """A listing of a feed that waits, or of which ours was kept."""

    key: uuid.UUID
    name: str
    feed: str
    reason: str
    state: str
    first_seen_at: datetime


@dataclass(frozen=True)
class SideBySide:
    """A listing of a feed beside the one that is here. `lock` tells what was looked at; `ours` is None where it is gone."""

    about: Doubtful
    licence: str
    theirs: ServiceRecord
    ours: ServiceRecord | None
    match_id: uuid.UUID | None
    decided_by: str
    decided_at: datetime | None
    lock: str


def list_feeds(session: Session) -> tuple[FeedRow, ...]:
    """All that are kept in step, by name."""
    taken = func.sum(case(((FeedListing.state == State.TAKEN) & FeedListing.withdrawn_at.is_(None), 1), else_=0))
    waiting = func.sum(case((FeedListing.state == State.WAITING, 1), else_=0))
    rows = select(Feed, taken, waiting).outerjoin(FeedListing, FeedListing.feed_id == Feed.id).where(Feed.removed_at.is_(None))
    found = session.execute(rows.group_by(Feed.id).order_by(Feed.name)).all()
    return tuple(
        FeedRow(it.name, it.url, it.licence, it.read_at, it.problem, it.failing_since, here or 0, left or 0) for it, here, left in found
    )


def find_provenance(session: Session, service_id: uuid.UUID) -> Provenance | None:
    """Where a service comes from, where that is a feed."""
    mine = (FeedListing.service_id == service_id, FeedListing.state == State.TAKEN)
    rows = select(Feed.name, Feed.licence, FeedListing.last_seen_at).join(FeedListing, FeedListing.feed_id == Feed.id).where(*mine)
    row = session.execute(rows.order_by(FeedListing.last_seen_at.desc()).limit(1)).one_or_none()
    return Provenance(row.name, row.licence, day_of(row.last_seen_at)) if row else None


def count_waiting(session: Session) -> int:
    """How many listings of feeds wait for a reviewer."""
    return session.scalar(select(func.count()).select_from(FeedListing).where(FeedListing.state == State.WAITING)) or 0


def list_doubtful(session: Session, state: State, page: int) -> tuple[tuple[Doubtful, ...], int]:
    """A page of listings that wait, or of which ours was kept, oldest first; and how many there are."""
    mine = FeedListing.state == state
    total = session.scalar(select(func.count()).select_from(FeedListing).where(mine)) or 0
    at = min(max(page, 1), max(1, -(-total // A_PAGE)))
    rows = select(FeedListing, Feed.name).join(Feed, Feed.id == FeedListing.feed_id).where(mine)
    ordered = rows.order_by(FeedListing.first_seen_at, FeedListing.key).limit(A_PAGE).offset((at - 1) * A_PAGE)
    return tuple(_doubtful(it, name) for it, name in session.execute(ordered)), total


def get_side_by_side(session: Session, key: uuid.UUID) -> SideBySide:
    """A listing that waits, or waited, and what is here. Raises `NotFound`."""
    row = session.execute(select(FeedListing, Feed).join(Feed, Feed.id == FeedListing.feed_id).where(FeedListing.key == key)).one_or_none()
    if row is None or not row[0].record:
        raise NotFound(f"no listing {key} that waits")
    listing, feed = row
    here: Sequence[uuid.UUID] = [listing.match_id] if listing.match_id else []
    ours = next(iter(find_records(session, here).values()), None)
    return SideBySide(
        about=_doubtful(listing, feed.name),
        licence=feed.licence,
        theirs=unpack(listing.record),
        ours=ours.record if ours else None,
        match_id=listing.match_id,
        decided_by=listing.decided_by,
        decided_at=listing.decided_at,
        lock=listing.digest,
    )


def _doubtful(it: FeedListing, feed: str) -> Doubtful:
    return Doubtful(it.key, it.name, feed, it.reason, it.state, it.first_seen_at)
