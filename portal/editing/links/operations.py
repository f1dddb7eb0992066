"""What is done with links: taken in from the directory, looked at a round at a time by one process, written down. None commits.

A link is looked at once a week. One that fails is looked at again the next day; after three different days on which it failed it is
said to be broken, and looked at once a week from then on.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, insert, select, union, update
from sqlalchemy.orm import Session

from portal import clock
from portal.db import inserting
from portal.directory.models import PUBLIC_STATUSES, Organization, Service
from portal.editing.links.models import CheckedLink, LinkRound

EVERY: Final = timedelta(days=7)
AGAIN: Final = timedelta(days=1)
ENOUGH_DAYS: Final = 3
ROUND_LASTS: Final = timedelta(minutes=15)
_ROUND: Final = 1
AT_ONCE: Final = 500


def take_in(session: Session) -> None:
    """Know every link of public listings and their organizations, and forget those that nothing names any more."""
    public = Service.status.in_(PUBLIC_STATUSES)
    own = select(Service.url.label("url")).where(public, Service.url != "")
    theirs = select(Organization.website.label("url")).join(Service, Service.organization_id == Organization.id)
    named = {_id(url): url for url in session.scalars(union(own, theirs.where(public, Organization.website != ""))) if url}
    known = set(session.scalars(select(CheckedLink.id)))
    now = clock.now()
    new = [{"id": key, "url": url, "next_at": now, "failures": 0, "reason": ""} for key, url in named.items() if key not in known]
    gone = sorted(known - named.keys())
    for start in range(0, len(new), AT_ONCE):
        session.execute(insert(CheckedLink), new[start : start + AT_ONCE])
    for start in range(0, len(gone), AT_ONCE):
        session.execute(delete(CheckedLink).where(CheckedLink.id.in_(gone[start : start + AT_ONCE])))


def list_to_look_at(session: Session, limit: int) -> list[tuple[str, str]]:
    """Id and address of links that it is time for, the longest due first."""
    found = select(CheckedLink.id, CheckedLink.url).where(CheckedLink.next_at <= clock.now())
    return [(row.id, row.url) for row in session.execute(found.order_by(CheckedLink.next_at, CheckedLink.id).limit(limit))]


def write_down(session: Session, link_id: str, reason: str | None) -> None:
    """Keep how looking at a link went: `reason` is empty when it leads somewhere, None when it was left alone."""
    link = session.get(CheckedLink, link_id)
    if link is None:
        return
    today = clock.today()
    link.checked_at, link.next_at = clock.now(), clock.now() + EVERY
    if reason is None:
        return
    link.reason = reason
    if not reason:
        link.failures, link.failed_on, link.broken_since = 0, None, None
        return
    if link.failed_on != today:
        link.failures, link.failed_on = link.failures + 1, today
    if link.failures >= ENOUGH_DAYS:
        link.broken_since = link.broken_since or today
    else:
        link.next_at = clock.now() + AGAIN


def take_round(session: Session) -> bool:
    """Whether this process may look at links now: nobody else does. It may until `ROUND_LASTS` from now."""
    until = {"held_until": clock.now() + ROUND_LASTS}
    first = inserting(session, LinkRound).values(id=_ROUND, **until)
    mine = first.on_conflict_do_update(index_elements=["id"], set_=until, where=LinkRound.held_until <= clock.now())
    return session.scalar(mine.returning(LinkRound.id)) is not None


def end_round(session: Session) -> None:
    """Let others look."""
    session.execute(update(LinkRound).values(held_until=clock.now()))


def _id(url: str) -> str:
    return hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()[:32]
