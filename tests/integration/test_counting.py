"""Counts of listings: what a page adds, what is not a person's, and how several workers' counts come together and never twice."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from unittest import mock

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError

from portal import clock, tally
from portal.db import reading, writing
from portal.directory import counting
from portal.directory.counting import Counts, Kind, sought_key
from portal.directory.listing import Listing
from portal.directory.models import Service
from portal.tally import Subject, Tally
from portal.web import tending
from portal.web.holdings import hold

ONE, TWO, THREE, CLUB, OTHER = (uuid.UUID(int=number) for number in (1, 2, 3, 11, 12))
LISTINGS = [Listing(ONE, "Lunch", CLUB, "Club"), Listing(TWO, "Tea", CLUB, "Club"), Listing(THREE, "Walk", OTHER, "Other")]
OURS = {"Sec-Fetch-Site": "same-origin"}


def kept(engine: Engine) -> dict[tuple[str, str], int]:
    """(kind, key) → how often today, as written, of listings alone."""
    with reading(engine) as session:
        rows = session.execute(select(Tally.kind, Tally.key, Tally.count).where(Tally.kind.startswith("listing")))
        return {(kind, key): number for kind, key, number in rows}


def test_a_page_of_results_counts_each_listing_and_each_need_once_for_each_organization(database: Engine) -> None:
    counts = Counts()
    counts.shown(LISTINGS, ["falls", "food", "falls"])
    counts.flush(database)
    assert kept(database) == {
        **{(Kind.SHOWN, str(service_id)): 1 for service_id in (ONE, TWO, THREE)},
        **{(Kind.SOUGHT, sought_key(each, need)): 1 for each in (CLUB, OTHER) for need in ("falls", "food")},
    }


def test_of_a_search_for_everything_only_the_first_needs_are_counted(database: Engine) -> None:
    counts = Counts()
    counts.shown(LISTINGS[:1], [f"need-{number}" for number in range(93)])
    counts.flush(database)
    assert len(kept(database)) == 1 + counting.MOST_NEEDS


def test_counts_of_several_workers_add_up(database: Engine) -> None:
    workers = [Counts() for _ in range(4)]
    for counts in workers:
        counts.shown(LISTINGS, ["falls"])
        counts.called(ONE)
        counts.called(ONE)
    threads = [threading.Thread(target=counts.flush, args=[database]) for counts in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = kept(database)
    assert (found[Kind.SHOWN, str(ONE)], found[Kind.CALLED, str(ONE)], found[Kind.SOUGHT, sought_key(CLUB, "falls")]) == (4, 8, 4)


def test_many_threads_that_count_while_one_writes_lose_nothing(database: Engine) -> None:
    counts = Counts()

    def count() -> None:
        for _ in range(200):
            counts.opened(ONE)

    def write() -> None:
        for _ in range(20):
            counts.flush(database)

    threads = [threading.Thread(target=act) for act in (count, count, count, write)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counts.flush(database)
    assert kept(database) == {(Kind.OPENED, str(ONE)): 600}


def test_what_could_not_be_written_is_written_the_next_time_and_once(database: Engine) -> None:
    counts = Counts()
    counts.opened(ONE)
    gone = OperationalError("", None, Exception("gone"))
    with mock.patch.object(tally, "add", side_effect=gone), pytest.raises(OperationalError):
        counts.flush(database)
    counts.opened(ONE)
    counts.flush(database)
    counts.flush(database)
    assert kept(database) == {(Kind.OPENED, str(ONE)): 2}


def test_a_database_that_is_locked_or_gone_keeps_the_counts(database: Engine) -> None:
    counts = Counts()
    counts.opened(ONE)
    with mock.patch("portal.directory.counting.writing", side_effect=OperationalError("", None, Exception("locked"))):
        for _ in range(3):
            with pytest.raises(OperationalError):
                counts.flush(database)
    counts.flush(database)
    assert kept(database) == {(Kind.OPENED, str(ONE)): 1}


def test_many_counts_are_written_a_part_at_a_time_and_a_failure_between_loses_none(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "AT_ONCE", 4)
    counts = Counts()
    for number in range(10):
        counts.opened(uuid.UUID(int=number))
    add, gone = tally.add, OperationalError("", None, Exception("gone"))
    with monkeypatch.context() as patch:
        patch.setattr(tally, "add", mock.Mock(wraps=add, side_effect=[mock.DEFAULT, gone]))
        with pytest.raises(OperationalError):
            counts.flush(database)
    assert len(kept(database)) == 4
    counts.flush(database)
    assert list(kept(database).values()) == [1] * 10


def test_what_may_have_been_written_is_not_written_again(database: Engine) -> None:
    counts = Counts()
    counts.opened(ONE)
    commit = mock.patch("sqlalchemy.engine.default.DefaultDialect.do_commit", side_effect=OperationalError("", None, Exception("gone")))
    with commit, pytest.raises(OperationalError):
        counts.flush(database)
    counts.flush(database)
    assert kept(database) == {}


def test_a_process_holds_only_so_much_while_the_database_is_away(database: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "MOST_WAITING", 3)
    counts = Counts()
    for number in range(10):
        counts.opened(uuid.UUID(int=number))
    counts.opened(uuid.UUID(int=0))
    counts.flush(database)
    assert sorted(kept(database).values()) == [1, 1, 2]


def test_what_happened_before_midnight_belongs_to_that_day(database: Engine) -> None:
    counts = Counts()
    with clock.stopped_at(clock.now()):
        before = clock.today()
        counts.opened(ONE)
    with clock.stopped_at(clock.now() + timedelta(days=1)):
        counts.flush(database)
    with reading(database) as session:
        assert session.scalars(select(Tally.counted_on)).all() == [before]


def test_adding_many_at_once_adds_to_what_is_there(database: Engine) -> None:
    today = clock.today()
    for _ in range(2):
        with writing(database) as session:
            tally.add(session, {Subject(today, "a kind", str(number)): number for number in range(1, 2_001)})
    with reading(database) as session:
        assert tally.totals(session, "a kind")[:1] == [("1", "", 2)]
        assert sum(number for _, _, number in tally.totals(session, "a kind")) == 2_000 * 2_001


def test_figures_of_listings_go_sooner_than_other_counts(database: Engine) -> None:
    with writing(database) as session:
        long_ago = clock.today() - counting.LAST - timedelta(days=1)
        tally.add(session, {Subject(long_ago, kind, "x"): 1 for kind in (*counting.Kind, "plan made")})
        tally.add(session, {Subject(clock.today(), Kind.SHOWN, "x"): 1})
        tally.purge(session, counting.LAST, [*counting.Kind])
        assert sorted(session.scalars(select(Tally.kind))) == [Kind.SHOWN, "plan made"]


def counted(app: Flask) -> dict[tuple[str, str], int]:
    """What an application has counted, written by what the thread that tends calls when a worker ends."""
    app.extensions["ending"]()
    return kept(app.extensions["directory"].engine)


def some_service(app: Flask) -> str:
    with reading(app.extensions["directory"].engine) as session:
        return str(session.scalars(select(Service.id).where(Service.name == "Knit and natter")).one())


def test_a_search_counts_what_it_shows_and_what_was_heard_in_it_and_never_its_words(app: Flask, client: FlaskClient) -> None:
    page = client.get("/en/search?q=my mum keeps falling zebra")
    shown = {part[:36] for part in page.text.split('<li class="card" data-service="')[1:]}
    found = counted(app)
    assert {key for kind, key in found if kind == Kind.SHOWN} == shown != set()
    heard = {key.split(" ")[1] for kind, key in found if kind == Kind.SOUGHT}
    assert "falls" in heard
    assert heard <= set(app.extensions["directory"].taxonomy.needs)
    assert not any(word in repr(found) for word in ("zebra", "mum", "falling"))


def test_opening_a_service_is_counted_and_one_that_closed_is_not(app: Flask, client: FlaskClient) -> None:
    service = some_service(app)
    client.get(f"/en/services/{service}")
    client.get(f"/ur/services/{service}")
    client.get(f"/en/services/{uuid.UUID(int=7)}")
    assert counted(app) == {(Kind.OPENED, service): 2}


@pytest.mark.parametrize("path", ["/en/search?need=food", "/en/services/{}"])
@pytest.mark.parametrize("headers", [{"User-Agent": "Googlebot/2.1"}, {"Sec-Purpose": "prefetch;prerender"}, {"User-Agent": ""}])
def test_robots_and_pages_fetched_ahead_are_not_counted(app: Flask, client: FlaskClient, path: str, headers: dict[str, str]) -> None:
    assert client.get(path.format(some_service(app)), headers=headers).status_code == 200
    assert counted(app) == {}


@pytest.mark.parametrize("path", ["/en/search?need=food", "/en/services/{}"])
def test_asking_for_headers_alone_is_not_counted(app: Flask, path: str) -> None:
    app.test_client_class = FlaskClient  # the contract wants a page
    assert app.test_client().head(path.format(some_service(app))).status_code == 200
    assert counted(app) == {}


def test_pressing_call_is_counted_without_a_word_or_a_cookie(app: Flask, client: FlaskClient) -> None:
    service = some_service(app)
    answer = client.post("/called", data={"service": service}, headers=OURS)
    assert (answer.status_code, answer.data, answer.headers.get("Set-Cookie"), answer.headers["Cache-Control"]) == (
        204,
        b"",
        None,
        "no-store",
    )
    assert counted(app) == {(Kind.CALLED, service): 1}


@pytest.mark.parametrize(
    "typed",
    [{}, {"service": ""}, {"service": "\0"}, {"service": "9" * 20}, {"service": "x" * 60_000}, {"service": str(uuid.UUID(int=7))},
     {"service": "\u202e"}, {"other": "x"}],
)  # fmt: skip
def test_a_service_that_is_not_there_counts_nothing(app: Flask, client: FlaskClient, typed: dict[str, str]) -> None:
    assert client.post("/called", data=typed, headers=OURS).status_code == 204
    assert counted(app) == {}


def test_a_service_that_is_no_longer_public_counts_nothing(app: Flask, client: FlaskClient) -> None:
    with reading(app.extensions["directory"].engine) as session:
        service = session.scalars(select(Service.id).where(Service.status == "defunct")).first()
    client.post("/called", data={"service": str(service)}, headers=OURS)
    assert counted(app) == {}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 204),
        ({"Sec-Fetch-Site": "none"}, 204),
        ({**OURS, "User-Agent": "curl/8"}, 204),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "https://elsewhere.example"}, 403),
    ],
)
def test_only_a_page_of_ours_is_believed(app: Flask, client: FlaskClient, headers: dict[str, str], status: int) -> None:
    assert client.post("/called", data={"service": some_service(app)}, headers=headers).status_code == status
    assert counted(app) == {}


def test_an_older_browser_of_ours_is_believed_too(app: Flask, client: FlaskClient) -> None:
    client.post("/called", data={"service": some_service(app)}, headers={"Origin": "http://localhost"})
    assert list(counted(app).values()) == [1]


def test_one_address_cannot_press_without_end(app: Flask, client: FlaskClient) -> None:
    service = some_service(app)
    answers = [client.post("/called", data={"service": service}, headers=OURS).status_code for _ in range(40)]
    assert answers[-1] == 429
    assert counted(app)[Kind.CALLED, service] == answers.count(204) < 40


def test_no_page_writes_to_the_database_to_be_counted(app: Flask, client: FlaskClient) -> None:
    engine = app.extensions["directory"].engine
    locked = engine.execution_options(writes=True).connect()
    locked.begin()  # somebody else writes, and does not end
    try:
        for path in ("/en/search?need=food", f"/en/services/{some_service(app)}"):
            assert client.get(path).status_code == 200
    finally:
        locked.close()
    assert {kind for kind, _ in counted(app)} == {Kind.SHOWN, Kind.SOUGHT, Kind.OPENED}


def test_a_page_does_not_fail_when_nothing_can_be_written(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    service = some_service(app)
    client.get(f"/en/services/{service}")
    with monkeypatch.context() as patch:
        patch.setattr(tally, "add", mock.Mock(side_effect=OperationalError("", None, Exception("gone"))))
        app.extensions["ending"]()  # says so in the log, and raises nothing
    assert "not tended" in capsys.readouterr().out
    assert counted(app) == {(Kind.OPENED, service): 1}


def test_tending_writes_what_was_counted(app: Flask, make_app: Callable[..., Flask]) -> None:
    settings = app.extensions["test settings"]
    holdings = hold(settings)
    holdings.counts.opened(ONE)
    tending.tend(settings, holdings)
    assert kept(holdings.engine) == {(Kind.OPENED, str(ONE)): 1}
    holdings.engine.dispose()
