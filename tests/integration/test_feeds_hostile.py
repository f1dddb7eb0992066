"""Feeds that mean harm: what is good in them comes in, nobody else's record changes, and nothing stops the reader of other feeds."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from feed_server import HOST, OPTIONS, Feed, caller, feed_served, listing
from hostile_feeds import ALL, Hostile
from sqlalchemy import Engine, func, select

from portal import clock
from portal.db import Base, open_engine, reading, writing
from portal.directory.feeds import pulling
from portal.directory.feeds.calling import Caller
from portal.directory.feeds.models import Feed as FeedRow
from portal.directory.feeds.models import Problem
from portal.directory.feeds.operations import add_feed
from portal.directory.feeds.pulling import pull
from portal.directory.models import Service
from portal.directory.openreferral.reporting import save_findings
from portal.history.verifying import verify
from portal.outside.reaching import Rules

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=clock.LONDON)
GOOD = "Neighbouring council"
PATIENCE, SHORT = 30.0, 0.5  # seconds; a good answer of this server takes a hundredth, on a machine that has nothing else to do
IN_COMMON = {"feed", "feed_listing", "feed_page", "feed_round", "feed_reading", "change", "history_head"}


COMES_IN = [each for each in ALL if each.problem is None]  # what comes as far as the database


@pytest.fixture(scope="module")
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A directory with the listings of one good feed, which stays for all these tests: whatever they send, it holds."""
    if request.param == "sqlite":
        source: Path = request.getfixturevalue("empty_database")
        file = shutil.copy(source, tmp_path_factory.mktemp("hostile") / "portal.sqlite3")
        yield from _filled(open_engine(f"sqlite:///{file}"))
    else:
        server, migrated = request.getfixturevalue("postgresql_server"), request.getfixturevalue("_migrated")
        with server.database(migrated) as address:
            yield from _filled(open_engine(address))


def _filled(engine: Engine) -> Iterator[Engine]:
    with writing(engine) as session:
        add_feed(session, HOST, GOOD, "", "test")
    with feed_served() as feed, clock.stopped_at(NOW):
        feed.put(*(listing(number) for number in range(5)))
        assert pull(engine, caller(), OPTIONS, GOOD)
    yield engine
    assert verify(engine).broken is None
    engine.dispose()


def careful(seconds: float = PATIENCE) -> Caller:
    """One for which this machine is the internet, but for what lies inside it."""
    usual = caller(seconds=seconds)
    inside = {"inside.example": "10.0.0.1"}
    rules = usual.rules
    own = Rules(
        lambda host, _: [inside.get(host, "127.0.0.1")],
        lambda number: number == "127.0.0.1",
        rules.seconds,
        rules.most_bytes,
        rules.first_bytes,
    )
    return Caller(usual.site, usual.wait, own)


def standing(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table that a listing could be written to."""
    with reading(engine) as session:
        tables = [table for name, table in sorted(Base.metadata.tables.items()) if name not in IN_COMMON]
        return {table.name: [tuple(row) for row in session.execute(select(table))] for table in tables}


def shown(engine: Engine) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(Service).where(Service.status == "active")) or 0


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)  # by itself: written beside `hostile`, it would be made anew for each
@pytest.mark.parametrize("hostile", ALL, ids=str)
def test_what_means_harm_does_none(engine: Engine, hostile: Hostile, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    send(engine, hostile, monkeypatch, tmp_path)


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
@pytest.mark.parametrize("hostile", COMES_IN, ids=str)
def test_what_means_harm_does_none_on_postgresql(engine: Engine, hostile: Hostile, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    send(engine, hostile, monkeypatch, tmp_path)


def send(engine: Engine, hostile: Hostile, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Read the feed, and hold the directory to what is expected of it."""
    for name, most in hostile.limits.items():
        monkeypatch.setattr(pulling, name, most)
    with writing(engine) as session:
        add_feed(session, f"http://n{ALL.index(hostile)}.example", hostile.name, "", "test")
    before, services = standing(engine), shown(engine)
    with feed_served() as feed, clock.stopped_at(NOW):
        _misbehave(feed, hostile)
        done = pull(engine, careful(SHORT if hostile.problem is Problem.NO_ANSWER else PATIENCE), OPTIONS, hostile.name)
    assert done
    report = done[0].report
    assert (done[0].problem, report.loaded, report.waiting) == (hostile.problem, hostile.loaded, hostile.waiting)
    assert shown(engine) == services + hostile.loaded
    after = standing(engine)
    assert [name for name, rows in before.items() if not set(map(repr, rows)) <= set(map(repr, after[name]))] == []
    if report.findings:
        assert save_findings(report.findings, tmp_path).exists(), "what was wrong can be told"
    with reading(engine) as session:
        row = session.scalars(select(FeedRow).where(FeedRow.name == hostile.name)).one()
        assert row.problem == (hostile.problem or "")
        assert (row.next_at > NOW) == (row.next_at <= NOW.replace(year=2027)), "it is asked again, and not at once"


def _misbehave(feed: Feed, hostile: Hostile) -> None:
    feed.odd["*"] = hostile.odd
    feed.odd["/robots.txt"] = hostile.robots


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)
def test_after_all_of_it_a_good_feed_is_read_as_ever(engine: Engine) -> None:
    with feed_served() as feed, clock.stopped_at(NOW):
        feed.put(*(listing(number) for number in range(5)))
        done = pull(engine, careful(), OPTIONS, GOOD)
    assert done
    assert (done[0].problem, done[0].report.loaded, done[0].report.withdrawn) == (None, 0, 0)


def test_there_are_enough_of_them() -> None:
    assert len(ALL) == len({hostile.name for hostile in ALL}) > 60
    assert {hostile.problem for hostile in ALL} >= set(Problem) - {Problem.ROBOTS, Problem.EMPTY, Problem.FEWER}
