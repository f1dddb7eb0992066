"""Migrations in PostgreSQL beside a site that is being used: they never make others queue for long, and what fails is not half done."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from portal import db, schema
from portal.errors import Conflict


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "LOCKED_SECONDS", 0.2)  # of connections that are opened from now on
    monkeypatch.setattr(schema, "PAUSES", (0.05, 0.05))


def revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return schema.revision_of(connection)


def test_a_table_in_use_is_waited_for_shortly_and_the_officer_is_told(postgresql: Engine) -> None:
    schema.downgrade(postgresql, "0021")
    with postgresql.connect() as other, other.begin():
        other.execute(text("LOCK TABLE claim IN ROW EXCLUSIVE MODE"))  # as somebody's unfinished writing has it
        with pytest.raises(Conflict, match="Nothing is half done"):
            schema.upgrade(postgresql)
        assert revision(postgresql) == "0021"
    schema.upgrade(postgresql)
    assert revision(postgresql) == schema.newest()


def test_it_goes_on_by_itself_when_the_table_is_free(postgresql: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "PAUSES", (0.2,) * 100)
    schema.downgrade(postgresql, "0021")
    is_held, may_go = threading.Event(), threading.Event()

    def hold() -> None:
        with postgresql.connect() as other, other.begin():
            other.execute(text("LOCK TABLE claim IN ROW EXCLUSIVE MODE"))
            is_held.set()
            may_go.wait(60)

    holder = threading.Thread(target=hold)
    holder.start()
    is_held.wait(60)
    threading.Timer(1.0, may_go.set).start()
    schema.upgrade(postgresql)
    holder.join()
    assert revision(postgresql) == schema.newest()


def test_two_that_migrate_at_once_do_it_once(postgresql: Engine) -> None:
    schema.downgrade(postgresql, "0021")
    environ = {**os.environ, "PORTAL_DATABASE_URL": postgresql.url.render_as_string(hide_password=False)}
    command = [Path(sys.executable).with_name("portal"), "database", "upgrade"]
    both = [subprocess.Popen(command, env=environ) for _ in range(2)]
    assert [one.wait(timeout=180) for one in both] == [0, 0]
    assert revision(postgresql) == schema.newest()


def test_whoever_migrated_holds_nothing_afterwards(postgresql: Engine) -> None:
    schema.downgrade(postgresql, "0021")
    schema.upgrade(postgresql)
    with postgresql.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")) == 0
