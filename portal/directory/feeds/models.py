"""Tables of feeds: each feed, how far its reading is, its pages, what it lists, and who reads just now. No I/O."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class State(StrEnum):
    """What became of a listing of a feed: kept in step, waiting for a reviewer, or ours kept for good."""

    TAKEN = "taken"
    WAITING = "waiting"
    OURS = "ours"


class Reason(StrEnum):
    """Why a reviewer has to look."""

    SAME_ID = "same id"
    ALIKE = "alike"
    CHANGED_HERE = "changed here"


class Problem(StrEnum):
    """Why a feed could not be read to its end, or was not believed."""

    NO_ANSWER = "no answer"
    REFUSED = "not allowed"
    ROBOTS = "robots"
    STATUS = "status"
    BUSY = "busy"
    NOT_JSON = "not json"
    NOT_A_FEED = "not a feed"
    TOO_LARGE = "too large"
    REPEATS = "repeats"
    EMPTY = "empty"
    FEWER = "fewer"


class Feed(Base):
    """A feed. `licence` is its words or web address; `removed_at`: it is read no more, its listings stay.

    `read_at` and `whole_at` are when the last reading, and the last whole one, that came to its end began. `problem` is that of the last
    try, since `failing_since`; `knows_changes`: it can be asked for what changed since a day.
    """

    __tablename__ = "feed"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    url: Mapped[str] = mapped_column(unique=True)
    licence: Mapped[str] = mapped_column(default="")
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    next_at: Mapped[datetime] = mapped_column(index=True)
    read_at: Mapped[datetime | None]
    whole_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(default="")
    knows_changes: Mapped[bool] = mapped_column(default=False)


class FeedReading(Base):
    """A reading that has begun: `page` is the next one. `since`: only what changed from then on is asked for.

    `listed` counts what it named, `last_ids` is a digest of the last page's. `is_odd`: some of it could not be read, so that nobody
    knows what is missing.
    """

    __tablename__ = "feed_reading"

    feed_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("feed.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[uuid.UUID]
    began_at: Mapped[datetime]
    since: Mapped[datetime | None]
    page: Mapped[int] = mapped_column(default=1)
    listed: Mapped[int] = mapped_column(default=0)
    last_ids: Mapped[str] = mapped_column(default="")
    is_odd: Mapped[bool] = mapped_column(default=False)
    is_read: Mapped[bool] = mapped_column(default=False)


class FeedPage(Base):
    """A page of the last whole reading as its server named it, so that one that did not change is not sent again."""

    __tablename__ = "feed_page"

    feed_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("feed.id", ondelete="CASCADE"), primary_key=True)
    page: Mapped[int] = mapped_column(primary_key=True)
    etag: Mapped[str]
    modified: Mapped[str]
    remote_ids: Mapped[list[str]] = mapped_column(JSON)
    is_last: Mapped[bool]


class FeedListing(Base):
    """A listing of a feed. `remote_id` is the feed's, `key` ours; `service_id` is the service that it is here, or would be.

    `match_id` is the service that it may be; `keeps_owner`: it took that service's place, whose organization stays. `raw` is what the
    feed said last, `digest` of it; `record` what that would be here, while it waits. `version` is the service's as the feed left it.
    `seen_in` is the reading that named it last, `missed` how many whole ones did not since.
    """

    __tablename__ = "feed_listing"
    __table_args__ = (Index("ix_feed_listing_waiting", "state", "first_seen_at"),)

    feed_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("feed.id", ondelete="CASCADE"), primary_key=True)
    remote_id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[uuid.UUID] = mapped_column(unique=True)
    service_id: Mapped[uuid.UUID] = mapped_column(index=True)
    match_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    keeps_owner: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    name: Mapped[str] = mapped_column(default="")
    raw: Mapped[str]
    digest: Mapped[str]
    record: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=0)
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    seen_in: Mapped[uuid.UUID]
    missed: Mapped[int] = mapped_column(default=0)
    withdrawn_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]


class FeedRound(Base):
    """`holder` reads feeds until `held_until`; nobody else does meanwhile. One row."""

    __tablename__ = "feed_round"

    id: Mapped[int] = mapped_column(primary_key=True)
    holder: Mapped[uuid.UUID]
    held_until: Mapped[datetime]
