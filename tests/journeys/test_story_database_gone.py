"""The database goes away while people are looking: urgent help stays, everything else says so plainly and whom to ring."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from visiting import visit

from portal.db import reading
from portal.directory.queries import list_open_reports

HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')
Damage = Callable[[Path], None]


def unopenable(file: Path) -> None:
    file.unlink()
    file.mkdir()


def empty(file: Path) -> None:
    file.unlink()


def not_a_database(file: Path) -> None:
    file.write_bytes(b"This is no database at all. " * 400)


def torn(file: Path) -> None:
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + bytes(len(whole) - 4096))


DAMAGES = (unopenable, empty, not_a_database, torn)


@pytest.fixture(params=DAMAGES, ids=lambda damage: damage.__name__.replace("_", " "))
def without_database(app: Flask, request: pytest.FixtureRequest) -> FlaskClient:
    """A client of a site that was serving when its database broke."""
    client = app.test_client()
    assert visit(client, "/en/search?q=falls").status == 200
    engine: Engine = app.extensions["search"].engine
    engine.dispose()
    file = Path(str(engine.url.database))
    for log in ("-wal", "-shm"):
        file.with_name(file.name + log).unlink(missing_ok=True)
    request.param(file)
    return client


def test_urgent_help_home_and_advice_answer_without_a_database(without_database: FlaskClient) -> None:
    for language in ("en", "tr", "ur"):
        assert visit(without_database, f"/{language}/urgent").status == 200
        assert visit(without_database, f"/{language}/").status == 200
        assert visit(without_database, f"/{language}/advice/staying-steady").status == 200
    assert visit(without_database, "/en/list").status == 200


def test_search_and_listings_say_that_they_are_being_mended_and_give_the_numbers(without_database: FlaskClient) -> None:
    service = "/services/00000000-0000-0000-0000-000000000001"
    for address in ("/search?q=falls", "/search?q=I want to die", service, f"{service}/report"):
        for language in ("en", "ur"):
            screen = visit(without_database, f"/{language}{address}")
            assert screen.status == 503
            assert int(screen.response.headers["Retry-After"]) > 0
            called = [link.get("href") for link in screen.page.all("main")[0].iter("a")]
            assert f"/{language}/urgent" in called
            assert "tel:999" in called, "in danger, one tap must be enough"


def test_a_supervisor_is_told_that_the_process_is_well_and_the_database_is_not(without_database: FlaskClient) -> None:
    assert without_database.get("/healthz").json == {"status": "ok"}
    response = without_database.get("/readyz")
    assert response.status_code == 503
    assert response.json == {"status": "not ready", "database": "unreachable", "migrations": "unknown", "outbox": "unknown", "index": "ok"}


def test_when_the_database_comes_back_so_does_search(app: Flask) -> None:
    client = app.test_client()
    engine: Engine = app.extensions["search"].engine
    file = Path(str(engine.url.database))
    before = visit(client, "/en/search?q=falls").services
    engine.dispose()
    hidden = file.rename(file.with_suffix(".away"))
    file.mkdir()
    assert visit(client, "/en/search?q=falls").status == 503
    file.rmdir()
    hidden.rename(file)
    assert visit(client, "/en/search?q=falls").services == before


def test_a_database_that_cannot_be_written_costs_a_count_and_never_an_answer(app: Flask) -> None:
    """A question that found nothing is counted; on a full or read-only disk it is answered all the same."""
    engine: Engine = app.extensions["search"].engine
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")  # the pool hands this connection to whoever comes next
    client = app.test_client()
    assert "We found nothing" in visit(client, "/en/search?q=zzxqvv").text
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = OFF")
        assert connection.exec_driver_sql("SELECT count(*) FROM tally").scalar() == 0
    visit(client, "/en/search?q=zzxqvv")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM tally").scalar()


def test_what_was_typed_while_nothing_can_be_kept_is_sent_again_when_it_can(app: Flask) -> None:
    client = app.test_client()
    engine: Engine = app.extensions["search"].engine
    file = Path(str(engine.url.database))
    service = visit(client, "/en/search?q=falls").services[0]
    typed = {"kind": "closed", "message": "The hall <burnt> down.\n“It is gone.”", "reply_to": "kim@example.org"}
    engine.dispose()
    hidden = file.rename(file.with_suffix(".away"))
    file.mkdir()
    for language in ("en", "ur"):
        refused = client.post(f"/{language}/services/{service}/report", data=typed)
        assert refused.status_code == 503
        assert refused.headers["Cache-Control"] == "no-store"
        assert int(refused.headers["Retry-After"]) > 0
        held = {html.unescape(name): html.unescape(value) for name, value in HIDDEN.findall(refused.text)}
        assert held == typed
    file.rmdir()
    hidden.rename(file)
    again = html.unescape(re.findall(r'<form class="stack" method="post" action="([^"]*)"', refused.text)[0])
    assert client.post(again, data=held).status_code == 303
    with reading(engine) as session:
        assert [report.kind for report in list_open_reports(session)] == ["closed"]
