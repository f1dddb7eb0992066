"""What is done with feeds: added, removed, held by one reader at a time, and what a reviewer decides of a listing. None commits."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import clock
from portal.db import inserting
from portal.directory.feeds.foreign import own_id, wanted_id
from portal.directory.feeds.models import Feed, FeedListing, FeedReading, FeedRound, Reason, State
from portal.directory.feeds.taking import Taking
from portal.directory.models import Service
from portal.directory.openreferral.loading import LoadOptions
from portal.errors import Conflict, NotFound, SourceError
from portal.history import Act, record
from portal.outside.addresses import NotAllowed, target_of
from portal.typed import one_line

ROUND_LASTS: Final = timedelta(minutes=10)
LONGEST_NAME: Final = 100
LONGEST_LICENCE: Final = 200
_ROUND: Final = 1


class Choice(StrEnum):
    """What a reviewer may decide of a listing that is here already; it holds until somebody decides otherwise."""

    THEIRS = "theirs"
    OURS = "ours"
    BOTH = "both"


def add_feed(session: Session, url: str, name: str, licence: str, acted_by: str) -> Feed:
    """Keep a feed in step from now on, or give one that is another licence; one that was removed comes back.

    Raises `SourceError` for what is no plain web address, and for a name or address that is in use.
    """
    name, licence = one_line(name, LONGEST_NAME), one_line(licence, LONGEST_LICENCE)
    try:
        target_of(url)
    except NotAllowed as error:
        raise SourceError(f"{url}: a feed is a plain web address: http or https, a name, no port of its own, no password.") from error
    if not name:
        raise SourceError("A feed needs a name, which its listings show.")
    here = session.scalars(select(Feed).where((Feed.url == url) | (Feed.name == name))).all()
    if any(feed.url != url or (feed.removed_at is None and feed.name != name) for feed in here):
        raise SourceError(f"There is a feed with this name or address already: {here[0].name}, {here[0].url}.")
    now = clock.now()
    feed = here[0] if here else Feed(id=uuid.uuid4(), url=url, added_at=now)
    feed.name, feed.licence, feed.removed_at, feed.next_at = name, licence, None, now
    session.add(feed)
    session.flush()
    record(session, ("feed", feed.id), Act("added", acted_by), {"url": [None, url], "name": [None, name], "licence": [None, licence]})
    return feed


def remove_feed(session: Session, name: str, acted_by: str) -> None:
    """Read a feed no more. Its listings stay, and say where they came from. Raises `NotFound`."""
    feed = get_feed(session, name)
    feed.removed_at = clock.now()
    record(session, ("feed", feed.id), Act("removed", acted_by), {"url": [feed.url, None]})


def get_feed(session: Session, name: str) -> Feed:
    """A feed that is kept in step. Raises `NotFound`."""
    feed = session.scalar(select(Feed).where(Feed.name == name, Feed.removed_at.is_(None)))
    if feed is None:
        raise NotFound(f"There is no feed called {name}. `portal feeds list` names them.")
    return feed


def take_round(session: Session, holder: uuid.UUID) -> bool:
    """Whether `holder` may read feeds now: nobody else does."""
    mine = {"holder": holder, "held_until": clock.now() + ROUND_LASTS}
    first = inserting(session, FeedRound).values(id=_ROUND, **mine)
    taken = first.on_conflict_do_update(index_elements=["id"], set_=mine, where=FeedRound.held_until <= clock.now())
    return session.scalar(taken.returning(FeedRound.id)) is not None


def hold_round(session: Session, holder: uuid.UUID) -> None:
    """Go on reading. Raises `Conflict` where somebody else took over, since this one was away for too long."""
    mine = update(FeedRound).where(FeedRound.holder == holder).values(held_until=clock.now() + ROUND_LASTS).returning(FeedRound.id)
    if session.scalar(mine, execution_options={"synchronize_session": False}) is None:
        raise Conflict("another process reads feeds now")


def end_round(session: Session, holder: uuid.UUID) -> None:
    """Let others read."""
    session.execute(update(FeedRound).where(FeedRound.holder == holder).values(held_until=clock.now()))


@dataclass(frozen=True)
class Decision:
    """What is decided of the listing with this key; `lock` is the digest of what was looked at."""

    key: uuid.UUID
    choice: Choice
    lock: str


def decide(session: Session, options: LoadOptions, act: Act, decision: Decision) -> None:
    """Settle a listing that waits, or of which ours was kept.

    Raises `NotFound`, and `Conflict` when it is settled already, or the feed says something else by now.
    """
    listing = session.scalar(select(FeedListing).where(FeedListing.key == decision.key).with_for_update())
    if listing is None:
        raise NotFound(f"no listing {decision.key} of a feed")
    if listing.digest != decision.lock or listing.state == State.TAKEN:
        raise Conflict("it was settled, or the feed changed it, meanwhile")
    feed, match = session.get_one(Feed, listing.feed_id), listing.match_id or listing.service_id
    listing.decided_by, listing.decided_at = act.acted_by, clock.now()
    record(session, ("service", match), Act(f"feed: {decision.choice.value}", act.acted_by, act.reason), {"feed": [None, feed.name]})
    if decision.choice is Choice.OURS:
        listing.state = State.OURS
        return
    if listing.reason != Reason.CHANGED_HERE:
        _place(session, listing, decision.choice)
    listing.state, listing.withdrawn_at = State.TAKEN, None
    reading = FeedReading(feed_id=feed.id, id=listing.seen_in)
    if not Taking(session, feed, reading, options).settle(listing, act.acted_by):
        raise Conflict("the loader refuses it")


def _place(session: Session, listing: FeedListing, choice: Choice) -> None:
    """The service that a listing is here: the one that it was held against, or one beside it."""
    if choice is Choice.THEIRS and listing.match_id is not None:
        listing.service_id, listing.keeps_owner = listing.match_id, True
        return
    wanted = wanted_id(listing.feed_id, listing.remote_id)
    is_free = session.scalar(select(Service.id).where(Service.id == wanted)) is None
    listing.service_id, listing.keeps_owner = wanted if is_free else own_id(listing.feed_id, listing.remote_id), False
