"""A standby for reads: near enough or passed over, gone or all there is; a site whose database is killed and whose standby takes over."""

from __future__ import annotations

import html
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from postgresql import NoServer
from replicated import Pair, replicated
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session
from waiting import wait_until

from portal import schema, standby
from portal.config import from_environment
from portal.db import open_engine, writing
from portal.directory.operations import withdraw
from portal.standby import add_standby, reading_copy, reading_now
from portal.web.app import create_app
from portal.web.serving import first_listings

HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')
IS_STANDBY = text("SELECT pg_is_in_recovery()")


@pytest.fixture
def pair() -> Iterator[Pair]:
    """A database and its standby."""
    try:
        with replicated() as made:
            yield made
    except NoServer as reason:
        pytest.skip(f"{reason}: nothing was shown about PostgreSQL")


def driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://")


@contextmanager
def engine_with_standby(pair: Pair) -> Iterator[Engine]:
    engine = open_engine(driver(pair.primary.address()))
    add_standby(engine, driver(pair.standby.address()))
    yield engine
    engine.dispose()


def is_standby(session: Session) -> bool:
    return bool(session.scalar(IS_STANDBY))


def asked(engine: Engine) -> tuple[bool, bool]:
    """Whether the standby answers: what may be seconds old, and what must be true now."""
    with reading_copy(engine) as copy, reading_now(engine) as now:
        return is_standby(copy), is_standby(now)


def until(engine: Engine, wanted: tuple[bool, bool]) -> None:
    """Wait until it is so."""
    wait_until(lambda: asked(engine) == wanted, lambda: asked(engine), pause=0.1)


def test_who_answers_while_servers_stand_fall_behind_and_fall(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standby, "SECONDS", 0.1)
    monkeypatch.setattr(standby, "GONE_SECONDS", 0.3)
    with engine_with_standby(pair) as engine:
        assert asked(engine) == (True, False)
        pair.primary.say("ALTER SYSTEM RESET synchronous_standby_names")
        pair.primary.say("SELECT pg_reload_conf()")
        pair.standby.say("SELECT pg_wal_replay_pause()")
        pair.primary.say("CREATE TABLE written_meanwhile (id int)")
        until(engine, (False, False))  # it is behind
        pair.standby.say("SELECT pg_wal_replay_resume()")
        until(engine, (True, False))
        pair.standby.kill()
        assert asked(engine) == (False, False)
        pair.standby.start()
        until(engine, (True, False))
        pair.primary.kill()
        assert asked(engine) == (True, True)
        pair.standby.promote()
        assert asked(engine) == (False, False), "it is no standby any more, and answers for both"


@pytest.fixture
def site(pair: Pair, tmp_path: Path) -> Flask:
    """The demo on the pair, both named in both settings."""
    url = pair.url("postgres", wants="read-write")
    engine = open_engine(driver(url))
    schema.upgrade(engine)
    engine.dispose()
    settings = from_environment(
        {
            **os.environ,
            "PORTAL_STATE": str(tmp_path / "state"),
            "PORTAL_DATABASE_URL": url,
            "PORTAL_DATABASE_READ_URL": pair.url("postgres", wants="prefer-standby"),
        }
    )
    first_listings(settings, lambda _line: None)
    return create_app(settings)


def test_a_site_whose_database_is_killed_is_read_on_and_written_to_when_the_standby_takes_over(pair: Pair, site: Flask) -> None:
    client = site.test_client()
    engine: Engine = site.extensions["search"].engine
    first, second = re.findall(r'data-service="([^"]{36})"', client.get("/en/search?q=lunch").text)[:2]
    with writing(engine) as session:
        withdraw(session, UUID(first), "tests", "closed")
    assert first not in client.get("/en/search?q=lunch").text, "at once: the database itself is asked"
    assert client.get(f"/en/services/{first}").status_code == 410
    pair.primary.kill()
    found = client.get("/en/search?q=lunch")
    assert found.status_code == 200
    assert first not in found.text, "the withdrawal was acknowledged, so that the standby has it"
    assert second in found.text
    for address in ("/en/", "/ur/urgent", f"/en/services/{second}", "/api/oruk/v3/services", "/sitemap.xml"):
        assert client.get(address).status_code == 200, address
    typed = {"kind": "closed", "message": "The hall burnt down."}
    refused = client.post(f"/en/services/{second}/report", data=typed)
    assert refused.status_code == 503
    assert {html.unescape(name): html.unescape(value) for name, value in HIDDEN.findall(refused.text)} == typed
    pair.standby.promote()
    assert client.post(f"/en/services/{second}/report", data=typed).status_code == 303
    with writing(engine) as session:
        withdraw(session, UUID(second), "tests", "closed too")
    assert second not in client.get("/en/search?q=lunch").text
    assert site.extensions["search"].index.follow() == 2
