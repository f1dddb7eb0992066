"""Of all processes that share a database one leads: the others wait, and when it is killed another leads at once."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import pytest
from sqlalchemy import Engine, text

from portal.db import open_engine
from portal.web.leading import Leader

PATIENCE = 120.0  # seconds


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    made: Engine = request.getfixturevalue("database" if request.param == "sqlite" else "postgresql")
    return made


@contextmanager
def another_process(engine: Engine, folder: Path) -> Iterator[tuple[int, bool]]:
    """Another process that asked whether it leads, by its id; and what it was told. It waits to be killed."""
    asked, told = os.pipe()
    child = os.fork()
    if not child:
        own = open_engine(engine.url.render_as_string(hide_password=False))
        os.write(told, b"1" if Leader(own, folder).leads() else b"0")
        signal.pause()
        os._exit(1)
    try:
        yield child, os.read(asked, 1) == b"1"
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(asked)
        os.close(told)


def test_one_process_leads_and_goes_on_leading(engine: Engine, tmp_path: Path) -> None:
    ours = Leader(engine, tmp_path)
    assert [ours.leads() for _ in range(3)] == [True] * 3
    with another_process(engine, tmp_path) as (_child, leads):
        assert not leads
    assert ours.leads()


def test_when_the_leader_is_killed_another_leads_at_once(engine: Engine, tmp_path: Path) -> None:
    ours = Leader(engine, tmp_path)
    with another_process(engine, tmp_path) as (_child, leads):
        assert leads
        assert not ours.leads()
    killed = monotonic()
    while not ours.leads():
        assert monotonic() - killed < PATIENCE
        sleep(0.01)


def test_machines_with_folders_of_their_own_have_one_leader_on_postgresql(postgresql: Engine, tmp_path: Path) -> None:
    assert Leader(postgresql, tmp_path / "one").leads()
    with another_process(postgresql, tmp_path / "other") as (_child, leads):
        assert not leads


def test_a_leader_whose_session_was_ended_by_the_server_takes_its_place_again_or_finds_it_taken(postgresql: Engine, tmp_path: Path) -> None:
    ours, theirs = Leader(postgresql, tmp_path), Leader(postgresql, tmp_path)
    assert (ours.leads(), theirs.leads()) == (True, False)
    end_leader(postgresql)
    assert (theirs.leads(), ours.leads()) == (True, False)
    end_leader(postgresql)
    assert (theirs.leads(), ours.leads()) == (True, False)


def end_leader(engine: Engine) -> None:
    ours = "d.datname = current_database() AND locktype = 'advisory'"
    with engine.connect() as connection:
        ended = connection.execute(
            text(f"SELECT pg_terminate_backend(pid, 5000) FROM pg_locks JOIN pg_database d ON d.oid = database WHERE {ours}")  # noqa: S608
        )
        assert ended.all() == [(True,)]


def test_nobody_leads_while_the_database_does_not_answer(tmp_path: Path) -> None:
    gone = open_engine(f"postgresql+psycopg://portal@/portal?host={tmp_path}")
    assert not Leader(gone, tmp_path).leads()
