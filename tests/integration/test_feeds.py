"""A feed kept in step with a directory: what comes, stays, changes, waits for a reviewer and goes."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from feed_server import HOST, OPTIONS, Feed, caller, feed_served, listing, remote
from msgspec.structs import replace
from sqlalchemy import Engine, func, select

from portal import clock, history
from portal.db import Base, reading, writing
from portal.directory.cursors import BEGINNING, count_unread
from portal.directory.feeds.models import Feed as FeedRow
from portal.directory.feeds.models import FeedListing, Problem, Reason, State
from portal.directory.feeds.operations import add_feed, remove_feed
from portal.directory.feeds.pulling import Pulled, pull
from portal.directory.feeds.queries import list_feeds
from portal.directory.models import Organization, Service
from portal.directory.publishing import Target, publish
from portal.directory.records import get_record
from portal.errors import SourceError
from portal.history import Act
from portal.history.verifying import verify

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=clock.LONDON)
NAME = "Next council"


@pytest.fixture
def feed() -> Iterator[Feed]:
    with feed_served() as served:
        yield served


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Both databases."""
    engine: Engine = request.getfixturevalue("database" if request.param == "sqlite" else "postgresql")
    with writing(engine) as session:
        add_feed(session, HOST, NAME, "Open Government Licence v3.0", "test")
    return engine


def read_at(engine: Engine, days: float = 0, *, fewer: bool = False) -> Pulled:
    """Read the feed, so many days from the first."""
    with clock.stopped_at(NOW + timedelta(days=days)):
        pulled = pull(engine, caller(), OPTIONS, NAME, accepts_fewer=fewer)
    assert pulled is not None
    return pulled[0]


def whole_at(engine: Engine, days: float) -> Pulled:
    """As `read_at`, all of it."""
    with writing(engine) as session:
        session.scalars(select(FeedRow)).one().whole_at = None
    return read_at(engine, days)


def names(engine: Engine, status: str = "active") -> set[str]:
    with reading(engine) as session:
        return set(session.scalars(select(Service.name).where(Service.status == status)))


def rows(engine: Engine, *, but: tuple[str, ...] = ("feed", "feed_listing", "feed_page", "feed_round")) -> dict[str, int]:
    with reading(engine) as session:
        return {
            name: session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
            if name not in but
        }


def states(engine: Engine) -> dict[str, tuple[str, str]]:
    with reading(engine) as session:
        return {it.remote_id: (it.state, it.reason) for it in session.scalars(select(FeedListing))}


def edit(engine: Engine, service_id: uuid.UUID, **fields: object) -> None:
    """Change a service as its editor does."""
    with writing(engine) as session:
        live = get_record(session, service_id)
        publish(session, Target(live.organization_id, service_id), replace(live.record, **fields), Act("published", "person kim"))


def test_what_a_feed_lists_is_here_with_its_own_ids_and_says_where_it_comes_from(engine: Engine, feed: Feed) -> None:
    feed.put(*(listing(number) for number in range(12)))
    pulled = read_at(engine)
    assert pulled.problem is None
    assert pulled.report.loaded == 12
    assert names(engine) == {listing(number)["name"] for number in range(12)}
    with reading(engine) as session:
        assert set(session.scalars(select(Service.id))) == {uuid.UUID(remote(number)) for number in range(12)}
        assert set(session.scalars(select(Service.source))) == {NAME}
        assert session.scalar(select(func.count()).select_from(Organization)) == 7
        assert count_unread(session, BEGINNING) >= 12
    assert verify(engine).broken is None


def test_a_second_reading_changes_nothing_and_asks_only_whether_pages_are_the_same(engine: Engine, feed: Feed) -> None:
    feed.put(*(listing(number) for number in range(12)))
    read_at(engine)
    before = rows(engine)
    feed.asked.clear()
    again = whole_at(engine, 1)
    assert (again.report.loaded, again.report.unchanged) == (0, 12)
    assert rows(engine) == before
    assert all("If-None-Match" in headers for path, headers in feed.asked if re.fullmatch(r"/services\?page=\d", path))
    assert read_at(engine, 2).report.loaded == 0
    assert rows(engine) == before


def test_only_what_changed_is_asked_for_where_the_feed_knows_it(engine: Engine, feed: Feed) -> None:
    feed.put(*(listing(number) for number in range(12)))
    read_at(engine)
    feed.put(listing(3, name="Evening chess club", last_modified="2026-11-25T09:00:00Z"))
    feed.asked.clear()
    assert read_at(engine, 1).report.loaded == 1
    assert feed.paths() == ["/services?page=1&modified_after=2026-11-24T09%3A30%3A00Z"]
    assert "Evening chess club" in names(engine)


def test_a_feed_that_does_not_know_it_is_read_whole_each_time(engine: Engine, feed: Feed) -> None:
    feed.knows_changes = feed.has_etags = False
    feed.put(*(listing(number) for number in range(12)))
    read_at(engine)
    feed.asked.clear()
    read_at(engine, 1)
    assert [path for path in feed.paths() if "modified_after" not in path] == [f"/services?page={number}" for number in (1, 2, 3)]


def test_a_feed_that_lists_in_short_is_asked_for_each_listing_once(engine: Engine, feed: Feed) -> None:
    feed.is_short = True
    feed.put(*(listing(number) for number in range(7)))
    read_at(engine)
    with reading(engine) as session:
        assert get_record(session, uuid.UUID(remote(3))).record.phones[0].number == "01632 960003"
    feed.asked.clear()
    whole_at(engine, 1)
    assert not [path for path in feed.paths() if path.startswith("/services/")], "its days say that nothing changed"


def test_whether_a_feed_that_lists_in_short_gives_whole_pages_is_asked_once(engine: Engine, feed: Feed) -> None:
    feed.is_short = True
    feed.put(*(listing(number) for number in range(12)))
    assert read_at(engine).report.loaded == 12
    assert [path for path in feed.paths() if "full" in path] == ["/services?page=1&full=true"]


def test_a_feed_that_lists_in_short_is_asked_for_whole_pages_where_it_gives_them(engine: Engine, feed: Feed) -> None:
    feed.is_short = feed.gives_whole = True
    feed.put(*(listing(number) for number in range(12)))
    assert read_at(engine).report.loaded == 12
    assert not [path for path in feed.paths() if path.startswith("/services/")]
    assert [path for path in feed.paths() if "full" in path] == [f"/services?page={at}&full=true" for at in (1, 2, 3)]
    with reading(engine) as session:
        assert get_record(session, uuid.UUID(remote(11))).record.phones[0].number == "01632 960011"
    feed.asked.clear()
    feed.put(listing(3, name="Evening chess club", last_modified="2026-11-25T09:00:00Z"))
    assert (whole_at(engine, 1).report.loaded, whole_at(engine, 2).report.loaded) == (1, 0)
    assert [path for path in feed.paths() if "full" in path] == [], "one listing is asked for by itself"
    assert [path for path in feed.paths() if path.startswith("/services/")] == [f"/services/{remote(3)}"]


def test_it_is_polite(engine: Engine, feed: Feed) -> None:
    feed.put(*(listing(number) for number in range(12)))
    waits: list[float] = []
    with clock.stopped_at(NOW):
        pull(engine, caller(waits), OPTIONS, NAME)
    assert len(waits) == len(feed.asked)
    for _path, headers in feed.asked:
        assert headers["User-Agent"] == "DoorstepFeeds/1.0 (+https://doorstep.example)"
        assert not {"Cookie", "Authorization", "Referer"} & set(headers)
    assert [path for path, _ in feed.asked].count("/robots.txt") == 1


def test_robots_that_keep_us_out_are_kept_to(engine: Engine, feed: Feed) -> None:
    feed.put(listing(1))
    feed.odd["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /services\n")
    assert read_at(engine).problem is Problem.ROBOTS
    assert feed.paths() == []


def test_a_withdrawal_arrives_with_its_history(engine: Engine, feed: Feed) -> None:
    feed.put(*(listing(number) for number in range(6)))
    read_at(engine)
    feed.put({"id": remote(2), "status": "inactive", "last_modified": "2026-11-25T09:00:00Z"})
    assert read_at(engine, 1).report.withdrawn == 1
    assert names(engine, "inactive") == {"Chess group 2"}
    with reading(engine) as session:
        act = session.scalars(select(history.HistoryLine).where(history.HistoryLine.action == "withdrawn")).one()
        assert act.resource_id == uuid.UUID(remote(2))
    feed.put(listing(2, last_modified="2026-11-26T09:00:00Z"))
    assert read_at(engine, 2).report.loaded == 1
    assert names(engine, "inactive") == set()


def test_what_is_missing_once_stays_and_what_is_missing_twice_goes(engine: Engine, feed: Feed) -> None:
    feed.put(*(listing(number) for number in range(12)))
    read_at(engine)
    gone = feed.listings.pop(remote(4))
    assert whole_at(engine, 1).report.withdrawn == 0
    assert read_at(engine, 2).report.withdrawn == 1, "after a miss all of it is read again soon"
    assert names(engine, "inactive") == {gone["name"]}
    feed.put(gone)
    whole_at(engine, 3)
    assert names(engine, "inactive") == set()


@pytest.mark.parametrize("left", [0, 1, 5])
def test_a_feed_that_comes_back_empty_or_half_deletes_nothing(engine: Engine, feed: Feed, left: int) -> None:
    feed.put(*(listing(number) for number in range(12)))
    read_at(engine)
    feed.listings = dict(list(feed.listings.items())[:left])
    for day in (1, 2, 3, 4):
        pulled = whole_at(engine, day)
        assert pulled.problem is (Problem.EMPTY if left == 0 else Problem.FEWER)
        assert pulled.report.withdrawn == 0
    assert len(names(engine)) == 12
    if left:
        assert read_at(engine, 5, fewer=True).report.withdrawn == 12 - left, "an officer may say that it is right"


def test_a_feed_that_vanishes_deletes_nothing_and_is_tried_less_and_less_often(engine: Engine, feed: Feed) -> None:
    feed.put(*(listing(number) for number in range(6)))
    read_at(engine)
    feed.odd["*"] = (410, {}, b"gone")
    waits = []
    for day in range(1, 7):
        assert read_at(engine, day).problem is Problem.STATUS
        with reading(engine) as session:
            row = session.scalars(select(FeedRow)).one()
            waits.append((row.next_at - (NOW + timedelta(days=day))).total_seconds())
            assert row.failing_since == NOW + timedelta(days=1)
    assert waits == sorted(waits)
    assert len(names(engine)) == 6
    del feed.odd["*"]
    assert read_at(engine, 8).problem is None
    with reading(engine) as session:
        assert session.scalars(select(FeedRow)).one().failing_since is None


def test_a_busy_feed_is_left_alone_for_as_long_as_it_asks_and_read_on_from_there(engine: Engine, feed: Feed) -> None:
    feed.put(*(listing(number) for number in range(12)))
    feed.odd["/services?page=2"] = (429, {"Retry-After": "1800"}, b"")
    assert read_at(engine).problem is Problem.BUSY
    with reading(engine) as session:
        assert session.scalars(select(FeedRow)).one().next_at == NOW + timedelta(seconds=1800)
    feed.odd.clear()
    feed.asked.clear()
    assert read_at(engine, 0.1).problem is None
    assert feed.paths()[:2] == ["/services?page=2", "/services?page=3"]
    assert len(names(engine)) == 12


def test_a_listing_under_an_id_that_is_here_already_waits(engine: Engine, feed: Feed) -> None:
    organization = uuid.uuid4()
    with writing(engine) as session:
        session.add(Organization(id=organization, name="Ours"))
        session.add(Service(id=uuid.UUID(remote(1)), organization_id=organization, name="Our own walks", status="active"))
    feed.put(listing(1), listing(2))
    read_at(engine)
    assert names(engine) == {"Our own walks", "Chess group 2"}
    assert states(engine)[remote(1)] == (State.WAITING, Reason.SAME_ID)
    whole_at(engine, 1)
    assert states(engine)[remote(1)] == (State.WAITING, Reason.SAME_ID)
    assert names(engine) == {"Our own walks", "Chess group 2"}


def test_a_listing_much_like_one_that_is_here_waits(engine: Engine, feed: Feed) -> None:
    from portal.directory.places import Phone

    organization, ours = uuid.uuid4(), uuid.uuid4()
    with writing(engine) as session:
        session.add(Organization(id=organization, name="Walkers"))
        session.add(Service(id=ours, organization_id=organization, name="The walking group", status="active"))
        session.flush()
        session.add(Phone(id=uuid.uuid4(), service_id=ours, number="01632 960001"))
    feed.put(listing(1, name="Walking Group"), listing(2))
    read_at(engine)
    assert states(engine)[remote(1)] == (State.WAITING, Reason.ALIKE)
    assert names(engine) == {"The walking group", "Chess group 2"}
    with reading(engine) as session:
        assert session.get(FeedListing, (session.scalars(select(FeedRow.id)).one(), remote(1))).match_id == ours  # type: ignore[union-attr]


def test_what_people_here_changed_is_not_written_over(engine: Engine, feed: Feed) -> None:
    feed.put(*(listing(number) for number in range(6)))
    read_at(engine)
    edit(engine, uuid.UUID(remote(2)), description="Our editor knows better.")
    assert whole_at(engine, 1).report.loaded == 0
    feed.put(listing(2, description="The feed says something else.", last_modified="2026-11-26T09:00:00Z"))
    pulled = read_at(engine, 2)
    assert (pulled.report.loaded, pulled.report.waiting) == (0, 1)
    assert states(engine)[remote(2)] == (State.WAITING, Reason.CHANGED_HERE)
    with reading(engine) as session:
        assert get_record(session, uuid.UUID(remote(2))).record.description == "Our editor knows better."


def test_what_was_changed_here_and_is_withdrawn_there_goes_but_comes_back_only_by_a_reviewer(engine: Engine, feed: Feed) -> None:
    feed.put(*(listing(number) for number in range(6)))
    read_at(engine)
    edit(engine, uuid.UUID(remote(2)), description="Our editor knows better.")
    feed.put(listing(2, status="defunct", last_modified="2026-11-25T09:00:00Z"))
    assert read_at(engine, 1).report.withdrawn == 1
    with reading(engine) as session:
        assert get_record(session, uuid.UUID(remote(2))).record.description == "Our editor knows better."
    feed.put(listing(2, last_modified="2026-11-26T09:00:00Z"))
    read_at(engine, 2)
    assert states(engine)[remote(2)] == (State.WAITING, Reason.CHANGED_HERE)


def test_removing_a_feed_deletes_nothing_and_adding_it_again_goes_on(engine: Engine, feed: Feed) -> None:
    feed.put(*(listing(number) for number in range(6)))
    read_at(engine)
    with writing(engine) as session:
        remove_feed(session, NAME, "test")
    with clock.stopped_at(NOW + timedelta(days=3)):
        assert pull(engine, caller(), OPTIONS) == []
    assert len(names(engine)) == 6
    with writing(engine) as session:
        add_feed(session, HOST, NAME, "OGL", "test")
    assert read_at(engine, 4).report.loaded == 0


@pytest.mark.parametrize(
    "url",
    ["ftp://feed.example", "http://127.0.0.1/", "http://localhost", "http://feed.example:8080/x", "http://a:b@feed.example", "nothing", ""],
)
def test_what_is_no_plain_address_is_no_feed(database: Engine, url: str) -> None:
    with writing(database) as session, pytest.raises(SourceError):
        add_feed(session, url, "Another", "", "test")


def test_names_and_addresses_are_there_once(engine: Engine) -> None:
    for url, name in ((HOST, "Another"), ("http://other.example", NAME)):
        with writing(engine) as session, pytest.raises(SourceError):
            add_feed(session, url, name, "", "test")
    with writing(engine) as session:
        add_feed(session, HOST, NAME, "CC BY 4.0", "test")
        assert [feed.licence for feed in list_feeds(session)] == ["CC BY 4.0"]


def test_one_process_reads_at_a_time(engine: Engine, feed: Feed) -> None:
    from portal.directory.feeds.operations import end_round, take_round

    feed.put(listing(1))
    holder = uuid.uuid4()
    with clock.stopped_at(NOW):
        with writing(engine) as session:
            assert take_round(session, holder)
        assert pull(engine, caller(), OPTIONS, NAME) is None
        with writing(engine) as session:
            end_round(session, holder)
    assert read_at(engine).report.loaded == 1
