"""Readings of feeds: an engine and a caller in, the directory in step out, and what was done.

A reading goes page by page. What a page brings, and that it was read, is kept in one transaction: a process that is killed anywhere
leaves a sound directory, and whoever reads next goes on at the next page. Of all processes one reads at a time.
"""

from __future__ import annotations

import hashlib
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Final

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from portal import clock
from portal.db import reading, writing
from portal.directory.feeds.calling import Caller, Failed
from portal.directory.feeds.ending import BROKEN, fail, finish
from portal.directory.feeds.foreign import Offered, unpacked
from portal.directory.feeds.getting import Getter, Got
from portal.directory.feeds.models import Feed, FeedListing, FeedPage, FeedReading, Problem
from portal.directory.feeds.operations import end_round, get_feed, hold_round, take_round
from portal.directory.feeds.reporting import Report
from portal.directory.feeds.taking import Taking, listings_of
from portal.directory.openreferral.loading import LoadOptions
from portal.directory.openreferral.readers.feed import services_address
from portal.errors import Conflict

A_SECOND: Final = 1.0
WHOLE_EVERY: Final = timedelta(days=7)
OLDEST: Final = timedelta(days=2)  # a reading that began before is begun anew: its pages have moved
OVERLAP: Final = timedelta(hours=1)  # for clocks that differ
MOST_LISTED: Final = 50_000
MOST_PAGES: Final = 5_000
AT_ONCE: Final = 100  # listings of one transaction


@dataclass(frozen=True)
class Pulled:
    """What became of one feed: what was done, and the problem that ended the reading, if any."""

    name: str
    report: Report
    problem: Problem | None = None


def caller_of(site: str) -> Caller:
    """Who asks, for the site at this address."""
    return Caller(site, partial(time.sleep, A_SECOND))


def pull(engine: Engine, caller: Caller, options: LoadOptions, name: str = "", *, accepts_fewer: bool = False) -> list[Pulled] | None:
    """Read the feed of this name now, or all that are due. None when another process reads. Raises `NotFound` for a name of none."""
    holder = uuid.uuid4()
    with writing(engine) as session:
        wanted = [get_feed(session, name).id] if name else _list_due(session)
        if not wanted or not take_round(session, holder):
            return None if wanted else []
    try:
        return [_Reader(engine, caller, options, holder, feed_id).read(accepts_fewer=accepts_fewer) for feed_id in wanted]
    except Conflict:
        return None  # this process slept for so long that another took over
    finally:
        with writing(engine) as session:
            end_round(session, holder)


def _list_due(session: Session) -> list[uuid.UUID]:
    due = (Feed.removed_at.is_(None), Feed.next_at <= clock.now())
    return list(session.scalars(select(Feed.id).where(*due).order_by(Feed.next_at, Feed.id)))


@dataclass
class _Reader:
    """Reads one feed from where it is to its end."""

    engine: Engine
    caller: Caller
    options: LoadOptions
    holder: uuid.UUID
    feed_id: uuid.UUID
    report: Report = field(default_factory=Report)
    _getter: Getter = field(init=False)

    def read(self, *, accepts_fewer: bool) -> Pulled:
        """Read on from where the last reading was left, or anew."""
        with self._held() as session:
            feed = session.get_one(Feed, self.feed_id)
            self._begin(session, is_whole=accepts_fewer)
            name, self._getter = feed.name, Getter(self.caller, services_address(feed.url), self._said_before, self._beat)
        try:
            while not (about := self._standing()).is_read:
                self._keep(self._getter.get(about.page, about.since, self._page_before(about)))
            knows_changes = self._getter.knows_changes() if about.since is None and about.listed else None
            with self._held() as session:
                feed, about = self._both(session)
                feed.knows_changes = feed.knows_changes if knows_changes is None else knows_changes
                self.report.add(finish(session, feed, about, accepts_fewer=accepts_fewer))
                problem = Problem(feed.problem) if feed.problem else None
        except Failed as error:
            problem = error.problem
            self._fail(error)
        return Pulled(name, self.report, problem)

    @contextmanager
    def _held(self) -> Iterator[Session]:
        """A transaction, while nobody else reads feeds. Raises `Conflict`."""
        with writing(self.engine) as session:
            hold_round(session, self.holder)
            yield session

    def _both(self, session: Session) -> tuple[Feed, FeedReading]:
        return session.get_one(Feed, self.feed_id), self._about(session)

    def _about(self, session: Session) -> FeedReading:
        """The reading. Raises `Conflict` where somebody else ended it meanwhile."""
        about = session.get(FeedReading, self.feed_id)
        if about is None:
            raise Conflict("This reading was ended by somebody else.")
        return about

    def _beat(self) -> None:
        """Go on holding the round: a page of listings that are asked for one by one takes long."""
        with self._held():
            pass

    def _begin(self, session: Session, *, is_whole: bool) -> None:
        """Go on with the reading that was left unfinished, or begin a new one."""
        feed, left, now = session.get_one(Feed, self.feed_id), session.get(FeedReading, self.feed_id), clock.now()
        if left is not None and left.began_at > now - OLDEST and not (is_whole and left.since):
            return
        if left is not None:
            session.delete(left)
            session.flush()
        is_missed = session.scalar(select(FeedListing.key).where(FeedListing.feed_id == feed.id, FeedListing.missed == 1).limit(1))
        is_short = feed.knows_changes and feed.read_at and feed.whole_at and feed.whole_at > now - WHOLE_EVERY and not is_missed
        since = feed.read_at - OVERLAP if is_short and feed.read_at and not is_whole else None
        session.add(FeedReading(feed_id=feed.id, id=uuid.uuid4(), began_at=now, since=since))

    def _standing(self) -> FeedReading:
        with reading(self.engine) as session:
            return self._about(session)

    def _page_before(self, about: FeedReading) -> FeedPage | None:
        """The page as the last whole reading left it; none for a reading of changes."""
        with reading(self.engine) as session:
            return session.get(FeedPage, (self.feed_id, about.page)) if about.since is None else None

    def _said_before(self, remote_ids: Sequence[str]) -> Mapping[str, Offered]:
        with reading(self.engine) as session:
            return {key: unpacked(key, it.raw) for key, it in listings_of(session, self.feed_id, remote_ids).items()}

    def _keep(self, got: Got) -> None:
        """Take a page into the directory, and say that it is read: together with its last listings."""
        some = [(got.page or [])[start : start + AT_ONCE] for start in range(0, len(got.page or []), AT_ONCE)]
        with reading(self.engine) as session:
            self._refuse_circles(session, got)
        for part in some[:-1]:
            with self._held() as session:
                self._take(session, part)
        with self._held() as session:
            self._take(session, some[-1] if some else [])
            self._note(session, got)

    def _take(self, session: Session, part: Sequence[Offered]) -> None:
        taking = Taking(session, *self._both(session), self.options)
        taking.take(part)
        self.report.add(taking.report)

    def _note(self, session: Session, got: Got) -> None:
        feed, about = self._both(session)
        if got.page is None:
            seen = {"seen_in": about.id, "last_seen_at": clock.now(), "missed": 0}
            mine = (FeedListing.feed_id == feed.id, FeedListing.remote_id.in_(got.remote_ids))
            session.execute(update(FeedListing).where(*mine).values(seen), execution_options={"synchronize_session": False})
            self.report.unchanged += len(got.remote_ids)
        elif about.since is None:
            values = {"etag": got.mark.etag, "modified": got.mark.modified, "remote_ids": list(got.remote_ids), "is_last": got.is_last}
            session.merge(FeedPage(feed_id=feed.id, page=about.page, **values))
        about.listed += len(got.remote_ids)
        about.is_odd = about.is_odd or got.is_odd
        about.last_ids, about.is_read, about.page = _digest(got.remote_ids), got.is_last, about.page + 1

    def _refuse_circles(self, session: Session, got: Got) -> None:
        """Raises `Failed` for a page that was there before: nobody could tell what else the feed leaves out; and for one without end."""
        about = self._about(session)
        known = listings_of(session, self.feed_id, got.remote_ids).values()
        is_seen = len(known) == len(got.remote_ids) and all(it.seen_in == about.id for it in known)
        if got.remote_ids and about.page > 1 and (is_seen or _digest(got.remote_ids) == about.last_ids):
            raise Failed(Problem.REPEATS)
        if about.listed + len(got.remote_ids) > MOST_LISTED or about.page > MOST_PAGES:
            raise Failed(Problem.TOO_LARGE)

    def _fail(self, error: Failed) -> None:
        with self._held() as session:
            feed, about = self._both(session)
            fail(feed, error.problem, error.wait)
            if error.problem in BROKEN:
                session.delete(about)


def _digest(remote_ids: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(sorted(remote_ids)).encode()).hexdigest()
