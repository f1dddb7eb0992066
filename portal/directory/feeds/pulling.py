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
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from portal import clock
from portal.db import reading, writing
from portal.directory.feeds.calling import Caller, Failed, Mark
from portal.directory.feeds.ending import BROKEN, fail, finish
from portal.directory.feeds.envelope import Envelope, open_listing, open_page
from portal.directory.feeds.foreign import Offered, offered, unpacked
from portal.directory.feeds.models import Feed, FeedListing, FeedPage, FeedReading, Problem
from portal.directory.feeds.operations import end_round, get_feed, hold_round, take_round
from portal.directory.feeds.reporting import Report
from portal.directory.feeds.taking import Taking, listings_of
from portal.directory.openreferral.loading import LoadOptions
from portal.directory.openreferral.readers.feed import services_address
from portal.directory.openreferral.tables import LISTS
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


@dataclass(frozen=True)
class _Got:
    """A page as it was got: its listings (None: as they were), how its server calls it, and whether it is the last."""

    page: Sequence[Offered] | None
    remote_ids: Sequence[str]
    mark: Mark
    is_last: bool
    is_odd: bool = False


@dataclass
class _Reader:
    """Reads one feed from where it is to its end."""

    engine: Engine
    caller: Caller
    options: LoadOptions
    holder: uuid.UUID
    feed_id: uuid.UUID
    report: Report = field(default_factory=Report)
    _base: str = ""

    def read(self, *, accepts_fewer: bool) -> Pulled:
        """Read on from where the last reading was left, or anew."""
        with self._held() as session:
            feed, _ = session.get_one(Feed, self.feed_id), self._begin(session)
            name, self._base = feed.name, services_address(feed.url)
        try:
            while not self._is_read():
                self._keep(self._get())
            knows_changes = self._knows_changes()
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
        return session.get_one(Feed, self.feed_id), session.get_one(FeedReading, self.feed_id)

    def _begin(self, session: Session) -> FeedReading:
        """The reading that was left unfinished, or a new one."""
        feed, left, now = session.get_one(Feed, self.feed_id), session.get(FeedReading, self.feed_id), clock.now()
        if left is not None and left.began_at > now - OLDEST:
            return left
        if left is not None:
            session.delete(left)
            session.flush()
        is_missed = session.scalar(select(FeedListing.key).where(FeedListing.feed_id == feed.id, FeedListing.missed == 1).limit(1))
        is_short = feed.knows_changes and feed.read_at and feed.whole_at and feed.whole_at > now - WHOLE_EVERY and not is_missed
        since = feed.read_at - OVERLAP if is_short and feed.read_at else None
        begun = FeedReading(feed_id=feed.id, id=uuid.uuid4(), began_at=now, since=since)
        session.add(begun)
        session.flush()
        return begun

    def _is_read(self) -> bool:
        with reading(self.engine) as session:
            return session.get_one(FeedReading, self.feed_id).is_read

    def _get(self) -> _Got:
        """The next page, with each listing whole. Raises `Failed`."""
        with reading(self.engine) as session:
            about = session.get_one(FeedReading, self.feed_id)
            before = session.get(FeedPage, (self.feed_id, about.page)) if about.since is None else None
        parameters = {"page": str(about.page), **({"modified_after": _moment(about.since)} if about.since else {})}
        said = self.caller.get(self._base, parameters, Mark(before.etag, before.modified) if before else None)
        if said.body is None and before is not None:
            return _Got(None, before.remote_ids, said.mark, before.is_last)
        opened = open_page(said.body or b"", about.page)
        page = list(self._whole(opened))
        is_short = any(_is_short(thing) for thing in opened.listings.values())
        return _Got(page, list(opened.listings), Mark() if is_short else said.mark, opened.is_last, opened.is_odd)

    def _whole(self, opened: Envelope) -> Iterator[Offered]:
        """Each listing of a page; one that the list gives in short is asked for by itself, unless it says that it is as it was."""
        with reading(self.engine) as session:
            before = {key: unpacked(key, it.raw) for key, it in listings_of(session, self.feed_id, opened.listings).items()}
        for remote_id, thing in opened.listings.items():
            listed = offered(remote_id, thing)
            if not _is_short(thing) or listed.is_gone:
                yield listed
                continue
            known = before.get(remote_id)
            if known and (at := thing.get("last_modified")) and known.raw.get("last_modified") == at:
                yield known
            elif found := self._one(remote_id):
                yield found

    def _one(self, remote_id: str) -> Offered | None:
        """A listing asked for by itself; nothing where the feed has none, though it lists it. Raises `Failed`."""
        with self._held():
            pass  # a page of short listings takes long: nobody else is to begin meanwhile
        try:
            body = self.caller.get(f"{self._base}/{quote(remote_id, safe='')}", {}).body
        except Failed as error:
            if error.problem is Problem.STATUS:
                return None
            raise
        found = open_listing(body or b"", remote_id)
        return offered(remote_id, found) if found else None

    def _keep(self, got: _Got) -> None:
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

    def _note(self, session: Session, got: _Got) -> None:
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

    def _refuse_circles(self, session: Session, got: _Got) -> None:
        """Raises `Failed` for a page that was there before: nobody could tell what else the feed leaves out; and for one without end."""
        about = session.get_one(FeedReading, self.feed_id)
        known = listings_of(session, self.feed_id, got.remote_ids).values()
        is_seen = len(known) == len(got.remote_ids) and all(it.seen_in == about.id for it in known)
        if got.remote_ids and about.page > 1 and (is_seen or _digest(got.remote_ids) == about.last_ids):
            raise Failed(Problem.REPEATS)
        if about.listed + len(got.remote_ids) > MOST_LISTED or about.page > MOST_PAGES:
            raise Failed(Problem.TOO_LARGE)

    def _knows_changes(self) -> bool | None:
        """Whether the feed can be asked for changes: it names none from tomorrow on. None where that was not to be found out now."""
        with reading(self.engine) as session:
            about = session.get_one(FeedReading, self.feed_id)
        if about.since is not None or not about.listed:
            return None
        try:
            said = self.caller.get(self._base, {"page": "1", "modified_after": _moment(clock.now() + timedelta(days=1))})
            opened = open_page(said.body or b"", 1)
        except Failed:
            return False
        return not opened.listings and not opened.is_odd

    def _fail(self, error: Failed) -> None:
        with self._held() as session:
            feed, about = self._both(session)
            fail(feed, error.problem, error.wait)
            if error.problem in BROKEN:
                session.delete(about)


def _is_short(thing: Mapping[str, Any]) -> bool:
    return not any(name in thing for name in LISTS)


def _digest(remote_ids: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(sorted(remote_ids)).encode()).hexdigest()


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
