"""A listing of another directory's feed that waits for a reviewer beside one that is here, for tests that only look at pages."""

from __future__ import annotations

import uuid

from msgspec.structs import replace
from sqlalchemy.orm import Session

from portal import clock
from portal.directory.feeds.models import Feed, FeedListing, Reason, State
from portal.directory.record import pack
from portal.directory.records import get_record


def let_wait(session: Session, service_id: uuid.UUID) -> uuid.UUID:
    """A feed that is in trouble, and of it a listing much like this service; the key under which it waits."""
    now, key = clock.now(), uuid.uuid4()
    feed = Feed(id=uuid.uuid4(), name="Next council", url="https://feed.example/", licence="Open Government Licence v3.0")
    feed.added_at = feed.next_at = feed.failing_since = now
    feed.problem = "no answer"
    theirs = replace(get_record(session, service_id).record, description="The same, in other words.", fees="Free")
    listing = FeedListing(feed_id=feed.id, remote_id="1", key=key, service_id=uuid.uuid4(), match_id=service_id, seen_in=uuid.uuid4())
    listing.state, listing.reason, listing.name, listing.record = State.WAITING, Reason.ALIKE, theirs.name, pack(theirs)
    listing.raw, listing.digest, listing.first_seen_at, listing.last_seen_at = "{}", "1", now, now
    session.add(feed)
    session.flush()
    session.add(listing)
    return key
