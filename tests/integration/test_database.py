"""SQLite as the site keeps it: safe through a power cut, one writer at a time and none refused; and what times and texts become."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from effort import effort
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from portal import db, tally
from portal.db import for_writing, open_engine, reading, sessions, writing
from portal.directory.changes import Change, mark_changed
from portal.directory.models import Organization, Service
from portal.errors import ConfigError

WRITERS = 8
TIMES = 10


def counted(engine: Engine) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.sum(tally.Tally.count))) or 0


def at_once(work: Callable[[int], object]) -> float:
    """What it costs that `WRITERS` threads, begun together, do their work. Raises what any of them raised."""
    gate = threading.Barrier(WRITERS)

    def begin(number: int) -> None:
        gate.wait()
        work(number)

    def begin_all() -> None:
        with ThreadPoolExecutor(WRITERS) as pool:
            list(pool.map(begin, range(WRITERS)))

    return effort(begin_all)


def test_every_connection_keeps_what_it_acknowledged_through_a_power_cut(database: Engine) -> None:
    for _ in range(2):
        with database.connect() as connection:
            found = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous", "foreign_keys")}
        assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
        database.dispose()


def test_only_what_need_not_outlast_a_power_cut_does_not_wait_for_the_disk(database: Engine) -> None:
    def waits(engine: Engine) -> int:
        with engine.begin() as connection:
            return int(connection.execute(text("PRAGMA synchronous")).scalar_one())

    full, normal = 2, 1
    found = [
        waits(engine)
        for engine in (for_writing(database, lasts=False), for_writing(database), for_writing(database, lasts=False), database)
    ]
    assert found == [normal, full, normal, full], "on one connection, one after another"
    with writing(database) as session:
        assert session.scalar(text("PRAGMA synchronous")) == full


def test_a_writing_transaction_takes_its_lock_with_its_first_word_even_to_read(database: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "BUSY_SECONDS", 0.05)
    impatient = open_engine(str(database.url))
    with writing(database) as holder:
        holder.scalar(select(1))
        with pytest.raises(OperationalError, match="locked"), writing(impatient) as session:
            session.scalar(select(1))
        with reading(impatient) as session:
            assert session.scalar(select(func.count()).select_from(Change)) == 0, "readers are not kept waiting"
    with writing(impatient) as session:
        mark_changed(session, [uuid.uuid4()])
    impatient.dispose()


def test_a_second_writer_waits_its_turn(database: Engine) -> None:
    order: list[str] = []
    holding, done = threading.Event(), threading.Event()

    def first() -> None:
        with writing(database) as session:
            mark_changed(session, [uuid.uuid4()])
            holding.set()
            done.wait(0.3)
            order.append("first")

    thread = threading.Thread(target=first)
    thread.start()
    assert holding.wait(30)
    with writing(database) as session:
        mark_changed(session, [uuid.uuid4()])
        order.append("second")
    thread.join()
    assert order == ["first", "second"]


def test_many_writers_at_once_are_never_refused_and_lose_no_count(database: Engine) -> None:
    def count(_number: int) -> None:
        for _ in range(TIMES):
            with writing(database) as session:
                tally.count(session, "search missed", "falls", "eastmoor")

    took = at_once(count)
    assert counted(database) == WRITERS * TIMES
    assert took < 750


def test_what_is_read_before_writing_in_one_transaction_stays_true(database: Engine) -> None:
    """The reason for the early lock: a lock taken half-way fails here with "database is locked"."""
    with writing(database) as session:
        tally.count(session, "kind", "key")

    def read_then_write(_number: int) -> None:
        for _ in range(TIMES):
            with writing(database) as session:
                row = session.scalars(select(tally.Tally)).one()
                before = row.count
                time.sleep(0.001)
                row.count = before + 1

    at_once(read_then_write)
    assert counted(database) == 1 + WRITERS * TIMES


def test_an_error_takes_back_the_whole_transaction(database: Engine) -> None:
    def fail() -> None:
        with writing(database) as session:
            mark_changed(session, [uuid.uuid4()])
            session.flush()
            raise LookupError("after writing")

    with pytest.raises(LookupError):
        fail()
    with reading(database) as session:
        assert session.scalar(select(func.count()).select_from(Change)) == 0


def test_reading_keeps_nothing_that_was_changed_by_mistake(database: Engine) -> None:
    with reading(database) as session:
        mark_changed(session, [uuid.uuid4()])
    with sessions(database)() as session:
        assert session.scalar(select(func.count()).select_from(Change)) == 0


def test_no_row_points_nowhere(database: Engine) -> None:
    with pytest.raises(IntegrityError), writing(database) as session:
        session.add(Service(id=uuid.uuid4(), organization_id=uuid.uuid4(), name="Lunch", status="active"))
    organization = Organization(id=uuid.uuid4(), name="Friends")
    with pytest.raises(IntegrityError), writing(database) as session:
        session.add(Service(id=uuid.uuid4(), organization=organization, name="Lunch", status="not one of the four"))


@pytest.mark.parametrize("zone", ["UTC", "Europe/London", "America/New_York"])
def test_moments_come_back_as_they_were_in_utc(database: Engine, zone: str) -> None:
    moment = datetime(2026, 7, 1, 23, 30, tzinfo=ZoneInfo(zone))
    with writing(database) as session:
        session.add(Change(service_id=uuid.uuid4(), changed_at=moment))
    with reading(database) as session:
        found = session.scalars(select(Change.changed_at)).one()
    assert (found, found.tzinfo) == (moment, UTC)


def test_the_text_of_an_error_never_repeats_what_was_typed(database: Engine) -> None:
    with pytest.raises(DBAPIError) as failed, reading(database) as session:
        session.execute(text("SELECT :typed FROM no_such_table"), {"typed": "canary-typed"})
    assert "no_such_table" in str(failed.value)
    assert "canary-typed" not in str(failed.value)


@pytest.mark.parametrize("url", ["nonsense", "mysql://u:hush@db/x", "no-such-db://u:hush@db/x", "postgresql+nodriver://u:hush@db/x"])
def test_an_address_that_no_database_has_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ConfigError, match="PORTAL_DATABASE_URL") as refused:
        open_engine(url)
    assert "hush" not in str(refused.value)


def test_the_folder_of_a_new_database_is_made(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'a' / 'b' / 'portal.sqlite3'}")
    assert (tmp_path / "a" / "b").is_dir()
    assert not list((tmp_path / "a" / "b").iterdir()), "nothing is opened yet"
    engine.dispose()
