"""The same site on a real PostgreSQL: migrated up and down, loaded, searched, reported to, limited and counted."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from contract import CheckedClient
from flask import Flask
from flask.testing import FlaskClient
from postgresql import Server
from sqlalchemy import Engine, func, inspect, select, text

from portal import clock, db, schema, tally
from portal.config import Settings, from_environment
from portal.db import Base, open_engine, reading, writing
from portal.directory.models import Service
from portal.directory.operations import withdraw
from portal.directory.queries import list_open_reports, list_service_ids
from portal.history import HistoryLine
from portal.search.misses import KIND
from portal.web.app import create_app
from portal.web.limits import DatabaseStorage
from portal.web.serving import first_listings, load_sources, prepare_database

WRITERS = 8
NOT_LOADED = {"history", "change", "tally", "missed_text", "limit_count", "listing_report"}  # what the use of a site leaves
NOW = datetime(2026, 11, 24, 10, 30, tzinfo=clock.LONDON)  # as the clock of the whole suite


@pytest.fixture
def empty(postgresql_server: Server) -> Iterator[Engine]:
    """A database of the test's own on the server, without tables."""
    with postgresql_server.database() as address:
        engine = open_engine(address)
        yield engine
        engine.dispose()


@pytest.fixture(scope="module")
def site(postgresql_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """The demo borough, loaded into a database of the server and indexed."""
    with postgresql_server.database() as address:
        environ = {"PORTAL_STATE": str(tmp_path_factory.mktemp("postgresql")), "PORTAL_DATABASE_URL": address.replace("+psycopg", "")}
        settings = from_environment(environ)
        with clock.stopped_at(NOW):
            prepare_database(settings)
            first_listings(settings, lambda _line: None)
        yield settings


@pytest.fixture(scope="module")
def engine(site: Settings) -> Iterator[Engine]:
    engine = open_engine(site.database_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def app(site: Settings) -> Iterator[Flask]:
    with clock.stopped_at(NOW):
        app = create_app(site)
    app.test_client_class = CheckedClient
    yield app
    app.extensions["search"].engine.dispose()


@pytest.fixture
def visitor(app: Flask, stopped_clock: datetime) -> FlaskClient:
    return app.test_client()


def at_once(work: object) -> None:
    """Have `WRITERS` threads do the same at the same moment. Raises what any of them raised."""
    gate = threading.Barrier(WRITERS)

    def begin(number: int) -> None:
        gate.wait()
        work(number)  # type: ignore[operator]

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(begin, range(WRITERS)))


def test_migrations_go_up_down_and_up_and_give_what_the_models_say(empty: Engine) -> None:
    schema.upgrade(empty)
    assert schema.is_newest(empty)
    command.check(schema._config(empty))
    assert set(inspect(empty).get_table_names()) == {*Base.metadata.tables, "alembic_version"}
    schema.downgrade(empty, "base")
    assert inspect(empty).get_table_names() == ["alembic_version"]
    schema.upgrade(empty)
    assert schema.is_newest(empty)


def test_the_borough_is_loaded_whole_and_a_second_time_changes_nothing(site: Settings, engine: Engine, demo: Settings) -> None:
    here, there = open_engine(demo.database_url), engine
    for name, table in Base.metadata.tables.items():
        if name not in NOT_LOADED:
            with reading(here) as one, reading(there) as other:
                count = select(func.count()).select_from(table)
                assert one.scalar(count) == other.scalar(count), name
    with reading(engine) as session:
        before = session.scalar(select(func.count()).select_from(HistoryLine))
    said: list[str] = []
    load_sources(site, [str(site.content / "directory")], dry_run=False, say=lambda line: said.append(str(line)))
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(HistoryLine)) == before
    here.dispose()


def test_pages_are_the_same_as_on_sqlite(visitor: FlaskClient, reader: FlaskClient) -> None:
    for address in ("/en/", "/en/search?q=mum+keeps+falling&place=Eastmoor", "/tr/search?q=yaln%C4%B1z", "/en/localities/eastmoor"):
        here, there = visitor.get(address), reader.get(address)
        assert here.status_code == 200
        assert here.text == there.text, address


def test_a_service_and_its_organization_have_their_pages(visitor: FlaskClient, engine: Engine) -> None:
    with reading(engine) as session:
        service = session.get_one(Service, list_service_ids(session)[0])
        organization = service.organization_id
    assert visitor.get(f"/en/services/{service.id}").status_code == 200
    assert visitor.get(f"/ur/organizations/{organization}").status_code == 200


def test_a_report_is_kept_without_what_postgresql_cannot_hold(visitor: FlaskClient, engine: Engine) -> None:
    with reading(engine) as session:
        service_id = list_service_ids(session)[1]
    typed = {"kind": "times", "message": "Now at\x00 six\r\nعصر \ud83d", "reply_to": ""}
    typed = {name: value.encode("utf-8", "surrogatepass") for name, value in typed.items()}
    assert visitor.post(f"/en/services/{service_id}/report", data=typed).status_code == 303
    with reading(engine) as session:
        [found] = [it for it in list_open_reports(session) if it.service_id == service_id]
    assert found.message.startswith("Now at six\nعصر")
    assert found.reported_at == NOW.astimezone(UTC)


@pytest.mark.parametrize(
    "address",
    [
        "/en/search?q=falls%00&place=Eastmoor%00",
        "/en/search?q=zzqq%00xx&place=%00",
        "/en/services/%00",
        "/en/localities/%00",
        "/en/list/shared?s=%00",
    ],
)
def test_a_nul_in_an_address_is_no_fault_of_ours(visitor: FlaskClient, address: str) -> None:
    assert visitor.get(address).status_code in (200, 400, 404)


def test_a_listing_with_a_nul_or_half_a_letter_is_loaded_without_it(site: Settings, engine: Engine, tmp_path: Path) -> None:
    listing = {
        "id": str(uuid.uuid4()),
        "name": "Lunch\u0000 club",
        "status": "active",
        "description": "Soup\u0000 and \ud800bread",
        "organization": {"id": str(uuid.uuid4()), "name": "Friends\u0000 of soup"},
        "phones": [{"id": str(uuid.uuid4()), "number": "01632\u0000 960 999"}],
        "schedules": [{"id": str(uuid.uuid4()), "freq": "WEEKLY", "byday": "MO", "description": "At\u0000 noon"}],
    }
    (tmp_path / "feed.json").write_text(json.dumps([listing]), "utf-8")
    load_sources(site, [str(tmp_path / "feed.json")], dry_run=False, say=lambda _line: None)
    with writing(engine) as session:
        found = session.get_one(Service, uuid.UUID(listing["id"]))
        assert (found.name, found.organization.name) == ("Lunch club", "Friends of soup")
        withdraw(session, found.id, "tests", "only for a test")


def test_counts_made_at_once_are_all_counted(engine: Engine) -> None:
    key = uuid.uuid4().hex

    def count(_number: int) -> None:
        for _ in range(5):
            with writing(engine) as session:
                tally.count(session, "test", key)

    at_once(count)
    with reading(engine) as session:
        assert session.scalars(select(tally.Tally.count).where(tally.Tally.key == key)).all() == [WRITERS * 5]


def test_a_question_that_found_nothing_is_counted(visitor: FlaskClient, engine: Engine) -> None:
    assert visitor.get("/en/search?q=qqzzxx").status_code == 200
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(tally.Tally).where(tally.Tally.kind == KIND))


def test_limits_count_every_request_of_every_worker(engine: Engine) -> None:
    key = uuid.uuid4().hex
    stores = [DatabaseStorage(engine=engine) for _ in range(WRITERS)]
    seen: list[int] = []
    at_once(lambda number: seen.extend(stores[number].incr(key, 60) for _ in range(5)))
    assert sorted(seen) == list(range(1, WRITERS * 5 + 1))


def test_a_withdrawn_service_leaves_the_results(visitor: FlaskClient, app: Flask, engine: Engine) -> None:
    address = "/en/search?q=lunch"
    first = visitor.get(address).text.split('data-service="')[1][:36]
    with writing(engine) as session:
        withdraw(session, uuid.UUID(first), "tests", "closed")
    assert first not in visitor.get(address).text, "at once, whatever the index says"
    app.extensions["search"].index.follow()
    assert first not in visitor.get(address).text
    assert visitor.get(f"/en/services/{first}").status_code == 410


def test_a_page_does_not_wait_for_ever_for_a_table_that_is_locked(
    visitor: FlaskClient, app: Flask, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "LOCKED_SECONDS", 1)
    its_own: Engine = app.extensions["search"].engine
    its_own.dispose()  # so that all connections are opened from now on
    with reading(engine) as session:
        first = list_service_ids(session)[0]
    with engine.connect() as holder:
        holder.execute(text("LOCK TABLE service IN ACCESS EXCLUSIVE MODE"))
        assert visitor.get(f"/en/services/{first}").status_code == 503
        assert visitor.get("/en/urgent").status_code == 200
    assert visitor.get(f"/en/services/{first}").status_code == 200
    its_own.dispose()
