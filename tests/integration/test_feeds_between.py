"""Two portals: one reads the other's Open Referral feed over the network, as any directory would."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from unittest import mock

import pytest
from feed_server import HOST, OPTIONS, caller
from flask import Flask
from msgspec.structs import replace
from sqlalchemy import Engine, select
from werkzeug.serving import WSGIRequestHandler, make_server

from portal import clock
from portal.db import Base, reading, writing
from portal.directory.feeds.models import Feed as FeedRow
from portal.directory.feeds.operations import add_feed
from portal.directory.feeds.pulling import Pulled, pull
from portal.directory.models import PUBLIC_STATUSES, Service
from portal.directory.operations import withdraw
from portal.directory.publishing import Target, publish
from portal.directory.records import get_record
from portal.history import Act
from portal.history.verifying import verify
from portal.outside import addresses

NAME = "Calderwick"
NOW = datetime(2026, 11, 24, 10, 30, tzinfo=clock.LONDON)
BY_US = {"feed", "feed_listing", "feed_page", "feed_round", "feed_reading"}


@dataclass
class Other:
    """The other portal: its directory, what it was asked, and how late it is there."""

    engine: Engine
    now: datetime = NOW
    asked: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


class Quiet(WSGIRequestHandler):
    """Writes no log."""

    def log(self, *_: Any) -> None:
        """Nothing."""


@contextmanager
def answering(app: Flask, engine: Engine) -> Iterator[Other]:
    """The other portal on a port of this machine, to which `HOST` leads; its clock stands where it is put."""
    other = Other(engine)

    def at_its_time(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        asked = f"{environ['PATH_INFO']}?{environ['QUERY_STRING']}"
        other.asked.append(asked)

        def started(status: str, *rest: Any) -> Any:
            other.refused += [asked] if status.startswith("4") else []
            return start(status, *rest)

        with clock.stopped_at(other.now):
            return app.wsgi_app(environ, started)

    server = make_server("127.0.0.1", 0, at_its_time, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    with mock.patch.dict(addresses.PORTS, {"http": server.server_port}):
        yield other
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def other(make_app: Callable[..., Flask]) -> Iterator[Other]:
    """The other portal, with a directory of its own: the demo borough's."""
    app = make_app(base_url=HOST)
    with answering(app, app.extensions["feeds"].engine) as portal:
        yield portal


def read_at(database: Engine, other: Other, days: float, *, is_whole: bool = False) -> Pulled:
    """Read the feed, so many days from the first, when it is as late there."""
    if is_whole:
        with writing(database) as session:
            session.scalars(select(FeedRow)).one().whole_at = None
    other.now = NOW + timedelta(days=days)
    other.asked.clear()
    with clock.stopped_at(other.now):
        done = pull(database, caller(seconds=60), OPTIONS, NAME)
    assert done
    assert done[0].problem is None
    return done[0]


def named(engine: Engine) -> dict[str, str]:
    with reading(engine) as session:
        return {str(it.id): it.name for it in session.scalars(select(Service).where(Service.status.in_(PUBLIC_STATUSES)))}


def held(engine: Engine) -> dict[str, list[str]]:
    """Every row of every table, but for what is known of the feed."""
    with reading(engine) as session:
        tables = [table for name, table in Base.metadata.tables.items() if name not in BY_US]
        return {table.name: sorted(map(repr, session.execute(select(table)))) for table in tables}


def test_one_portal_follows_another(database: Engine, other: Other) -> None:
    with writing(database) as session:
        add_feed(session, f"{HOST}/api/oruk/v3", NAME, "Open Government Licence v3.0", "test")
    first = read_at(database, other, 0)
    theirs = named(other.engine)
    assert (first.report.loaded, first.report.waiting, first.report.refused) == (len(theirs), 0, 0)
    assert named(database) == theirs
    assert len(other.asked) < len(theirs) / 5, "a first reading asks for pages, not for each listing"
    assert other.refused == ["/robots.txt?"] * (other.refused.count("/robots.txt?"))

    before = held(database)
    again = read_at(database, other, 1, is_whole=True)
    assert (again.report.loaded, again.report.withdrawn, again.report.waiting, again.report.unchanged) == (0, 0, 0, len(theirs))
    assert held(database) == before
    assert read_at(database, other, 2).report.loaded == 0
    assert held(database) == before

    gone, changed, *_ = sorted(theirs)
    with clock.stopped_at(NOW + timedelta(days=2.5)), writing(other.engine) as session:
        withdraw(session, uuid.UUID(gone), "test", "it closed")
        live = get_record(session, uuid.UUID(changed))
        text = replace(live.record, description="Now on another day.")
        publish(session, Target(live.organization_id, uuid.UUID(changed)), text, Act("published", "test"))
    after = read_at(database, other, 3)
    assert (after.report.loaded, after.report.withdrawn, after.report.waiting) == (1, 1, 0)
    assert all("modified_after" in path for path in other.asked if path.startswith("/api/oruk/v3/services?")), "what changed alone"
    assert named(database) == {key: name for key, name in theirs.items() if key != gone}
    with reading(database) as session:
        assert get_record(session, uuid.UUID(changed)).record.description == "Now on another day."
    assert verify(database).broken is None
