"""Many machines follow one database: each at its own pace, with what commits late, and within a second of a look."""

from __future__ import annotations

import os
import signal
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from time import thread_time

import pytest
from little_directory import Directory, held, index_in, service_id
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from portal import clock
from portal.db import reading, writing
from portal.directory.changes import Change, mark_changed, purge_changes, purged_through
from portal.directory.cursors import BEGINNING, Cursor, count_unread, is_followed, list_unread, read_on, start_cursor
from portal.directory.models import Service
from portal.search.areas import Extents
from portal.search.index import Index
from portal.web.following import look
from portal.web.leading import FileLock

SIZE = 16
Machine = Callable[[str], Index]


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    made: Engine = request.getfixturevalue("database" if request.param == "sqlite" else "postgresql")
    return made


@pytest.fixture
def directory(engine: Engine) -> Directory:
    made = Directory(engine)
    made.fill(SIZE)
    return made


@pytest.fixture
def machine(directory: Directory, known: Extents, tmp_path: Path) -> Machine:
    """A machine by name, which has an index in a folder of its own."""
    return lambda name: index_in(tmp_path / name, directory.engine, known)


def test_each_machine_reads_every_row_whoever_read_it_before(directory: Directory, machine: Machine) -> None:
    one, other = machine("one"), machine("other")
    assert (one.follow(), other.follow()) == (SIZE, SIZE)
    directory.change(1, name="Renamed")
    directory.withdraw(2)
    assert one.follow() == 2
    assert other.is_behind()
    assert held(other)[service_id(1)].name == "Club 1"
    directory.change(3, name="Renamed too")
    assert (one.follow(), other.follow()) == (1, 3)
    assert held(one) == held(other) == directory.listings()
    assert not one.is_behind()
    assert not other.is_behind()


def rename(session: Session, number: int, name: str) -> None:
    session.get_one(Service, service_id(number)).name = name
    mark_changed(session, [service_id(number)])
    session.flush()


def test_of_two_edits_that_commit_in_the_other_order_none_is_lost(postgresql: Engine, known: Extents, tmp_path: Path) -> None:
    directory = Directory(postgresql)
    directory.fill(SIZE)
    index = index_in(tmp_path / "index", postgresql, known)
    index.follow()
    with Session(postgresql) as slow, Session(postgresql) as quick:
        rename(slow, 1, "Committed last")
        rename(quick, 2, "Committed first")
        quick.commit()
        assert index.follow() == 1
        assert index.snapshot().generation.applied.gaps, "the other has a lower number, and is not there yet"
        assert not index.is_behind()
        directory.change(3, name="Meanwhile")
        assert index.follow() == 1
        slow.commit()
    assert index.is_behind()
    assert index.follow() == 1
    assert held(index)[service_id(1)].name == "Committed last"
    assert held(index) == directory.listings()
    assert index.snapshot().generation.applied.gaps == ()


def test_an_index_built_while_an_edit_is_under_way_reads_it_when_it_commits(postgresql: Engine, known: Extents, tmp_path: Path) -> None:
    directory = Directory(postgresql)
    directory.fill(SIZE)
    index = index_in(tmp_path / "index", postgresql, known)
    with Session(postgresql) as slow:
        rename(slow, 1, "Committed last")
        directory.change(2, name="Committed first")
        index.rebuild()
        slow.commit()
    assert index.follow() == 1
    assert held(index) == directory.listings()


def test_what_never_commits_is_asked_for_an_hour_and_no_longer(postgresql: Engine, stopped_clock: datetime) -> None:
    with Session(postgresql) as given_up:
        mark_changed(given_up, [uuid.uuid4()])
    mark(postgresql)
    assert read(postgresql, BEGINNING).gaps == ((1, 1),)
    with clock.stopped_at(stopped_clock + timedelta(minutes=61)):
        mark(postgresql)
        cursor = read(postgresql, BEGINNING)
        assert (cursor.through, cursor.gaps) == (3, ())
        with reading(postgresql) as session:
            assert start_cursor(session) == cursor


def mark(engine: Engine, number: int = 1) -> None:
    with writing(engine) as session:
        mark_changed(session, [uuid.uuid4() for _ in range(number)])


def read(engine: Engine, cursor: Cursor, limit: int = 100) -> Cursor:
    with reading(engine) as session:
        return read_on(session, cursor, list_unread(session, cursor, limit))


def test_rows_are_read_oldest_first_as_many_as_wanted(engine: Engine) -> None:
    mark(engine, 5)
    cursor = read(engine, BEGINNING, limit=3)
    with reading(engine) as session:
        assert [row.id for row in list_unread(session, cursor, 10)] == [4, 5]
        assert (count_unread(session, BEGINNING), count_unread(session, cursor)) == (5, 2)


def test_old_rows_go_but_the_newest_and_whoever_has_not_read_them_must_begin_anew(engine: Engine, stopped_clock: datetime) -> None:
    mark(engine, 2)
    behind = read(engine, BEGINNING, limit=1)
    with clock.stopped_at(stopped_clock + timedelta(days=10)):
        mark(engine, 2)
    with clock.stopped_at(stopped_clock + timedelta(days=14, seconds=1)), writing(engine) as session:
        assert purge_changes(session) == 2
    with clock.stopped_at(stopped_clock + timedelta(days=90)), writing(engine) as session:
        assert purge_changes(session) == 1
        assert purge_changes(session) == 0
    with reading(engine) as session:
        assert (purged_through(session), session.scalar(select(func.count()).select_from(Change))) == (3, 1)
        assert [is_followed(session, cursor) for cursor in (BEGINNING, behind, start_cursor(session))] == [False, False, True]
    mark(engine)
    with reading(engine) as session:
        assert session.scalar(select(func.max(Change.id))) == 5, "a number is never used again"


def test_an_empty_database_is_followed_from_its_first_row(engine: Engine) -> None:
    with reading(engine) as session:
        cursor = start_cursor(session)
        assert is_followed(session, cursor)
    mark(engine)
    with reading(engine) as session:
        assert is_followed(session, cursor)
    assert read(engine, cursor).through == 1


def test_one_of_a_machine_watches_and_another_when_it_is_killed(directory: Directory, machine: Machine) -> None:
    index = machine("one")
    index.follow()
    started, told = os.pipe()
    child = os.fork()
    if not child:
        os.write(told, b"1" if FileLock(index.folder / "watch").is_ours() else b"0")
        signal.pause()
    try:
        assert os.read(started, 1) == b"1"
        ours = FileLock(index.folder / "watch")
        directory.change(1, name="Renamed")
        assert look(index, ours, rung=False)
        assert index.is_behind(), "another looks"
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(started)
        os.close(told)
    assert look(index, ours, rung=False)
    assert not index.is_behind()
    directory.change(2, name="Written by this process")
    assert look(index, FileLock(index.folder / "watch"), rung=True)
    assert not index.is_behind()


def test_a_look_that_finds_nothing_opens_nothing_and_costs_next_to_nothing(machine: Machine) -> None:
    index = machine("one")
    index.follow()
    watch = FileLock(index.folder / "watch")
    index._open_current = None  # type: ignore[assignment, method-assign]
    begun = thread_time()  # its own: what else the machine does meanwhile says nothing of it
    assert all(look(index, watch, rung=False) for _ in range(20))
    assert (thread_time() - begun) / 20 < 0.05


def test_a_look_that_fails_says_so_and_the_next_follows(directory: Directory, machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    index = machine("one")

    def gone(*_given: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(Index, "_catch_up", gone)
        assert not look(index, FileLock(index.folder / "watch"), rung=False)
    assert look(index, FileLock(index.folder / "watch"), rung=True)
    assert held(index) == directory.listings()
